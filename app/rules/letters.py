"""Letters to people who are not on the service: who gets which, when, and what it may say.

A letter is made from the facts its row names and from nothing else: the sections are cut down to what those
facts read before any word is written.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from app.rules.disclosure import View
from app.rules.rows import EditionError, Row, read_rows, refuse_twice, refuse_unknown
from app.rules.words import KINDS, SECTIONS, STATES

PEOPLE: Final = (
    "child",
    "parent",
    "contact_person",
    "former_carer",
    "gp_old",
    "gp_new",
    "dentist",
    "school_old",
    "school_new",
    "reviewing_officer",
    "advocate",
    "guardian",
    "other",
    "placing_virtual_school",
    "host_virtual_school",
)
"""To whom a letter may go: everybody the section ``told`` can name, and the two virtual schools."""

GIVES_AWAY: Final = ("address", "nothing")


@dataclass(frozen=True, slots=True)
class FactRow:
    """A named fact: the fields it is read from, and whether it gives away where the child lives."""

    code: str
    reads: tuple[str, ...]
    gives_away: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterRow(Row):
    """One kind of letter. ``wording`` names the sentences; ``left_out`` says why it holds no more."""

    applies: frozenset[str] = frozenset()
    to: tuple[str, ...]
    kinds: frozenset[str]
    states: frozenset[str]
    facts: tuple[str, ...]
    left_out: str
    wording: str
    address_all_the_same: bool = False
    """Whoever it is for knows the address or cannot do their work without it, so a confidential one is told."""

    def fits(self, person: str, kind: str, so: frozenset[str]) -> bool:
        return person in self.to and kind in self.kinds and self.holds(so)


@dataclass(frozen=True, slots=True, kw_only=True)
class StopRow(Row):
    """When no letter goes out, and what to do instead. Any one of the named circumstances is enough."""

    applies: frozenset[str] = frozenset()
    told_states: frozenset[str] = frozenset()
    occasions: frozenset[str] = frozenset()
    restrictions: frozenset[str] = frozenset()
    child_not_active: bool = False
    rules_not_held: bool = False
    todo: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressRow(Row):
    """When the address is left out of every letter that does not need it."""

    applies: frozenset[str] = frozenset()
    restrictions: frozenset[str] = frozenset()
    told_states: frozenset[str] = frozenset()
    without_exception: bool = False


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What decides about a letter besides the row itself."""

    so: frozenset[str]
    kind: str
    occasion: str | None
    placement_state: str
    child_state: str
    restrictions: frozenset[str]
    held: bool


@dataclass(frozen=True, eq=False, slots=True)
class Letters:
    """The table of one edition."""

    facts: Mapping[str, FactRow]
    rows: tuple[LetterRow, ...]
    stops: tuple[StopRow, ...]
    address: tuple[AddressRow, ...]

    def row(self, person: str, case: Circumstances) -> LetterRow | None:
        """The letter for a person on this occasion, if any row gives them one."""
        return next((row for row in self.rows if row.fits(person, case.kind, case.so)), None)

    def stop(self, told_state: str, case: Circumstances) -> StopRow | None:
        """Why no letter goes out, if it must not."""
        return next((row for row in self.stops if _stops(row, told_state, case)), None)

    def keeps_address_back(self, row: LetterRow, told_state: str, case: Circumstances) -> bool:
        """Whether whatever gives away the address is left out of this letter."""
        return any(
            (told_state in rule.told_states or rule.restrictions & case.restrictions or _named(rule, case.so))
            and (rule.without_exception or not row.address_all_the_same)
            for rule in self.address
        )

    def allowed(self, row: LetterRow, without_address: bool) -> tuple[str, ...]:
        """The facts this letter may hold."""
        return tuple(code for code in row.facts if not (without_address and self.facts[code].gives_away == "address"))

    def cut(self, facts: Iterable[str], sections: Mapping[str, Any]) -> dict[str, Any]:
        """The sections, with nothing left in them but what these facts read."""
        wanted: dict[str, frozenset[str]] = {}
        for path in (path for code in facts for path in self.facts[code].reads):
            section, field = path.split(".", 1)
            wanted[section] = wanted.get(section, frozenset()) | {field}
        view = View(wanted, {}, {})
        return {name: view.apply(name, sections[name]) for name in wanted if name in sections}


def _named(rule: AddressRow, so: frozenset[str]) -> bool:
    return bool(rule.applies) and rule.holds(so)


def _stops(row: StopRow, told_state: str, case: Circumstances) -> bool:
    return (
        told_state in row.told_states
        or case.occasion in row.occasions
        or bool(row.restrictions & case.restrictions)
        or (row.child_not_active and case.child_state != "active")
        or (row.rules_not_held and not case.held)
        or (bool(row.applies) and row.holds(case.so))
    )


def read_letters(raw: dict[str, Any]) -> Letters:
    """Read the table. Raises EditionError at the first mistake."""
    refuse_unknown("letters.toml", "table", raw, ("facts", "letter", "stop", "address_kept_back"))
    made = Letters(
        facts={code: _fact(code, each) for code, each in raw.get("facts", {}).items()},
        rows=read_rows(LetterRow, "letters.toml", raw.get("letter")),
        stops=read_rows(StopRow, "letters.toml", raw.get("stop")),
        address=read_rows(AddressRow, "letters.toml", raw.get("address_kept_back")),
    )
    refuse_twice("letters.toml", [row.code for group in (made.rows, made.stops, made.address) for row in group])
    for row in made.rows:
        where = f"letters.toml: {row.code}"
        refuse_unknown(where, "person", row.to, PEOPLE)
        refuse_unknown(where, "kind", row.kinds, KINDS)
        refuse_unknown(where, "state", row.states, STATES)
        refuse_unknown(where, "fact", row.facts, made.facts)
    return made


def _fact(code: str, raw: Mapping[str, Any]) -> FactRow:
    where = f"letters.toml: fact {code}"
    refuse_unknown(where, "key", raw, ("reads", "gives_away"))
    gives_away = raw.get("gives_away", "nothing")
    refuse_unknown(where, "gives_away", [gives_away], GIVES_AWAY)
    reads = tuple(raw["reads"])
    refuse_unknown(where, "section", {path.split(".")[0] for path in reads}, SECTIONS)
    if not reads or not all("." in path for path in reads):
        raise EditionError(f"{where}: reads fields, never a whole section")
    return FactRow(code, reads, gives_away)
