"""One typed row for each kind of rule, and the strict reading of rows from TOML.

Every mistake a person can make in a table is found when the edition is loaded: an unknown or missing key, a
word outside the vocabulary, a predicate that does not exist, a code used twice.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import MISSING, dataclass, fields
from typing import Any, Final, TypeVar, get_type_hints

from app.rules.facts import PREDICATES
from app.rules.words import CLOSED
from app.rules.working_time import Length


class EditionError(Exception):
    """An edition that must not be used, with the table, the row and what is wrong with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What every rule says of itself: what it is, on whose authority, how surely we know, whom it is for.

    It applies when every fact in ``applies`` is so and none in ``unless`` is. ``any_case`` rows hold even
    where the law for a case is not held.
    """

    code: str
    title: str
    basis: str
    source: str
    sureness: str
    jurisdiction: str
    applies: frozenset[str]
    unless: frozenset[str] = frozenset()
    any_case: bool = False

    def holds(self, so: frozenset[str]) -> bool:
        return self.applies <= so and self.unless.isdisjoint(so)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipientRow(Row):
    """Who is told. ``acknowledge`` is how long they have to answer, from our receipt of the notification."""

    party: str
    function: str
    why: str
    standing: str
    acknowledge: Length


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockRow(Row):
    """What must be done by when. Rows of one ``duty`` are the same duty under other circumstances."""

    duty: str
    starts: str
    length: Length
    owner: str
    met_by: str
    repeats: bool = False
    """Whether it starts again when somebody says that it is done."""
    lapses: bool = False
    """It stops once its circumstances are no longer so."""
    again: str = ""
    """The section that, sent anew, shows that somebody looked: the clock is met and begins again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemRow(Row):
    """What a notification must hold to be complete: every leaf in ``needs``, by the clock of the duty ``by``.

    ``not_known`` says whether "not known, because ..." settles the item or leaves it outstanding.
    """

    section: str
    needs: tuple[str, ...]
    by: str
    owner: str
    not_known: str = "stays"


@dataclass(frozen=True, slots=True, kw_only=True)
class WarningRow(Row):
    """What a person should look at. A warning never blocks."""

    message: str
    pointer: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CareOverRow(Row):
    """What follows where care of a child is over in one of these ways. A row with no effect says what is kept."""

    states: frozenset[str]
    effects: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryRow(Row):
    """What an authority that took over a child reads of the time before, in which of its functions."""

    functions: frozenset[str]
    sections: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class CarryRow(Row):
    """How sections of an earlier placement go into a new one of the same child."""

    sections: frozenset[str]
    carry: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageRow(Row):
    """A case whose law these tables do not hold, and what to do instead."""

    todo: str


AnyRow = TypeVar("AnyRow", bound=Row)


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError("must be words")
    return " ".join(value.split())


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("must be true or false")
    return value


def _names(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or len(set(map(_text, value))) != len(value):
        raise ValueError("must be a list of different words")
    return tuple(value)


_READERS: Final[Mapping[Any, Callable[[Any], Any]]] = {
    str: _text,
    bool: _flag,
    tuple[str, ...]: _names,
    frozenset[str]: lambda value: frozenset(_names(value)),
    Length: lambda value: Length.parse(_text(value)),
}
_COUNTRY: Final = {"england": "placed_from_england", "wales": "placed_from_wales"}


def _shape_of(kind: type[Row]) -> Mapping[str, tuple[Callable[[Any], Any], bool]]:
    """Field name to its reader and whether it must be there."""
    hints = get_type_hints(kind)
    return {field.name: (_READERS[hints[field.name]], field.default is MISSING) for field in fields(kind)}


def read_rows(kind: type[AnyRow], table: str, raw: Any) -> tuple[AnyRow, ...]:
    """Read the rows of one table. Raises EditionError at the first mistake."""
    if not isinstance(raw, list):
        raise EditionError(f"{table}: must hold rows")
    rows = tuple(_read_row(kind, table, row) for row in raw)
    refuse_twice(table, [row.code for row in rows])
    return rows


def _read_row(kind: type[AnyRow], table: str, raw: Any) -> AnyRow:
    if not isinstance(raw, dict):
        raise EditionError(f"{table}: a row must be a table")
    where = f"{table}: {raw.get('code', 'a row without a code')}"
    shape = _shape_of(kind)
    refuse_unknown(where, "key", raw, shape)
    if missing := [name for name, (_, needed) in shape.items() if needed and name not in raw]:
        raise EditionError(f"{where}: has no {missing[0]}")
    values = {name: _read_value(where, name, shape[name][0], value) for name, value in raw.items()}
    for name in ("applies", "unless"):
        refuse_unknown(where, "predicate", values.get(name, ()), PREDICATES)
    if country := _COUNTRY.get(values["jurisdiction"]):
        values["applies"] = values.get("applies", frozenset()) | {country}
    return kind(**values)


def _read_value(where: str, name: str, read: Callable[[Any], Any], raw: Any) -> Any:
    try:
        value = read(raw)
    except ValueError as error:
        raise EditionError(f"{where}: {name} {error}") from None
    if name in CLOSED:
        refuse_unknown(where, name, [value], CLOSED[name])
    return value


def refuse_unknown(where: str, what: str, names: Collection[str], known: Collection[str]) -> None:
    if unknown := sorted(name for name in names if name not in known):
        raise EditionError(f"{where}: unknown {what} {unknown[0]!r}")


def refuse_twice(where: str, codes: Collection[str]) -> None:
    seen: set[str] = set()
    for code in codes:
        if code in seen:
            raise EditionError(f"{where}: {code!r} stands twice")
        seen.add(code)
