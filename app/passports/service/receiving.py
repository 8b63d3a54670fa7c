"""Publishing what came as FHIR: what was understood, and a list of everything that was not."""

from dataclasses import replace

import orjson

from app.access.documents import judge
from app.kit.errors import Fault
from app.organisations.directory import Directory
from app.passports.fhir.reading import Received
from app.passports.service.publishing import publish
from app.passports.service.standing import stand
from app.standard.passport.document import HEALTH_PASSPORT
from app.web.errors import InvalidDocument
from app.work.once import Reply
from app.work.tx import Tx


def publish_received(tx: Tx, directory: Directory, child_id: str, if_match: str | None, received: Received) -> Reply:
    """Publish the sections of a Bundle that this team writes. Raises what ``publish`` raises.

    A document read as FHIR and sent back holds sections that others write: those stay as they are, and are named.
    """
    writes = stand(tx, directory, child_id).party.writes
    sections = {name: words for name, words in received.sections.items() if name in writes}
    if not sections:
        raise InvalidDocument(faults=[Fault("/entry", "nothing_to_publish", "Nothing in it is yours to publish.")])
    judge(HEALTH_PASSPORT, orjson.dumps(sections))
    reply = publish(tx, directory, child_id, if_match, sections)
    not_yours = [f"/{name}" for name in received.sections if name not in writes]
    answer = {**orjson.loads(reply.body), "left_out": received.left_out, "sections_not_yours": not_yours}
    return replace(reply, body=orjson.dumps(answer))
