"""The account of a child: every opening and retrieving, by whom, for whom, when and why."""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from sqlalchemy import Row

from app.access.disclosure import in_order, shows_child_id
from app.access.errors import NotYours
from app.access.people import Person, people
from app.audit import queries
from app.audit.policy import may_read_account
from app.audit.wording import Account, because, sentence
from app.children.policy import addressable
from app.children.restrictions import restrictions_for
from app.ledger.actions import Action
from app.organisations.directory import Directory
from app.placements.policy import state_on
from app.placements.queries import STANDING
from app.rules.edition import current, edition
from app.web.paging import Cursors
from app.work.tx import Tx

_LATEST = "~"
"""Sorts after every id: the start of a list that is read from the newest."""


def disclosures(tx: Tx, directory: Directory, cursors: Cursors, child_id: str, cursor: str | None, limit: int) -> bytes:
    """A page of the account as JSON, newest first; reading it leaves an entry. Raises NotYours, BadCursor.

    A guardian asks by the child's id while a placement goes on, and by the placement at any time.
    It is read from what was recorded at the time, so nothing done later makes it shorter: no recall, no
    withdrawal, and not the erasure of what was seen.
    """
    by = tx.by
    row = _standing(tx, child_id)
    scope = f"disclosures|{by.organisation}|{by.function}|{row.id}"
    before = cursors.open(scope, cursor) if cursor else _LATEST
    ids = [row.id, *(each.id for each in tx.all(queries.MERGED, {"child_id": row.id}))]
    asked = {"ids": ids, "before": before, "limit": limit + 1}
    if by.organisation == row.organisation_code:
        found = tx.all(queries.SEEN, asked)
    else:
        found = tx.all(queries.SEEN_WHERE_TOLD, {**asked, "organisation": by.organisation, "function": by.function})
    items, more = _page(tx, directory, found, limit)
    tx.record(Action.DISCLOSURES_READ, {"child": row.id}, count=len(items))
    return _answer(row.id, items, cursors.seal(scope, more) if more else None)


def disclosures_of_placement(
    tx: Tx, directory: Directory, cursors: Cursors, placement_id: str, cursor: str | None, limit: int
) -> bytes:
    """The same of one placement, for who may not know the child by its id. Raises what ``disclosures`` raises."""
    by = tx.by
    row = tx.one(STANDING, {"placement_id": placement_id, "organisation": by.organisation, "function": by.function})
    told = row is not None and row.side is not None and row.access_ended_at is None
    if row is None or not may_read_account(by, row.organisation_code, is_party=told):
        raise NotYours
    scope = f"disclosures|{by.organisation}|{by.function}|{row.id}"
    before = cursors.open(scope, cursor) if cursor else _LATEST
    found = tx.all(queries.SEEN_OF_PLACEMENT, {"placement_id": row.id, "before": before, "limit": limit + 1})
    items, more = _page(tx, directory, found, limit)
    tx.record(Action.DISCLOSURES_READ, {"placement": row.id, "child": row.child_id}, count=len(items))
    state = state_on(row.state, row.ended_on, tx.today)
    restrictions = restrictions_for(row.restrictions, by.practitioner_id)
    view = edition(row.rules_edition).view(by.function, row.side or "placing", state, restrictions)
    child_id = row.shown_id if shows_child_id(view) else None
    return _answer(child_id, items, cursors.seal(scope, more) if more else None)


def _standing(tx: Tx, child_id: str) -> Row[Any]:
    """The kept record, for whoever may ask for its account by the child's id. Raises NotYours."""
    by = tx.by
    asked = {"child_id": child_id, "organisation": by.organisation, "function": by.function, "today": tx.today}
    row = tx.one(queries.STANDING, asked)
    if row is None or not may_read_account(by, row.organisation_code, is_party=bool(row.is_party)):
        raise NotYours
    side = "placing" if by.organisation == row.organisation_code else "host"
    view = current().view(by.function, side, "active", restrictions_for(row.restrictions, by.practitioner_id))
    if not addressable(view):
        raise NotYours
    return row


def _page(
    tx: Tx, directory: Directory, found: Sequence[Row[Any]], limit: int
) -> tuple[list[dict[str, Any]], str | None]:
    shown = found[:limit]
    names = people(tx, (each.practitioner_id for each in shown))
    return [_item(each, directory, names) for each in shown], shown[-1].id if len(found) > limit else None


def _answer(child_id: str | None, items: list[dict[str, Any]], more: str | None) -> bytes:
    return orjson.dumps({"child_id": child_id, "items": items, "next_cursor": more})


def _item(row: Row[Any], directory: Directory, names: Mapping[str, Person]) -> dict[str, Any]:
    sections = in_order(orjson.loads(row.sections))
    person = names.get(row.practitioner_id)
    account = Account(
        how=row.how,
        organisation=directory.name_of(row.organisation_code),
        acting=directory.name_of(row.client_organisation_code),
        function=row.function,
        name=person["name"] if person else None,
        role=person["role"] if person else None,
        because=because(row.why, edition(row.rules_edition) if row.rules_edition else current()),
        sections=tuple(sections),
    )
    return {
        "id": row.id,
        "at": row.at,
        "how": row.how,
        "placement_id": row.placement_id,
        "notification_id": row.notification_id,
        "version": row.version,
        "sections": sections,
        "organisation": {"code": row.organisation_code, "name": account.organisation},
        "acting_organisation": {"code": row.client_organisation_code, "name": account.acting},
        "function": row.function,
        "practitioner": person,
        "why": row.why,
        "because": account.because,
        "purpose": row.purpose,
        "entry_id": row.entry_id,
        "sentence": sentence(account),
    }
