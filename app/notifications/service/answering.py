"""What a sender is told at once: who is told and why, every clock, everything outstanding, every warning."""

from collections.abc import Iterable
from typing import Any

import orjson

from app.kit.clock import utc_text
from app.notifications.service.audience import AREA_CHANGED
from app.notifications.service.outgoing import Outgoing
from app.rules.decision import Clock, Decision, RecipientRule
from app.work.tx import Tx


def answer(tx: Tx, outgoing: Outgoing, suggested: Iterable[RecipientRule], entry_id: str) -> dict[str, Any]:
    """The body of a 201. Codes, times and the rules' own words; nothing the sender wrote."""
    decision = outgoing.decision
    return {
        "id": outgoing.id,
        "placement_id": outgoing.placement_id,
        "child_id": outgoing.known.child_id,
        "version": outgoing.version,
        "state": outgoing.state,
        "sent_at": tx.at,
        "rules": _rules(decision),
        "recipients": [
            {
                "id": told.id,
                "organisation": told.organisation,
                "organisation_name": told.name,
                "function": told.function,
                "why": told.why,
                "basis": told.basis,
                "acknowledge_by": utc_text(told.acknowledge_by),
                "connected": told.connected,
            }
            for told in outgoing.told
        ],
        "suggested_recipients": [
            {"party": rule.party, "function": rule.function, "why": rule.why} for rule in suggested
        ],
        "outstanding": orjson.Fragment(outgoing.outstanding),
        "clocks": [_clock(clock, clock.code in outgoing.met, tx.at) for clock in decision.clocks],
        "advice": [],
        "warnings": [*_warnings(decision), *_probable_area(outgoing), *_left(outgoing), *_unconnected(outgoing)],
        "receipt": {"entry_id": entry_id, "recorded_at": tx.at},
    }


def outstanding(decision: Decision) -> bytes:
    """What is still owed, by whom and when, as JSON; the same words stand on the placement."""
    due = {moment: utc_text(moment) for moment in {item.due_at for item in decision.outstanding}}
    return orjson.dumps(
        [
            {
                "item": item.item,
                "title": item.title,
                "section": item.section,
                "pointer": item.pointer,
                "rule": item.rule,
                "basis": item.basis,
                "owner": item.owner,
                "due": due[item.due_at],
                "known_gap": item.known_gap,
            }
            for item in decision.outstanding
        ]
    )


def _rules(decision: Decision) -> dict[str, Any]:
    gap = decision.not_held
    return {
        "edition": decision.edition,
        "held": decision.held,
        "not_held": None if gap is None else {"code": gap.code, "title": gap.title, "what_to_do": gap.todo},
    }


def _clock(clock: Clock, met: bool, now: str) -> dict[str, Any]:
    due = utc_text(clock.due_at)
    return {
        "code": clock.code,
        "title": clock.title,
        "basis": clock.basis,
        "owner": clock.owner,
        "due": due,
        "state": "met" if met else "overdue" if due < now else "running",
    }


def _warnings(decision: Decision) -> list[dict[str, Any]]:
    return [
        {"code": each.code, "message": each.message, "pointer": each.pointer, "basis": each.basis}
        for each in decision.warnings
    ]


def _probable_area(outgoing: Outgoing) -> list[dict[str, Any]]:
    if not outgoing.placing.probable_area:
        return []
    return [
        {
            "code": "area_probable",
            "message": "This postcode is newer than our table. Its neighbours lie in the area told: confirm host_area.",
            "pointer": "/placement/postcode",
            "basis": "practice",
        }
    ]


def _left(outgoing: Outgoing) -> list[dict[str, Any]]:
    if not outgoing.left or outgoing.why_left != AREA_CHANGED:
        return []
    return [
        {
            "code": "area_changed",
            "message": "The home is in another area than was told. The teams of the former area have no access any "
            "more; the board shows who of them had opened it. Ring them, and weigh whether this is a breach.",
            "pointer": "/placement",
            "basis": "practice",
        }
    ]


def _unconnected(outgoing: Outgoing) -> list[dict[str, Any]]:
    silent = [f"{told.name} ({told.function.replace('_', ' ')})" for told in outgoing.told if not told.connected]
    if not silent:
        return []
    return [
        {
            "code": "recipient_not_connected",
            "message": "No system of these recipients is connected yet, so ring them: " + ", ".join(silent) + ".",
            "pointer": None,
            "basis": "practice",
        }
    ]
