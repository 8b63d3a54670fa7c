"""What a sender is told at once: who is told and why, every clock, everything outstanding, every warning."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from app.kit.clock import utc_text
from app.rules.decision import Decision, RecipientRule
from app.work.tx import Tx

if TYPE_CHECKING:
    from app.notifications.service.sending import Sending


def answer(tx: Tx, sending: "Sending", suggested: Iterable[RecipientRule], entry_id: str) -> dict[str, Any]:
    """The body of a 201. Codes, times and the rules' own words; nothing the sender wrote."""
    decision = sending.decision
    return {
        "id": sending.id,
        "placement_id": sending.placement_id,
        "child_id": sending.known.child_id,
        "version": sending.version,
        "state": sending.state,
        "sent_at": tx.at,
        "rules": _rules(decision),
        "recipients": [
            {
                "id": told.id,
                "organisation": told.organisation,
                "function": told.function,
                "why": told.why,
                "basis": told.basis,
                "acknowledge_by": utc_text(told.acknowledge_by),
                "connected": told.connected,
            }
            for told in sending.told
        ],
        "suggested_recipients": [
            {"party": rule.party, "function": rule.function, "why": rule.why} for rule in suggested
        ],
        "outstanding": outstanding(decision),
        "clocks": [_clock(clock, tx.at) for clock in decision.clocks],
        "advice": [],
        "warnings": [*_warnings(decision), *_probable_area(sending), *_unconnected(sending)],
        "receipt": {"entry_id": entry_id, "recorded_at": tx.at},
    }


def outstanding(decision: Decision) -> list[dict[str, Any]]:
    """What is still owed, by whom and when; the same words stand on the placement."""
    return [
        {
            "item": item.item,
            "title": item.title,
            "section": item.section,
            "pointer": item.pointer,
            "rule": item.rule,
            "basis": item.basis,
            "owner": item.owner,
            "due": utc_text(item.due_at),
            "known_gap": item.known_gap,
        }
        for item in decision.outstanding
    ]


def _rules(decision: Decision) -> dict[str, Any]:
    gap = decision.not_held
    return {
        "edition": decision.edition,
        "held": decision.held,
        "not_held": None if gap is None else {"code": gap.code, "title": gap.title, "what_to_do": gap.todo},
    }


def _clock(clock: Any, now: str) -> dict[str, Any]:
    due = utc_text(clock.due_at)
    return {
        "code": clock.code,
        "title": clock.title,
        "basis": clock.basis,
        "owner": clock.owner,
        "due": due,
        "state": "overdue" if due < now else "running",
    }


def _warnings(decision: Decision) -> list[dict[str, Any]]:
    return [
        {"code": each.code, "message": each.message, "pointer": each.pointer, "basis": each.basis}
        for each in decision.warnings
    ]


def _probable_area(sending: "Sending") -> list[dict[str, Any]]:
    if not sending.placing.probable_area:
        return []
    return [
        {
            "code": "area_probable",
            "message": "This postcode is newer than our table. Its neighbours lie in the area told: confirm host_area.",
            "pointer": "/placement/postcode",
            "basis": "practice",
        }
    ]


def _unconnected(sending: "Sending") -> list[dict[str, Any]]:
    silent = [f"{told.organisation} {told.function}" for told in sending.told if not told.connected]
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
