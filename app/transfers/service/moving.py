"""A move opens a transfer by itself; what undoes the move undoes it. Called by whatever tells of the move.

Everything is written in the transaction of the notification: a crash leaves both or neither.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from app.kit.clock import utc_text
from app.kit.ids import new_id
from app.passports.models import passport_transfers
from app.passports.policy import HOST, PLACING
from app.passports.queries import KEEPER, OPEN
from app.rules.edition import current
from app.rules.passport_transfers import MOVE, OFFERED
from app.transfers import queries
from app.work.tx import Tx

OFFER, LEAVING = "passport.offered", "passport.leaving"


class Recipient(Protocol):
    """Somebody who is told of a home."""

    @property
    def organisation(self) -> str: ...
    @property
    def function(self) -> str: ...
    @property
    def side(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Handover:
    """A passport about to be offered: by which move, from which team to which, and whether that overtakes offers."""

    child_id: str
    placement_id: str
    urgency: str
    outgoing: str | None
    originating: str | None
    to: tuple[str, ...]
    overtakes: bool


def handover(
    tx: Tx,
    child_id: str,
    placement_id: str,
    urgency: str,
    told: Iterable[Recipient],
    *,
    known: bool,
    accepted: Collection[str] = (),
) -> Handover | None:
    """What a move means for the passport, or None where the team that keeps it goes on keeping it.

    ``known``: the child was there before this notification, so somebody may keep a passport already. It is offered
    to every health team of the host side that is told, and the first to accept keeps it; for a child who comes back
    into the area, to the authority's own. ``accepted`` are teams that have taken it over already, whose part goes on
    where another authority becomes responsible for the child.
    """
    health = [each for each in told if each.function == KEEPER]
    originating = next((each.organisation for each in health if each.side == PLACING), None)
    to = [each.organisation for each in health if each.side == HOST] or [originating or ""]
    if any(each in accepted for each in to):
        return None
    met = tx.all(queries.ON_THE_MOVE, {"child_id": child_id}) if known else ()
    outgoing = next((each.organisation_code for each in met if each.holds), originating)
    offers = {(each.placement_id, each.organisation_code) for each in met if each.offer_state in OPEN}
    wanted = [each for each in to if each not in ("", outgoing) and (placement_id, each) not in offers]
    if not wanted:
        return None
    overtakes = any(each.transfer_id and each.placement_id != placement_id for each in met)
    return Handover(child_id, placement_id, urgency, outgoing, originating, tuple(wanted), overtakes)


def offer(tx: Tx, move: Handover, entry_id: str) -> None:
    """Offer the passport to the new team, and ask the outgoing one to confirm it."""
    for organisation in move.to:
        transfer = transfer_row(
            tx,
            new_id("ptr"),
            entry_id,
            urgency=move.urgency,
            child_id=move.child_id,
            authority_code=tx.by.organisation,
            placement_id=move.placement_id,
            opened_by=MOVE,
            from_organisation_code=move.outgoing,
            to_organisation_code=organisation,
            originating_code=move.originating,
            commissioner_code=move.originating,
            commissioner_basis="placed_by_local_authority" if move.originating else None,
        )
        tx.add(passport_transfers, transfer)
        tx.publish(OFFER, organisation, KEEPER, entry_id, placement_id=move.placement_id)
    if move.outgoing:
        tx.publish(LEAVING, move.outgoing, KEEPER, entry_id, child_id=move.child_id)
    if move.overtakes:
        overtaken = {"b_child_id": move.child_id, "b_placement_id": move.placement_id, "b_at": tx.at}
        tx.change(queries.LAPSE_BEFORE, overtaken, touching=None)


def transfer_row(tx: Tx, transfer_id: str, entry_id: str, *, urgency: str, **of: Any) -> dict[str, Any]:
    """A transfer that has just been offered; ``of`` names its bodies. Every row has the same columns."""
    rules = current().passport_transfers
    offered = rules.states[OFFERED]
    return {
        "id": transfer_id,
        "child_id": of["child_id"],
        "authority_code": of["authority_code"],
        "placement_id": of.get("placement_id"),
        "previous_id": of.get("previous_id"),
        "opened_by": of["opened_by"],
        "urgency": urgency,
        "from_organisation_code": of.get("from_organisation_code"),
        "to_organisation_code": of["to_organisation_code"],
        "originating_code": of.get("originating_code"),
        "commissioner_code": of.get("commissioner_code"),
        "commissioner_basis": of.get("commissioner_basis"),
        "provider_code": of.get("provider_code"),
        "state": OFFERED,
        "waits_for": offered.waits_for,
        "due_at": _text(offered.due(urgency, tx.now)),
        "settled": 0,
        "decline_reason": None,
        "offered_at": tx.at,
        "decided_at": None,
        "confirm_by": utc_text(rules.confirm_by(urgency, tx.now)),
        "confirmed_at": None,
        "confirmed_by": None,
        "confirmed_version": None,
        "entry_id": entry_id,
    }


def _text(moment: datetime | None) -> str | None:
    return utc_text(moment) if moment else None


def end_of_stay(tx: Tx, placement_id: str) -> None:
    """The child lives there no longer: nobody needs to answer. Whoever accepted keeps the passport until the next."""
    tx.change(queries.LAPSE_PLACEMENT, {"b_placement_id": placement_id, "b_at": tx.at}, touching=None)


def undone(tx: Tx, child_id: str, placement_id: str) -> None:
    """There was no such move: whoever took the passport over for it keeps it no more."""
    of = {"b_child_id": child_id, "b_placement_id": placement_id, "b_at": tx.at, "b_why": "withdrawn"}
    tx.change(queries.END_TEAMS_OF_PLACEMENT, of, touching=None)
    end_of_stay(tx, placement_id)


def told_by_mistake(tx: Tx, child_id: str, placement_id: str, parties: Iterable[tuple[str, str]], why: str) -> None:
    """A health team is no party to the home any more: it has no part in the passport either."""
    for organisation, function in parties:
        if function != KEEPER:
            continue
        team: Mapping[str, str] = {"b_organisation": organisation, "b_at": tx.at}
        tx.change(queries.LAPSE_TEAM, {**team, "b_placement_id": placement_id}, touching=None)
        tx.change(queries.END_TEAM, {**team, "b_child_id": child_id, "b_why": why}, touching=None)
