"""Recalling from wrong recipients: access ends at once, who had seen it is listed, a breach task opens."""

from collections.abc import Iterable
from typing import Any

import orjson
from sqlalchemy import Row

from app.access.errors import NotYours
from app.access.people import people
from app.kit.clock import utc_text
from app.kit.ids import new_id
from app.ledger.actions import Action
from app.notifications import queries
from app.notifications.errors import NothingToRecall
from app.notifications.service.clocking import clock_row
from app.placements.errors import Erased
from app.placements.models import clocks, recalls
from app.placements.policy import is_sender
from app.rules.edition import current
from app.transfers.service.moving import told_by_mistake
from app.work.once import Reply
from app.work.tx import Tx


def recall(tx: Tx, notification_id: str, document: dict[str, Any]) -> Reply:
    """End the access of some recipients, or all, to this placement. Raises NotYours, NothingToRecall.

    What they had seen before stays on the account: a recall never shortens it. The clock is the 72 hours within
    which a personal data breach is reported (UK GDPR Article 33).
    """
    row = tx.one(queries.TO_RECALL, {"notification_id": notification_id, "organisation": tx.by.organisation})
    if row is None or not is_sender(tx.by, tx.by.organisation):
        raise NotYours
    chosen = _chosen(tx.all(queries.RECIPIENTS_OF, {"ids": [row.id]}), document.get("recipients"))
    recall_id = new_id("rcl")
    entry_id = tx.record(
        Action.RECIPIENT_RECALLED,
        {"notification": row.id, "placement": row.placement_id, "child": row.child_id},
        recall=recall_id,
        reason=document["reason"],
        recipients=[f"{each.organisation_code}.{each.function}" for each in chosen],
    )
    for each in chosen:
        _end_access(tx, each, entry_id)
    parties = [(each.organisation_code, each.function) for each in chosen]
    told_by_mistake(tx, row.child_id, row.placement_id, parties, "recalled")
    _keep(tx, row, recall_id, document, entry_id)
    due = _start_breach_clocks(tx, row)
    return Reply(201, orjson.dumps(_answer(tx, row, recall_id, chosen, due)))


def _chosen(recipients: Iterable[Row[Any]], wanted: list[str] | None) -> list[Row[Any]]:
    chosen = [each for each in recipients if each.access_ended_at is None and (wanted is None or each.id in wanted)]
    if not chosen:
        raise NothingToRecall
    return chosen


def _end_access(tx: Tx, recipient: Row[Any], entry_id: str) -> None:
    tx.change(
        queries.END_ACCESS,
        {
            "b_placement_id": recipient.placement_id,
            "b_organisation": recipient.organisation_code,
            "b_function": recipient.function,
            "b_at": tx.at,
            "b_why": "recalled",
        },
        touching=None,
    )
    tx.publish(
        "recipient.recalled",
        recipient.organisation_code,
        recipient.function,
        entry_id,
        notification_id=recipient.notification_id,
        placement_id=recipient.placement_id,
        recipient_id=recipient.id,
    )


def _keep(tx: Tx, row: Row[Any], recall_id: str, document: dict[str, Any], entry_id: str) -> None:
    if row.wrapped is None:
        raise Erased
    key = tx.vault.unwrap(row.wrapped, row.master_key_id, row.child_id, tx.by.organisation)
    words = orjson.dumps({name: document[name] for name in ("detail", "noticed_at") if name in document})
    tx.add(
        recalls,
        {
            "id": recall_id,
            "notification_id": row.id,
            "placement_id": row.placement_id,
            "organisation_code": tx.by.organisation,
            "practitioner_id": tx.by.practitioner_id,
            "reason": document["reason"],
            "sealed": tx.vault.seal(key, f"{recall_id}|words", words),
            "at": tx.at,
            "entry_id": entry_id,
        },
    )


def _start_breach_clocks(tx: Tx, row: Row[Any]) -> list[dict[str, str]]:
    started = []
    for clock in current().event_clocks("recall", tx.now):
        tx.add(clocks, clock_row(clock, row.placement_id, row.id, None))
        started.append({"code": clock.code, "title": clock.title, "basis": clock.basis, "due": utc_text(clock.due_at)})
    return started


def _answer(tx: Tx, row: Row[Any], recall_id: str, chosen: list[Row[Any]], due: list[dict[str, str]]) -> dict[str, Any]:
    names = people(tx, (each.opened_by for each in chosen))
    return {
        "id": recall_id,
        "notification_id": row.id,
        "placement_id": row.placement_id,
        "at": tx.at,
        "access_ended": [
            {
                "id": each.id,
                "organisation": each.organisation_code,
                "function": each.function,
                "retrieved_at": each.retrieved_at,
                "opened_at": each.opened_at,
                "opened_by": names.get(each.opened_by),
            }
            for each in chosen
        ],
        "clocks": due,
    }
