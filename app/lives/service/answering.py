"""Answering an offer of responsibility: taken, declined with a reason, or taken back by who made it."""

from collections.abc import Mapping
from typing import Any

import orjson
from sqlalchemy import Row

from app.access.errors import NotYours
from app.children.service.keys import own_key
from app.children.service.reading import key_of, records_of
from app.ledger.actions import Action
from app.lives import queries
from app.lives.errors import TransferDecided
from app.lives.policy import ACCEPTED, DECLINED, OFFERED, REVOKED
from app.lives.service.offering import seal_words
from app.lives.service.taking_over import Taken, take_over
from app.lives.service.transfers import enter_transfer, own_child_id
from app.organisations.directory import Directory
from app.work.once import Reply
from app.work.tx import Tx


def answer(tx: Tx, directory: Directory, transfer_id: str, document: dict[str, Any]) -> Reply:
    """Take responsibility for a child, or say why not. Two answers at once: the second finds it decided.

    Raises NotYours, ChildRestricted, TransferDecided, and what ``take_over`` raises.
    """
    row = enter_transfer(tx, transfer_id)
    if row.to_organisation_code != tx.by.organisation:
        raise NotYours
    if row.state != OFFERED:
        raise TransferDecided
    if document["outcome"] == DECLINED:
        return _decline(tx, row, document)
    taken = take_over(tx, directory, row, document)
    sealed = seal_words(tx, taken.key, f"{row.id}|answer", document, ("note",))
    _close(tx, row, ACCEPTED, sealed, taken=taken)
    tx.publish("transfer.accepted", row.organisation_code, "social_care", taken.entry_id)
    return _reply(tx, row, ACCEPTED, taken.entry_id, taken)


def revoke(tx: Tx, transfer_id: str, document: Mapping[str, Any]) -> Reply:
    """Take an offer back before it is answered. Raises NotYours, ChildRestricted, TransferDecided, ChildErased."""
    row = enter_transfer(tx, transfer_id)
    if row.organisation_code != tx.by.organisation:
        raise NotYours
    if row.state != OFFERED:
        raise TransferDecided
    entry_id = tx.record(Action.TRANSFER_REVOKED, {"transfer": row.id, "child": row.child_id})
    record = next(each for each in records_of(tx, row.child_id, row.organisation_code) if each.id == row.child_id)
    sealed = seal_words(tx, key_of(tx, record), f"{row.id}|revocation", document, ("reason",))
    _close(tx, row, REVOKED, sealed)
    tx.publish("transfer.revoked", row.to_organisation_code, "social_care", entry_id)
    return _reply(tx, row, REVOKED, entry_id)


def _decline(tx: Tx, row: Row[Any], document: Mapping[str, Any]) -> Reply:
    key = own_key(tx, row.child_id, row.to_wrapped, row.to_master_key_id)
    entry_id = tx.record(Action.TRANSFER_DECLINED, {"transfer": row.id}, reason=document["reason"])
    sealed = seal_words(tx, key, f"{row.id}|answer", document, ("note",))
    _close(tx, row, DECLINED, sealed, reason=document["reason"])
    tx.publish("transfer.declined", row.organisation_code, "social_care", entry_id)
    return _reply(tx, row, DECLINED, entry_id)


def _close(
    tx: Tx, row: Row[Any], state: str, sealed: bytes, *, reason: str | None = None, taken: Taken | None = None
) -> None:
    tx.change(
        queries.ANSWERED,
        {
            "b_id": row.id,
            "b_state": state,
            "b_answered_at": tx.at,
            "b_answered_by": tx.by.practitioner_id,
            "b_decline_reason": reason,
            "b_answer_sealed": sealed,
            "b_new_child_id": taken.child_id if taken else None,
            "b_new_placement_id": taken.placement_id if taken else None,
        },
    )


def _reply(tx: Tx, row: Row[Any], state: str, entry_id: str, taken: Taken | None = None) -> Reply:
    told = [{"organisation": org, "function": function} for org, function in (taken.told if taken else ())]
    said = {
        "transfer_id": row.id,
        "state": state,
        "child_id": taken.child_id if taken else own_child_id(tx, row),
        "placement_id": taken.placement_id if taken else None,
        "recipients": told,
        "followed": taken.followed.told() if taken else None,
        "receipt": {"entry_id": entry_id, "recorded_at": tx.at},
    }
    return Reply(201, orjson.dumps(said))
