"""The register of health assessments: kinds, due dates, states, readers, and who may see and do what. Pure.

The tables are ``assessments.toml``, ``assessment_readers.toml`` and ``assessment_disclosure.toml``.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import product
from typing import Any, Final, NamedTuple

from app.rules.rows import EditionError, Row, read_rows, refuse_twice, refuse_unknown
from app.rules.words import FUNCTIONS, SIDES
from app.rules.working_time import Length, add_months, day_starts

ANY: Final = "any"
CARE_BEGAN, DONE, ASKED = "care_began", "done", "asked"
_COUNTS_FROM: Final = (CARE_BEGAN, DONE, ASKED)
SEES_ALL, SEES_PLAN, NONE = "all", "plan", "none"
ANY_OF_THEM, OWN = "any", "own"
_SEES: Final = (SEES_ALL, SEES_PLAN, NONE)
_ACTS: Final = (ANY_OF_THEM, OWN, NONE)
_AT_ONCE: Final = Length.parse("at once")
_PARTY_KEYS: Final = ("functions", "sides", "sees", "asks", "acts", "lists", "why")

_AGES: Final[Mapping[str, Callable[[int], bool]]] = {
    ANY: lambda _: True,
    "under_5": lambda years: years < 5,
    "from_5": lambda years: years >= 5,
    "4_to_16": lambda years: 4 <= years <= 16,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class KindRow(Row):
    """A kind of assessment. ``once``: there is one open at a time."""

    applies: frozenset[str] = frozenset()
    owner: str
    report: str
    once: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DueRow(Row):
    """By when a kind of assessment is due, counted from something that is so."""

    applies: frozenset[str] = frozenset()
    kind: str
    counts_from: str
    ages: str
    length: Length
    after: tuple[str, ...] = ()
    when_due: bool = False
    """The age counts on the day it falls due, not on the day it is counted from."""

    def fits(self, years: int | None) -> bool:
        """Whether it is for a child of this age. A child whose age nobody knows may be of any."""
        return years is None or _AGES[self.ages](years)


@dataclass(frozen=True, slots=True, kw_only=True)
class StateRow(Row):
    """Where an assessment stands. ``within``: by when somebody looks again, where no day is named."""

    applies: frozenset[str] = frozenset()
    open: bool
    gives_back: bool = False
    within: Length = _AT_ONCE

    def look_again(self, now: datetime) -> datetime | None:
        """When somebody should look again, or None where the table says nothing."""
        return None if self.within == _AT_ONCE else self.within.after(now)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderRow(Row):
    """Who should read the reports of some kinds, as side.function, and how soon."""

    applies: frozenset[str] = frozenset()
    kinds: frozenset[str]
    reads: frozenset[str]
    within: Length


@dataclass(frozen=True, slots=True)
class RegisterParty:
    """What one function on one side may do with the register."""

    sees: str
    asks: bool
    acts: str
    lists: bool
    why: str


class Due(NamedTuple):
    """A kind of assessment that is due, when, and by which row."""

    kind: str
    at: datetime
    rule: DueRow


@dataclass(frozen=True, eq=False, slots=True)
class AssessmentRules:
    """The assessment tables of one edition, compared by identity."""

    kinds: Mapping[str, KindRow]
    dues: tuple[DueRow, ...]
    states: Mapping[str, StateRow]
    readers: tuple[ReaderRow, ...]
    reasons: Mapping[str, str]
    parties: Mapping[tuple[str, str], RegisterParty]

    def party(self, function: str, side: str) -> RegisterParty:
        """What this function may do on this side. Raises KeyError."""
        return self.parties[function, side]

    def from_care(self, began: date, born: date | None, so: frozenset[str]) -> Iterator[Due]:
        """What is due because a child came into care on a day; ``so`` holds what is so of the authority's country."""
        return self._due(CARE_BEGAN, "", began, born, so)

    def from_done(self, kind: str, done_on: date, born: date | None, so: frozenset[str]) -> Iterator[Due]:
        """What is due next because one of this kind was done on a day."""
        return self._due(DONE, kind, done_on, born, so)

    def asked_without_a_day(self, now: datetime) -> Due:
        """When something is due that was asked for without a day."""
        row = next(row for row in self.dues if row.counts_from == ASKED)
        return Due(ANY, row.length.after(now), row)

    def _due(self, what: str, kind: str, on: date, born: date | None, so: frozenset[str]) -> Iterator[Due]:
        for row in self.dues:
            if row.counts_from == what and row.holds(so) and (not kind or kind in row.after):
                at = row.length.after(day_starts(on))
                if row.fits(age_on(born, at.date() if row.when_due else on)):
                    yield Due(row.kind, at, row)

    def reader(self, kind: str, party: str) -> ReaderRow | None:
        """The row by which a party, as side.function, reads the reports of a kind; None where it does not."""
        return next((row for row in self.readers if kind in row.kinds and party in row.reads), None)


def age_on(born: date | None, day: date) -> int | None:
    """Whole years on a day; None where the day of birth is not known."""
    if born is None:
        return None
    years = day.year - born.year
    return years - (add_months(born, 12 * years) > day)


def read_assessments(raw: dict[str, Any], readers: dict[str, Any], disclosure: dict[str, Any]) -> AssessmentRules:
    """Read the three tables. Raises EditionError unless every kind is read by somebody and every party decided once."""
    where = "assessments.toml"
    refuse_unknown(where, "table", raw, ("kind", "due", "state"))
    kinds = {row.code: row for row in read_rows(KindRow, where, raw["kind"])}
    dues = read_rows(DueRow, where, raw["due"])
    for due in dues:
        at = f"{where}: {due.code}"
        refuse_unknown(at, "kind", [each for each in (due.kind, *due.after) if each != ANY], kinds)
        refuse_unknown(at, "count", [due.counts_from], _COUNTS_FROM)
        refuse_unknown(at, "ages", [due.ages], _AGES)
    return AssessmentRules(
        kinds,
        dues,
        {row.code: row for row in read_rows(StateRow, where, raw["state"])},
        _read_readers(readers, kinds),
        disclosure["reasons"],
        _read_parties(disclosure),
    )


def _read_readers(raw: dict[str, Any], kinds: Collection[str]) -> tuple[ReaderRow, ...]:
    where = "assessment_readers.toml"
    refuse_unknown(where, "table", raw, ("reader",))
    rows = read_rows(ReaderRow, where, raw["reader"])
    parties = [f"{side}.{function}" for side, function in product(SIDES, FUNCTIONS)]
    for row in rows:
        refuse_unknown(f"{where}: {row.code}", "kind", row.kinds, kinds)
        refuse_unknown(f"{where}: {row.code}", "party", row.reads, parties)
    refuse_twice(where, [f"{kind} {party}" for row in rows for kind in row.kinds for party in row.reads])
    if unread := set(kinds).difference(*(row.kinds for row in rows)):
        raise EditionError(f"{where}: nobody reads {min(unread)}")
    return rows


def _read_parties(raw: dict[str, Any]) -> dict[tuple[str, str], RegisterParty]:
    where = "assessment_disclosure.toml"
    refuse_unknown(where, "table", raw, ("reasons", "party"))
    found: dict[tuple[str, str], RegisterParty] = {}
    for row in raw["party"]:
        at = f"{where}: party {' '.join(row.get('functions', ()))}"
        refuse_unknown(at, "key", row, _PARTY_KEYS)
        refuse_unknown(at, "view", [row["sees"]], _SEES)
        refuse_unknown(at, "right", [row["acts"]], _ACTS)
        for key in product(row["functions"], row["sides"]):
            refuse_twice(at, [*map(str, found), str(key)])
            found[key] = RegisterParty(row["sees"], row["asks"], row["acts"], row["lists"], row["why"])
    if odd := set(product(FUNCTIONS, SIDES)).symmetric_difference(found):
        raise EditionError(f"{where}: party {' '.join(min(odd))}: missing, or not a known party")
    return found
