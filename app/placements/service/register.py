"""The register: children living in an authority's area, each as far as the asking function may know them.

Councils keep such a list of looked-after children living in their area by their own procedures: names, date
of birth, the home, who holds parental responsibility, who placed the child, any child protection plan.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Row

from app.access.disclosure import Revealed, in_order, kept_back, reveal, shows_child_id
from app.children.restrictions import restrictions_for
from app.kit.canonical import canonical
from app.ledger.actions import Action
from app.organisations.kinds import CODE_FORMS, Kind
from app.placements import queries
from app.placements.errors import NoArea
from app.placements.models import openings
from app.placements.policy import PLACING, side_of, state_on
from app.placements.service.seeing import Sight, how, opening
from app.rules.disclosure import View
from app.rules.edition import edition
from app.vault import frame
from app.vault.errors import Tampered
from app.web.paging import Cursors
from app.work.tx import Tx

DAMAGED = "damaged"
WHY = "register"
"""Why a child on the register was seen: no rule told this function of the child, its area's register did."""

_USED = ("child", "placement", "legal", "network", "care_team", "sender")
_CHILD = ("given_names", "family_name", "known_as", "date_of_birth", "sex")
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
    released = _release(tx, shown)
    _record(tx, state, released)
    more = cursors.seal(scope, shown[-1].id) if len(found) > limit else None
    return Page([_line(tx, row, revealed) for row, revealed in released], more)


Released = list[tuple[Row[Any], Revealed]]


def _release(tx: Tx, rows: Sequence[Row[Any]]) -> Released:
    where = {row.id: orjson.loads(row.sections) for row in rows}
    views = {row.id: _view(tx, row) for row in rows}
    wanted = {
        places[name][0]
        for placement, places in where.items()
        for name in _USED
        if name in places and name in views[placement].shared
    }
    held = tx.all(queries.FRAMES, {"ids": sorted(wanted)}) if wanted else ()
    frames = {each.id: frame.unpack(each.sealed) for each in held if each.sealed}
    return [(row, _reveal(tx, row, where[row.id], frames, views[row.id])) for row in rows]


def _view(tx: Tx, row: Row[Any]) -> View:
    side = side_of(tx.by, row.organisation_code) or (PLACING if row.organisation_code == tx.by.organisation else "host")
    restrictions = restrictions_for(row.restrictions, tx.by.practitioner_id)
    state = state_on(row.state, row.ended_on, tx.today)
    return edition(row.rules_edition).view(tx.by.function, side, state, restrictions)


def _reveal(
    tx: Tx,
    row: Row[Any],
    where: Mapping[str, list[Any]],
    frames: Mapping[str, Mapping[str, bytes]],
    view: View,
) -> Revealed:
    withheld = {name: view.withheld[name] for name in _USED if name in view.withheld}
    if row.wrapped is None:
        return Revealed({}, withheld)
    key = tx.vault.unwrap(row.wrapped, row.master_key_id, row.child_id, row.organisation_code)
    places = {name: where[name][0] for name in _USED if name in where and name in view.shared}
    parts = [(each, name, frames[each][name]) for name, each in places.items() if each in frames]
    try:
        revealed = reveal(tx.vault, key, parts, view)
    except Tampered:
        # One damaged record must not take the whole list from a duty team; opening it alone says what is wrong.
        return Revealed({}, {**withheld, **dict.fromkeys(places, DAMAGED)})
    return Revealed(revealed.sections, {**withheld, **revealed.withheld})


def _record(tx: Tx, state: str, released: Released) -> None:
    sights = [
        Sight(row.child_id, row.id, None, row.version, tuple(revealed.sections), WHY)
        for row, revealed in released
        if revealed.sections
    ]
    digest = hashlib.sha256(canonical([[each.placement_id, each.version, *each.sections] for each in sights]))
    entry_id = tx.record(
        Action.REGISTER_READ,
        {"area": tx.by.organisation},
        state=state,
        how=how(tx),
        count=len(sights),
        shown=digest.hexdigest(),
    )
    tx.add(openings, *(opening(tx, sight, entry_id) for sight in sights))


def _line(tx: Tx, row: Row[Any], revealed: Revealed) -> dict[str, Any]:
    words: Words = {name: orjson.loads(body) for name, body in revealed.sections.items()}
    legal, team = words.get("legal", {}), words.get("care_team", {})
    view = _view(tx, row)
    return {
        "placement_id": row.id,
        "child_id": row.shown_id if shows_child_id(view) else None,
        "state": state_on(row.state, row.ended_on, tx.today),
        "as_of": _as_of(row, revealed),
        "child": _some(words.get("child", {}), _CHILD),
        "home": _some(words.get("placement", {}), _HOME),
        "started_on": row.started_on if "placement" in words else None,
        "ended_on": row.ended_on if "placement" in words else None,
        "legal_status": legal.get("status"),
        "child_protection_plan": legal.get("child_protection_plan"),
        "parental_responsibility": list(_parents(words)),
        "placing_authority": row.organisation_code,
        "social_worker": team.get("lead"),
        "out_of_hours": words.get("sender", {}).get("out_of_hours"),
        "sections_withheld": [
            {"section": name, "reason": revealed.withheld[name]} for name in in_order(revealed.withheld)
        ],
        "fields_withheld": [each for each in kept_back(view) if each.split("/")[1] in _USED],
    }


def _as_of(row: Row[Any], revealed: Revealed) -> str:
    """When the words shown here were last sent: news in a section this function never sees does not move it."""
    places = orjson.loads(row.sections)
    return str(max((places[name][2] for name in revealed.sections), default=row.changed_at))


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


def _some(words: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    return {name: words.get(name) for name in names}
