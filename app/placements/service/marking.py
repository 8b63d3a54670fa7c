"""Marking: somebody whose duty it is says, by name, that what a clock waits for was done."""

from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Row

from app.access.errors import NotYours
from app.children.restrictions import restrictions_for
from app.kit.clock import utc_text
from app.kit.errors import Fault
from app.kit.ids import new_id
from app.ledger.actions import Action
from app.placements import queries
from app.placements.changes import MARK_CLOCK
from app.placements.errors import ClockNotMarked, ClockStopped
from app.placements.models import clock_marks
from app.placements.policy import follows, is_sender, sees_clock, state_on
from app.placements.service.standing import Standing, stand
from app.rules.edition import current, edition
from app.rules.rows import ClockRow
from app.rules.words import OWNERS
from app.rules.working_time import day_ends, london_day
from app.security.errors import FunctionRefused
from app.web.errors import InvalidDocument
from app.work.once import Reply
from app.work.tx import Tx

_BY_MARK = "mark"


def mark(tx: Tx, placement_id: str, code: str, document: dict[str, Any]) -> Reply:
    """Record that it is done; one that repeats starts again from then. Marked when it is met, nothing changes.

    Raises NotYours, AccessEnded, FunctionRefused, ClockNotMarked, ClockStopped, InvalidDocument.
    """
    standing = stand(tx, queries.STANDING, placement_id)
    rules = edition(standing.row.rules_edition)
    # A clock that began again left its earlier turns behind: it is the last that runs.
    clock = {row.code: row for row in tx.all(queries.CLOCKS_OF, {"placement_id": placement_id})}.get(code)
    rule = next((row for held in (rules, current()) for row in held.clocks if row.code == code), None)
    if clock is None or rule is None or not _sees(tx, standing, clock, rule):
        raise NotYours
    _check_owner(tx, standing, clock)
    if rule.met_by != _BY_MARK:
        raise ClockNotMarked
    if clock.met_at is not None:
        return _reply(clock.code, clock.starts_at, clock.due_at, clock.met_at, clock.marked_at)
    if clock.stopped_at is not None:
        raise ClockStopped
    return _mark(tx, standing, clock, rule, _done(tx, clock, document.get("done_on")))


def _sees(tx: Tx, standing: Standing, clock: Row[Any], rule: ClockRow) -> bool:
    row, by = standing.row, tx.by
    restrictions = restrictions_for(row.restrictions, by.practitioner_id)
    state = state_on(row.state, row.ended_on, tx.today)
    view = edition(row.rules_edition).view(by.function, standing.side, state, restrictions)
    if follows(by, standing.side, row.organisation_code, view):
        return True
    return sees_clock((standing.side, by.function), view, rule.starts, clock.owner)


def _check_owner(tx: Tx, standing: Standing, clock: Row[Any]) -> None:
    """Whose duty it is says that it is done; for the placing side also who answers when the office is closed."""
    side, function = OWNERS[clock.owner]
    mine = (side, function) == (standing.side, tx.by.function)
    covers = side == standing.side and function == "social_care" and is_sender(tx.by, standing.row.organisation_code)
    if not (mine or covers):
        raise FunctionRefused(f"This clock is of {function}, on the {side} side.")


def _done(tx: Tx, clock: Row[Any], done_on: str | None) -> datetime:
    """The moment it counts as done: now, or the end of a day since the clock started, never one to come."""
    if done_on is None or done_on == tx.today:
        return tx.now
    day = datetime.fromisoformat(done_on).date()
    started = london_day(datetime.fromisoformat(clock.starts_at))
    if not started <= day < london_day(tx.now):
        message = "It is done on a day since the clock started, not later than today."
        raise InvalidDocument(faults=[Fault("/done_on", "day_out_of_range", message)])
    return day_ends(day)


def _mark(tx: Tx, standing: Standing, clock: Row[Any], rule: ClockRow, done: datetime) -> Reply:
    met_at: str | None = utc_text(done)
    starts_at, due_at = clock.starts_at, clock.due_at
    if rule.repeats:
        met_at, starts_at, due_at = None, utc_text(done), utc_text(rule.length.after(done))
    values = {"b_id": clock.id, "b_was": clock.due_at, "b_starts_at": starts_at, "b_due_at": due_at, "b_met_at": met_at}
    tx.change(MARK_CLOCK, {**values, "b_at": tx.at, "b_by": tx.by.practitioner_id})
    entry_id = tx.record(
        Action.CLOCK_MARKED,
        {"placement": standing.row.id, "child": standing.row.child_id},
        clock=clock.code,
        due=clock.due_at,
        done=utc_text(done),
        late=clock.due_at < utc_text(done),
        next_due=due_at if rule.repeats else None,
    )
    tx.add(clock_marks, _row(tx, standing, clock, utc_text(done), entry_id))
    return _reply(clock.code, starts_at, due_at, met_at, tx.at)


def _row(tx: Tx, standing: Standing, clock: Row[Any], done_at: str, entry_id: str) -> dict[str, Any]:
    return {
        "id": new_id("mrk"),
        "clock_id": clock.id,
        "placement_id": standing.row.id,
        "organisation_code": tx.by.organisation,
        "function": tx.by.function,
        "practitioner_id": tx.by.practitioner_id,
        "code": clock.code,
        "due_at": clock.due_at,
        "done_at": done_at,
        "at": tx.at,
        "entry_id": entry_id,
    }


def _reply(code: str, starts_at: str, due_at: str, met_at: str | None, marked_at: str | None) -> Reply:
    told = {"code": code, "starts_at": starts_at, "due": due_at, "met_at": met_at, "marked_at": marked_at}
    return Reply(201, orjson.dumps(told))
