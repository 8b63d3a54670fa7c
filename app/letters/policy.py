"""Who gets a letter after a notification, and why not. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from app.rules.letters import Circumstances, LetterRow, Letters, StopRow
from app.rules.reading import elements, find, text

TO_BE_TOLD: Final = "to_be_told"
PLACEMENT_STATE: Final = "placement_state"
NO_ROW: Final = "no_letter_for_this"
_KNOWN_ELSEWHERE: Final = {
    "gp_old": "health_now.gp_old",
    "gp_new": "health_now.gp_new",
    "dentist": "health_now.dentist",
    "school_old": "education.school",
    "school_new": "education.next.new_school",
}
"""Bodies that must be told whether or not ``told`` lists them, and where the notification names them."""

NAMES_PEOPLE: Final = frozenset({"told", *(path.partition(".")[0] for path in _KNOWN_ELSEWHERE.values())})
"""The sections that say to whom letters go."""


@dataclass(frozen=True, slots=True)
class Addressee:
    """Somebody a letter may go to: who they are in codes, where it goes, and whether they have been told."""

    person: str
    name: str | None = None
    address: str | None = None
    postcode: str | None = None
    told_state: str = TO_BE_TOLD
    told_at: str | None = None


@dataclass(frozen=True, slots=True)
class Planned:
    """A letter, or why there is none: ``row`` says which, ``facts`` what it may hold."""

    id: str
    to: Addressee
    row: LetterRow | None
    stop: StopRow | None = None
    why_not: str | None = None
    without_address: bool = False
    facts: tuple[str, ...] = ()


def addressees(sections: Mapping[str, Any], virtual_schools: Sequence[tuple[str, str]]) -> Iterator[Addressee]:
    """Everybody ``told`` lists, then whoever must be told and is not listed. The child comes first."""
    listed = [_listed(each, sections) for each in elements(sections, "told.people")]
    yield from (each for each in listed if each.person == "child")
    persons = {each.person for each in listed}
    if "child" not in persons:
        yield Addressee("child")
    yield from (each for each in listed if each.person != "child")
    for person, path in _KNOWN_ELSEWHERE.items():
        if person not in persons and text(sections, f"{path}.name"):
            yield _elsewhere(person, sections)
    for person, authority in virtual_schools:
        yield Addressee(person, name=authority)


def addressed_in(person: str) -> str | None:
    """The section besides ``told`` that may say where somebody's letter goes."""
    path = _KNOWN_ELSEWHERE.get(person)
    return path.partition(".")[0] if path else None


def _listed(told: Mapping[str, Any], sections: Mapping[str, Any]) -> Addressee:
    person = str(told["person"])
    known = _elsewhere(person, sections) if person in _KNOWN_ELSEWHERE else Addressee(person)
    where = told if told.get("address") else None
    return Addressee(
        person,
        name=text(told, "name") or known.name,
        address=text(where, "address") if where else known.address,
        postcode=text(told, "postcode") if where or told.get("postcode") else known.postcode,
        told_state=str(told["state"]),
        told_at=text(told, "told_at"),
    )


def _elsewhere(person: str, sections: Mapping[str, Any]) -> Addressee:
    found = find(sections, _KNOWN_ELSEWHERE[person])
    return Addressee(person, text(found, "name"), text(found, "address"), text(found, "postcode"))


def plan(table: Letters, case: Circumstances, letter_id: str, to: Addressee) -> Planned:
    """Which letter this person gets now, or why none."""
    row = table.row(to.person, case)
    stop = table.stop(to.told_state, case)
    if row is None or stop is not None:
        return Planned(letter_id, to, row, stop, stop.code if stop else NO_ROW)
    if case.placement_state not in row.states:
        return Planned(letter_id, to, row, None, PLACEMENT_STATE)
    without = table.keeps_address_back(row, to.told_state, case)
    return Planned(letter_id, to, row, without_address=without, facts=table.allowed(row, without))
