"""The tables of who sees what, read a second time and apart from the code: leaf by leaf, as a person would."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

_EDITION = Path(__file__).parents[3] / "app/rules/editions/2026-11"
_DISCLOSURE = tomllib.loads((_EDITION / "disclosure.toml").read_text())
_RESTRICTIONS = {row["code"]: row for row in tomllib.loads((_EDITION / "restrictions.toml").read_text())["restriction"]}

SIDES = ("placing", "host")
STATES = ("consulted", "active", "ended", "withdrawn")
FUNCTIONS = tuple(dict.fromkeys(row["function"] for row in _DISCLOSURE["view"]))
SECTIONS = tuple(_DISCLOSURE["view"][0]["all"])
RESTRICTIONS = tuple(_RESTRICTIONS)

Pointer = tuple[str | int, ...]
Row = Mapping[str, Any]


def leaves(value: object, pointer: Pointer = ()) -> Iterator[tuple[Pointer, object]]:
    """Every plain value of a document, with the way to it."""
    if isinstance(value, dict):
        yield from chain.from_iterable(leaves(inner, (*pointer, name)) for name, inner in value.items())
    elif isinstance(value, list):
        yield from chain.from_iterable(leaves(inner, (*pointer, place)) for place, inner in enumerate(value))
    else:
        yield pointer, value


def dotted(pointer: Pointer) -> str:
    """The name of a field as the tables write it: ``network.people.name``, whichever of the people it is."""
    return ".".join(part for part in pointer if isinstance(part, str))


def named_fields() -> set[str]:
    """Every single field that a row of either table names."""
    rows = [*_DISCLOSURE["view"], *_DISCLOSURE["ceiling"]]
    shared = {f"{section}.{name}" for row in rows for section in row.get("some", ()) for name in row["some"][section]}
    return shared | {field for row in _RESTRICTIONS.values() for field in row.get("removes", ())}


@cache
def sees(field: str, function: str, side: str, state: str, restriction: str | None = None) -> bool:
    """Whether a party sees a field: the view and the ceiling both allow it and no restriction takes it."""
    allowed = all(_allows(row, field) for row in _rows(function, side, state))
    return allowed and not (restriction and _takes(_RESTRICTIONS[restriction], f"{side}.{function}", field))


def why_not(section: str, function: str, side: str, state: str, restriction: str | None = None) -> str:
    """Why a party is not given a section. The narrower work comes first, then the state, then the restriction."""
    for row in _rows(function, side, state):
        for reason, sections in row.get("withheld", {}).items():
            if section in sections:
                return str(reason)
    if restriction and _takes(_RESTRICTIONS[restriction], f"{side}.{function}", section):
        return str(_RESTRICTIONS[restriction]["reason"])
    return "not_needed_for_this_work"


def _rows(function: str, side: str, state: str) -> Iterator[Row]:
    yield _only(row for row in _DISCLOSURE["view"] if row["function"] == function and side in row["sides"])
    if state != "active":
        yield _only(
            row
            for row in _DISCLOSURE["ceiling"]
            if row["state"] == state and row["side"] == side and function in row["functions"]
        )


def _only(rows: Iterable[Row]) -> Row:
    (row,) = rows
    return row


def _allows(row: Row, field: str) -> bool:
    section, _, rest = field.partition(".")
    return section in row.get("all", ()) or _within(rest, row.get("some", {}).get(section, ()))


def _takes(row: Row, party: str, field: str) -> bool:
    reached = party in row.get("touches", [party]) and party not in row.get("spares", ())
    section = field.partition(".")[0]
    return reached and (section in row.get("withholds", ()) or _within(field, row.get("removes", ())))


def _within(field: str, fields: Iterable[str]) -> bool:
    return any(field == each or field.startswith(each + ".") for each in fields)
