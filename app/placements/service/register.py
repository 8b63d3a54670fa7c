"""The register: children living in an authority's area, each as far as the asking function may know them.

Councils keep such a list of looked-after children living in their area by their own procedures: names, date
of birth, the home, who holds parental responsibility, who placed the child, any child protection plan.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from app.access.disclosure import in_order, kept_back, shows_child_id
from app.ledger.actions import Action
from app.organisations.kinds import CODE_FORMS, Kind
from app.placements import queries
from app.placements.errors import NoArea
from app.placements.policy import state_on
from app.placements.service.listing import Line, record, release
from app.web.paging import Cursors
from app.work.tx import Tx

WHY = "register"
"""Why a child on the register was seen: no rule told this function of the child, its area's register did."""

_USED = ("child", "placement", "legal", "network", "care_team", "sender")
_CHILD = ("given_names", "family_name", "known_as", "date_of_birth", "sex", "gender", "gender_in_own_words")
_HOME = (
    "home_name",
    "provider_name",
    "setting",
    "registration_status",
    "address",
    "postcode",
    "phone",
    "accountable_manager",
)
_PARENTS = ("mother", "father", "parent", "step_parent")
_PARENT = ("name", "relation", "who", "phone", "address", "postcode")

Words = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the register, and the cursor to the next."""

    rows: list[dict[str, Any]]
    next_cursor: str | None


def read_register(tx: Tx, cursors: Cursors, state: str, cursor: str | None, limit: int) -> Page:
    """Release a page of the register, oldest placement first, and record it. Raises NoArea, BadCursor.

    One entry stands for the page and an opening row for each child on it; the entry holds a digest of those
    rows, so that none can be taken out later without its showing.
    """
    by = tx.by
    if not CODE_FORMS[Kind.LOCAL_AUTHORITY].pattern.fullmatch(by.organisation):
        raise NoArea
    scope = f"register|{by.organisation}|{by.function}|{state}"
    values = {
        "organisation": by.organisation,
        "function": by.function,
        "state": state,
        "after": cursors.open(scope, cursor) if cursor else "",
        "limit": limit + 1,
    }
    found = tx.all(queries.REGISTER, values)
    shown = found[:limit]
    lines = release(tx, shown, _USED)
    record(tx, Action.REGISTER_READ, {"area": by.organisation}, lines, WHY, state=state)
    more = cursors.seal(scope, shown[-1].id) if len(found) > limit else None
    return Page([_told(tx, each) for each in lines], more)


def _told(tx: Tx, line: Line) -> dict[str, Any]:
    row, revealed, words = line.row, line.revealed, line.words
    legal, team = words.get("legal", {}), words.get("care_team", {})
    return {
        "placement_id": row.id,
        "child_id": row.shown_id if shows_child_id(line.view) else None,
        "state": state_on(row.state, row.ended_on, tx.today),
        "as_of": _as_of(line),
        "child": _some(words.get("child", {}), _CHILD),
        "home": _some(words.get("placement", {}), _HOME),
        "started_on": row.started_on if "placement" in words else None,
        "ended_on": row.ended_on if "placement" in words else None,
        "legal_status": legal.get("status"),
        "child_protection_plan": legal.get("child_protection_plan"),
        "parental_responsibility": list(_parents(words)),
        "other_parents": list(_other_parents(words)),
        "placing_authority": row.organisation_code,
        "social_worker": team.get("lead"),
        "out_of_hours": words.get("sender", {}).get("out_of_hours"),
        "sections_withheld": [
            {"section": name, "reason": revealed.withheld[name]} for name in in_order(revealed.withheld)
        ],
        "fields_withheld": [each for each in kept_back(line.view) if each.split("/")[1] in _USED],
    }


def _as_of(line: Line) -> str:
    """When the words shown here were last sent: news in a section this function never sees does not move it."""
    places = orjson.loads(line.row.sections)
    return str(max((places[name][2] for name in line.revealed.sections), default=line.row.changed_at))


def _parents(words: Words) -> Iterable[dict[str, Any]]:
    """Everyone said to hold parental responsibility: by the legal section, with what the child's people add."""
    held = words.get("legal", {}).get("parental_responsibility")
    holders = list(held) if isinstance(held, list) else []
    people = words.get("network", {}).get("people", ())
    others = [each for each in people if each.get("parental_responsibility") is True]
    for holder in holders:
        same = next((each for each in others if each.get("name") == holder.get("name")), None)
        if same:
            others.remove(same)
        yield _some({**(same or {}), **holder}, _PARENT)
    yield from (_some(each, _PARENT) for each in others)


def _other_parents(words: Words) -> Iterable[dict[str, Any]]:
    """Parents who are not said to hold parental responsibility: an area's register names both."""
    people = words.get("network", {}).get("people", ())
    others = (each for each in people if each.get("relation") in _PARENTS)
    return (_some(each, _PARENT) for each in others if each.get("parental_responsibility") is not True)


def _some(words: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    return {name: words.get(name) for name in names}
