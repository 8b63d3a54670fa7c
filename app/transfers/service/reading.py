"""Transfers as each team may see them: bodies, codes and dates; the words of each step under its author's key."""

from collections.abc import Collection, Mapping
from typing import Any

import orjson
from sqlalchemy import Row

from app.access.disclosure import shows_child_id
from app.access.errors import NotYours
from app.access.people import people
from app.children.errors import ChildRestricted
from app.children.restrictions import restrictions_for
from app.children.service.listing import Listing
from app.kit.ids import is_id
from app.organisations.directory import Directory
from app.passports.policy import HOST, PLACING
from app.passports.service.standing import Standing, stand
from app.placements.policy import ACTIVE, shut_out
from app.rules.disclosure import View
from app.rules.edition import current
from app.rules.passport_transfers import ACCEPTED, MOVE, NEW_TEAM, PLACING_SIDE
from app.transfers import queries
from app.transfers.policy import may_do, parts_of
from app.work.tx import Tx

_STEPS_SHOWN = 100


def find(tx: Tx, transfer_id: str) -> tuple[Row[Any], frozenset[str]]:
    """A transfer and the caller's parts in it. Raises NotYours, ChildRestricted where a lock keeps the caller out."""
    asked = {"transfer_id": transfer_id, "organisation": tx.by.organisation, "today": tx.today}
    row = tx.one(queries.TRANSFER, asked) if is_id("ptr", transfer_id) else None
    parts = parts_of(tx.by, row) if row is not None else frozenset()
    if row is None or not parts:
        raise NotYours
    if shut_out(_view(tx, row, parts)):
        raise ChildRestricted
    return row, parts


def transfer(tx: Tx, transfer_id: str) -> bytes:
    """One transfer, with what everybody did about it. Raises NotYours, ChildRestricted."""
    row, parts = find(tx, transfer_id)
    steps = tx.all(queries.STEPS, {"transfer_id": row.id, "limit": _STEPS_SHOWN})
    names = people(tx, (*(each.practitioner_id for each in steps), row.confirmed_by))
    told = {
        "confirmed_by": names.get(row.confirmed_by),
        "steps": [_step(tx, each, names) for each in reversed(steps)],
    }
    return orjson.dumps({**head(tx, row, parts), **told})


def unsettled(tx: Tx, side: str, listing: Listing) -> bytes:
    """A page of what somebody still has to act on, oldest first. Raises BadCursor.

    A child whom a lock keeps from the caller is not on it, so a page may hold fewer than were asked for.
    """
    by = tx.by
    scope = f"passport-transfers|{by.organisation}|{by.function}|{side}"
    after = listing.cursors.open(scope, listing.cursor) if listing.cursor else ""
    asked = {"organisation": by.organisation, "today": tx.today, "after": after, "limit": listing.limit + 1}
    rows = tx.all(queries.UNSETTLED[side], asked)
    shown = rows[: listing.limit]
    more = listing.cursors.seal(scope, shown[-1].id) if len(rows) > listing.limit else None
    found = ((each, parts_of(by, each)) for each in shown)
    items = [head(tx, each, parts) for each, parts in found if parts and not shut_out(_view(tx, each, parts))]
    return orjson.dumps({"items": items, "next_cursor": more})


def of_child(tx: Tx, directory: Directory, child_id: str, listing: Listing) -> bytes:
    """Every transfer of a passport, oldest first: all of them for the placing side, for others those they have part in.

    Raises NotYours, PassportNotHandedOver, ChildRestricted, BadCursor.
    """
    standing = stand(tx, directory, child_id)
    check_lock(tx, standing)
    by = tx.by
    scope = f"passport-transfers|{by.organisation}|{by.function}|{standing.shown_id}"
    after = listing.cursors.open(scope, listing.cursor) if listing.cursor else ""
    asked = {"ids": list(standing.records), "organisation": by.organisation, "today": tx.today, "after": after}
    rows = tx.all(queries.OF_CHILD, {**asked, "limit": listing.limit + 1})
    shown = rows[: listing.limit]
    more = listing.cursors.seal(scope, shown[-1].id) if len(rows) > listing.limit else None
    whole = standing.right.side == PLACING
    found = [(each, parts_of(by, each)) for each in shown]
    items = [head(tx, each, parts) for each, parts in found if parts or whole]
    return orjson.dumps({"items": items, "next_cursor": more})


def check_lock(tx: Tx, standing: Standing) -> None:
    """Insist that no lock keeps the caller out of what is known of a passport's way. Raises ChildRestricted."""
    if shut_out(current().view(tx.by.function, standing.right.side, ACTIVE, standing.restrictions)):
        raise ChildRestricted


def _view(tx: Tx, row: Row[Any], parts: Collection[str]) -> View:
    """What a party to a transfer is shown of the child in a placement: the id is told by that, and a lock holds."""
    side = PLACING if not parts or PLACING_SIDE in parts else HOST
    return current().view(tx.by.function, side, ACTIVE, restrictions_for(row.restrictions, tx.by.practitioner_id))


def head(tx: Tx, row: Row[Any], parts: frozenset[str]) -> dict[str, Any]:
    """What a transfer says in the clear, and what the caller may do about it now."""
    rules = current().passport_transfers
    decline = rules.declines.get(row.decline_reason or "")
    over = row.reads_until is not None and row.reads_until < tx.at
    early = rules.reads(row.state, row.urgency, over)
    reads = parts != {NEW_TEAM} or row.state == ACCEPTED or early
    return {
        "transfer_id": row.id,
        "child_id": row.shown_id if reads and shows_child_id(_view(tx, row, parts)) else None,
        "placement_id": row.placement_id if row.opened_by == MOVE or parts != {NEW_TEAM} else None,
        "previous_transfer_id": row.previous_id if parts != {NEW_TEAM} else None,
        "opened_by": row.opened_by,
        "urgency": row.urgency,
        "state": row.state,
        "state_means": rules.states[row.state].title,
        "waits_for": row.waits_for,
        "due_at": row.due_at,
        "overdue": row.due_at is not None and row.due_at < tx.at,
        "placing_authority": row.authority_code,
        "from_organisation": row.from_organisation_code,
        "to_organisation": row.to_organisation_code,
        "commissioning": _commissioning(row),
        "decline_reason": row.decline_reason,
        "todo": decline.todo if decline and row.state == "declined" else None,
        "offered_at": row.offered_at,
        "decided_at": row.decided_at,
        "confirm_by": row.confirm_by,
        "confirmed_at": row.confirmed_at,
        "confirmed_version": row.confirmed_version,
        "confirm_overdue": not row.settled and row.confirmed_at is None and row.confirm_by < tx.at,
        "your_parts": sorted(parts),
        "may_do": may_do(rules, row, parts) if row.child_state == "active" else [],
    }


def _commissioning(row: Row[Any]) -> dict[str, str | None]:
    return {
        "originating_icb": row.originating_code,
        "outgoing_icb": row.from_organisation_code,
        "host_icb": row.to_organisation_code,
        "responsible_commissioner": row.commissioner_code,
        "basis": row.commissioner_basis,
        "without_prejudice_provider": row.provider_code,
    }


def _step(tx: Tx, row: Row[Any], names: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "act": row.act,
        "at": row.at,
        "organisation": row.organisation_code,
        "function": row.function,
        "by": names.get(row.practitioner_id),
        "words": _words(tx, row),
    }


def _words(tx: Tx, row: Row[Any]) -> dict[str, Any] | None:
    """What was written with a step; None where it has been erased."""
    if row.wrapped is None:
        return None
    key = tx.vault.unwrap(row.wrapped, row.master_key_id, row.child_id, row.organisation_code)
    words: dict[str, Any] = orjson.loads(tx.vault.unseal(key, f"{row.id}|step", row.sealed))
    return words
