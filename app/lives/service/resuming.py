"""Care that was said to be over by mistake goes on: state, placements and clocks as they stood before."""

from collections.abc import Mapping, Sequence, Set
from typing import Any

import orjson
from sqlalchemy import Row

from app.access.disclosure import part_name
from app.children.identity import turns_18
from app.children.queries import SET_STATE
from app.children.service.reading import family, identity_of_row, key_of
from app.ledger.actions import Action
from app.lives import queries
from app.lives.errors import BirthDateSaysAdult, CareGoesOn
from app.lives.policy import TRANSFERRED
from app.placements.service.care_over import IN_CARE, tell_parties
from app.vault import frame
from app.work.tx import Tx


def check_resume(tx: Tx, row: Row[Any], _other: str | None) -> None:
    """Raise CareGoesOn where there is nothing to undo, BirthDateSaysAdult where the calendar would end it again."""
    if row.state in (IN_CARE, TRANSFERRED):
        raise CareGoesOn
    birthday = turns_18(identity_of_row(tx, row, key_of(tx, row)).get("date_of_birth"))
    if birthday is not None and birthday.isoformat() <= tx.today:
        raise BirthDateSaysAdult


def resume(tx: Tx, row: Row[Any], _other: str | None) -> str:
    """Undo the end of care; returns the id of the ledger entry. Raises what its check raises.

    The words of the notification that ended it stay on record and are the placement's no longer.
    """
    check_resume(tx, row, None)
    records = family(tx, row)
    keys = {each.id: key_of(tx, each) for each in records}
    entry_id = tx.record(Action.CHILD_CARE_RESUMED, {"child": row.id}, was=row.state)
    for each in records:
        tx.change(SET_STATE, {"b_id": each.id, "b_was": row.state, "b_state": IN_CARE})
    for placed in tx.all(queries.ENDED_WITH_CARE, {"ids": [*keys], "why": row.state}):
        _resume(tx, placed, keys[placed.child_id], row.state)
    tell_parties(tx, records, "ended", "placement.resumed", entry_id)
    return entry_id


def _resume(tx: Tx, placed: Row[Any], key: bytes, why: str) -> None:
    told = tx.all(queries.TOLD_OF, {"placement_id": placed.id})
    mistakes = {each.id: each.sent_at for each in told if each.kind == "end" and each.occasion == why}
    where = _before(orjson.loads(placed.sections), [each for each in told if each.id not in mistakes], mistakes.keys())
    tx.change(
        queries.RESUME,
        {
            "b_id": placed.id,
            "b_was": placed.version,
            "b_version": placed.version + 1,
            "b_sections": orjson.dumps(where).decode(),
            "b_ended_on": _ending(tx, where, key),
            "b_at": tx.at,
        },
    )
    tx.change(queries.RUN_ON, {"b_placement_id": placed.id}, touching=None)
    for each, sent_at in mistakes.items():
        mistaken = {"b_placement_id": placed.id, "b_notification_id": each}
        tx.change(queries.RUN_AGAIN, {**mistaken, "b_met_at": sent_at}, touching=None)
        tx.change(queries.STOP_STARTED, {**mistaken, "b_at": tx.at}, touching=None)


def _before(where: Mapping[str, list[Any]], earlier: Sequence[Row[Any]], mistakes: Set[str]) -> dict[str, list[Any]]:
    """Where each section stood before the end that was a mistake."""
    found = {name: place if place[0] not in mistakes else _holder(earlier, name) for name, place in where.items()}
    return {name: place for name, place in found.items() if place is not None}


def _holder(told: Sequence[Row[Any]], section: str) -> list[Any] | None:
    """The newest of these notifications that holds a section."""
    held = (each for each in told if each.sealed and section in frame.unpack(each.sealed))
    return next(([each.id, each.version, each.sent_at] for each in held), None)


def _ending(tx: Tx, where: Mapping[str, list[Any]], key: bytes) -> str | None:
    """The last day that had been told before, if one had."""
    place = where.get("placement")
    if place is None:
        return None
    (held,) = (each for each in tx.all(queries.FRAMES, {"ids": [place[0]]}))
    sealed = frame.unpack(held.sealed)["placement"]
    words = orjson.loads(tx.vault.unseal(key, part_name(place[0], "placement"), sealed))
    return words.get("ending", {}).get("ended_on")  # type: ignore[no-any-return]
