"""A list about children: what each line may show a function is released, recorded and only then told.

Whatever lists children (the register, the lists of oversight) goes through here: each line leaves an opening,
each page one entry with a digest of them.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Row

from app.access.disclosure import Revealed, reveal
from app.children.models import openings
from app.children.restrictions import restrictions_for
from app.children.service.seeing import Sight, how, opening
from app.kit.canonical import canonical
from app.ledger.actions import Action
from app.placements import queries
from app.placements.policy import PLACING, side_of, state_on
from app.rules.disclosure import View
from app.rules.edition import edition
from app.vault import frame
from app.vault.errors import Tampered
from app.work.tx import Tx

DAMAGED = "damaged"

Frames = Mapping[str, Mapping[str, bytes]]


@dataclass(frozen=True, slots=True)
class Line:
    """One placement of a list: its row, what this caller may see of it, and what was released."""

    row: Row[Any]
    view: View
    revealed: Revealed

    @property
    def words(self) -> dict[str, Any]:
        """The sections released, by name."""
        return {name: orjson.loads(body) for name, body in self.revealed.sections.items()}


def release(tx: Tx, rows: Sequence[Row[Any]], used: Sequence[str]) -> list[Line]:
    """Open of each placement the sections in ``used`` that the caller may see; one query for all.

    A row has ``id``, ``child_id``, ``organisation_code``, ``state``, ``ended_on``, ``sections``, ``rules_edition``,
    ``restrictions``, ``wrapped`` and ``master_key_id``.
    """
    where = {row.id: orjson.loads(row.sections) for row in rows}
    views = {row.id: view_of(tx, row) for row in rows}
    wanted = {
        places[name][0]
        for placement, places in where.items()
        for name in used
        if name in places and name in views[placement].shared
    }
    held = tx.all(queries.FRAMES, {"ids": sorted(wanted)}) if wanted else ()
    frames = {each.id: frame.unpack(each.sealed) for each in held if each.sealed}
    return [_line(tx, row, {name: where[row.id].get(name) for name in used}, frames, views[row.id]) for row in rows]


def record(tx: Tx, action: Action, subject: Mapping[str, str], lines: Sequence[Line], why: str, **facts: Any) -> None:
    """Leave one entry for a page, and under it an opening for each line that shows anything."""
    sights = [
        Sight(each.row.child_id, each.row.id, None, each.row.version, tuple(each.revealed.sections), why)
        for each in lines
        if each.revealed.sections
    ]
    digest = hashlib.sha256(canonical([[each.placement_id, each.version, *each.sections] for each in sights]))
    entry_id = tx.record(action, subject, **facts, how=how(tx), count=len(sights), shown=digest.hexdigest())
    tx.add(openings, *(opening(tx, sight, entry_id) for sight in sights))


def view_of(tx: Tx, row: Row[Any]) -> View:
    """What the caller may see of a placement that a list names."""
    side = side_of(tx.by, row.organisation_code) or (PLACING if row.organisation_code == tx.by.organisation else "host")
    restrictions = restrictions_for(row.restrictions, tx.by.practitioner_id)
    state = state_on(row.state, row.ended_on, tx.today)
    return edition(row.rules_edition).view(tx.by.function, side, state, restrictions)


def _line(tx: Tx, row: Row[Any], where: Mapping[str, list[Any] | None], frames: Frames, view: View) -> Line:
    withheld = {name: view.withheld[name] for name in where if name in view.withheld}
    if row.wrapped is None:
        return Line(row, view, Revealed({}, withheld))
    places = {name: place[0] for name, place in where.items() if place and name in view.shared}
    parts = [(each, name, frames[each][name]) for name, each in places.items() if each in frames]
    try:
        key = tx.vault.unwrap(row.wrapped, row.master_key_id, row.child_id, row.organisation_code)
        revealed = reveal(tx.vault, key, parts, view)
    except Tampered:
        # One damaged record must not take the whole list from a duty team; opening it alone says what is wrong.
        return Line(row, view, Revealed({}, {**withheld, **dict.fromkeys(places, DAMAGED)}))
    return Line(row, view, Revealed(revealed.sections, {**withheld, **revealed.withheld}))
