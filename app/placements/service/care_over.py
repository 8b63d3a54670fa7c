"""Care is over: the child came of age, died, or is another authority's now. What follows stands in care_over.toml."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from app.children.queries import SET_STATE
from app.ledger.actions import Action
from app.placements import ending_queries as queries
from app.placements.policy import ACTIVE
from app.rules.edition import current
from app.work.tx import Tx

IN_CARE = "active"


@dataclass(frozen=True, slots=True)
class Over:
    """How care is over (a state of the child), since which day, and by which notification, if by one."""

    state: str
    day: str
    notification_id: str | None = None


def end_care(tx: Tx, records: Sequence[Row[Any]], over: Over) -> str:
    """End the care of a child in all its ``records``; returns the id of the ledger entry.

    Somebody else's change of a record's state first, a merge or a parting is a Conflict. The clocks that the
    notification itself starts run on: it is still to be answered.
    """
    rules, kept = current(), records[0]
    entry_id = tx.record(
        Action.CHILD_CARE_ENDED, {"child": kept.id, "notification": over.notification_id}, state=over.state
    )
    if rules.ends(over.state, "placements_end"):
        _tell_parties(tx, records, entry_id)
    set_state(tx, records, IN_CARE, over.state)
    for record in records:
        child = {"b_child": record.id, "b_at": tx.at}
        if rules.ends(over.state, "placements_end"):
            tx.change(queries.END_ALL, {**child, "b_day": over.day, "b_why": over.state}, touching=None)
        if rules.ends(over.state, "clocks_stop"):
            tx.change(queries.STOP_CLOCKS, {**child, "b_but": over.notification_id or ""}, touching=None)
    return entry_id


def set_state(tx: Tx, records: Sequence[Row[Any]], was: str, state: str) -> None:
    """Write the state of all records of a child, the kept one first. Where they are others by now it is a Conflict."""
    kept, *merged = [each.id for each in records]
    values = {"b_was": was, "b_state": state}
    beside = {"b_id": kept, "b_merged_into": None, "b_below": len(merged)}
    tx.change(SET_STATE, {**values, **beside})
    # Asked again now that the row is held: what it waited for, a merge, is seen only by what begins after it.
    tx.change(SET_STATE, {**values, **beside, "b_was": state})
    for each in merged:
        tx.change(SET_STATE, {**values, "b_id": each, "b_merged_into": kept, "b_below": 0})


def _tell_parties(tx: Tx, records: Sequence[Row[Any]], entry_id: str) -> None:
    """Leave a message for every party to the placements that are still active."""
    found = tx.all(queries.PARTIES_OF_CHILD, {"ids": [each.id for each in records], "state": ACTIVE})
    for each in found:
        tx.publish("placement.ended", each.organisation_code, each.function, entry_id, placement_id=each.placement_id)
