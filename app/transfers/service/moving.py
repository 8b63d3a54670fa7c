"""A move opens a transfer by itself; what undoes the move undoes it. Called by whatever tells of the move.

Everything is written in the transaction of the notification: a crash leaves both or neither.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import Row

from app.kit.clock import utc_text
from app.kit.ids import new_id
from app.passports.models import passport_transfers
from app.passports.policy import HOST, PLACING
from app.passports.queries import KEEPER, OPEN
from app.rules.edition import current
from app.rules.passport_transfers import MOVE, OFFERED
from app.transfers import changes, queries
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
class Stay:
    """A home of a child, and how urgent the move there was."""

    child_id: str
    placement_id: str
    urgency: str


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
    move = _to_the_teams_of(told, Stay(child_id, placement_id, urgency))
    if any(each in accepted for each in move.to):
        return None
    return _as_met(move, tx.all(queries.ON_THE_MOVE, {"child_id": child_id, "today": tx.today}) if known else ())


def _to_the_teams_of(told: Iterable[Recipient], stay: Stay) -> Handover:
    health = [each for each in told if each.function == KEEPER]
    originating = next((each.organisation for each in health if each.side == PLACING), None)
    to = [each.organisation for each in health if each.side == HOST] or [originating or ""]
    return Handover(
        stay.child_id, stay.placement_id, stay.urgency, originating, originating, tuple(to), overtakes=False
    )


def _as_met(move: Handover, met: Sequence[Row[Any]]) -> Handover | None:
    """The same where somebody keeps the passport, or it is offered: to whoever is still to be asked."""
    outgoing = next((each.organisation_code for each in met if each.holds), move.originating)
    offers = {(each.placement_id, each.organisation_code) for each in met if each.offer_state in OPEN}
    wanted = [each for each in move.to if each not in ("", outgoing) and (move.placement_id, each) not in offers]
    if not wanted:
        return None
    overtakes = any(each.transfer_id and each.placement_id != move.placement_id for each in met)
    return replace(move, outgoing=outgoing, to=tuple(wanted), overtakes=overtakes)


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
        tx.change(changes.LAPSE_BEFORE, overtaken, touching=None)


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
        "reads_until": _text(rules.reads_until(of["opened_by"], urgency, tx.now)),
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
    tx.change(changes.LAPSE_PLACEMENT, {"b_placement_id": placement_id, "b_at": tx.at}, touching=None)


@dataclass(frozen=True, slots=True)
class Party:
    """A party to a home."""

    organisation: str
    function: str
    side: str


@dataclass(frozen=True, slots=True)
class Lived(Stay):
    """One that goes on after all, and who is a party to the home."""

    told: tuple[Party, ...]


def asked_at_the_end(tx: Tx, placement_id: str, ended_at: str) -> set[str]:
    """The organisations whose offers lapsed with a stay that was said to have ended at this moment, or still stood."""
    until = {"placement_id": placement_id, "ended_at": ended_at}
    return {each.to_organisation_code for each in tx.all(queries.ASKED_AT_THE_END, until)}


def again(tx: Tx, stay: Lived, records: Collection[str], asked: Collection[str]) -> Handover | None:
    """What it means for the passport that a stay goes on: who had been ``asked`` is asked once more.

    By the rule of a move, so a team that keeps the passport is not; and the child has not moved on, so no other offer
    is overtaken. ``records`` are all of the child's.
    """
    told = [each for each in stay.told if each.function != KEEPER or each.side == PLACING or each.organisation in asked]
    if not any(each.function == KEEPER and each.organisation in asked for each in told):
        return None
    met = tx.all(queries.ON_THE_MOVE, {"child_id": stay.child_id, "today": tx.today})
    others = [each for each in met if each.child_id in records and each.placement_id != stay.placement_id]
    move = _as_met(_to_the_teams_of(told, stay), others)
    return replace(move, overtakes=False) if move else None


def offer_again(tx: Tx, move: Handover, entry_id: str) -> None:
    """Offer the passport anew, with a new time to answer; what was open of this home before gives way to it."""
    offer(tx, move, entry_id)
    before = {"b_placement_id": move.placement_id, "b_at": tx.at, "b_but_entry": entry_id}
    tx.change(changes.LAPSE_ASKED, before, touching=None)


def undone(tx: Tx, child_id: str, placement_id: str) -> None:
    """There was no such move: whoever took the passport over for it keeps it no more."""
    of = {"b_child_id": child_id, "b_placement_id": placement_id, "b_at": tx.at, "b_why": "withdrawn"}
    tx.change(changes.END_TEAMS_OF_PLACEMENT, of, touching=None)
    end_of_stay(tx, placement_id)


def told_by_mistake(tx: Tx, child_id: str, placement_id: str, parties: Iterable[tuple[str, str]], why: str) -> None:
    """A health team is no party to the home any more: it has no part in the passport either."""
    for organisation, function in parties:
        if function != KEEPER:
            continue
        team: Mapping[str, str] = {"b_organisation": organisation, "b_at": tx.at}
        tx.change(changes.LAPSE_TEAM, {**team, "b_placement_id": placement_id}, touching=None)
        tx.change(changes.END_TEAM, {**team, "b_child_id": child_id, "b_why": why}, touching=None)
