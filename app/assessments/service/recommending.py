"""A recommendation is tracked until somebody says, by name, what became of it."""

from collections.abc import Mapping
from typing import Any

import orjson

from app.access.errors import NotYours
from app.assessments import queries
from app.assessments.errors import AssessmentNotYours, RecommendationClosed
from app.assessments.policy import may_act
from app.assessments.service.becoming import find
from app.assessments.service.parties import social_care, tell
from app.assessments.service.recording import words_of_ours
from app.assessments.service.standing import enter
from app.ledger.actions import Action
from app.organisations.directory import Directory
from app.work.once import Reply
from app.work.tx import Tx


def close(tx: Tx, directory: Directory, ids: tuple[str, str, str], document: Mapping[str, Any]) -> Reply:
    """Record what became of a recommendation; ``ids`` are those of the child, the assessment and itself.

    Raises NotYours, RegisterNotForYou, ChildRestricted, AssessmentNotYours, RecommendationClosed, ChildErased.
    """
    child_id, assessment_id, recommendation_id = ids
    place = enter(tx, directory, child_id)
    held = find(tx, place, assessment_id)
    rows = tx.all(queries.RECOMMENDATIONS_OF, {"ids": [held.id]})
    row = next((each for each in rows if each.id == recommendation_id), None)
    if row is None:
        raise NotYours
    caller = (tx.by.organisation, tx.by.function.value)
    if caller != (row.owner_organisation_code, row.owner_function) and not may_act(
        place.party, caller, held.owner, held.asker[:2] if held.asker else (None, None)
    ):
        raise AssessmentNotYours
    if row.done_at:
        raise RecommendationClosed
    subject = {"child": held.child_id, "assessment": held.id, "recommendation": row.id}
    entry_id = tx.record(Action.RECOMMENDATION_CLOSED, subject, outcome=document["outcome"])
    key = words_of_ours(tx, held.child_id)
    note = {name: document[name] for name in ("note",) if name in document}
    tx.change(
        queries.CLOSE_RECOMMENDATION,
        {
            "b_id": row.id,
            "b_outcome": document["outcome"],
            "b_at": tx.at,
            "b_organisation": tx.by.organisation,
            "b_function": tx.by.function.value,
            "b_by": tx.by.practitioner_id,
            "b_sealed": tx.vault.seal(key, f"{row.id}|done", orjson.dumps(note)),
        },
    )
    tell(tx, "recommendation.closed", place.child_id, [held.owner, social_care(held.authority)], entry_id)
    told = {
        "recommendation_id": row.id,
        "assessment_id": held.id,
        "outcome": document["outcome"],
        "receipt": {"entry_id": entry_id, "recorded_at": tx.at},
    }
    return Reply(201, orjson.dumps(told))
