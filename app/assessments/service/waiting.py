"""The lists of a team: what has no passport, what went stale, what is overdue, declined, or unread. Ids and days."""

from typing import Any

import orjson
from sqlalchemy import Row

from app.access.disclosure import in_order
from app.assessments.errors import RegisterNotForYou
from app.assessments.policy import Team, is_locked, owner
from app.assessments.service.parties import served_by
from app.assessments.waiting_queries import LISTS
from app.children.restrictions import restrictions_for
from app.children.service.listing import Listing
from app.organisations.directory import Directory
from app.passports.policy import hides_area, reaching, seals_identity
from app.rules.edition import current
from app.rules.words import SIDES
from app.work.tx import Tx


def waiting(tx: Tx, directory: Directory, which: str, listing: Listing) -> bytes:
    """A page of one list as JSON. Raises RegisterNotForYou, BadCursor.

    A child whom a restriction keeps from the caller is not on it, so a page may hold fewer than were asked for.
    """
    by, rules = tx.by, current().assessments
    if not any(rules.party(by.function, side).lists for side in SIDES):
        raise RegisterNotForYou
    scope = f"health-lists|{by.organisation}|{by.function}|{which}"
    after_at, _, after_tie = (listing.cursors.open(scope, listing.cursor) if listing.cursor else "|").partition("|")
    asked = {
        "organisation": by.organisation,
        "function": by.function.value,
        "authorities": served_by(directory, (by.organisation, by.function), tx.today),
        "today": tx.today,
        "reading": current().passport_transfers.reading,
        "now": tx.at,
        "after_at": after_at,
        "after_tie": after_tie,
        "limit": listing.limit + 1,
    }
    rows = tx.all(LISTS[which], asked)
    shown = rows[: listing.limit]
    more = listing.cursors.seal(scope, f"{shown[-1].at}|{shown[-1].tie}") if len(rows) > listing.limit else None
    items = [item for item in (_item(tx, row) for row in shown) if item is not None]
    return orjson.dumps({"list": which, "items": items, "next_cursor": more})


def _item(tx: Tx, row: Row[Any]) -> dict[str, Any] | None:
    """One line, or None where the caller's side has no list, or a restriction keeps the child from the caller.

    Whoever has a part in a child's health care knows the child by the id that the passport's messages name.
    """
    party, rules = (tx.by.function, row.side), current()
    restrictions = restrictions_for(row.restrictions, tx.by.practitioner_id)
    reached = reaching(rules.passports.restrictions, f"{row.side}.{tx.by.function}", restrictions)
    if not rules.assessments.party(*party).lists or is_locked(reached) or seals_identity(reached):
        return None
    said, hides = row._mapping, hides_area(reached)
    sections = _stale(tx, row, restrictions) if "sections" in said else []
    if "sections" in said and not sections:
        return None
    return {
        "child_id": row.child_id,
        "your_side": row.side,
        **{name: said.get(name) for name in ("assessment_id", "kind", "state", "due_at", "next_on")},
        "owner": owner(hides, _owner(row)),
        "recommendation_id": said.get("recommendation_id"),
        "recommendation_due_on": said.get("due_on"),
        "reader": owner(hides, _reader(row)),
        "read_by": said.get("read_by"),
        "sections": sections,
    }


def _owner(row: Row[Any]) -> Team | None:
    said = row._mapping
    if "doer" in said:
        return Team(said["doer"], said["doer_function"], said["doer_side"])
    if "owner_function" not in said:
        return None
    return Team(said["owner_organisation_code"], said["owner_function"], said["owner_side"])


def _reader(row: Row[Any]) -> Team | None:
    said = row._mapping
    return Team(said["reader"], said["reader_function"], said["reader_side"]) if "reader" in said else None


def _stale(tx: Tx, row: Row[Any], restrictions: Any) -> list[str]:
    """The sections due for review, of those the caller sees."""
    view = current().passports.view(tx.by.function, row.side, restrictions)
    held = orjson.loads(row.sections)
    return in_order(
        name
        for name, each in held.items()
        if name in view.shared and each.get("review_due_on") and each["review_due_on"] <= tx.today
    )
