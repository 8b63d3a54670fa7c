"""What a sender is told at once: who is told and why, every clock, everything outstanding, every warning."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import orjson

from app.access.disclosure import shows_child_id
from app.children.restrictions import restrictions_for
from app.kit.clock import utc_text
from app.notifications.service.audience import AREA_CHANGED
from app.notifications.service.outgoing import Outgoing
from app.placements.outstanding import tell
from app.placements.policy import PLACING
from app.rules.decision import Decision, RecipientRule
from app.rules.edition import edition
from app.rules.language import Language
from app.rules.rows import ClockRow
from app.work.once import Reply
from app.work.tx import Tx


def receipt(tx: Tx, outgoing: Outgoing, suggested: Iterable[RecipientRule], entry_id: str) -> dict[str, Any]:
    """What is kept of the answer for its repeats: codes and times, nothing the sender wrote.

    The words of clocks and debts follow from the edition; ``in_words`` adds them.
    """
    decision = outgoing.decision
    return {
        "id": outgoing.id,
        "placement_id": outgoing.placement_id,
        "child_id": _child_id(tx, outgoing),
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
        "clocks": [(clock.code, utc_text(clock.due_at), clock.code in outgoing.met) for clock in decision.clocks],
        "advice": _kept_advice(outgoing),
        "warnings": [*_warnings(decision), *_probable_area(outgoing), *_left(outgoing), *_unconnected(outgoing)],
        "receipt": {"entry_id": entry_id, "recorded_at": tx.at},
    }


def foretold(kept: dict[str, Any]) -> dict[str, Any]:
    """A receipt as a dry run tells it: nothing was made, so nothing has an id."""
    told = [{name: value for name, value in each.items() if name != "id"} for each in kept["recipients"]]
    ids = ("id", "placement_id", "child_id", "receipt")
    return {"dry_run": True, **{name: kept[name] for name in kept if name not in ids}, "recipients": told}


def in_brief(reply: Reply) -> dict[str, Any]:
    """One item of a batch, from its receipt: what was made, who is told, how much is still owed."""
    kept = orjson.loads(reply.body)
    names = ("id", "placement_id", "child_id", "version", "state", "sent_at", "warnings", "receipt")
    told = [{name: each[name] for name in ("organisation", "function", "connected")} for each in kept["recipients"]]
    owed, advice = len(kept["outstanding"]), len(kept["advice"])
    return {**{name: kept[name] for name in names}, "recipients": told, "outstanding": owed, "advice": advice}


def in_words(reply: Reply) -> Reply:
    """The body of a 201, from its receipt: who is told and why, every clock, everything outstanding."""
    kept = orjson.loads(reply.body)
    rules = edition(kept["rules"]["edition"])
    clocks = [_clock(rules.clock(code), due, met, kept["sent_at"]) for code, due, met in kept["clocks"]]
    advice = [_advice(rules.language, *each) for each in kept["advice"]]
    whole = {**kept, "outstanding": tell(kept["outstanding"], rules), "clocks": clocks, "advice": advice}
    return replace(reply, body=orjson.dumps(whole))


def _child_id(tx: Tx, outgoing: Outgoing) -> str | None:
    known = outgoing.known
    restrictions = restrictions_for(known.restrictions, tx.by.practitioner_id)
    view = known.edition.view(tx.by.function, PLACING, outgoing.state, restrictions)
    return known.shown_id if shows_child_id(view) else None


def _kept_advice(outgoing: Outgoing) -> list[tuple[str, str, str, bool]]:
    """With each piece of advice, whether the author read it before and keeps the words."""
    sender = outgoing.sections.get("sender", {})
    kept = {(each["pointer"], each["advice"]) for each in sender.get("wording_kept", ())}
    return [(*each, (each.pointer, each.code) in kept) for each in outgoing.advice]


def _advice(language: Language, pointer: str, code: str, phrase: str, kept: bool) -> dict[str, Any]:
    row = language.rows[code]
    return {
        "code": code,
        "pointer": pointer,
        "phrase": phrase,
        "message": row.prefer,
        "why": language.reasons[row.category],
        "category": row.category,
        "kept": kept,
    }


def _rules(decision: Decision) -> dict[str, Any]:
    gap = decision.not_held
    return {
        "edition": decision.edition,
        "held": decision.held,
        "not_held": None if gap is None else {"code": gap.code, "title": gap.title, "what_to_do": gap.todo},
    }


def _clock(row: ClockRow, due: str, met: bool, sent_at: str) -> dict[str, Any]:
    return {
        "code": row.code,
        "title": row.title,
        "basis": row.basis,
        "owner": row.owner,
        "due": due,
        "state": "met" if met else "overdue" if due < sent_at else "running",
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
