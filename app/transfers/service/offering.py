"""Offering a passport to a team by name: before any move, or after another team said no."""

from collections.abc import Mapping
from typing import Any

import orjson
from sqlalchemy import Row

from app.access.errors import NotYours
from app.children.errors import ChildRestricted
from app.children.policy import findable
from app.children.restrictions import in_force
from app.children.service.keys import own_key
from app.kit.errors import Fault
from app.kit.ids import new_id
from app.ledger.actions import Action
from app.organisations.directory import Directory
from app.organisations.kinds import Kind
from app.passports.errors import PassportErased
from app.passports.models import passport_transfer_steps, passport_transfers
from app.passports.policy import PLACING
from app.passports.queries import KEEPER, OPEN
from app.passports.service.standing import stand
from app.rules.passport_transfers import OFFER
from app.security.scopes import Function
from app.transfers import queries
from app.transfers.errors import NotAHealthBody, NotYourStep, PassportOffered
from app.transfers.service.moving import LEAVING, transfer_row
from app.transfers.service.moving import OFFER as OFFERED_TO
from app.transfers.service.reading import check_lock
from app.work.once import Reply
from app.work.tx import Tx

Document = Mapping[str, Any]

_OFFERS = frozenset({Function.CHILDREN_IN_CARE_HEALTH, Function.SOCIAL_CARE, Function.EMERGENCY_DUTY})
_KEEPS = frozenset({Kind.HEALTH_BOARD, Kind.INTEGRATED_CARE_BOARD, Kind.TRUST})


def offer(tx: Tx, directory: Directory, child_id: str, document: Document) -> Reply:
    """Offer a passport to another health team, as the placing side or the team that keeps it.

    Raises NotYours, NotYourStep, ChildRestricted, NotAHealthBody, PassportOffered, PassportErased.
    """
    standing = stand(tx, directory, child_id)
    check_lock(tx, standing)
    row = tx.one(queries.OFFERING, {"child_id": standing.shown_id, "organisation": tx.by.organisation})
    if row is None or row.state != "active":
        raise NotYours
    if not findable(in_force(row.restrictions)):
        raise ChildRestricted
    met = tx.all(queries.ON_THE_MOVE, {"child_id": standing.shown_id, "today": tx.today})
    outgoing = next((each.organisation_code for each in met if each.holds), None)
    if tx.by.function not in _OFFERS or (standing.right.side != PLACING and tx.by.organisation != outgoing):
        raise NotYourStep
    own = [each.code for each in directory.health_bodies(standing.authority, tx.today) if each.is_default]
    originating = own[0] if own else None
    outgoing = outgoing or originating
    asked = document["organisation"]
    check_body(directory, asked, "/organisation")
    if asked == outgoing or any(each.offer_state in OPEN for each in met):
        raise PassportOffered
    of = {
        "child_id": standing.shown_id,
        "authority_code": standing.authority,
        "opened_by": OFFER,
        "from_organisation_code": outgoing,
        "to_organisation_code": asked,
        "originating_code": originating,
    }
    return open_transfer(tx, directory, row, document, of)


def open_transfer(tx: Tx, directory: Directory, keys: Row[Any], document: Document, of: Mapping[str, Any]) -> Reply:
    """Write an offer by a named person. Raises NotAHealthBody, NotYourStep, PassportErased."""
    payer = document.get("commissioning", {})
    _check_originating(tx, of, payer.get("originating_icb"))
    for name in ("originating_icb", "responsible_commissioner", "without_prejudice_provider"):
        if name in payer:
            check_body(directory, payer[name], f"/commissioning/{name}")
    transfer_id = new_id("ptr")
    entry_id = tx.record(
        Action.PASSPORT_OFFERED,
        {"child": of["child_id"], "passport_transfer": transfer_id},
        to=of["to_organisation_code"],
        urgency=document["urgency"],
        opened_by=of["opened_by"],
    )
    row = transfer_row(
        tx,
        transfer_id,
        entry_id,
        urgency=document["urgency"],
        **{
            **of,
            "originating_code": payer.get("originating_icb", of["originating_code"]),
            "commissioner_code": payer.get("responsible_commissioner", of.get("commissioner_code")),
            "commissioner_basis": payer.get("basis", of.get("commissioner_basis")),
            "provider_code": payer.get("without_prejudice_provider"),
        },
    )
    tx.add(passport_transfers, row)
    words = {name: document[name] for name in ("reason", "contact") if name in document}
    add_step(tx, keys, transfer_id, of["child_id"], of["opened_by"], words, entry_id)
    tx.publish(OFFERED_TO, of["to_organisation_code"], KEEPER, entry_id)
    outgoing = of["from_organisation_code"]
    if outgoing and (outgoing, KEEPER) != (tx.by.organisation, tx.by.function):
        tx.publish(LEAVING, outgoing, KEEPER, entry_id, child_id=of["child_id"])
    return reply(tx, row["id"], row, entry_id)


def _check_originating(tx: Tx, of: Mapping[str, Any], named: str | None) -> None:
    """Whoever first placed the child stands on the placing side for good: no other side says who that was.

    Raises NotYourStep.
    """
    ours = tx.by.organisation in (of["authority_code"], of["originating_code"])
    if not ours and named not in (None, of["originating_code"]):
        raise NotYourStep


def reply(tx: Tx, transfer_id: str, now: Mapping[str, Any], entry_id: str) -> Reply:
    """What is answered to an act: where the transfer stands, and whose turn it is."""
    said = {
        "transfer_id": transfer_id,
        "state": now["state"],
        "waits_for": now["waits_for"],
        "due_at": now["due_at"],
        "receipt": {"entry_id": entry_id, "recorded_at": tx.at},
    }
    return Reply(201, orjson.dumps(said))


def add_step(tx: Tx, keys: Row[Any], transfer_id: str, child_id: str, act: str, words: Document, entry_id: str) -> None:
    """Write what a named person did, their words under their own organisation's key. Raises PassportErased."""
    if keys.own_wrapped is None and keys.own_child_id is not None:
        raise PassportErased
    key = own_key(tx, child_id, keys.own_wrapped, keys.own_master_key_id)
    step_id, by = new_id("pts"), tx.by
    tx.add(
        passport_transfer_steps,
        {
            "id": step_id,
            "transfer_id": transfer_id,
            "child_id": child_id,
            "act": act,
            "organisation_code": by.organisation,
            "function": by.function,
            "practitioner_id": by.practitioner_id,
            "sealed": tx.vault.seal(key, f"{step_id}|step", orjson.dumps(words)),
            "at": tx.at,
            "entry_id": entry_id,
        },
    )


def check_body(directory: Directory, code: str, pointer: str) -> None:
    """Insist on a health body of the directory. Raises NotAHealthBody."""
    found = directory.organisation(code)
    if found is None or found.kind not in _KEEPS:
        raise NotAHealthBody(faults=[Fault(pointer, "not_a_health_body", "Not a health body of the directory.")])
