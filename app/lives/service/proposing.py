"""What takes two people: one proposes, another checks and confirms. Nothing changes before."""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from sqlalchemy import Row

from app.access.errors import NotYours
from app.access.people import people
from app.children.service.listing import Listing, listed
from app.children.service.reading import family, find, key_of, leave_trace
from app.kit.ids import is_id, new_id
from app.ledger.actions import Action
from app.lives import queries
from app.lives.errors import ProposalDecided, ProposalOpen, ProposerDoesNotConfirm
from app.lives.models import child_proposals
from app.lives.policy import CARE_NOT_OVER, CONFIRMED, MERGE, PROPOSED, UNMERGE
from app.lives.service.merging import check_merge, check_unmerge, merge, unmerge
from app.lives.service.resuming import check_resume, resume
from app.work.once import Reply
from app.work.tx import Tx

_CHECKS = {MERGE: check_merge, UNMERGE: check_unmerge, CARE_NOT_OVER: check_resume}
_ACTS = {MERGE: merge, UNMERGE: unmerge, CARE_NOT_OVER: resume}
"""By what is proposed: whether it can be done, which is asked at both times, and doing it. Each act is recorded."""


def propose(tx: Tx, child_id: str, document: Mapping[str, Any]) -> Reply:
    """Propose a merge, its undoing, or that care is not over. Raises NotYours, ChildErased, ProposalOpen.

    And what the check of the proposal raises: CannotMerge, NotMerged, CareGoesOn, BirthDateSaysAdult.
    """
    row = find(tx, child_id)
    key = key_of(tx, row)
    if tx.one(queries.OPEN_PROPOSAL, {"child_id": row.id}):
        raise ProposalOpen
    other = document.get("duplicate")
    _CHECKS[document["proposal"]](tx, row, other)
    proposal_id = new_id("prp")
    subject = {"child": row.id, "other": other, "proposal": proposal_id}
    entry_id = tx.record(Action.PROPOSAL_MADE, subject, proposal=document["proposal"])
    tx.add(
        child_proposals,
        {
            "id": proposal_id,
            "child_id": row.id,
            "other_child_id": other,
            "organisation_code": row.organisation_code,
            "proposal": document["proposal"],
            "state": PROPOSED,
            "sealed": _seal(tx, key, proposal_id, {"reason": document["reason"]}),
            "proposed_at": tx.at,
            "proposed_by": tx.by.practitioner_id,
            "decided_at": None,
            "decided_by": None,
            "care_state": None,
            "entry_id": entry_id,
        },
    )
    return _reply(tx, row.id, proposal_id, PROPOSED, entry_id)


def decide(tx: Tx, child_id: str, proposal_id: str, document: Mapping[str, Any]) -> Reply:
    """Confirm a proposal, which does it at once, or reject it.

    Raises NotYours, ChildErased, ProposalDecided, ProposerDoesNotConfirm, and what its check raises.
    """
    row = find(tx, child_id)
    held = _held(tx, row, proposal_id)
    if held.state != PROPOSED:
        raise ProposalDecided
    if document["outcome"] == CONFIRMED and held.proposed_by == tx.by.practitioner_id:
        raise ProposerDoesNotConfirm
    key = key_of(tx, row)
    words = {**_unseal(tx, key, held), "decided_because": document["reason"]}
    entry_id = _do(tx, row, held, document["outcome"])
    tx.change(
        queries.DECIDE,
        {
            "b_id": held.id,
            "b_state": document["outcome"],
            "b_sealed": _seal(tx, key, held.id, words),
            "b_at": tx.at,
            "b_by": tx.by.practitioner_id,
            "b_care_state": row.state,
        },
    )
    return _reply(tx, row.id, held.id, document["outcome"], entry_id)


def proposals(tx: Tx, child_id: str, listing: Listing) -> bytes:
    """What was proposed for a child, why, by whom, and what became of it. Raises NotYours, ChildErased."""
    row = find(tx, child_id)
    records = family(tx, row)
    keys = {each.id: key_of(tx, each) for each in records}
    rows, more = listed(tx, queries.PROPOSALS, [*keys], "proposals", listing)
    items = _items(tx, keys, rows)
    leave_trace(tx, records, ["proposals"])
    return orjson.dumps({"items": items, "next_cursor": more})


def _do(tx: Tx, row: Row[Any], held: Row[Any], outcome: str) -> str:
    if outcome != CONFIRMED:
        subject = {"child": row.id, "other": held.other_child_id, "proposal": held.id}
        return tx.record(Action.PROPOSAL_REJECTED, subject, proposal=held.proposal)
    return _ACTS[held.proposal](tx, row, held.other_child_id)


def _held(tx: Tx, row: Row[Any], proposal_id: str) -> Row[Any]:
    asked = {"proposal_id": proposal_id, "ids": [row.id]}
    held = tx.one(queries.PROPOSAL, asked) if is_id("prp", proposal_id) else None
    if held is None:
        raise NotYours
    return held


def _items(tx: Tx, keys: Mapping[str, bytes], rows: Sequence[Row[Any]]) -> list[dict[str, Any]]:
    names = people(tx, (each for held in rows for each in (held.proposed_by, held.decided_by)))
    items = []
    for held in rows:
        words = _unseal(tx, keys[held.child_id], held)
        items.append(
            {
                "proposal_id": held.id,
                "proposal": held.proposal,
                "duplicate": held.other_child_id,
                "state": held.state,
                "reason": words["reason"],
                "proposed_at": held.proposed_at,
                "proposed_by": names.get(held.proposed_by),
                "decided_at": held.decided_at,
                "decided_by": names.get(held.decided_by),
                "decided_because": words.get("decided_because"),
            }
        )
    return items


def _seal(tx: Tx, key: bytes, proposal_id: str, words: Mapping[str, Any]) -> bytes:
    return tx.vault.seal(key, f"{proposal_id}|words", orjson.dumps(words))


def _unseal(tx: Tx, key: bytes, held: Row[Any]) -> dict[str, Any]:
    words: dict[str, Any] = orjson.loads(tx.vault.unseal(key, f"{held.id}|words", held.sealed))
    return words


def _reply(tx: Tx, child_id: str, proposal_id: str, state: str, entry_id: str) -> Reply:
    answer = {
        "proposal_id": proposal_id,
        "child_id": child_id,
        "state": state,
        "receipt": {"entry_id": entry_id, "recorded_at": tx.at},
    }
    return Reply(201, orjson.dumps(answer))
