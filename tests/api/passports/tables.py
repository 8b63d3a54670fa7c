"""The tables of who sees and writes what of a passport, read a second time, apart from the code that applies them."""

import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from tests.api.matrix.tables import _takes as takes

_FILE = Path(__file__).parents[3] / "app/rules/editions/2026-11/passport_disclosure.toml"
TABLE = tomllib.loads(_FILE.read_text())
VIEWS = {row["code"]: row for row in TABLE["view"]}
ROWS = {(side, function): row for row in TABLE["party"] for function in row["functions"] for side in row["sides"]}
RESTRICTIONS = {row["code"]: row for row in TABLE["restriction"]}
EFFECTS = {row["choice"]: row["effect"] for row in TABLE["decision"]}
SECTIONS = tuple(TABLE["view"][0]["all"]) + tuple(TABLE["view"][0]["withheld"]["sensitive"])
SENSITIVE = tuple(TABLE["view"][0]["withheld"]["sensitive"])
SAID_OF_A_LIST = ("state", "according_to", "on", "by", "ask_by", "ask_again_on")

WORKS_FOR = ".provenance.recorded_by.organisation"
CARD, MINE = "emergency_card", "my_passport"

Party = tuple[str, str]
"""Side and function."""


def named_fields() -> set[str]:
    """Every single field that a view or a restriction names."""
    shared = {
        f"{section}.{field}"
        for view in VIEWS.values()
        for section, some in view.get("some", {}).items()
        for field in some
    }
    return shared | {field for row in RESTRICTIONS.values() for field in row.get("removes", ())}


def shows(view: Mapping[str, Any], field: str) -> bool:
    """Whether a view shows a field, written ``section.field.items.field``."""
    section, _, rest = field.partition(".")
    if section in view.get("all", ()):
        return True
    some = view.get("some", {}).get(section)
    if some is None:
        return False
    lists = {each.partition(".items.")[0] for each in some if ".items." in each}
    said = {f"{each}.{said}" for each in lists for said in SAID_OF_A_LIST}
    return _within(rest, {*some, *said, "provenance"})


def _within(field: str, fields: Iterable[str]) -> bool:
    return any(field == each or field.startswith(f"{each}.") for each in fields)


def sees(field: str, party: Party, restrictions: Iterable[str] = (), code: str | None = None) -> bool:
    """Whether a party sees a field: in its own view, or in the one of this code, where no restriction takes it.

    The card is never more than a party's own view, where it has one.
    """
    row = ROWS[party]
    views = [VIEWS[code or row["view"]]]
    if code == CARD and row["view"] != "none":
        views.append(VIEWS[row["view"]])
    # Whom a writer works for tells the area, and goes with the team there.
    fields = [field, "teams.host_health"] if field.endswith(WORKS_FOR) else [field]
    taken = any(takes(RESTRICTIONS[each], ".".join(party), one) for each in restrictions for one in fields)
    return all(shows(view, field) for view in views) and not taken


def sees_of_section(section: str, party: Party, restrictions: Iterable[str] = ()) -> bool:
    """Whether a party has anything of a section."""
    return sees(f"{section}.provenance", party, restrictions)


def may_write(section: str, party: Party, restrictions: Iterable[str] = ()) -> bool:
    """Whether a party writes a section: the row names it, and no restriction takes anything of it from the party."""
    touched = any(
        row.get("spares", ()).count(".".join(party)) == 0
        and ".".join(party) in row.get("touches", [".".join(party)])
        and (
            section in row.get("withholds", ())
            or any(each.partition(".")[0] == section for each in row.get("removes", ()))
        )
        for row in (RESTRICTIONS[each] for each in restrictions)
    )
    return section in ROWS[party]["writes"] and not touched


def opens(part: str, party: Party, organisation: str, writer: str, decisions: Iterable[Mapping[str, Any]]) -> bool:
    """Whether a sensitive part is open to a party, as the young person decided."""
    if part not in ROWS[party]["sensitive"]:
        return False
    by_part = {each["part"]: each for each in decisions}
    decided = by_part.get(part) or by_part.get("all") or {}
    if "override" in decided:
        return True
    effect = EFFECTS[decided.get("choice", "none")]
    named = effect == "named" and party[1] in decided.get("may_see", ())
    return effect == "share" or named or (effect == "own" and organisation == writer)
