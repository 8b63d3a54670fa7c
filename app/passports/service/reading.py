"""Opening a passport: released to a named person, or only to their system, in the view of their work."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Generic, TypeVar

import orjson

from app.access.disclosure import Revealed, in_order, kept_back
from app.children.service.seeing import Sight
from app.organisations.directory import Directory
from app.passports import queries
from app.passports.errors import NoSuchVersion
from app.passports.policy import is_due
from app.passports.service.revealing import current_words, open_words, words_as_at
from app.passports.service.standing import Held, Standing, newest, section_tags, stand, tag_of, view_of
from app.passports.service.telling import seen
from app.rules.disclosure import View
from app.rules.edition import CURRENT
from app.web.etag import matches
from app.work.tx import Tx


@dataclass(frozen=True)
class Passport:
    """A passport as one party sees it: what a renderer turns into JSON, FHIR or a page.

    ``head`` is the answer without the sections; ``revealed`` holds the words, withheld ones never opened; ``at`` is
    when it was released.
    """

    head: Mapping[str, Any]
    revealed: Revealed
    at: str

    @cached_property
    def sections(self) -> dict[str, Any]:
        """The sections as plain JSON objects, in the order of a page."""
        return {name: orjson.loads(body) for name, body in self.revealed.sections.items()}


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Opened(Generic[T]):
    """What is answered; ``released`` is None where the party has it already. No tag: it is released each time."""

    tag: str | None
    released: T | None


def look(tx: Tx, directory: Directory, child_id: str, record: str | None = None) -> str:
    """Answer a HEAD with the tag of it as JSON. Opens nothing. Raises NotYours, PassportNotForYou."""
    standing = stand(tx, directory, child_id, record)
    return tag_of(tx, standing, view_of(tx, standing))


def open_(
    tx: Tx, directory: Directory, child_id: str, has: str | None = None, kind: str = "", record: str | None = None
) -> Opened[Passport]:
    """Release a passport to the caller and record that. Raises NotYours, PassportNotForYou.

    ``has`` is the tag the caller holds already: where it still fits, nothing is released and nothing recorded.
    ``kind``: another form than JSON, and another language, has tags of its own. ``record``: of several that were
    merged, the one whose passport is asked for.
    """
    standing = stand(tx, directory, child_id, record)
    view = view_of(tx, standing)
    tag = tag_of(tx, standing, view, kind)
    if matches(has, tag):
        return Opened(tag, None)
    return Opened(tag, release(tx, standing, view))


def open_version(tx: Tx, directory: Directory, child_id: str, version: int, record: str | None = None) -> Passport:
    """Release an earlier version. Raises NotYours, PassportNotForYou, NoSuchVersion."""
    standing = stand(tx, directory, child_id, record)
    view = view_of(tx, standing)
    held = held_in(tx, standing, view, version)
    revealed = open_words(tx, standing, words_as_at(tx, standing.child_id, version), view)
    return _released(tx, standing, view, revealed, version, held)


def held_in(tx: Tx, standing: Standing, view: View, version: int) -> Held:
    """What stood of each section in one version. For the caller there is none after the newest it sees anything of.

    Raises NoSuchVersion.
    """
    if version > newest(standing.held, view.shared):
        raise NoSuchVersion
    if version == standing.version:
        return standing.held
    row = tx.one(queries.VERSION, {"child_id": standing.child_id, "version": version})
    if row is None:
        raise NoSuchVersion
    held: Held = orjson.loads(row.sections)
    return held


def release(tx: Tx, standing: Standing, view: View) -> Passport:
    """The passport of today in this view, once it is recorded who is shown what."""
    revealed = open_words(tx, standing, current_words(tx, standing), view)
    return _released(tx, standing, view, revealed, newest(standing.held, view.shared), standing.held)


def _released(tx: Tx, standing: Standing, view: View, revealed: Revealed, version: int, held: Held) -> Passport:
    sight = Sight(standing.child_id, None, None, version, tuple(revealed.sections), standing.right.code)
    seen(tx, standing, sight)
    return Passport(head_of(tx, standing, view, revealed, version, held), revealed, tx.at)


def head_of(tx: Tx, standing: Standing, view: View, revealed: Revealed, version: int, held: Held) -> dict[str, Any]:
    """The answer without the sections: what is shared and how old it is, what is missing, what is withheld."""
    withheld, tag, today = {**view.withheld, **revealed.withheld}, section_tags(tx, standing), tx.today
    return {
        **summary(standing, view, version),
        "changed_at": max((held[name]["at"] for name in revealed.sections), default=None),
        "sections_shared": [_age(today, name, tag(name), told(standing, held[name])) for name in revealed.sections],
        "sections_not_recorded": [
            {"section": name, "etag": tag(name)} for name in in_order(view.shared) if name not in held
        ],
        "sections_withheld": [{"section": name, "reason": withheld[name]} for name in in_order(withheld)],
        "fields_withheld": kept_back(view),
        "sections_you_write": in_order(standing.party.writes),
    }


def told(standing: Standing, age: Mapping[str, Any]) -> Mapping[str, Any]:
    """What stands in the clear of a section, as the caller may know it: who wrote it only where that tells no place."""
    if standing.names(age["organisation"]):
        return age
    return {**age, "organisation": None, "practitioner": None}


def summary(standing: Standing, view: View, version: int) -> dict[str, Any]:
    """What heads every answer about a passport."""
    return {
        "child_id": standing.shown_id,
        "version": version,
        "current_version": newest(standing.held, view.shared),
        "placing_authority": standing.authority,
        "your_side": standing.right.side,
        "why_you": standing.rules.rights[standing.right.code],
        "rules_edition": CURRENT,
        "record": standing.child_id,
        "merged_records": list(standing.merged_records),
    }


def _age(today: str, name: str, tag: str, held: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "section": name,
        "etag": tag,
        "version": held["version"],
        "as_of": held["as_of"],
        "last_confirmed_on": held.get("confirmed_on"),
        "last_confirmed_by": held.get("confirmed_by"),
        "review_due_on": held.get("review_due_on"),
        "review_due": is_due(held, today),
        "controller": held["organisation"],
        "written_by": {each: held[each] for each in ("organisation", "function", "practitioner")},
        "written_at": held["at"],
    }
