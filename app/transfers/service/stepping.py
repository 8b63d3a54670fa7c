"""One step of a transfer by a named person: who may take it, in which state, and where it leads stand in the table."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Row

from app.assessments.policy import Team
from app.assessments.service.owning import hand_over
from app.children.errors import ChildRestricted
from app.kit.clock import utc_text
from app.kit.errors import Fault
from app.kit.ids import new_id
from app.ledger.actions import Action
from app.organisations.directory import Directory
from app.passports.models import passport_teams
from app.passports.policy import HOST, PLACING, TRANSFER
from app.passports.queries import KEEPER, OPEN
from app.passports.service.standing import newest, stand, view_of
from app.rules.edition import current
from app.rules.passport_transfers import ACCEPTED, NEW_TEAM, OUTGOING_TEAM, PLACING_SIDE, RE_ROUTE
from app.transfers import changes, queries
from app.transfers.errors import (
    NewerVersion,
    NothingPublished,
    NotInThisTransfer,
    NotYourStep,
    PassportOffered,
    ProviderNeeded,
)
from app.transfers.policy import is_sealed_off, moved_on, settled
from app.transfers.service.offering import add_step, check_body, open_transfer, reply
from app.transfers.service.reading import find
from app.work.once import Reply
from app.work.tx import Tx

Document = Mapping[str, Any]

_ACTIONS: Final[Mapping[str, Action]] = {
    "accept": Action.PASSPORT_ACCEPTED,
    "query": Action.PASSPORT_QUERIED,
    "reply": Action.PASSPORT_QUERY_ANSWERED,
    "decline": Action.PASSPORT_DECLINED,
    "re_route": Action.PASSPORT_REROUTED,
    "withdraw": Action.PASSPORT_OFFER_WITHDRAWN,
    "confirm": Action.PASSPORT_LOOKED_THROUGH,
}
_WORDS: Final = ("note", "reason", "contact", "responsible_commissioner")


@dataclass(frozen=True, slots=True)
class Step:
    """A step about to be taken: by whom, on what, and the entry that proves it."""

    row: Row[Any]
    document: Document
    entry_id: str


def step(tx: Tx, directory: Directory, transfer_id: str, document: Document) -> Reply:
    """Take one step. Two at once: the second meets the state the first led to.

    Raises NotYours, ChildRestricted, NotYourStep, NotInThisTransfer, NewerVersion, NothingPublished, NotAHealthBody,
    ProviderNeeded, PassportOffered, PassportErased.
    """
    row, parts = find(tx, transfer_id)
    rules = current().passport_transfers
    code = document["act"]
    act = rules.acts[code]
    if not act.by & parts:
        raise NotYourStep
    if row.child_state != "active" or moved_on(row, code, act):
        raise NotInThisTransfer
    if is_sealed_off(row, act):
        raise ChildRestricted
    _CHECKS.get(code, _nothing)(tx, directory, row, document)
    reason = document["reason"] if code == "decline" else None
    subject = {"child": row.child_id, "passport_transfer": row.id}
    entry_id = tx.record(_ACTIONS[code], subject, was=row.state, state=act.to or row.state, reason=reason)
    words = {name: document[name] for name in _WORDS if name in document}
    if code != RE_ROUTE:
        add_step(tx, row, row.id, row.child_id, code, words, entry_id)
    taken = Step(row, document, entry_id)
    now = _move_on(tx, taken, act.to, reason) if act.to else _confirm(tx, taken)
    _tell(tx, taken, now["state"])
    if code == "accept":
        _take_over(tx, taken)
    if code == RE_ROUTE:
        return _re_route(tx, directory, taken)
    return reply(tx, row.id, now, entry_id)


def _nothing(*_: object) -> None:
    """Most acts need no more than their turn."""


def _check_decline(tx: Tx, directory: Directory, row: Row[Any], document: Document) -> None:  # noqa: ARG001
    if "responsible_commissioner" in document:
        check_body(directory, document["responsible_commissioner"], "/responsible_commissioner")


def _check_re_route(tx: Tx, directory: Directory, row: Row[Any], document: Document) -> None:
    check_body(directory, document["organisation"], "/organisation")
    decline = current().passport_transfers.declines[row.decline_reason]
    if decline.needs_provider and "without_prejudice_provider" not in document.get("commissioning", {}):
        told = "Who pays is disputed: name who provides in the meantime."
        pointer = "/commissioning/without_prejudice_provider"
        raise ProviderNeeded(faults=[Fault(pointer, "provider_needed", told)])
    met = tx.all(queries.ON_THE_MOVE, {"child_id": row.child_id, "today": tx.today})
    asked = document["organisation"]
    if any(each.offer_state in OPEN or (each.holds and each.organisation_code == asked) for each in met):
        raise PassportOffered


def _check_confirm(tx: Tx, directory: Directory, row: Row[Any], document: Document) -> None:
    standing = stand(tx, directory, row.child_id)
    version = newest(standing.held, view_of(tx, standing).shared)
    if version == 0:
        raise NothingPublished
    if document["version"] != version:
        raise NewerVersion


_CHECKS: Final[Mapping[str, Callable[[Tx, Directory, Row[Any], Document], None]]] = {
    "decline": _check_decline,
    "re_route": _check_re_route,
    "confirm": _check_confirm,
}


def _move_on(tx: Tx, taken: Step, to: str, reason: str | None) -> dict[str, Any]:
    row, rules = taken.row, current().passport_transfers
    state = rules.states[to]
    due = state.due(row.urgency, tx.now)
    now = {
        "state": to,
        "waits_for": state.waits_for,
        "due_at": utc_text(due) if due else None,
        "settled": int(settled(rules, to, row.confirmed_at is not None)),
        "decline_reason": reason or row.decline_reason,
        "decided_at": None if due else tx.at,
    }
    named = {f"b_{name}": value for name, value in now.items()}
    tx.change(changes.MOVE_ON, {**named, "b_id": row.id, "b_was": row.state})
    return now


def _confirm(tx: Tx, taken: Step) -> dict[str, Any]:
    """The outgoing team has done its task; where the new one has accepted, its part ends with that."""
    row, rules = taken.row, current().passport_transfers
    tx.change(
        changes.CONFIRM,
        {
            "b_id": row.id,
            "b_was": row.state,
            "b_at": tx.at,
            "b_by": tx.by.practitioner_id,
            "b_version": taken.document["version"],
            "b_settled": int(settled(rules, row.state, confirmed=True)),
        },
    )
    if row.state == ACCEPTED:
        _let_go(tx, row)
    return {"state": row.state, "waits_for": row.waits_for, "due_at": row.due_at}


def _let_go(tx: Tx, row: Row[Any]) -> None:
    """A team that had it by an earlier transfer reads it no more. The placing side's own team always has a part."""
    gone = {"b_child_id": row.child_id, "b_organisation": row.from_organisation_code}
    tx.change(changes.LET_GO, {**gone, "b_at": tx.at, "b_why": "moved_on"}, touching=None)


def _take_over(tx: Tx, taken: Step) -> None:
    """The new team keeps the passport. Whoever kept it reads on until it has confirmed what it knew."""
    row = taken.row
    whom = {"b_child_id": row.child_id, "b_organisation": row.to_organisation_code}
    met = tx.all(queries.ON_THE_MOVE, {"child_id": row.child_id, "today": tx.today})
    parts = [each for each in met if each.organisation_code == row.to_organisation_code and not each.transfer_id]
    if parts:
        tx.change(changes.KEEPS, whom, touching=None)
    # A part in a record that was merged with this one is a part in that record, once they are parted again.
    if all(each.child_id != row.child_id for each in parts):
        tx.add(
            passport_teams,
            {
                "id": new_id("ptm"),
                "child_id": row.child_id,
                "organisation_code": row.to_organisation_code,
                "function": KEEPER,
                "side": _team(row, row.to_organisation_code).side,
                "by_right": TRANSFER,
                "holds": 1,
                "since_at": tx.at,
                "until_at": None,
                "until_why": None,
                "entry_id": taken.entry_id,
            },
        )
    tx.change(changes.KEEPS_NO_MORE, whom, touching=None)
    if row.from_organisation_code:
        outgoing, new = (_team(row, body) for body in (row.from_organisation_code, row.to_organisation_code))
        hand_over(tx, row.shown_id, outgoing, new, taken.entry_id)
    others = {"b_child_id": row.child_id, "b_but": row.id, "b_at": tx.at}
    tx.change(changes.LAPSE_OTHERS, others, touching=None)
    if row.confirmed_at is not None:
        _let_go(tx, row)


def _team(row: Row[Any], body: str) -> Team:
    """The health team of a body, and its side: the one that first placed the child stays on the placing side."""
    return Team(body, KEEPER, PLACING if body == row.originating_code else HOST)


def _re_route(tx: Tx, directory: Directory, taken: Step) -> Reply:
    """Another transfer goes on from here; it leads back to the one that was declined."""
    row, document = taken.row, taken.document
    of = {
        "child_id": row.child_id,
        "authority_code": row.authority_code,
        "placement_id": row.placement_id,
        "previous_id": row.id,
        "opened_by": RE_ROUTE,
        "from_organisation_code": row.from_organisation_code,
        "to_organisation_code": document["organisation"],
        "originating_code": row.originating_code,
        "commissioner_code": row.commissioner_code,
        "commissioner_basis": row.commissioner_basis,
    }
    return open_transfer(tx, directory, row, {**document, "urgency": row.urgency}, of)


def _tell(tx: Tx, taken: Step, state: str) -> None:
    """Leave a message for everybody with a part in it but the team that acts."""
    row, by = taken.row, tx.by
    teams = {(row.to_organisation_code, KEEPER): NEW_TEAM, (row.authority_code, "social_care"): PLACING_SIDE}
    if row.from_organisation_code:
        teams[row.from_organisation_code, KEEPER] = OUTGOING_TEAM
    for (organisation, function), part in teams.items():
        if (organisation, function) != (by.organisation, by.function):
            about = {"placement_id": row.placement_id} if part == NEW_TEAM else {"child_id": row.child_id}
            tx.publish(f"passport.transfer_{state}", organisation, function, taken.entry_id, **about)
