"""The two lists of children to watch over: in a setting of concern, and out of their area. Codes, no names."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import orjson
from sqlalchemy import Row

from app.access.disclosure import in_order, shows_child_id, visible
from app.ledger.actions import Action
from app.organisations.kinds import CODE_FORMS, Kind
from app.oversight import queries
from app.placements.errors import NoArea
from app.placements.outstanding import pointer
from app.placements.policy import sees_debt
from app.placements.service.listing import Line, record, release
from app.rules.edition import edition
from app.rules.working_time import london_day_of
from app.web.paging import Cursors
from app.work.tx import Tx

WHY = "oversight"
"""Why a child on such a list was seen: no rule told this function, its duty to oversee did."""

_HOME, _LEGAL, _DECISION = "placement", "legal", "decision"
_ORDER = ("basis", "court", "ordered_on", "expires_on", "review_on", "regulator_told_at")
_WELSH_PANEL = "welsh_panel"


@dataclass(frozen=True, slots=True)
class Asked:
    """Which of the caller's two sides, and which page."""

    side: str
    cursor: str | None
    limit: int


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a list, and the cursor to the next."""

    rows: list[dict[str, Any]]
    next_cursor: str | None


def unregistered(tx: Tx, cursors: Cursors, asked: Asked) -> Page:
    """Children in a setting that should be registered and is not, or that is unsuitable. Raises NoArea, BadCursor."""
    rows, more = _rows(tx, cursors, "unregistered", asked)
    lines = release(tx, rows, (_HOME, _LEGAL))
    _record(tx, "unregistered", asked, lines)
    return Page([_setting(tx, each) for each in lines], more)


def out_of_area(tx: Tx, cursors: Cursors, asked: Asked) -> Page:
    """Children placed out of their own authority's area. Raises NoArea, BadCursor."""
    rows, more = _rows(tx, cursors, "out_of_area", asked)
    lines = release(tx, rows, (_DECISION,))
    _record(tx, "out_of_area", asked, lines)
    return Page([_away(tx, each) for each in lines], more)


def _rows(tx: Tx, cursors: Cursors, name: str, asked: Asked) -> tuple[list[Row[Any]], str | None]:
    by = tx.by
    if not CODE_FORMS[Kind.LOCAL_AUTHORITY].pattern.fullmatch(by.organisation):
        raise NoArea
    scope = f"oversight|{name}|{by.organisation}|{by.function}|{asked.side}"
    question = {"unregistered": queries.UNREGISTERED, "out_of_area": queries.OUT_OF_AREA}[name][asked.side]
    after = cursors.open(scope, asked.cursor) if asked.cursor else ""
    values = {"organisation": by.organisation, "function": by.function, "after": after, "limit": asked.limit + 1}
    found = tx.all(question, values)
    shown = list(found[: asked.limit])
    return shown, cursors.seal(scope, shown[-1].id) if len(found) > asked.limit else None


def _record(tx: Tx, name: str, asked: Asked, lines: list[Line]) -> None:
    subject = {"organisation": tx.by.organisation}
    record(tx, Action.OVERSIGHT_READ, subject, lines, WHY, list=name, side=asked.side)


def _setting(tx: Tx, line: Line) -> dict[str, Any]:
    row, shown = line.row, visible(line.view, "/placement/registration_status")
    home = line.words.get(_HOME, {})
    unfit, interim = home.get("not_registered") or {}, home.get("interim") or {}
    order = line.words.get(_LEGAL, {}).get("deprivation_of_liberty")
    since = row.concern_since if shown else None
    return {
        **_head(line),
        "concern": row.concern if shown else None,
        "since": since,
        "days": _days(since, tx.today),
        "setting": home.get("setting"),
        "registration_status": home.get("registration_status"),
        "registration_applied_on": unfit.get("applied_on"),
        "regulator_told_at": unfit.get("regulator_told_at"),
        "court_aware": unfit.get("court_aware"),
        "has_senior_oversight": "oversight_by" in unfit if unfit else None,
        "liberty_order": {name: order.get(name) for name in _ORDER} if order else None,
        "stated_review_on": min(
            (each["next_review_on"] for each in (unfit, interim) if each.get("next_review_on")), default=None
        ),
        **_tail(tx, line, (_HOME, _LEGAL)),
    }


def _away(tx: Tx, line: Line) -> dict[str, Any]:
    row = line.row
    shown = visible(line.view, "/placement/host_area")
    return {
        **_head(line),
        "distance": row.distance if shown else None,
        "started_on": row.started_on if shown else None,
        "days_placed": _days(row.started_on, tx.today) if shown else None,
        "last_update_at": row.changed_at,
        "days_since_update": _days(london_day_of(row.changed_at), tx.today),
        "approval": _approval(line),
        **_tail(tx, line, (_DECISION,)),
    }


def _approval(line: Line) -> dict[str, Any] | None:
    """The levels at which the move was approved, and the items still owed; None where the caller may not know."""
    if not visible(line.view, "/decision/approvals"):
        return None
    decision = line.words.get(_DECISION, {})
    given = {each["approver"] for each in decision.get("approvals", ())}
    given |= {_WELSH_PANEL} if decision.get(_WELSH_PANEL) else set()
    rules = edition(line.row.rules_edition)
    owed = (rule for _, rule, _, _ in orjson.loads(line.row.outstanding) if rules.item(rule).by == "approval")
    return {"present": sorted(given), "owed": list(dict.fromkeys(owed)), "exemption": decision.get("exemption")}


def _head(line: Line) -> dict[str, Any]:
    row = line.row
    return {
        "placement_id": row.id,
        "child_id": row.shown_id if shows_child_id(line.view) else None,
        "placing_authority": row.organisation_code,
        "host_area": row.host_area if visible(line.view, "/placement/host_area") else None,
        "age_band": row.age_band,
    }


def _tail(tx: Tx, line: Line, used: Iterable[str]) -> dict[str, Any]:
    withheld = line.revealed.withheld
    return {
        "review": _review(line.row, tx.at),
        "owed": [each for each in _owed(line, tx.at) if each["item"].partition(".")[0] in used],
        "sections_withheld": [{"section": name, "reason": withheld[name]} for name in in_order(withheld)],
    }


def _owed(line: Line, now: str) -> Iterator[dict[str, Any]]:
    """What is still owed that this caller may know of."""
    rules = edition(line.row.rules_edition)
    for leaf, rule, due, _ in orjson.loads(line.row.outstanding):
        if sees_debt(line.view, pointer(leaf)):
            row = rules.item(rule)
            said = {"item": leaf, "rule": rule, "basis": row.basis, "owner": row.owner, "due": due}
            yield {**said, "overdue": due < now}


def _review(row: Row[Any], now: str) -> dict[str, Any] | None:
    """The clock of the review as it stands; None where none was started."""
    if row.due_at is None:
        return None
    overdue = row.met_at is None and row.due_at < now
    return {"due": row.due_at, "overdue": overdue, "last_done_at": row.marked_at}


def _days(since: str | None, today: str) -> int | None:
    if since is None:
        return None
    return max(0, (date.fromisoformat(today) - date.fromisoformat(since)).days)
