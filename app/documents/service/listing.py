"""The documents of a placement, line by line: expected, uploaded, who has had which version."""

from collections.abc import Iterable, Mapping
from typing import Any

import orjson
from sqlalchemy import Row

from app.access.disclosure import shows_child_id
from app.access.people import Person, people
from app.children.restrictions import restrictions_for
from app.children.service import reading
from app.children.service.listing import Listing
from app.children.service.seeing import Sight, see
from app.documents import queries
from app.documents.service.keeping import CHILD, about, facts_of
from app.documents.service.opening import Listed, among, listed, may_keep, opens
from app.kit.ids import is_id
from app.placements import queries as placement_queries
from app.placements.policy import follows
from app.rules.documents import SECTION
from app.rules.edition import edition
from app.work.tx import Tx

Party = tuple[str, str]
"""Organisation and function."""

Receipts = Mapping[str, list[Row[Any]]]


def of_placement(tx: Tx, placement_id: str) -> bytes:
    """Every document the placement lists, as the caller may know it, leaving a trace. Raises as ``listed`` does."""
    found = listed(tx, placement_id)
    row = found.standing.row
    ids = sorted({line["document_id"] for line, _ in found.lines if is_id("doc", line.get("document_id", ""))})
    named, keys = among(tx, found, ids)
    open_to_me = {each for each, document in named.items() if opens(tx, found, *_types(found, each), document.type)}
    whole = follows(tx.by, found.standing.side, row.organisation_code, found.view)
    receipts = _receipts(tx, open_to_me)
    names = people(tx, (each.opened_by for rows in receipts.values() for each in rows))
    told = _told(tx, row) if whole else ()
    mine, items = [(tx.by.organisation, str(tx.by.function))], []
    for line, seen in found.lines:
        item = _line(line, seen, tx.today)
        document = named.get(line.get("document_id", ""))
        if document is not None and document.id in open_to_me:
            parties = _parties(found, told, {line["type"], document.type}) if whole else mine
            item |= _uploaded(tx, keys[document.child_id], document, receipts.get(document.id, []), parties, names)
        elif "document_id" in line:
            item |= {"state": "uploaded" if document is not None and document.version else "awaited"}
        items.append(item)
    see(tx, Sight(row.child_id, row.id, None, row.version, (SECTION,), found.standing.why), row)
    child_id = row.shown_id if shows_child_id(found.view) else None
    return orjson.dumps({"placement_id": row.id, "child_id": child_id, "items": items})


def of_child(tx: Tx, child_id: str, at: Listing) -> bytes:
    """A page of the documents an authority keeps of its own child, oldest first, leaving a trace."""
    child = reading.find(tx, child_id)
    records = reading.family(tx, child)
    keys = {each.id: reading.key_of(tx, each) for each in records}
    scope = f"documents|{tx.by.organisation}|{child.id}"
    after = at.cursors.open(scope, at.cursor) if at.cursor else ""
    values = {"records": [*keys], "organisation": child.organisation_code, "after": after, "limit": at.limit + 1}
    rows = tx.all(queries.KEPT, values)
    shown = [row for row in rows[: at.limit] if row.owner_kind == CHILD and may_keep(tx, child, row.type)]
    receipts = _receipts(tx, [row.id for row in shown])
    names = people(tx, (each.opened_by for rows in receipts.values() for each in rows))
    items = [_kept(tx, keys[row.child_id], row, receipts.get(row.id, []), names) for row in shown]
    more = at.cursors.seal(scope, rows[at.limit - 1].id) if len(rows) > at.limit else None
    reading.leave_trace(tx, records, [SECTION])
    return orjson.dumps({"items": items, "next_cursor": more})


def _types(found: Listed, document_id: str) -> set[str]:
    return {line["type"] for line, _ in found.lines if line.get("document_id") == document_id}


def _receipts(tx: Tx, ids: Iterable[str]) -> Receipts:
    wanted = sorted(ids)
    by_document: dict[str, list[Row[Any]]] = {each: [] for each in wanted}
    for row in tx.all(queries.RECEIPTS, {"ids": wanted}) if wanted else ():
        by_document[row.document_id].append(row)
    return by_document


def _line(line: Mapping[str, Any], seen: Mapping[str, Any], today: str) -> dict[str, Any]:
    """One line of the section: its words as far as the view lets them through, and how it stands."""
    expected = line.get("expected_on")
    states = ((name, name in line) for name in ("not_held", "given_otherwise_on"))
    other = next((name.removesuffix("_on") for name, so in states if so), "expected")
    return {
        "type": line["type"],
        "title": seen.get("title"),
        "dated_on": seen.get("dated_on"),
        "expected_on": seen.get("expected_on"),
        "state": other,
        "overdue": "document_id" not in line and other == "expected" and expected is not None and expected < today,
        "document_id": None,
        "you_may_open": False,
        "latest": None,
        "receipts": [],
    }


def _uploaded(
    tx: Tx,
    key: bytes,
    document: Row[Any],
    receipts: list[Row[Any]],
    parties: Iterable[Party],
    names: Mapping[str, Person],
) -> dict[str, Any]:
    has = document.version > 0
    return {
        "state": "uploaded" if has else "awaited",
        "document_id": document.id,
        "you_may_open": has,
        "latest": facts_of(tx.vault, key, document) if has else None,
        "receipts": _states(document.version, receipts, parties, names) if has else [],
    }


def _states(
    latest: int, receipts: list[Row[Any]], parties: Iterable[Party], names: Mapping[str, Person]
) -> list[dict[str, Any]]:
    """For each party, each version it has had, and the latest whether it has or not."""
    told = []
    for party in parties:
        had = {each.number: each for each in receipts if (each.organisation_code, each.function) == party}
        told += [_state(party, number, had.get(number), names) for number in sorted({*had, latest})]
    return told


def _state(party: Party, number: int, had: Row[Any] | None, names: Mapping[str, Person]) -> dict[str, Any]:
    opened_at, retrieved_at = (had.opened_at, had.retrieved_at) if had else (None, None)
    return {
        "organisation": party[0],
        "function": party[1],
        "version": number,
        "state": "opened" if opened_at else "retrieved" if retrieved_at else "unread",
        "retrieved_at": retrieved_at,
        "opened_at": opened_at,
        "opened_by": names.get(had.opened_by) if had else None,
    }


def _told(tx: Tx, row: Row[Any]) -> list[Row[Any]]:
    """Each party still told of the placement, once."""
    every = tx.all(placement_queries.RECIPIENTS, {"placement_id": row.id})
    return list({(each.organisation_code, each.function): each for each in every if not each.access_ended_at}.values())


def _parties(found: Listed, told: Iterable[Row[Any]], types: set[str]) -> list[Party]:
    """Those of the parties told that may open it: a restriction that names people spares only them, so none here."""
    row = found.standing.row
    documents = edition(row.rules_edition).documents
    restrictions = restrictions_for(row.restrictions, None)
    return [
        (each.organisation_code, each.function)
        for each in told
        if documents.opens(types, (each.side, each.function), found.state, restrictions)
    ]


def _kept(tx: Tx, key: bytes, row: Row[Any], receipts: list[Row[Any]], names: Mapping[str, Person]) -> dict[str, Any]:
    told = about(tx.vault, key, row)
    return {
        "document_id": row.id,
        "record": row.child_id,
        "type": row.type,
        "title": told.get("title"),
        "file_name": told.get("file_name"),
        "dated_on": told.get("dated_on"),
        "announced_at": row.created_at,
        "latest": facts_of(tx.vault, key, row) if row.version else None,
        "receipts": [_state((each.organisation_code, each.function), each.number, each, names) for each in receipts],
    }
