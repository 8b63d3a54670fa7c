"""Confirming: a named person looked, and it is still true. The words and their dates stay as they were."""

from collections.abc import Mapping
from typing import Any

import orjson

from app.children.restrictions import restrictions_for
from app.kit.errors import Fault
from app.kit.ids import new_id
from app.ledger.actions import Action
from app.placements import queries
from app.placements.errors import ChangedSinceRead, NothingToConfirm, NotYoursToConfirm, PlacementOver
from app.placements.freshness import Where
from app.placements.models import placement_confirmations
from app.placements.policy import ACTIVE, CONSULTED, is_sender, state_on
from app.placements.service.standing import Standing, stand
from app.rules.edition import edition
from app.work.once import Reply
from app.work.tx import Tx


def confirm(tx: Tx, placement_id: str, document: Mapping[str, Any]) -> Reply:
    """Record that sections were found still true, as they stood in the version that was read.

    Raises NotYours, AccessEnded, NotYoursToConfirm, PlacementOver, NothingToConfirm, ChangedSinceRead.
    """
    standing = stand(tx, queries.TO_OPEN, placement_id)
    row = standing.row
    if not is_sender(tx.by, row.organisation_code):
        raise NotYoursToConfirm
    state = state_on(row.state, row.ended_on, tx.today)
    if state not in (ACTIVE, CONSULTED):
        raise PlacementOver
    names = list(dict.fromkeys(document["sections"]))
    where = _shown(tx, standing, state)
    _check(where, names, document["version"])
    confirmation_id = new_id("cnf")
    entry_id = tx.record(
        Action.PLACEMENT_CONFIRMED,
        {"placement": row.id, "child": row.child_id, "confirmation": confirmation_id},
        sections=names,
        version=row.version,
    )
    tx.add(
        placement_confirmations, _row(tx, standing, confirmation_id, {name: where[name] for name in names}, entry_id)
    )
    answer = {
        "confirmation_id": confirmation_id,
        "placement_id": row.id,
        "version": row.version,
        "sections": names,
        "confirmed_on": tx.today,
        "receipt": {"entry_id": entry_id, "recorded_at": tx.at},
    }
    return Reply(201, orjson.dumps(answer))


def _shown(tx: Tx, standing: Standing, state: str) -> Where:
    """What the caller can have read: nobody finds true what is kept from them."""
    row = standing.row
    restrictions = restrictions_for(row.restrictions, tx.by.practitioner_id)
    view = edition(row.rules_edition).view(tx.by.function, standing.side, state, restrictions)
    return {name: place for name, place in orjson.loads(row.sections).items() if name in view.shared}


def _check(where: Where, names: list[str], version: int) -> None:
    """Raises NothingToConfirm, ChangedSinceRead."""
    pointers = {name: f"/sections/{place}" for place, name in enumerate(names)}
    if empty := [pointer for name, pointer in pointers.items() if name not in where]:
        told = "Nothing that you may see has been told in this section yet."
        raise NothingToConfirm(faults=[Fault(pointer, "not_told", told) for pointer in empty])
    if moved := [name for name in names if where[name][1] > version]:
        raise ChangedSinceRead(
            faults=[
                Fault(pointers[name], "changed", f"It was sent anew in version {where[name][1]}.") for name in moved
            ]
        )


def _row(tx: Tx, standing: Standing, confirmation_id: str, found: Where, entry_id: str) -> dict[str, Any]:
    row, by = standing.row, tx.by
    before = orjson.loads(row.confirmed) if row.confirmed else {}
    here = {name: [place[0], tx.at, by.practitioner_id] for name, place in found.items()}
    return {
        "id": confirmation_id,
        "placement_id": row.id,
        "number": (row.confirmed_times or 0) + 1,
        "version": row.version,
        "sections": orjson.dumps(list(found)).decode(),
        "standing": orjson.dumps({**before, **here}).decode(),
        "organisation_code": by.organisation,
        "function": by.function,
        "practitioner_id": by.practitioner_id,
        "at": tx.at,
        "entry_id": entry_id,
    }
