"""What an authority that took over a child reads of the time before, by transfer.toml, and never without a trace."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import orjson
from sqlalchemy import Row

from app.access.disclosure import Revealed, in_order, kept_back, reveal
from app.access.errors import NotYours
from app.children.models import openings
from app.children.restrictions import restrictions_for
from app.children.service.listing import Listing
from app.children.service.reading import records_of
from app.children.service.seeing import OPENED, Sight, how, opening
from app.kit.ids import is_id
from app.ledger.actions import Action
from app.lives import queries
from app.lives.errors import OnlySomeTeamsList
from app.lives.policy import ACCEPTED
from app.lives.service.placements_of import placement_line
from app.lives.service.transfers import find_transfer
from app.placements.errors import Erased
from app.placements.policy import ACTIVE, PLACING, state_on
from app.rules.disclosure import Restrictions, View
from app.rules.edition import current, edition
from app.vault import frame
from app.work.tx import Tx

WHY = "responsibility_transfer"
"""Why words of the time before were seen."""

_THEIR_IDS: Mapping[str, frozenset[str]] = {
    "child": frozenset({"child_id"}),
    "documents": frozenset({"items.document_id"}),
    "voice": frozenset({"contribution"}),
}
_NOT_HANDED_ON = "not_needed_for_this_work"


def history(tx: Tx, transfer_id: str, listing: Listing) -> bytes:
    """The placements of the time before, oldest first; no words of any. Raises NotYours, OnlySomeTeamsList."""
    row = _taken_over(tx, transfer_id)
    former = records_of(tx, row.child_id, row.organisation_code)
    scope = f"history|{tx.by.organisation}|{tx.by.function}|{row.id}"
    after = listing.cursors.open(scope, listing.cursor) if listing.cursor else ""
    asked = {"ids": [each.id for each in former], "until": row.answered_at, "after": after, "limit": listing.limit + 1}
    found = tx.all(queries.HISTORY, asked)
    shown = found[: listing.limit]
    more = listing.cursors.seal(scope, shown[-1].id) if len(found) > listing.limit else None
    tx.record(Action.PLACEMENT_RETRIEVED, {"transfer": row.id}, why=WHY, count=len(shown))
    view = current().view(tx.by.function, PLACING, ACTIVE, _restrictions(tx, row, former[0]))
    return orjson.dumps({"items": [placement_line(tx, each, view) for each in shown], "next_cursor": more})


def former_placement(tx: Tx, transfer_id: str, placement_id: str) -> bytes:
    """The words of one earlier placement, as far as they are handed on. Raises NotYours, OnlySomeTeamsList, Erased."""
    row = _taken_over(tx, transfer_id)
    former = {each.id: each for each in records_of(tx, row.child_id, row.organisation_code)}
    asked = {"placement_id": placement_id, "ids": [*former], "until": row.answered_at}
    placed = tx.one(queries.FORMER_PLACEMENT, asked) if is_id("plc", placement_id) else None
    if placed is None:
        raise NotYours
    record = former[placed.child_id]
    if record.wrapped is None:
        raise Erased
    key = tx.vault.unwrap(record.wrapped, record.master_key_id, record.id, row.organisation_code)
    view = _view(tx, row, placed, record)
    where: Mapping[str, list[Any]] = orjson.loads(placed.sections)
    revealed = _reveal(tx, key, where, view)
    _leave_trace(tx, row, placed, revealed)
    return _body(tx, row, placed, view, revealed)


def _taken_over(tx: Tx, transfer_id: str) -> Row[Any]:
    row = find_transfer(tx, transfer_id)
    if row.state != ACCEPTED or row.to_organisation_code != tx.by.organisation:
        raise NotYours
    if not current().handed_on(tx.by.function):
        raise OnlySomeTeamsList
    return row


def _view(tx: Tx, row: Row[Any], placed: Row[Any], record: Row[Any]) -> View:
    """As the placing side of an ended placement, under the restrictions of both authorities, and the table's share."""
    restrictions = _restrictions(tx, row, record)
    state = state_on(placed.state, placed.ended_on, tx.today)
    view = edition(placed.rules_edition).view(tx.by.function, PLACING, state, restrictions)
    handed_on = current().handed_on(tx.by.function)
    shared = {name: fields for name, fields in view.shared.items() if name in handed_on}
    kept = {name: _NOT_HANDED_ON for name in view.shared if name not in handed_on}
    removed = {name: fields for name, fields in view.removed.items() if name in shared}
    return replace(view, shared=shared, removed=removed, withheld={**kept, **view.withheld})


def _restrictions(tx: Tx, row: Row[Any], record: Row[Any]) -> Restrictions:
    named = tx.by.practitioner_id
    return restrictions_for(record.restrictions, named) + restrictions_for(row.new_restrictions, named)


def _reveal(tx: Tx, key: bytes, where: Mapping[str, list[Any]], view: View) -> Revealed:
    """The words; never the former authority's ids of the child and its documents, which are not handed on."""
    places = {name: place[0] for name, place in where.items() if name in view.shared}
    held = tx.all(queries.FRAMES, {"ids": sorted(set(places.values()))}) if places else ()
    frames = {each.id: frame.unpack(each.sealed) for each in held if each.sealed}
    parts = [(each, name, frames[each][name]) for name, each in places.items() if each in frames]
    removed = {name: view.removed.get(name, frozenset()) | ids for name, ids in _THEIR_IDS.items()}
    return reveal(tx.vault, key, parts, replace(view, removed={**view.removed, **removed}))


def _leave_trace(tx: Tx, row: Row[Any], placed: Row[Any], revealed: Revealed) -> None:
    action = Action.PLACEMENT_OPENED if how(tx) == OPENED else Action.PLACEMENT_RETRIEVED
    sections = tuple(revealed.sections)
    subject = {"placement": placed.id, "transfer": row.id}
    entry_id = tx.record(action, subject, sections=list(sections), version=placed.version, why=WHY)
    tx.add(openings, opening(tx, Sight(placed.child_id, placed.id, None, placed.version, sections, WHY), entry_id))


def _body(tx: Tx, row: Row[Any], placed: Row[Any], view: View, revealed: Revealed) -> bytes:
    withheld = {**view.withheld, **revealed.withheld}
    head = {
        "transfer_id": row.id,
        "placement_id": placed.id,
        "placing_authority": row.organisation_code,
        "state": state_on(placed.state, placed.ended_on, tx.today),
        "started_on": placed.started_on,
        "ended_on": placed.ended_on,
        "sections_shared": list(revealed.sections),
        "sections_withheld": [{"section": name, "reason": withheld[name]} for name in in_order(withheld)],
        "fields_withheld": kept_back(view),
    }
    return orjson.dumps(head)[:-1] + b',"sections":' + revealed.to_json() + b"}"
