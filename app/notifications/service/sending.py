"""Sending: one notification, its recipients, clocks, entry and messages, in one transaction.

Read, decide, add. Nothing is asked of the database after the decision, and the flush writes everything at once,
so what a crash can leave behind is either all of it or none.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from app.access.disclosure import part_name, seal_sections
from app.children.models import child_keys, children
from app.kit.clock import utc_text
from app.kit.ids import new_id
from app.ledger.actions import Action
from app.notifications import queries
from app.notifications.errors import NotInThisState
from app.notifications.service import answering
from app.notifications.service.audience import Draft, audience
from app.notifications.service.changes import changes
from app.notifications.service.knowing import Known, know
from app.notifications.service.placing import Placing, read_placing
from app.notifications.service.telling import Party, Told, resolve
from app.organisations.directory import Directory
from app.placements.models import clocks, notifications, placements, recipients
from app.placements.policy import ACTIVE, ENDED
from app.placements.queries import CLOCKS_OF, MOVE_ON, STOP_CLOCK
from app.rules.decision import Clock, Decision
from app.rules.words import SECTIONS
from app.work.once import Reply
from app.work.tx import Tx

_ACTIONS = {
    "consultation": Action.NOTIFICATION_SENT,
    "start": Action.NOTIFICATION_SENT,
    "update": Action.NOTIFICATION_UPDATED,
    "end": Action.NOTIFICATION_ENDED,
    "withdrawal": Action.NOTIFICATION_WITHDRAWN,
}


@dataclass(frozen=True, slots=True)
class Sending:
    """One send on its way: what was sent, what stood, what the rules decided, who is told."""

    id: str
    placement_id: str
    version: int
    state: str
    document: Mapping[str, Any]
    sections: Mapping[str, Any]
    known: Known
    placing: Placing
    decision: Decision
    told: list[Told]
    left: list[Party]
    changes: list[str]
    reference_index: str | None
    urgency: str


def send(tx: Tx, directory: Directory, document: dict[str, Any]) -> Reply:
    """Send a validated notification. Raises what ``know`` and ``resolve`` raise, and NotInThisState.

    The kind moves the placement by the lifecycle table; the rules pinned when it began decide the rest.
    """
    reference_index = _reference_index(tx, document)
    known = know(tx, document, reference_index)
    sections = _sections(document, known)
    words = {**(known.placed.words if known.placed else {}), **sections}
    placing = read_placing(tx, directory, document, words, known)
    state = _next_state(tx, known, document["kind"], placing.ended_on)
    decision = known.edition.decide(placing.facts)
    named = document.get("additional_recipients", ())
    everyone, suggested = resolve(decision, directory, placing.places, named, placing.answer_by)
    draft = Draft(document["kind"], state, sections, known, placing.answer_by)
    told, left = audience(tx, directory, draft, everyone)
    sending = Sending(
        id=new_id("ntf"),
        placement_id=known.placed.id if known.placed else new_id("plc"),
        version=known.placed.version + 1 if known.placed else 1,
        state=state,
        document=document,
        sections=sections,
        known=known,
        placing=placing,
        decision=decision,
        told=told,
        left=left,
        changes=changes(known.placed.words, sections) if known.placed else [],
        reference_index=reference_index,
        urgency=placing.urgency,
    )
    entry_id = _write(tx, sending)
    return Reply(201, orjson.dumps(answering.answer(tx, sending, suggested, entry_id)))


def _next_state(tx: Tx, known: Known, kind: str, ended_on: str | None) -> str:
    move = known.edition.move(known.state, kind)
    if move.state is None:
        raise NotInThisState(move.advice)
    # An end told beforehand ends nothing before its day: until then the placement goes on with its last day known.
    return ACTIVE if move.state == ENDED and (ended_on or "") > tx.today else move.state


def _reference_index(tx: Tx, document: Mapping[str, Any]) -> str | None:
    if "reference" not in document:
        return None
    return tx.vault.index("reference", f"{tx.by.organisation}|{document['reference']}")


def _sections(document: Mapping[str, Any], known: Known) -> dict[str, Any]:
    """The sections sent. An end tells how the stay ended, and leaves the rest of the placement as it was told."""
    sections = {name: document[name] for name in SECTIONS if name in document}
    if document["kind"] == "end" and known.placed:
        sections["placement"] = {**known.placed.words.get("placement", {}), **sections["placement"]}
    if "needs" in document:
        sections["child"] = {**sections["child"], "needs": document["needs"]}
    return sections


def _write(tx: Tx, sending: Sending) -> str:
    bodies = {name: orjson.dumps(words) for name, words in sending.sections.items()}
    entry_id = _record(tx, sending, bodies)
    _child(tx, sending, entry_id)
    _placement(tx, sending)
    _notification(tx, sending, bodies, entry_id)
    _recipients(tx, sending, entry_id)
    _clocks(tx, sending)
    for organisation, function in sending.left:
        party = {"b_placement_id": sending.placement_id, "b_organisation": organisation, "b_function": function}
        tx.change(queries.END_ACCESS, {**party, "b_at": tx.at, "b_why": "not_chosen"}, touching=None)
    if sending.known.state == "consulted" and sending.state == "withdrawn":
        # A consultation that never became a placement is closed and its words erased; who was asked stays known.
        tx.change(queries.ERASE_WORDS, {"b_placement_id": sending.placement_id}, touching=None)
    return entry_id


def _record(tx: Tx, sending: Sending, bodies: Mapping[str, bytes]) -> str:
    key = sending.known.key
    return tx.record(
        _ACTIONS[sending.document["kind"]],
        {"notification": sending.id, "placement": sending.placement_id, "child": sending.known.child_id},
        kind=sending.document["kind"],
        occasion=sending.document.get("occasion"),
        urgency=sending.urgency,
        version=sending.version,
        rules_edition=sending.decision.edition,
        recipients=[f"{told.organisation}.{told.function}" for told in sending.told],
        commitments={
            name: tx.vault.commitment(key, part_name(sending.id, name), body) for name, body in bodies.items()
        },
    )


def _child(tx: Tx, sending: Sending, entry_id: str) -> None:
    made = sending.known.new_child
    if made:
        tx.add(children, made.child_row(tx.at, entry_id))
        tx.add(child_keys, made.key_row(tx.at))


def _placement(tx: Tx, sending: Sending) -> None:
    before, placing = sending.known.placed, sending.placing
    here = [sending.id, sending.version, tx.at]
    where = {**(before.where if before else {}), **dict.fromkeys(sending.sections, here)}
    values = {
        "host_area": placing.places.host,
        "state": sending.state,
        "version": sending.version,
        "sections": orjson.dumps(where).decode(),
        "outstanding": orjson.dumps(answering.outstanding(sending.decision)).decode(),
        "age_band": placing.age_band,
        "started_on": placing.started_on,
        "ended_on": placing.ended_on,
        "changed_at": tx.at,
    }
    if before is None:
        tx.add(
            placements,
            {
                "id": sending.placement_id,
                "child_id": sending.known.child_id,
                "organisation_code": tx.by.organisation,
                "rules_edition": sending.decision.edition,
                "urgency": sending.urgency,
                "created_at": tx.at,
                **values,
            },
        )
    else:
        named = {f"b_{name}": value for name, value in values.items()}
        tx.change(MOVE_ON, {**named, "b_id": before.id, "b_was": before.version})


def _notification(tx: Tx, sending: Sending, bodies: Mapping[str, bytes], entry_id: str) -> None:
    by, document = tx.by, sending.document
    tx.add(
        notifications,
        {
            "id": sending.id,
            "placement_id": sending.placement_id,
            "child_id": sending.known.child_id,
            "organisation_code": by.organisation,
            "function": by.function,
            "practitioner_id": by.practitioner_id,
            "kind": document["kind"],
            "occasion": document.get("occasion"),
            "urgency": sending.urgency,
            "reason": document.get("withdrawal", {}).get("reason"),
            "reference_index": sending.reference_index,
            "version": sending.version,
            "rules_edition": sending.decision.edition,
            "changes": orjson.dumps(sending.changes).decode(),
            "sealed": seal_sections(tx.vault, sending.known.key, sending.id, bodies),
            "sent_at": tx.at,
            "entry_id": entry_id,
        },
    )


def _recipients(tx: Tx, sending: Sending, entry_id: str) -> None:
    for told in sending.told:
        tx.add(
            recipients,
            {
                "id": told.id,
                "notification_id": sending.id,
                "placement_id": sending.placement_id,
                "organisation_code": told.organisation,
                "function": told.function,
                "side": told.side,
                "rule": told.rule,
                "basis": told.basis,
                "kind": sending.document["kind"],
                "urgency": sending.urgency,
                "age_band": sending.placing.age_band,
                "acknowledge_by": utc_text(told.acknowledge_by),
                "sent_at": tx.at,
            },
        )
        tx.publish(
            "notification.sent",
            told.organisation,
            told.function,
            entry_id,
            notification_id=sending.id,
            placement_id=sending.placement_id,
            recipient_id=told.id,
        )


def _clocks(tx: Tx, sending: Sending) -> None:
    """Start what is not running yet; stop what this notification, with all said before, has met."""
    owed = sending.known.edition.duties_of(item.rule for item in sending.decision.outstanding)
    running = _running(tx, sending)
    for clock in sending.decision.clocks:
        met = clock.met_by == "sending" or (clock.met_by == "item" and clock.duty not in owed)
        if clock.code not in running:
            tx.add(clocks, _clock_row(tx, sending, clock, met))
        elif met and running[clock.code] is None:
            tx.change(STOP_CLOCK, {"b_placement_id": sending.placement_id, "b_code": clock.code, "b_at": tx.at}, None)


def _running(tx: Tx, sending: Sending) -> dict[str, str | None]:
    if sending.known.placed is None:
        return {}
    return {row.code: row.met_at for row in tx.all(CLOCKS_OF, {"placement_id": sending.placement_id})}


def _clock_row(tx: Tx, sending: Sending, clock: Clock, met: bool) -> dict[str, Any]:
    return {
        "id": new_id("clk"),
        "placement_id": sending.placement_id,
        "notification_id": sending.id,
        "code": clock.code,
        "basis": clock.basis,
        "owner": clock.owner,
        "starts_at": utc_text(clock.starts_at),
        "due_at": utc_text(clock.due_at),
        "met_at": tx.at if met else None,
    }
