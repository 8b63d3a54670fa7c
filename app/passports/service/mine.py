"""My passport: the young person's own copy, in plain words. It is theirs, and shared only as they agreed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import orjson

from app.children.service.seeing import Sight
from app.kit.days import years_between
from app.organisations.directory import Directory
from app.passports.errors import CopyNotShared, CopyNotYet, PassportNotForYou
from app.passports.policy import decision_about
from app.passports.service.knowing import decided_in, identity_in, record_of
from app.passports.service.reading import Opened, summary
from app.passports.service.revealing import current_words, open_words
from app.passports.service.standing import Standing, newest, stand, tag_of, view_of
from app.passports.service.telling import seen
from app.rules.edition import current
from app.rules.my_passport import MyPassport, ToldPart
from app.rules.passport_checks import Known
from app.rules.passports import GIVES, MY_PASSPORT, NONE
from app.web.etag import matches
from app.work.tx import Tx


@dataclass(frozen=True, slots=True)
class Mine:
    """A young person's own copy: what heads it, what they like to be called, and its parts in plain words."""

    head: Mapping[str, Any]
    language: str
    identity: Mapping[str, Any]
    words: MyPassport
    parts: list[ToldPart]


def open_mine(
    tx: Tx,
    directory: Directory,
    child_id: str,
    language: str,
    has: str | None = None,
    kind: str = "",
    record: str | None = None,
) -> Opened[Mine]:
    """Make the young person's copy and record for whom. Raises NotYours, PassportNotForYou, CopyNotYet, CopyNotShared.

    The health team makes it to give it to them. Anybody else needs their recorded agreement. ``has``, ``kind`` and
    ``record`` as in ``reading.open_``.
    """
    standing = stand(tx, directory, child_id, record)
    if standing.party.my_passport == NONE:
        raise PassportNotForYou
    words, rows = current().my_passport, current_words(tx, standing)
    age = _age(tx, standing)
    if age is not None and age < words.from_age:
        raise CopyNotYet
    if standing.party.my_passport != GIVES and not _agreed(tx, decided_in(tx, standing, rows)):
        raise CopyNotShared
    view = view_of(tx, standing, MY_PASSPORT)
    tag = tag_of(tx, standing, view, f"{MY_PASSPORT} {language} {kind}")
    if matches(has, tag):
        return Opened(tag, None)
    revealed = open_words(tx, standing, rows, view)
    version = newest(standing.held, view.shared)
    sight = Sight(standing.child_id, None, None, version, tuple(revealed.sections), standing.right.code)
    seen(tx, standing, sight)
    sections = {name: orjson.loads(body) for name, body in revealed.sections.items()}
    head = summary(standing, view, version)
    return Opened(tag, Mine(head, language, sections.get("identity", {}), words, words.say(sections, language)))


def _agreed(tx: Tx, decided: Sequence[Mapping[str, Any]]) -> bool:
    """Whether they agreed that this function sees their copy. Agreeing to share all else does not cover it.

    A no to all parts in either of two merged records closes it, whatever the other says of it by name.
    """
    found = [about for each in decided if (about := decision_about(each, "my_passport"))]
    return any(each["part"] == "my_passport" for each in found) and all(_agrees(tx, each) for each in found)


def _agrees(tx: Tx, decision: Mapping[str, Any]) -> bool:
    named = decision.get("choice") == "agrees_in_part" and tx.by.function in decision.get("may_see", ())
    return decision.get("choice") == "agrees" or named


def _age(tx: Tx, standing: Standing) -> int | None:
    """Age in whole years by the child's own record; None where no date of birth is known, or shown to the caller."""
    today = date.fromisoformat(tx.today)
    born = Known(today, identity_in(tx, standing, record_of(tx, standing))).born_on
    return None if born is None else years_between(born, today)
