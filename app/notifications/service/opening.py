"""Opening and retrieving: released to a named person, or only to their system. Never the same thing."""

from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Row

from app.access.disclosure import Revealed, kept_back, reveal, shows_child_id, visible
from app.access.errors import NotYours
from app.children.restrictions import restrictions_for
from app.children.service.seeing import SENDER, Sight, see
from app.notifications import queries
from app.placements.errors import AccessEnded, Erased
from app.placements.policy import side_of, state_on
from app.rules.disclosure import View
from app.rules.edition import edition
from app.vault import frame
from app.web.etag import etag, matches
from app.work.tx import Tx


@dataclass(frozen=True, slots=True)
class Opened:
    """A notification as one party sees it; ``body`` is None where the party has it already."""

    tag: str
    body: bytes | None


def look(tx: Tx, notification_id: str) -> Opened:
    """Answer a HEAD: whether it is there and unchanged. Opens nothing and leaves no trace. Raises NotYours."""
    row, side = _find(tx, notification_id)
    return Opened(_tag(tx, row, _view(tx, row, side)), None)


def open_(tx: Tx, notification_id: str, has: str | None) -> Opened:
    """Release a notification to the caller and record that. Raises NotYours, AccessEnded, Erased.

    ``has`` is the tag the caller holds already: where it still fits, nothing is released and nothing recorded.
    The entry commits before the body leaves.
    """
    row, side = _find(tx, notification_id)
    view = _view(tx, row, side)
    tag = _tag(tx, row, view)
    if matches(has, tag):
        return Opened(tag, None)
    if row.sealed is None or row.wrapped is None:
        raise Erased
    key = tx.vault.unwrap(row.wrapped, row.master_key_id, row.child_id, row.organisation_code)
    parts = frame.unpack(row.sealed)
    revealed = reveal(tx.vault, key, ((row.id, name, part) for name, part in parts.items()), view)
    _record(tx, row, tuple(revealed.sections))
    return Opened(tag, _body(tx, row, side, view, revealed))


def _find(tx: Tx, notification_id: str) -> tuple[Row[Any], str]:
    by = tx.by
    row = tx.one(
        queries.TO_OPEN,
        {
            "notification_id": notification_id,
            "organisation": by.organisation,
            "function": by.function,
            "practitioner_id": by.practitioner_id,
        },
    )
    if row is None:
        raise NotYours
    side = row.side or side_of(by, row.organisation_code)
    if side is None:
        raise NotYours
    if row.access_ended_at is not None:
        raise AccessEnded
    return row, side


def _view(tx: Tx, row: Row[Any], side: str) -> View:
    restrictions = restrictions_for(row.restrictions, tx.by.practitioner_id)
    return edition(row.rules_edition).view(tx.by.function, side, _state(tx, row), restrictions)


def _state(tx: Tx, row: Row[Any]) -> str:
    return state_on(row.state, row.ended_on, tx.today)


def _tag(tx: Tx, row: Row[Any], view: View) -> str:
    return etag(row.id, tx.by.organisation, tx.by.function, _state(tx, row), row.acknowledged_at, view.fingerprint)


def _record(tx: Tx, row: Row[Any], sections: tuple[str, ...]) -> None:
    sight = Sight(row.child_id, row.placement_id, row.id, row.version, sections, row.rule or SENDER)
    entry_id = see(tx, sight, row)
    if entry_id and row.recipient_id is not None:
        _mark(tx, row, entry_id)


def _mark(tx: Tx, row: Row[Any], entry_id: str) -> None:
    named = tx.by.practitioner_id is not None
    first = row.opened_at is None if named else row.retrieved_at is None
    if not first:
        return
    if named:
        tx.change(queries.MARK_OPENED, {"b_id": row.recipient_id, "b_at": tx.at, "b_by": tx.by.practitioner_id})
    else:
        tx.change(queries.MARK_RETRIEVED, {"b_id": row.recipient_id, "b_at": tx.at})
    tx.publish(
        "notification.opened" if named else "notification.retrieved",
        row.organisation_code,
        row.function,
        entry_id,
        notification_id=row.id,
        placement_id=row.placement_id,
        recipient_id=row.recipient_id,
    )


def _body(tx: Tx, row: Row[Any], side: str, view: View, revealed: Revealed) -> bytes:
    head = {
        "id": row.id,
        "kind": row.kind,
        "occasion": row.occasion,
        "urgency": row.urgency,
        "reason": row.reason,
        "placement_id": row.placement_id,
        "child_id": row.shown_id if shows_child_id(view) else None,
        "version": row.version,
        "state": _state(tx, row),
        "sent_at": row.sent_at,
        "sent_by": {"organisation": row.organisation_code, "function": row.function},
        "your_side": side,
        "why_you": edition(row.rules_edition).why(row.rule),
        "rule": row.rule,
        "acknowledge_by": row.acknowledge_by,
        "acknowledged_at": row.acknowledged_at,
        "rules_edition": row.rules_edition,
        "changes": [pointer for pointer in orjson.loads(row.changes) if visible(view, pointer)],
        "fields_withheld": kept_back(view),
        "sections_shared": list(revealed.sections),
        "sections_withheld": [{"section": name, "reason": reason} for name, reason in revealed.withheld.items()],
    }
    return orjson.dumps(head)[:-1] + b',"sections":' + revealed.to_json() + b"}"
