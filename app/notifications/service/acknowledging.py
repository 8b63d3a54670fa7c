"""Acknowledging: a named person of one recipient function takes it on, asks, or says that they cannot."""

from collections.abc import Mapping
from typing import Any

import orjson
from sqlalchemy import Row

from app.access.errors import NotYours
from app.children.service.keys import own_key
from app.kit.errors import Fault
from app.kit.ids import new_id
from app.ledger.actions import Action
from app.notifications import queries
from app.notifications.errors import SenderDoesNotAcknowledge
from app.placements.errors import AccessEnded
from app.placements.models import acknowledgements
from app.placements.policy import is_sender
from app.web.errors import InvalidDocument
from app.work.once import Reply
from app.work.tx import Tx

_DECLINED = "declined"
_VISIT = "visit_refused"


def acknowledge(tx: Tx, notification_id: str, document: dict[str, Any]) -> Reply:
    """Record an acknowledgement for the caller's own function. A second one is a further entry, not a correction.

    Raises NotYours, AccessEnded, SenderDoesNotAcknowledge, InvalidDocument. Declining returns the task: the sender is
    told at once, and where else it might go is kept as information, never forwarded by the service (acceptance 42).
    """
    by = tx.by
    row = tx.one(
        queries.TO_ACKNOWLEDGE,
        {"notification_id": notification_id, "organisation": by.organisation, "function": by.function},
    )
    if row is None:
        raise NotYours
    if row.recipient_id is None:
        raise SenderDoesNotAcknowledge if is_sender(by, row.organisation_code) else NotYours
    if row.access_ended_at is not None:
        raise AccessEnded
    if document.get(_VISIT, {}).get("refused_on", "") > tx.today:
        raise InvalidDocument(faults=[Fault(f"/{_VISIT}/refused_on", "day_out_of_range", "This day is still to come.")])
    ack_id = new_id("ack")
    _record(tx, row, ack_id, document)
    return Reply(
        201,
        orjson.dumps({"id": ack_id, "notification_id": row.id, "outcome": document["outcome"], "at": tx.at}),
    )


def _record(tx: Tx, row: Row[Any], ack_id: str, document: Mapping[str, Any]) -> None:
    by, outcome = tx.by, document["outcome"]
    entry_id = tx.record(
        Action.NOTIFICATION_DECLINED if outcome == _DECLINED else Action.NOTIFICATION_ACKNOWLEDGED,
        {"notification": row.id, "placement": row.placement_id, "child": row.child_id, "recipient": row.recipient_id},
        outcome=outcome,
        reason=document.get("reason"),
        opened_before=row.opened_at is not None,
    )
    key = own_key(tx, row.child_id, row.wrapped, row.master_key_id)
    words = {name: value for name, value in document.items() if name not in ("outcome", "reason")}
    tx.add(
        acknowledgements,
        {
            "id": ack_id,
            "recipient_id": row.recipient_id,
            "notification_id": row.id,
            "placement_id": row.placement_id,
            "organisation_code": by.organisation,
            "function": by.function,
            "practitioner_id": by.practitioner_id,
            "outcome": outcome,
            "reason": document.get("reason"),
            "sealed": tx.vault.seal(key, f"{ack_id}|words", orjson.dumps(words)),
            "at": tx.at,
            "entry_id": entry_id,
        },
    )
    tx.change(
        queries.MARK_ACKNOWLEDGED,
        {"b_id": row.recipient_id, "b_at": tx.at, "b_by": by.practitioner_id, "b_outcome": outcome},
    )
    topics = ["notification.declined" if outcome == _DECLINED else "notification.acknowledged"]
    topics += ["notification.visit_refused"] if _VISIT in document else []
    about = {"notification_id": row.id, "placement_id": row.placement_id, "recipient_id": row.recipient_id}
    for topic in topics:
        tx.publish(topic, row.organisation_code, row.sender_function, entry_id, **about)
