"""The review pack: all that happened around a placement, who had it, what they answered, and who never did."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

import orjson
from sqlalchemy import Row

from app.access.people import people
from app.ledger.actions import Action
from app.placements.errors import NotYoursToReview
from app.placements.policy import follows
from app.placements.service.merged import ask, place_of
from app.placements.service.timeline import events
from app.placements.timeline_queries import REPLIES
from app.work.tx import Tx

_MOST: Final = 500
"""More events, or answers, than a review can read; the timeline has the rest, page by page."""

_CONSULTED: Final = ("children_in_care_health", "camhs", "virtual_school", "school", "send")
"""Who is to be heard before a review: health and education.

Source: Reviews of practice: reviews lacked the whole picture; health and the virtual school are to be consulted
"""


def review_pack(tx: Tx, placement_id: str) -> dict[str, Any]:
    """The pack for whoever placed the child or reviews that; leaves an entry.

    Raises NotYours, AccessEnded, NotYoursToReview.
    """
    asked = ask(tx, placement_id)
    row = asked.standing.row
    if not follows(tx.by, asked.standing.side, row.organisation_code, asked.view):
        raise NotYoursToReview
    happened, more = events(tx, asked.standing, "", _MOST)
    answered = replies(tx, row.id, _MOST)
    recipients: Sequence[dict[str, Any]] = asked.head["recipients"] or ()
    tx.record(Action.REVIEW_PACK_READ, {"placement": row.id, "child": row.child_id}, replies=len(answered))
    return {
        "placement_id": row.id,
        "child_id": asked.head["child_id"],
        "placing_authority": row.organisation_code,
        "state": asked.head["state"],
        "made_at": tx.at,
        "sections": [place_of(name, asked) for name in asked.where],
        "clocks": asked.head["clocks"],
        "outstanding": asked.head["outstanding"],
        "recipients": recipients,
        "replies": answered,
        "health_and_education": _heard(recipients),
        "events": happened,
        "is_whole": more is None,
    }


def replies(tx: Tx, placement_id: str, limit: int) -> list[dict[str, Any]]:
    """What was answered to a placement, in words, oldest first; for whoever follows all of it."""
    answers = tx.all(REPLIES, {"placement_id": placement_id, "limit": limit})
    names = people(tx, (each.practitioner_id for each in answers))
    return [
        {
            "at": each.at,
            "organisation": each.organisation_code,
            "function": each.function,
            "by": names.get(each.practitioner_id),
            "notification_id": each.notification_id,
            "outcome": each.outcome,
            "said": _said(tx, each),
        }
        for each in answers
    ]


def _said(tx: Tx, reply: Row[Any]) -> dict[str, Any] | None:
    """The answer as it was sent; None where the organisation that gave it has erased its words."""
    if reply.wrapped is None:
        return None
    key = tx.vault.unwrap(reply.wrapped, reply.master_key_id, reply.child_id, reply.organisation_code)
    words: dict[str, Any] = orjson.loads(tx.vault.unseal(key, f"{reply.id}|words", reply.sealed))
    reason = {"reason": reply.reason} if reply.reason else {}
    return {"outcome": reply.outcome, **reason, **words}


def _heard(recipients: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each team of health and education that is told, with how far it got: whoever is silent is to be rung."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for each in recipients:
        if each["function"] not in _CONSULTED or each["access_ended_at"]:
            continue
        team = (each["organisation"], each["function"])
        before = found.get(team, {"has_opened": False, "has_answered": False})
        found[team] = {
            "organisation": each["organisation"],
            "function": each["function"],
            "side": each["side"],
            "has_opened": before["has_opened"] or each["opened_at"] is not None,
            "has_answered": before["has_answered"] or each["acknowledged_at"] is not None,
        }
    return list(found.values())
