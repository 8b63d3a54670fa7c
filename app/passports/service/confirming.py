"""Confirming: a named person looked, and it is still true. The words and their dates stay as they were."""

from collections.abc import Mapping
from typing import Any

import orjson

from app.kit.errors import Fault
from app.kit.ids import new_id
from app.ledger.actions import Action
from app.organisations.directory import Directory
from app.passports import queries
from app.passports.models import passport_confirmations
from app.passports.policy import first_review
from app.passports.service.entitling import check_writer
from app.passports.service.knowing import before_writing
from app.passports.service.standing import Standing, newest, stand, view_of
from app.passports.service.versioning import changes
from app.placements.errors import ChangedSinceRead, NothingToConfirm
from app.work.once import Reply
from app.work.tx import Tx


def confirm(
    tx: Tx, directory: Directory, child_id: str, document: Mapping[str, Any], record: str | None = None
) -> Reply:
    """Record that sections were found still true, as they stood in the version that was read.

    Raises NotYours, PassportNotForYou, SectionNotYours, ChildRestricted, InsufficientScope, SensitivePartClosed,
    NothingToConfirm, ChangedSinceRead, PassportMovedOn.
    """
    standing = stand(tx, directory, child_id, record)
    before_writing(tx, standing)
    names = list(dict.fromkeys(document["sections"]))
    pointers = {name: f"/sections/{place}" for place, name in enumerate(names)}
    check_writer(tx, standing, pointers)
    _check_recorded(standing, pointers)
    latest = newest(standing.held, view_of(tx, standing).shared.keys() | pointers.keys())
    if document["version"] > latest:
        raise NothingToConfirm(faults=[Fault("/version", "not_published", "There is no such version yet.")])
    if moved := [name for name in names if standing.held[name]["version"] > document["version"]]:
        raise ChangedSinceRead(faults=changes(directory, standing, moved))
    confirmation_id = new_id("pcf")
    entry_id = tx.record(
        Action.PASSPORT_CONFIRMED,
        {"child": standing.child_id, "confirmation": confirmation_id},
        sections=names,
        version=standing.version,
        why=standing.right.code,
    )
    _add(tx, standing, confirmation_id, names, entry_id)
    answer = {
        "confirmation_id": confirmation_id,
        "child_id": standing.shown_id,
        "version": latest,
        "sections": names,
        "confirmed_on": tx.today,
        "receipt": {"entry_id": entry_id, "recorded_at": tx.at},
    }
    return Reply(201, orjson.dumps(answer))


def _check_recorded(standing: Standing, pointers: Mapping[str, str]) -> None:
    if empty := [pointer for name, pointer in pointers.items() if name not in standing.held]:
        told = "Nothing is recorded in this section yet."
        raise NothingToConfirm(faults=[Fault(pointer, "not_recorded", told) for pointer in empty])


def _add(tx: Tx, standing: Standing, confirmation_id: str, names: list[str], entry_id: str) -> None:
    by = tx.by
    confirmed = {"confirmed_on": tx.today, "confirmed_by": by.practitioner_id, "confirmed_at": tx.at}
    held = {name: {**age, **confirmed} if name in names else age for name, age in standing.held.items()}
    tx.change(
        queries.MOVE_ON,
        {
            "b_child_id": standing.child_id,
            "b_was": standing.version,
            "b_were": standing.stored,
            "b_version": standing.version,
            "b_sections": orjson.dumps(held).decode(),
            "b_review_due_on": first_review(held),
            "b_at": standing.changed_at,
        },
    )
    tx.add(
        passport_confirmations,
        {
            "id": confirmation_id,
            "child_id": standing.child_id,
            "version": standing.version,
            "sections": orjson.dumps(names).decode(),
            "organisation_code": by.organisation,
            "function": by.function,
            "practitioner_id": by.practitioner_id,
            "at": tx.at,
            "entry_id": entry_id,
        },
    )
