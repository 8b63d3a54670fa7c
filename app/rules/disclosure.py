"""Who sees which part of a placement, when, and why not the rest.

A table gives every function on each side a share of every section. A ceiling then narrows it for a placement
that is only being talked about, has ended or was withdrawn. A restriction on the child overrides both.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import product
from typing import Any, Final, cast

from app.rules.rows import EditionError, Row, read_rows, refuse_twice, refuse_unknown
from app.rules.words import FUNCTIONS, SECTIONS, SIDES, STATES

ALL: Final = frozenset({"*"})
"""Every field of a section, those of later versions included."""

_NOTHING: Final[frozenset[str]] = frozenset()

Restrictions = tuple[tuple[str, tuple[str, ...]], ...]
"""(kind, "side.function" parties spared by name), as set on the child."""

Tree = dict[str, "Tree"]


@dataclass(frozen=True, slots=True)
class Share:
    """What of one section may be seen: ``ALL``, some dotted field names, or none for a reason."""

    fields: frozenset[str]
    reason: str = ""

    def under(self, ceiling: "Share") -> "Share":
        """The smaller of the two. What already had a reason keeps it."""
        if self.reason or ceiling.fields is ALL:
            return self
        if ceiling.reason or self.fields is ALL:
            return ceiling
        common = _common(self.fields, ceiling.fields)
        return Share(common) if common else Share(_NOTHING, "not_needed_for_this_work")


@dataclass(frozen=True, slots=True, kw_only=True)
class RestrictionRow(Row):
    """What a restriction takes away, single fields or whole sections.

    It reaches the parties it touches (everyone, unless it names some) and does not spare.
    """

    applies: frozenset[str] = frozenset()
    removes: tuple[str, ...] = ()
    withholds: frozenset[str] = frozenset()
    reason: str
    touches: frozenset[str] = frozenset()
    spares: frozenset[str] = frozenset()

    def reaches(self, party: str, spared_by_name: Collection[str]) -> bool:
        touched = not self.touches or party in self.touches
        return touched and party not in self.spares and party not in spared_by_name


@dataclass(frozen=True)
class View:
    """One party's share of a placement. Field names are dotted; a list is filtered element by element."""

    shared: Mapping[str, frozenset[str]]
    removed: Mapping[str, frozenset[str]]
    withheld: Mapping[str, str]

    @cached_property
    def fingerprint(self) -> str:
        """What this view lets through, as one text: an entity tag changes with it and with nothing a party cannot see.

        Views are kept, and tags are asked for more often than anything else: it is made once.
        """
        shared = sorted((name, sorted(fields)) for name, fields in self.shared.items())
        removed = sorted((name, sorted(fields)) for name, fields in self.removed.items())
        return repr((shared, removed, sorted(self.withheld.items())))

    def apply(self, section: str, document: Mapping[str, object]) -> dict[str, object]:
        """The part of a section's JSON object this party may see. Raises KeyError for a withheld section."""
        seen: object = document
        if (fields := self.shared[section]) is not ALL:
            seen = _keep(seen, _tree(fields))
        if removed := self.removed.get(section):
            seen = _drop(seen, _tree(removed))
        return cast(dict[str, object], seen)


@dataclass(frozen=True, eq=False, slots=True)
class Disclosure:
    """The disclosure and restriction tables of one edition, compared by identity."""

    reasons: Mapping[str, str]
    shares: Mapping[tuple[str, str, str], Mapping[str, Share]]
    restrictions: Mapping[str, RestrictionRow]

    def view(self, function: str, side: str, state: str, restrictions: Restrictions = ()) -> View:
        """What this party sees. Raises KeyError for an unknown function, side, state or restriction."""
        return _view(self, function, side, state, restrictions)


@lru_cache(maxsize=4096)
def _view(tables: Disclosure, function: str, side: str, state: str, restrictions: Restrictions) -> View:
    return narrowed(tables.shares[function, side, state], tables.restrictions, f"{side}.{function}", restrictions)


def narrowed(
    cells: Mapping[str, Share], rows: Mapping[str, RestrictionRow], party: str, restrictions: Restrictions
) -> View:
    """The view that these shares give a party, less what the restrictions take. Raises KeyError."""
    withheld = {section: cell.reason for section, cell in cells.items() if cell.reason}
    removed: dict[str, frozenset[str]] = {}
    for kind, spared_by_name in restrictions:
        row = rows[kind]
        if row.reaches(party, spared_by_name):
            # Whoever was never given a section is told the same reason as before: no hint of a restriction.
            withheld = dict.fromkeys(row.withholds, row.reason) | withheld
            for section, field in (path.split(".", 1) for path in row.removes):
                removed[section] = removed.get(section, _NOTHING) | {field}
    shared = {section: cell.fields for section, cell in cells.items() if section not in withheld}
    lost = {section: _touching(gone, shared[section]) for section, gone in removed.items() if section in shared}
    return View(shared, {section: gone for section, gone in lost.items() if gone}, withheld)


def _touching(gone: frozenset[str], fields: frozenset[str]) -> frozenset[str]:
    """Those of the fields taken away that this share has anything of."""
    return gone if fields is ALL else frozenset(name for name in gone if _common(frozenset((name,)), fields))


def _common(ours: frozenset[str], theirs: frozenset[str]) -> frozenset[str]:
    """Fields inside both: of ``items`` and ``items.level`` the narrower."""
    return frozenset(_inside(ours, theirs)) | frozenset(_inside(theirs, ours))


def _inside(narrow: Iterable[str], wide: Collection[str]) -> Iterable[str]:
    return (name for name in narrow if any(name == other or name.startswith(other + ".") for other in wide))


@lru_cache(maxsize=1024)
def _tree(paths: frozenset[str]) -> Tree:
    root: Tree = {}
    for path in sorted(paths):
        branch = root
        for name in path.split("."):
            branch = branch.setdefault(name, {})
    return root


def _keep(value: object, tree: Tree) -> object:
    """Only what the tree names. Something simple where the tree goes deeper is left out rather than shown."""
    if not tree:
        return value
    if isinstance(value, list):
        return [_keep(element, tree) for element in value]
    if not isinstance(value, dict):
        return None
    if "not_known" in value:
        return {"not_known": value["not_known"]}
    kept = {name: _keep(value[name], branch) for name, branch in tree.items() if name in value}
    return {name: inner for name, inner in kept.items() if inner is not None}


def _drop(value: object, tree: Tree) -> object:
    if isinstance(value, list):
        return [_drop(element, tree) for element in value]
    if not isinstance(value, dict):
        return value
    return {
        name: _drop(inner, tree[name]) if name in tree else inner
        for name, inner in value.items()
        if tree.get(name) != {}
    }


def read_disclosure(raw: dict[str, Any], restrictions: Any) -> Disclosure:
    """Read both tables. Raises EditionError unless each function, side, state and section is decided once."""
    refuse_unknown("disclosure.toml", "key", raw, ("reasons", "view", "ceiling"))
    reasons: dict[str, str] = raw["reasons"]
    views = _read_cells("view", raw["view"], reasons, ("function", "sides"), _view_keys)
    ceilings = _read_cells("ceiling", raw["ceiling"], reasons, ("state", "side", "functions"), _ceiling_keys)
    _demand("view", views, product(FUNCTIONS, SIDES))
    _demand("ceiling", ceilings, product(FUNCTIONS, SIDES, STATES[:1] + STATES[2:]))
    open_to_all = dict.fromkeys(SECTIONS, Share(ALL))
    shares = {
        (function, side, state): {
            section: views[function, side][section].under(ceilings.get((function, side, state), open_to_all)[section])
            for section in SECTIONS
        }
        for function, side, state in product(FUNCTIONS, SIDES, STATES)
    }
    return Disclosure(reasons, shares, read_restrictions(restrictions, reasons, "restrictions.toml", SECTIONS))


def _view_keys(row: Mapping[str, Any]) -> list[tuple[str, ...]]:
    return [(row["function"], side) for side in row["sides"]]


def _ceiling_keys(row: Mapping[str, Any]) -> list[tuple[str, ...]]:
    return [(function, row["side"], row["state"]) for function in row["functions"]]


def _read_cells(
    table: str, raw: list[dict[str, Any]], reasons: Mapping[str, str], own_keys: tuple[str, ...], keys_of: Any
) -> dict[tuple[str, ...], dict[str, Share]]:
    found: dict[tuple[str, ...], dict[str, Share]] = {}
    for row in raw:
        where = f"disclosure.toml: {table} " + " ".join(str(row.get(name)) for name in own_keys)
        refuse_unknown(where, "key", row, (*own_keys, "why", "all", "some", "withheld"))
        for key in keys_of(row):
            refuse_twice(where, [*map(str, found), str(key)])
            found[key] = read_shares(where, row, reasons, SECTIONS)
    return found


def read_shares(
    where: str, row: Mapping[str, Any], reasons: Mapping[str, str], known: Collection[str]
) -> dict[str, Share]:
    """What a row gives of each section; it says something of every one, once. Raises EditionError."""
    refuse_unknown(where, "reason", row.get("withheld", {}), reasons)
    cells = [(section, Share(ALL)) for section in row.get("all", [])]
    cells += [(section, Share(frozenset(names))) for section, names in row.get("some", {}).items()]
    for reason, sections in row.get("withheld", {}).items():
        cells += [(section, Share(_NOTHING, reason)) for section in sections]
    refuse_twice(where, [section for section, _ in cells])
    refuse_unknown(where, "section", dict(cells), known)
    if missing := [section for section in known if section not in dict(cells)]:
        raise EditionError(f"{where}: says nothing of {missing[0]}")
    return dict(cells)


def _demand(table: str, found: Collection[tuple[str, ...]], wanted: Iterable[tuple[str, ...]]) -> None:
    expected = set(wanted)
    if odd := sorted(expected.symmetric_difference(found)):
        raise EditionError(f"disclosure.toml: {table} {' '.join(odd[0])}: missing, or not a known party")


def read_restrictions(
    raw: Any, reasons: Mapping[str, str], table: str, sections: Collection[str]
) -> dict[str, RestrictionRow]:
    """The rows of one table, each held against the vocabulary. Raises EditionError."""
    rows = read_rows(RestrictionRow, table, raw)
    parties = [f"{side}.{function}" for side, function in product(SIDES, FUNCTIONS)]
    for row in rows:
        where = f"{table}: {row.code}"
        refuse_unknown(where, "reason", [row.reason], reasons)
        refuse_unknown(where, "party", row.touches | row.spares, parties)
        refuse_unknown(where, "section", row.withholds | {path.split(".")[0] for path in row.removes}, sections)
    return {row.code: row for row in rows}
