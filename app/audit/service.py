"""The account of a child: every opening and retrieving, by whom, for whom, when and why."""

from collections.abc import Mapping
from typing import Any

import orjson
from sqlalchemy import Row

from app.access.disclosure import in_order
from app.access.errors import NotYours
from app.access.people import Person, people
from app.audit import queries
from app.audit.policy import may_read_account
from app.audit.wording import Account, because, sentence
from app.ledger.actions import Action
from app.organisations.directory import Directory
from app.rules.edition import current, edition
from app.web.paging import Cursors
from app.work.tx import Tx

_LATEST = "~"
"""Sorts after every id: the start of a list that is read from the newest."""


def disclosures(tx: Tx, directory: Directory, cursors: Cursors, child_id: str, cursor: str | None, limit: int) -> bytes:
    """A page of the account as JSON, newest first; reading it leaves an entry. Raises NotYours, BadCursor.

    It is read from what was recorded at the time, so nothing done later makes it shorter: no recall, no
    withdrawal, and not the erasure of what was seen.
    """
    by = tx.by
    row = tx.one(queries.STANDING, {"child_id": child_id, "organisation": by.organisation, "function": by.function})
    if row is None or not may_read_account(by, row.organisation_code, is_party=bool(row.is_party)):
        raise NotYours
    scope = f"disclosures|{by.organisation}|{by.function}|{child_id}"
    before = cursors.open(scope, cursor) if cursor else _LATEST
    asked = {"child_id": child_id, "before": before, "limit": limit + 1}
    if by.organisation == row.organisation_code:
        found = tx.all(queries.SEEN, asked)
    else:
        found = tx.all(queries.SEEN_WHERE_TOLD, {**asked, "organisation": by.organisation, "function": by.function})
    shown = found[:limit]
    names = people(tx, (each.practitioner_id for each in shown))
    more = cursors.seal(scope, shown[-1].id) if len(found) > limit else None
    tx.record(Action.DISCLOSURES_READ, {"child": child_id}, count=len(shown))
    items = [_item(each, directory, names) for each in shown]
    return orjson.dumps({"child_id": child_id, "items": items, "next_cursor": more})


def _item(row: Row[Any], directory: Directory, names: Mapping[str, Person]) -> dict[str, Any]:
    sections = in_order(orjson.loads(row.sections))
    person = names.get(row.practitioner_id)
    account = Account(
        how=row.how,
        organisation=_name(directory, row.organisation_code),
        acting=_name(directory, row.client_organisation_code),
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


def _name(directory: Directory, code: str) -> str:
    found = directory.organisation(code)
    return found.name if found else code
