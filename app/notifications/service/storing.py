"""Storing a notification: its rows, its ledger entry, its messages. All of it is flushed together by the unit."""

from collections.abc import Mapping
from typing import Any

import orjson
from sqlalchemy import Row

from app.access.disclosure import part_name, seal_sections
from app.children.models import child_keys, children
from app.children.service.reading import records_of
from app.kit.clock import utc_text
from app.ledger.actions import Action
from app.notifications import queries
from app.notifications.service.clocking import clock_row
from app.notifications.service.outgoing import Outgoing
from app.placements.ending_queries import SAY_WHY
from app.placements.models import clocks, notifications, placements, recipients
from app.placements.policy import ACTIVE, ENDED
from app.placements.queries import CLOCKS_OF, MOVE_ON, STOP_CLOCK
from app.placements.service.care_over import Over, end_care
from app.rules.decision import Clock
from app.rules.rows import ClockRow
from app.rules.words import CARE_OVER
from app.transfers.service.moving import Handover, end_of_stay, handover, offer, told_by_mistake, undone
from app.work.tx import Tx

_ACTIONS = {
    "consultation": Action.NOTIFICATION_SENT,
    "start": Action.NOTIFICATION_SENT,
    "update": Action.NOTIFICATION_UPDATED,
    "end": Action.NOTIFICATION_ENDED,
    "withdrawal": Action.NOTIFICATION_WITHDRAWN,
}


def store(tx: Tx, outgoing: Outgoing) -> str:
    """Add everything one send leaves behind; returns the id of its ledger entry."""
    bodies = {name: orjson.dumps(words) for name, words in outgoing.sections.items()}
    handed = _handover(tx, outgoing)
    entry_id = _record(tx, outgoing, bodies, handed)
    _child(tx, outgoing, entry_id)
    _placement(tx, outgoing)
    _notification(tx, outgoing, bodies, entry_id)
    _recipients(tx, outgoing, entry_id)
    _clocks(tx, outgoing)
    _let_go(tx, outgoing, entry_id)
    _passport(tx, outgoing, handed, entry_id)
    _end_care(tx, outgoing)
    if outgoing.known.state == "consulted" and outgoing.state == "withdrawn":
        # A consultation that never became a placement is closed and its words erased; who was asked stays known.
        tx.change(queries.ERASE_WORDS, {"b_placement_id": outgoing.placement_id}, touching=None)
    return entry_id


def _handover(tx: Tx, outgoing: Outgoing) -> Handover | None:
    """To which health team the passport moves, where this tells of a home, or of another one than was told."""
    kind, known = outgoing.document["kind"], outgoing.known
    if kind != "start" and not (kind == "update" and "placement" in outgoing.sections):
        return None
    if outgoing.state != ACTIVE:
        return None
    return handover(
        tx,
        known.child_id,
        outgoing.placement_id,
        outgoing.urgency,
        outgoing.told,
        known=known.new_child is None,
        accepted=known.passport_with,
    )


def _passport(tx: Tx, outgoing: Outgoing, handed: Handover | None, entry_id: str) -> None:
    """What becomes of the passport's way to another team: opened, or undone."""
    child_id, placement_id = outgoing.known.child_id, outgoing.placement_id
    told_by_mistake(tx, child_id, placement_id, outgoing.left, outgoing.why_left)
    if handed is not None:
        offer(tx, handed, entry_id)
    if outgoing.document["kind"] == "withdrawal":
        undone(tx, child_id, placement_id)
    elif outgoing.state == ENDED:
        end_of_stay(tx, placement_id)


def _end_care(tx: Tx, outgoing: Outgoing) -> None:
    """Where this says that the child came of age or died. Told beforehand, it waits for the day."""
    state, known = outgoing.document.get("occasion"), outgoing.known
    if state not in CARE_OVER or known.placed is None or not known.in_care or known.state == "consulted":
        return
    if outgoing.document["kind"] == "end" and outgoing.state != ENDED:
        return
    records = records_of(tx, known.child_id, tx.by.organisation)
    day = outgoing.placing.ended_on or tx.today
    end_care(tx, records, Over(state, min(day, tx.today), outgoing.id))
    tx.change(SAY_WHY, {"b_id": outgoing.placement_id, "b_why": state})


def _let_go(tx: Tx, outgoing: Outgoing, entry_id: str) -> None:
    """End the access of those who are no party any more, and tell their systems so."""
    for organisation, function in outgoing.left:
        party = {"b_placement_id": outgoing.placement_id, "b_organisation": organisation, "b_function": function}
        tx.change(queries.END_ACCESS, {**party, "b_at": tx.at, "b_why": outgoing.why_left}, touching=None)
        tx.publish("recipient.left", organisation, function, entry_id, placement_id=outgoing.placement_id)


def _record(tx: Tx, outgoing: Outgoing, bodies: Mapping[str, bytes], handed: Handover | None) -> str:
    key = outgoing.known.key
    return tx.record(
        _ACTIONS[outgoing.document["kind"]],
        {"notification": outgoing.id, "placement": outgoing.placement_id, "child": outgoing.known.child_id},
        kind=outgoing.document["kind"],
        occasion=outgoing.document.get("occasion"),
        urgency=outgoing.urgency,
        version=outgoing.version,
        rules_edition=outgoing.decision.edition,
        recipients=[f"{told.organisation}.{told.function}" for told in outgoing.told],
        left=[f"{organisation}.{function}" for organisation, function in outgoing.left],
        **({"passport_offered_to": list(handed.to)} if handed else {}),
        commitments={
            name: tx.vault.commitment(key, part_name(outgoing.id, name), body) for name, body in bodies.items()
        },
    )


def _child(tx: Tx, outgoing: Outgoing, entry_id: str) -> None:
    made = outgoing.known.new_child
    if made:
        tx.add(children, made.child_row(tx.at, entry_id))
        tx.add(child_keys, made.key_row(tx.at))


def _placement(tx: Tx, outgoing: Outgoing) -> None:
    before, placing = outgoing.known.placed, outgoing.placing
    where = {**(before.where if before else {}), **{name: _here(tx, outgoing, name) for name in outgoing.sections}}
    values = {
        "host_area": placing.places.host,
        "state": outgoing.state,
        "version": outgoing.version,
        "sections": orjson.dumps(where).decode(),
        "outstanding": outgoing.outstanding,
        "age_band": placing.age_band,
        "concern": placing.concern,
        "concern_since": _concern_since(outgoing, tx.today),
        "distance": placing.distance,
        "started_on": placing.started_on,
        "ended_on": placing.ended_on,
        "changed_at": tx.at,
    }
    if before is None:
        tx.add(
            placements,
            {
                "id": outgoing.placement_id,
                "child_id": outgoing.known.child_id,
                "organisation_code": tx.by.organisation,
                "rules_edition": outgoing.decision.edition,
                "urgency": outgoing.urgency,
                "created_at": tx.at,
                **values,
            },
        )
    else:
        named = {f"b_{name}": value for name, value in values.items()}
        tx.change(MOVE_ON, {**named, "b_id": before.id, "b_was": before.version})


def _here(tx: Tx, outgoing: Outgoing, section: str) -> list[Any]:
    """Where the words of a section stand from now on; carried forward, also since when they do."""
    here = [outgoing.id, outgoing.version, tx.at]
    return [*here, outgoing.kept[section]] if section in outgoing.kept else here


def _concern_since(outgoing: Outgoing, today: str) -> str | None:
    """Since when the home gives concern: from the child's first day there, or from the day it was first told."""
    before, placing = outgoing.known.placed, outgoing.placing
    if placing.concern is None:
        return None
    if before is None or before.state == "consulted":
        return placing.started_on or today
    return before.concern_since or today


def _notification(tx: Tx, outgoing: Outgoing, bodies: Mapping[str, bytes], entry_id: str) -> None:
    by, document = tx.by, outgoing.document
    tx.add(
        notifications,
        {
            "id": outgoing.id,
            "placement_id": outgoing.placement_id,
            "child_id": outgoing.known.child_id,
            "organisation_code": by.organisation,
            "function": by.function,
            "practitioner_id": by.practitioner_id,
            "kind": document["kind"],
            "occasion": document.get("occasion"),
            "urgency": outgoing.urgency,
            "reason": document.get("withdrawal", {}).get("reason"),
            "reference_index": outgoing.reference_index,
            "version": outgoing.version,
            "rules_edition": outgoing.decision.edition,
            "changes": orjson.dumps(outgoing.changes).decode(),
            "sealed": seal_sections(tx.vault, outgoing.known.key, outgoing.id, bodies),
            "sent_at": tx.at,
            "entry_id": entry_id,
        },
    )


def _recipients(tx: Tx, outgoing: Outgoing, entry_id: str) -> None:
    for told in outgoing.told:
        tx.add(
            recipients,
            {
                "id": told.id,
                "notification_id": outgoing.id,
                "placement_id": outgoing.placement_id,
                "organisation_code": told.organisation,
                "function": told.function,
                "side": told.side,
                "rule": told.rule,
                "basis": told.basis,
                "kind": outgoing.document["kind"],
                "urgency": outgoing.urgency,
                "age_band": outgoing.placing.age_band,
                "acknowledge_by": utc_text(told.acknowledge_by),
                "sent_at": tx.at,
            },
        )
        tx.publish(
            "notification.sent",
            told.organisation,
            told.function,
            entry_id,
            notification_id=outgoing.id,
            placement_id=outgoing.placement_id,
            recipient_id=told.id,
        )


def _clocks(tx: Tx, outgoing: Outgoing) -> None:
    """Start what is not running yet; stop what this notification, with all said before, has met or has made void."""
    rules, running = outgoing.known.edition, _running(tx, outgoing)
    for clock in outgoing.decision.clocks:
        met, held = clock.code in outgoing.met, running.pop(clock.code, None)
        looked_at = rules.clock(clock.code).again in outgoing.sections
        if held is not None and held.met_at is None and (met or looked_at):
            tx.change(STOP_CLOCK, {"b_id": held.id, "b_at": tx.at}, None)
        if held is None or looked_at or _begins_anew(rules.clock(clock.code), clock, held):
            tx.add(clocks, clock_row(clock, outgoing.placement_id, outgoing.id, tx.at if met else None))
    for row in rules.clocks:
        if row.lapses and row.code in running and running[row.code].met_at is None:
            tx.change(STOP_CLOCK, {"b_id": running[row.code].id, "b_at": tx.at}, None)


def _begins_anew(rule: ClockRow, clock: Clock, held: Row[Any]) -> bool:
    """Each event has a clock of its own; a clock that lapsed begins again when its circumstances come back."""
    came_back = rule.lapses and held.met_at is not None and held.starts_at != utc_text(clock.starts_at)
    return rule.starts == "recall" or came_back


def _running(tx: Tx, outgoing: Outgoing) -> dict[str, Row[Any]]:
    """The last clock of each code."""
    if outgoing.known.placed is None:
        return {}
    return {row.code: row for row in tx.all(CLOCKS_OF, {"placement_id": outgoing.placement_id})}
