"""The tables of an edition as pages a practitioner can read.

Any ``*.toml`` in the folder of an edition becomes a page: its first comment is the introduction, every list of
rows a section. The edition is loaded by the service's own loader before, so a page never shows what it would refuse.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from app.rules.disclosure import ALL, Share
from app.rules.edition import Edition
from app.rules.words import FUNCTIONS, SECTIONS, SIDES, STATES
from tools.pages.words import GENERATED, SURE, cell, code, label, plain, table, team

EDITIONS = Path("app/rules/editions")
TITLES: Mapping[str, str] = {
    "clocks": "Clocks: what must be done by when",
    "completeness": "Completeness: what a notification must hold",
    "coverage": "Cases whose law is not held",
    "disclosure": "Disclosure: who sees what, and when",
    "language": "Words to think about",
    "lifecycle": "Lifecycle: what each kind does to a placement",
    "recipients": "Recipients: who is told",
    "restrictions": "Restrictions: what is taken away",
    "warnings": "Warnings: what a person should look at",
}
STATE_WORDS: Mapping[str, str] = {
    "consulted": "while only being talked about",
    "active": "while the child lives there",
    "ended": "after it has ended",
    "withdrawn": "after it was withdrawn",
}
Row = Mapping[str, Any]


def tables(version: str) -> Iterator[tuple[str, str]]:
    """Name and text of each table of an edition."""
    for path in sorted((EDITIONS / version).glob("*.toml")):
        yield path.stem, path.read_text("utf-8")


def page(name: str, text: str, edition: Edition) -> str:
    """One table as a page."""
    raw = tomllib.loads(text)
    parts = [f"# {title(name)}\n", GENERATED, f"Edition {edition.version}.\n", _introduction(text)]
    if name == "disclosure":
        return "\n".join([*parts, *_matrix(edition)])
    if name == "lifecycle":
        return "\n".join([*parts, *_moves(edition)])
    return "\n".join([*parts, *_sections(raw)])


def title(name: str) -> str:
    return TITLES.get(name, plain(name).capitalize())


def rows_of(raw: Mapping[str, Any]) -> Iterator[tuple[str, list[Row]]]:
    """Every list of rows in a table, by its name."""
    for name, value in raw.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            yield name, value


def not_confirmed(version: str) -> list[tuple[str, Row]]:
    """The rows whose law could not be confirmed, with their table."""
    return [
        (table_name, row)
        for table_name, text in tables(version)
        for _, rows in rows_of(tomllib.loads(text))
        for row in rows
        if row.get("sureness") == "not_confirmed"
    ]


def _introduction(text: str) -> str:
    head = re.match(r"(?:#.*\n)+", text)
    lines = [line.lstrip("#").removeprefix(" ") for line in head[0].splitlines()] if head else []
    blocks = "\n".join(lines).split("\n\n")
    return "\n\n".join(map(_as_set_out, blocks)) + "\n"


def _as_set_out(block: str) -> str:
    """A block of a comment: what was set out in columns keeps them."""
    return f"```text\n{block}\n```" if re.search(r"\S {2,}\S", block) else block


def _sections(raw: Mapping[str, Any]) -> Iterator[str]:
    lists = dict(rows_of(raw))
    settings = {name: value for name, value in raw.items() if name not in lists}
    for name, value in settings.items():
        yield f"## {label(name)}\n"
        yield _mapping(value) if isinstance(value, dict) else f"{cell(value)}\n"
    for name, rows in lists.items():
        yield f"## {'All rows' if len(lists) == 1 else label(name)}\n"
        yield _overview(rows)
        for number, row in enumerate(rows, 1):
            yield _card(name, number, row)


def _mapping(value: Mapping[str, Any]) -> str:
    return table(("", ""), ((cell(label(name)), cell(inner)) for name, inner in value.items()))


def _anchor(name: str, number: int, row: Row) -> str:
    return re.sub(r"[^a-z0-9-]+", "-", str(row.get("code", f"{name}-{number}")).lower())


def _heading(name: str, number: int, row: Row) -> str:
    return str(row.get("title") or row.get("code") or f"{label(name)} {number}").replace("_", " ")


def _overview(rows: list[Row]) -> str:
    known = [name for name in ("basis", "jurisdiction", "sureness", "category") if name in rows[0]]
    made = (
        [f"[{cell(_heading('row', at, row))}](#{_anchor('row', at, row)})", *(cell(row.get(k, "")) for k in known)]
        for at, row in enumerate(rows, 1)
        if "code" in row
    )
    body = list(made)
    return table(["Rule", *map(label, known)], body) if body else ""


def _card(name: str, number: int, row: Row) -> str:
    shown = [(field, value) for field, value in row.items() if field not in ("title", "code") and value is not False]
    first = [("Code", code(str(row["code"])))] if "code" in row else []
    cells = [*first, *((cell(label(field)), _value(field, value)) for field, value in shown)]
    return f"### {cell(_heading(name, number, row))} {{#{_anchor(name, number, row)}}}\n\n{table(('', ''), cells)}"


def _value(field: str, value: Any) -> str:
    if field == "sureness":
        return cell(SURE.get(value, value))
    if field in ("applies", "unless"):
        return ", and ".join(cell(plain(each)) for each in value) or "always"
    if field == "avoid":
        return "<br>".join(cell(each) for each in value)
    if field in ("needs", "removes", "withholds", "touches", "spares", "pointer", "sections"):
        return ", ".join(code(each) for each in ([value] if isinstance(value, str) else value))
    if isinstance(value, str) and re.fullmatch(r"[a-z]+(?:_[a-z0-9]+)+", value):
        return cell(plain(value))
    return cell(value)


def _moves(edition: Edition) -> Iterator[str]:
    moves = edition.lifecycle.moves
    kinds = list(dict.fromkeys(kind for _, kind in moves))
    states = list(dict.fromkeys(state for state, _ in moves))
    rows = (
        [f"**{plain(s)}**", *(cell(moves[s, k].state or f"refused: {moves[s, k].refusal}") for k in kinds)]
        for s in states
    )
    yield table(["In this state", *kinds], rows)
    yield "## Refusals, and what to do instead\n"
    yield table(("Refusal", "Advice"), ((code(k), cell(v)) for k, v in _advice(edition).items()))


def _advice(edition: Edition) -> dict[str, str]:
    return {move.refusal: move.advice for move in edition.lifecycle.moves.values() if move.refusal}


def _matrix(edition: Edition) -> Iterator[str]:
    yield "## Why something is not shown\n"
    yield table(("Reason", "In words"), ((code(k), cell(v)) for k, v in edition.disclosure.reasons.items()))
    for side in SIDES:
        for function in FUNCTIONS:
            yield f"## {team(function)}, {side} side {{#{side}-{function}}}\n"
            yield table(("Section", *(STATE_WORDS[s].capitalize() for s in STATES)), _shares(edition, function, side))


def _shares(edition: Edition, function: str, side: str) -> Iterator[list[str]]:
    cells = [edition.disclosure.shares[function, side, state] for state in STATES]
    for section in SECTIONS:
        yield [f"**{cell(plain(section))}**", *(_share(each[section], edition.disclosure.reasons) for each in cells)]


def _share(share: Share, reasons: Mapping[str, str]) -> str:
    if share.reason:
        return f"nothing: {cell(reasons[share.reason])}"
    if share.fields is ALL or share.fields == ALL:
        return "everything"
    return "only " + ", ".join(cell(plain(each)) for each in sorted(share.fields))
