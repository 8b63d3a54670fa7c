"""Offering responsibility for a child to another authority, by name. Until it is accepted nothing changes."""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from sqlalchemy import Row

from app.children.errors import ChildRestricted
from app.children.policy import SECTION, findable
from app.children.restrictions import in_force
from app.children.service.reading import family, find, key_of, view_of
from app.kit.clock import utc_text
from app.kit.ids import new_id
from app.ledger.actions import Action
from app.lives import queries
from app.lives.errors import CannotTransfer, NotAnAuthority, TransferOpen
from app.lives.models import responsibility_transfers
from app.lives.policy import OFFERED
from app.placements.service.care_over import IN_CARE
from app.rules.edition import current
from app.work.once import Reply
from app.work.tx import Tx


def offer(tx: Tx, child_id: str, document: Mapping[str, Any]) -> Reply:
    """Offer a child of the caller's authority to another.

    Raises NotYours, ChildErased, ChildRestricted, NotAnAuthority, TransferOpen, CannotTransfer.
    """
    row = find(tx, child_id)
    key = key_of(tx, row)
    if SECTION not in view_of(tx, row).shared:
        raise ChildRestricted
    _check_authority(tx, row, document["organisation"])
    if tx.one(queries.OPEN_TRANSFER, {"child_id": row.id}):
        raise TransferOpen
    placed = carried_placement(tx, family(tx, row))
    transfer_id = new_id("trf")
    answer_by = min(clock.due_at for clock in current().event_clocks("transfer_offered", tx.now))
    entry_id = tx.record(
        Action.TRANSFER_OFFERED,
        {"child": row.id, "transfer": transfer_id},
        to=document["organisation"],
        basis=document["basis"],
    )
    tx.add(
        responsibility_transfers,
        {
            "id": transfer_id,
            "child_id": row.id,
            "organisation_code": row.organisation_code,
            "to_organisation_code": document["organisation"],
            "state": OFFERED,
            "basis": document["basis"],
            "transfer_on": document["transfer_on"],
            "age_band": placed.age_band if placed else "not_known",
            "host_area": placed.host_area if placed else None,
            "placement_id": placed.id if placed else None,
            "sealed": seal_words(tx, key, f"{transfer_id}|offer", document, ("contact", "summary")),
            "offered_at": tx.at,
            "offered_by": tx.by.practitioner_id,
            "answer_by": utc_text(answer_by),
            "entry_id": entry_id,
        },
    )
    tx.publish("transfer.offered", document["organisation"], "social_care", entry_id)
    answer = {
        "transfer_id": transfer_id,
        "child_id": row.id,
        "state": OFFERED,
        "answer_by": utc_text(answer_by),
        "receipt": {"entry_id": entry_id, "recorded_at": tx.at},
    }
    return Reply(201, orjson.dumps(answer))


def carried_placement(tx: Tx, records: Sequence[Row[Any]]) -> Row[Any] | None:
    """The one active placement that goes along, if there is one. Raises CannotTransfer, which does not say why.

    A sealed identity stays where it is: it must lead nowhere.
    """
    kept = records[0]
    active = tx.all(queries.ACTIVE_PLACEMENTS, {"ids": [each.id for each in records]})
    if kept.state != IN_CARE or len(active) > 1 or not findable(in_force(kept.restrictions)):
        raise CannotTransfer
    return active[0] if active else None


def seal_words(tx: Tx, key: bytes, name: str, document: Mapping[str, Any], fields: Sequence[str]) -> bytes:
    """What one side wrote, under its own key."""
    return tx.vault.seal(key, name, orjson.dumps({each: document[each] for each in fields if each in document}))


def _check_authority(tx: Tx, row: Row[Any], code: str) -> None:
    asked = tx.one(queries.TO_OFFER, {"to_organisation": code})
    if asked is None or asked.kind != "local_authority" or code == row.organisation_code:
        raise NotAnAuthority
