"""The account of a child: every opening and retrieving, by whom, for whom, when and why."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import orjson
from sqlalchemy import Row

from app.access.disclosure import in_order, shows_child_id
from app.access.errors import NotYours
from app.access.people import Person, people
from app.audit import queries
from app.audit.policy import may_read_account
from app.audit.wording import UNNAMED, Account, because, sentence
from app.children.policy import addressable
from app.children.restrictions import restrictions_for
from app.ledger.actions import Action
from app.organisations.directory import Directory
from app.passports.policy import HOST, hides_area, reaching
from app.placements.policy import ACTIVE, PLACING, shut_out, state_on
from app.placements.queries import STANDING
from app.rules.disclosure import View
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
    row, side, view = _standing(tx, child_id)
    scope = f"disclosures|{by.organisation}|{by.function}|{row.id}"
    before = cursors.open(scope, cursor) if cursor else _LATEST
    ids = [row.id, *(each.id for each in tx.all(queries.MERGED, {"child_id": row.id}))]
    asked = {"ids": ids, "before": before, "limit": limit + 1}
    if by.organisation == row.organisation_code:
        found = tx.all(queries.SEEN, asked)
    else:
        found = tx.all(queries.SEEN_WHERE_TOLD, {**asked, "organisation": by.organisation, "function": by.function})
    items, more = _page(tx, directory, found, limit, _may_name(tx, directory, row, side, view))
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
    side, state = row.side or PLACING, state_on(row.state, row.ended_on, tx.today)
    restrictions = restrictions_for(row.restrictions, by.practitioner_id)
    view = edition(row.rules_edition).view(by.function, side, state, restrictions)
    items, more = _page(tx, directory, found, limit, _may_name(tx, directory, row, side, view))
    tx.record(Action.DISCLOSURES_READ, {"placement": row.id, "child": row.child_id}, count=len(items))
    child_id = row.shown_id if shows_child_id(view) else None
    return _answer(child_id, items, cursors.seal(scope, more) if more else None)


def _standing(tx: Tx, child_id: str) -> tuple[Row[Any], str, View]:
    """The kept record, the side and the view of whoever may ask for its account by the child's id. Raises NotYours."""
    by = tx.by
    asked = {"child_id": child_id, "organisation": by.organisation, "function": by.function, "today": tx.today}
    row = tx.one(queries.STANDING, asked)
    if row is None or not may_read_account(by, row.organisation_code, is_party=bool(row.is_party)):
        raise NotYours
    side = PLACING if by.organisation == row.organisation_code else HOST
    view = current().view(by.function, side, ACTIVE, restrictions_for(row.restrictions, by.practitioner_id))
    if not addressable(view):
        raise NotYours
    return row, side, view


def _may_name(tx: Tx, directory: Directory, row: Row[Any], side: str, view: View) -> Callable[[str], bool]:
    """Whether an organisation that has seen something may be named: the home, a school or a practice says the place."""
    restrictions = restrictions_for(row.restrictions, tx.by.practitioner_id)
    reached = reaching(current().passports.restrictions, f"{side}.{tx.by.function}", restrictions)
    if not hides_area(reached) and not shut_out(view):
        return lambda _organisation: True
    health = directory.health_bodies(row.organisation_code, tx.today)
    own = {row.organisation_code, tx.by.organisation, *(each.code for each in health if each.is_default)}
    return own.__contains__


def _page(
    tx: Tx, directory: Directory, found: Sequence[Row[Any]], limit: int, may_name: Callable[[str], bool]
) -> tuple[list[dict[str, Any]], str | None]:
    shown = found[:limit]
    names = people(tx, (each.practitioner_id for each in shown))
    items = [_item(each, directory, names, may_name) for each in shown]
    return items, shown[-1].id if len(found) > limit else None


def _answer(child_id: str | None, items: list[dict[str, Any]], more: str | None) -> bytes:
    return orjson.dumps({"child_id": child_id, "items": items, "next_cursor": more})


def _item(
    row: Row[Any], directory: Directory, names: Mapping[str, Person], may_name: Callable[[str], bool]
) -> dict[str, Any]:
    sections = in_order(orjson.loads(row.sections))
    named = may_name(row.organisation_code) and may_name(row.client_organisation_code)
    organisation = _body(directory, row.organisation_code, named)
    acting = _body(directory, row.client_organisation_code, named)
    person = names.get(row.practitioner_id) if named else None
    account = Account(
        how=row.how,
        organisation=organisation["name"] if organisation else UNNAMED,
        acting=acting["name"] if acting else UNNAMED,
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
        "organisation": organisation,
        "acting_organisation": acting,
        "function": row.function,
        "practitioner": person,
        "why": row.why,
        "because": account.because,
        "purpose": row.purpose,
        "entry_id": row.entry_id,
        "sentence": sentence(account),
    }


def _body(directory: Directory, code: str, named: bool) -> dict[str, str] | None:
    return {"code": code, "name": directory.name_of(code)} if named else None
