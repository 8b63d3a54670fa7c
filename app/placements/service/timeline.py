"""The timeline: what happened around a placement, oldest first, as one party may know it. No words of it."""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from sqlalchemy import Row

from app.access.people import Person, people
from app.children.restrictions import restrictions_for
from app.placements import queries, timeline_queries
from app.placements.policy import follows, sees_clock, state_on
from app.placements.service.standing import Standing, stand
from app.rules.disclosure import View
from app.rules.edition import current, edition
from app.rules.rows import ClockRow
from app.web.paging import Cursors
from app.work.tx import Tx

_PREFIXES = ("ntf", "opn", "ack", "rcl", "mrk", "cnf", "cor")
_DECLINED = "declined"
_DONE = "done"


def timeline(tx: Tx, cursors: Cursors, placement_id: str, cursor: str | None, limit: int) -> bytes:
    """A page of events as JSON. Raises NotYours, AccessEnded, BadCursor."""
    standing = stand(tx, queries.STANDING, placement_id)
    by = tx.by
    scope = f"timeline|{by.organisation}|{by.function}|{placement_id}"
    after = cursors.open(scope, cursor) if cursor else ""
    items, more = events(tx, standing, after, limit)
    return orjson.dumps({"items": items, "next_cursor": cursors.seal(scope, more) if more else None})


def events(tx: Tx, standing: Standing, after: str, limit: int) -> tuple[list[dict[str, Any]], str | None]:
    """Up to ``limit`` events after a place on the line, as far as the caller may know, and the place to go on from."""
    view = _view(tx, standing)
    whole = follows(tx.by, standing.side, standing.row.organisation_code, view)
    found = tx.all(timeline_queries.TIMELINE["whole" if whole else "own"], _values(tx, standing, after, limit))
    shown = found[:limit]
    told = _told(tx, shown, whole=whole)
    names = people(tx, (row.practitioner_id for row in shown))
    items = [
        _event(row, told.get(row.notification_id, ()), names)
        for row in shown
        if whole or row.what != _DONE or _knows_clock(tx, standing, view, row.code)
    ]
    return items, str(shown[-1].place) if len(found) > limit else None


def _view(tx: Tx, standing: Standing) -> View:
    row = standing.row
    restrictions = restrictions_for(row.restrictions, tx.by.practitioner_id)
    state = state_on(row.state, row.ended_on, tx.today)
    return edition(row.rules_edition).view(tx.by.function, standing.side, state, restrictions)


def _knows_clock(tx: Tx, standing: Standing, view: View, code: str) -> bool:
    """Whether a party still sees the clock that its own team marked: a lock may keep it out by now."""
    rule = _rule(standing.row.rules_edition, code)
    return rule is not None and sees_clock((standing.side, tx.by.function), view, rule.starts, rule.owner)


def _rule(version: str, code: str) -> ClockRow | None:
    return next((row for held in (edition(version), current()) for row in held.clocks if row.code == code), None)


def _values(tx: Tx, standing: Standing, after: str, limit: int) -> dict[str, Any]:
    row = standing.row
    began = row.id[4:]
    values = {
        "placement_id": row.id,
        "organisation": tx.by.organisation,
        "function": tx.by.function,
        "limit": limit + 1,
        **{f"after_{prefix}": f"{prefix}_{after}" for prefix in _PREFIXES},
    }
    # A correction is of the child, not of this placement: what was put right before it began is not shown.
    return {**values, "child_id": row.child_id, "after_cor": "cor_" + max(after, began)}


def _told(tx: Tx, shown: Sequence[Row[Any]], *, whole: bool) -> Mapping[str, Sequence[Row[Any]]]:
    """Who was told by each notification on the page; to who does not follow the whole only its own organisation."""
    ids = sorted({row.notification_id for row in shown if row.what in ("sent", "recalled")})
    told: dict[str, list[Row[Any]]] = {each: [] for each in ids}
    for row in tx.all(timeline_queries.TOLD, {"ids": ids}) if ids else ():
        if whole or row.organisation_code == tx.by.organisation:
            told[row.notification_id].append(row)
    return told


def _event(row: Row[Any], told: Sequence[Row[Any]], names: Mapping[str, Person]) -> dict[str, Any]:
    return {
        "at": row.at,
        "what": _what(row),
        "organisation": row.organisation_code,
        "function": row.function,
        "by": names.get(row.practitioner_id),
        "notification_id": row.notification_id,
        "kind": row.kind,
        "occasion": row.occasion,
        "version": row.version,
        "outcome": row.outcome,
        "reason": row.reason,
        "clock": row.code,
        "done_at": row.done_at,
        "names": orjson.loads(row.named) if row.named else None,
        "recipients": [
            {"organisation": each.organisation_code, "function": each.function} for each in told if _reached(row, each)
        ],
    }


def _reached(row: Row[Any], recipient: Row[Any]) -> bool:
    """Whether this event is about that recipient: told by a sending, or cut off at the moment of a recall."""
    return bool(row.what == "sent" or (row.what == "recalled" and recipient.access_ended_at == row.at))


def _what(row: Row[Any]) -> str:
    if row.what == "seen":
        return str(row.how)
    if row.what == "answered":
        return _DECLINED if row.outcome == _DECLINED else "acknowledged"
    return str(row.what)
