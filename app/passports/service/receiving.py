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


def check_sender(tx: Tx, directory: Directory, child_id: str) -> None:
    """Insist that the caller writes something here, before a Bundle of theirs is read: that costs more than asking.

    Raises NotYours, PassportNotHandedOver, InvalidDocument.
    """
    if not stand(tx, directory, child_id).party.writes:
        raise _nothing_to_publish()


def publish_received(tx: Tx, directory: Directory, child_id: str, if_match: str | None, received: Received) -> Reply:
    """Publish the sections of a Bundle that this team writes. Raises what ``publish`` raises.

    A document read as FHIR and sent back holds sections that others write: those stay as they are, and are named.
    """
    writes = stand(tx, directory, child_id).party.writes
    sections = {name: words for name, words in received.sections.items() if name in writes}
    if not sections:
        raise _nothing_to_publish()
    judge(HEALTH_PASSPORT, orjson.dumps(sections))
    reply = publish(tx, directory, child_id, if_match, sections)
    not_yours = [f"/{name}" for name in received.sections if name not in writes]
    told = {
        "left_out": received.left_out,
        "left_out_more": received.left_out_more,
        "sections_not_yours": not_yours,
    }
    return replace(reply, body=orjson.dumps(orjson.loads(reply.body) | told))


def _nothing_to_publish() -> InvalidDocument:
    return InvalidDocument(faults=[Fault("/entry", "nothing_to_publish", "Nothing in it is yours to publish.")])
