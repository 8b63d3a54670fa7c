"""Offers of responsibility as either side may see them: each knows its own child's id alone."""

from typing import Any

import orjson
from sqlalchemy import Row

from app.access.disclosure import shows_child_id
from app.access.errors import NotYours
from app.access.people import people
from app.children.errors import ChildRestricted
from app.children.restrictions import NO_RESTRICTIONS, restrictions_for
from app.children.service.listing import Listing
from app.kit.ids import is_id
from app.lives import queries
from app.lives.policy import REVOKED
from app.placements.policy import ACTIVE, PLACING, shut_out
from app.rules.disclosure import View
from app.rules.edition import current
from app.work.tx import Tx

_LATEST = "~"
"""Sorts after every id: the start of a list that is read from the newest."""


def find_transfer(tx: Tx, transfer_id: str) -> Row[Any]:
    """An offer, with what is needed to read the words of both sides. Raises NotYours."""
    asked = {"transfer_id": transfer_id, "organisation": tx.by.organisation}
    row = tx.one(queries.TRANSFER, asked) if is_id("trf", transfer_id) else None
    if row is None:
        raise NotYours
    return row


def enter_transfer(tx: Tx, transfer_id: str) -> Row[Any]:
    """An offer whose words are read, or that is answered.

    Raises NotYours, ChildRestricted where a lock keeps the caller out of their own record of the child.
    """
    row = find_transfer(tx, transfer_id)
    if shut_out(view_of(tx, row)):
        raise ChildRestricted
    return row


def view_of(tx: Tx, row: Row[Any]) -> View:
    """What the caller may see of the child by their own record. Who has none yet is told what was offered."""
    stored = row.restrictions if _is_ours(tx, row) else row.new_restrictions or NO_RESTRICTIONS
    return current().view(tx.by.function, PLACING, ACTIVE, restrictions_for(stored, tx.by.practitioner_id))


def own_child_id(tx: Tx, row: Row[Any]) -> str | None:
    """The id by which the caller's authority knows the child; None where it has none or the caller may not know it."""
    return (row.shown_id if _is_ours(tx, row) else row.new_shown_id) if shows_child_id(view_of(tx, row)) else None


def _is_ours(tx: Tx, row: Row[Any]) -> bool:
    return bool(row.organisation_code == tx.by.organisation)


def transfers(tx: Tx, side: str, listing: Listing) -> bytes:
    """A page of the offers made by, or to, the caller's authority, newest first. Raises BadCursor.

    A child whom a lock keeps from the caller is not on it, so a page may hold fewer than were asked for.
    """
    scope = f"transfers|{tx.by.organisation}|{side}"
    before = listing.cursors.open(scope, listing.cursor) if listing.cursor else _LATEST
    asked = {"organisation": tx.by.organisation, "before": before, "limit": listing.limit + 1}
    rows = tx.all(queries.TRANSFERS[side], asked)
    shown = rows[: listing.limit]
    more = listing.cursors.seal(scope, shown[-1].id) if len(rows) > listing.limit else None
    items = [head(tx, each) for each in shown if not shut_out(view_of(tx, each))]
    return orjson.dumps({"items": items, "next_cursor": more})


def transfer(tx: Tx, transfer_id: str) -> bytes:
    """One offer with the words of both sides. Raises NotYours, ChildRestricted."""
    row = enter_transfer(tx, transfer_id)
    names = people(tx, (row.offered_by, row.answered_by))
    told = {
        "offered_by": names.get(row.offered_by),
        "answered_by": names.get(row.answered_by),
        "offer": _words(tx, row, "offer"),
        "answer": _words(tx, row, "answer"),
    }
    return orjson.dumps({**head(tx, row), **told})


def head(tx: Tx, row: Row[Any]) -> dict[str, Any]:
    """What an offer says in the clear: bodies, days, codes, and how old the child is and in which area."""
    return {
        "transfer_id": row.id,
        "state": row.state,
        "from_organisation": row.organisation_code,
        "to_organisation": row.to_organisation_code,
        "child_id": own_child_id(tx, row),
        "placement_id": row.placement_id if _is_ours(tx, row) else row.new_placement_id,
        "basis": row.basis,
        "care_ended_reason": "E3",
        "transfer_on": row.transfer_on,
        "age_band": row.age_band,
        "host_area": row.host_area,
        "offered_at": row.offered_at,
        "answer_by": row.answer_by,
        "overdue": row.state == "offered" and row.answer_by < tx.at,
        "answered_at": row.answered_at,
        "decline_reason": row.decline_reason,
    }


def _words(tx: Tx, row: Row[Any], which: str) -> dict[str, Any] | None:
    """What one side wrote; None where it wrote nothing yet, or what it wrote has been erased."""
    sealed = row.sealed if which == "offer" else row.answer_sealed
    if which == "answer" and row.state == REVOKED:
        which = "revocation"
    if which == "answer":
        wrapped, kid, organisation = row.to_wrapped, row.to_master_key_id, row.to_organisation_code
        child_id = row.new_child_id or row.child_id
    else:
        wrapped, kid, organisation = row.from_wrapped, row.from_master_key_id, row.organisation_code
        child_id = row.child_id
    if sealed is None or wrapped is None:
        return None
    key = tx.vault.unwrap(wrapped, kid, child_id, organisation)
    words: dict[str, Any] = orjson.loads(tx.vault.unseal(key, f"{row.id}|{which}", sealed))
    return words
