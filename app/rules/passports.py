"""Who reads and writes which section of the health passport, and what a young person's decision does.

The tables are those of ``passport_disclosure.toml``. A restriction on the child overrides every view.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import Any, Final

from app.rules.disclosure import (
    ALL,
    RestrictionRow,
    Restrictions,
    Share,
    View,
    narrowed,
    read_restrictions,
    read_shares,
)
from app.rules.rows import EditionError, refuse_twice, refuse_unknown
from app.rules.words import FUNCTIONS, PASSPORT_SECTIONS, SENSITIVE, SIDES

EMERGENCY_CARD: Final = "emergency_card"
MY_PASSPORT: Final = "my_passport"

HELD, BREAK_GLASS, NONE = "held", "break_glass", "none"
_CARDS: Final = (HELD, BREAK_GLASS, NONE)
GIVES, WITH_CONSENT = "gives", "with_consent"
_COPIES: Final = (GIVES, WITH_CONSENT, NONE)
_EFFECTS: Final = ("share", "named", "own", "withhold")
_TABLES: Final = ("reasons", "view", "party", "decision", "right", "restriction")
_PARTY_KEYS: Final = ("functions", "sides", "view", "writes", "sensitive", "by_name", "card", "my_passport", "why")

_SAID_OF_A_LIST: Final = ("state", "according_to", "on", "by", "ask_by", "ask_again_on")
"""What a list says of itself, seen by whoever sees anything inside it."""


@dataclass(frozen=True, slots=True)
class Party:
    """What one function on one side may do with a passport."""

    view: str
    writes: frozenset[str]
    sensitive: frozenset[str]
    by_name: frozenset[str]
    """The sections that only a named person changes."""
    card: str
    my_passport: str
    why: str

    @property
    def reads(self) -> bool:
        """Whether there is a view of the passport for this party at all."""
        return self.view != NONE


@dataclass(frozen=True, eq=False, slots=True)
class Passports:
    """The passport tables of one edition, compared by identity."""

    reasons: Mapping[str, str]
    views: Mapping[str, Mapping[str, Share]]
    parties: Mapping[tuple[str, str], Party]
    effects: Mapping[str, str]
    rights: Mapping[str, str]
    begins_sensitive: frozenset[str]
    """The rights by which a team begins a sensitive part that no decision opens to it."""
    restrictions: Mapping[str, RestrictionRow]

    def party(self, function: str, side: str) -> Party:
        """What this function may do on this side. Raises KeyError."""
        return self.parties[function, side]

    def view(self, function: str, side: str, restrictions: Restrictions = (), code: str | None = None) -> View:
        """What this party sees: in its own view, or in the one of this code. Cached. Raises KeyError."""
        return _view(self, function, side, restrictions, code or self.parties[function, side].view)

    def card_view(self, function: str, side: str, restrictions: Restrictions) -> View:
        """The emergency card: never more than a party's own view, where it has one. Cached. Raises KeyError."""
        return _card(self, function, side, restrictions)

    def sensitive_view(self, function: str, side: str, restrictions: Restrictions, open_to: frozenset[str]) -> View:
        """The sensitive parts alone, of those that the decisions leave open to this party. Raises KeyError."""
        return _sensitive(self, function, side, restrictions, open_to)

    def effect(self, choice: str | None) -> str:
        """What a decision does: share, named, own or withhold. None: nothing was decided."""
        return self.effects[choice or NONE]


@lru_cache(maxsize=2048)
def _view(tables: Passports, function: str, side: str, restrictions: Restrictions, code: str) -> View:
    return narrowed(tables.views[code], tables.restrictions, f"{side}.{function}", restrictions)


@lru_cache(maxsize=1024)
def _card(tables: Passports, function: str, side: str, restrictions: Restrictions) -> View:
    party, card = tables.parties[function, side], tables.views[EMERGENCY_CARD]
    own = tables.views[party.view]
    cells = {name: own[name].under(cell) for name, cell in card.items()} if party.reads else card
    return narrowed(cells, tables.restrictions, f"{side}.{function}", restrictions)


@lru_cache(maxsize=1024)
def _sensitive(
    tables: Passports, function: str, side: str, restrictions: Restrictions, open_to: frozenset[str]
) -> View:
    may = tables.parties[function, side].sensitive
    cells = {name: _sensitive_share(name, may, open_to) for name in SENSITIVE}
    view = narrowed(cells, tables.restrictions, f"{side}.{function}", restrictions)
    return View(view.shared, view.removed, {name: why for name, why in view.withheld.items() if name in cells})


def _sensitive_share(name: str, may: Collection[str], open_to: Collection[str]) -> Share:
    if name not in may:
        return Share(frozenset(), "not_needed_for_this_work")
    return Share(ALL) if name in open_to else Share(frozenset(), "young_person_decided")


def read_passports(raw: dict[str, Any]) -> Passports:
    """Read the tables. Raises EditionError unless every view, party and decision is decided, once."""
    where = "passport_disclosure.toml"
    refuse_unknown(where, "table", raw, _TABLES)
    reasons: dict[str, str] = raw["reasons"]
    views = _read_views(where, raw["view"], reasons)
    return Passports(
        reasons,
        views,
        _read_parties(where, raw["party"], views),
        _read_effects(where, raw["decision"]),
        {row["code"]: row["why"] for row in raw["right"]},
        frozenset(row["code"] for row in raw["right"] if row.get("begins_sensitive", False)),
        read_restrictions(raw["restriction"], reasons, where, PASSPORT_SECTIONS),
    )


def _read_views(where: str, raw: list[dict[str, Any]], reasons: Mapping[str, str]) -> dict[str, dict[str, Share]]:
    refuse_twice(where, [row["code"] for row in raw])
    views = {}
    for row in raw:
        at = f"{where}: view {row['code']}"
        refuse_unknown(at, "key", row, ("code", "title", "why", "all", "some", "withheld"))
        cells = read_shares(at, row, reasons, PASSPORT_SECTIONS)
        if shown := [name for name in SENSITIVE if not cells[name].reason]:
            raise EditionError(f"{at}: a sensitive part is in a view: {shown[0]}")
        views[row["code"]] = {name: _with_its_age(cell) for name, cell in cells.items()}
    if missing := {NONE, EMERGENCY_CARD, MY_PASSPORT} - views.keys():
        raise EditionError(f"{where}: there is no view {min(missing)}")
    return views


def _with_its_age(cell: Share) -> Share:
    """Some fields of a section come with where it is from, and with what each list says of itself."""
    if cell.reason or cell.fields is ALL:
        return cell
    lists = {name.partition(".items.")[0] for name in cell.fields if ".items." in name}
    said = {f"{name}.{each}" for name in lists for each in _SAID_OF_A_LIST}
    return Share(cell.fields | said | {"provenance"})


def _read_parties(
    where: str, raw: list[dict[str, Any]], views: Mapping[str, Mapping[str, Share]]
) -> dict[tuple[str, str], Party]:
    found: dict[tuple[str, str], Party] = {}
    for row in raw:
        at = f"{where}: party {' '.join(row.get('functions', ()))}"
        refuse_unknown(at, "key", row, _PARTY_KEYS)
        party = _read_party(at, row, views)
        for key in product(row["functions"], row["sides"]):
            refuse_twice(at, [*map(str, found), str(key)])
            found[key] = party
    if odd := set(product(FUNCTIONS, SIDES)).symmetric_difference(found):
        raise EditionError(f"{where}: party {' '.join(min(odd))}: missing, or not a known party")
    return found


def _read_party(at: str, row: Mapping[str, Any], views: Mapping[str, Mapping[str, Share]]) -> Party:
    refuse_unknown(at, "view", [row["view"]], views)
    refuse_unknown(at, "section", row["writes"], PASSPORT_SECTIONS)
    refuse_unknown(at, "sensitive part", row["sensitive"], SENSITIVE)
    refuse_unknown(at, "section it writes", row["by_name"], row["writes"])
    refuse_unknown(at, "card", [row["card"]], _CARDS)
    refuse_unknown(at, "my_passport", [row["my_passport"]], _COPIES)
    party = Party(
        view=row["view"],
        writes=frozenset(row["writes"]),
        sensitive=frozenset(row["sensitive"]),
        by_name=frozenset(row["by_name"]),
        card=row["card"],
        my_passport=row["my_passport"],
        why=row["why"],
    )
    if blind := sorted(_unread(party, views[party.view])):
        raise EditionError(f"{at}: writes {blind[0]} without reading the whole of it")
    return party


def _unread(party: Party, cells: Mapping[str, Share]) -> Iterable[str]:
    """Sections a party writes and does not read whole: it would replace words it never saw."""
    return (name for name in party.writes if name not in party.sensitive and cells[name].fields is not ALL)


def _read_effects(where: str, raw: list[dict[str, Any]]) -> dict[str, str]:
    for row in raw:
        refuse_unknown(f"{where}: decision", "effect", [row["effect"]], _EFFECTS)
    refuse_twice(where, [row["choice"] for row in raw])
    effects = {row["choice"]: row["effect"] for row in raw}
    if NONE not in effects:
        raise EditionError(f"{where}: says nothing of a part nothing was decided about")
    return effects
