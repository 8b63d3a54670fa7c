"""The inbox and the sender's board: pages of ids, codes and times, oldest waiting first, newest sent first."""

from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Row

from app.access.disclosure import shows_child_id
from app.access.people import people
from app.children.restrictions import restrictions_for
from app.notifications import queries
from app.placements.outstanding import tell
from app.placements.policy import PLACING, shut_out, state_on
from app.placements.service.recipients import recipient_state
from app.rules.disclosure import View
from app.rules.edition import Edition, edition
from app.web.paging import Cursors
from app.work.tx import Tx

_LATEST = "~"
"""Sorts after every id: the start of a list that is read from the newest."""


@dataclass(frozen=True, slots=True)
class Page:
    """What to show of a list: a cursor from the page before, and how many."""

    cursor: str | None
    limit: int


def inbox(tx: Tx, cursors: Cursors, state: str, page: Page) -> bytes:
    """The caller's inbox as JSON: what waits for this function of this organisation. No name, no value of a child."""
    by = tx.by
    scope = f"inbox|{by.organisation}|{by.function}|{state}"
    after = cursors.open(scope, page.cursor) if page.cursor else ""
    rows = tx.all(
        queries.INBOX[state],
        {
            "organisation": by.organisation,
            "function": by.function,
            "after": after,
            "now": tx.at,
            "limit": page.limit + 1,
        },
    )
    shown = rows[: page.limit]
    more = cursors.seal(scope, shown[-1].id) if len(rows) > page.limit else None
    return orjson.dumps({"items": [_waiting(row, tx.at) for row in shown], "next_cursor": more})


def _waiting(row: Row[Any], now: str) -> dict[str, Any]:
    _, notification, placement, kind, urgency, band, by, sent, retrieved, opened, acknowledged, outcome = tuple(row)
    return {
        "notification_id": notification,
        "placement_id": placement,
        "kind": kind,
        "urgency": urgency,
        "age_band": band,
        "sent_at": sent,
        "acknowledge_by": by,
        "overdue": acknowledged is None and by < now,
        "retrieved_at": retrieved,
        "opened_at": opened,
        "acknowledged_at": acknowledged,
        "outcome": outcome,
    }


def sent(tx: Tx, cursors: Cursors, page: Page) -> bytes:
    """The sender's board as JSON: for each notification, each recipient's five facts with their times and names."""
    scope = f"sent|{tx.by.organisation}"
    before = cursors.open(scope, page.cursor) if page.cursor else _LATEST
    rows = tx.all(queries.SENT, {"organisation": tx.by.organisation, "before": before, "limit": page.limit + 1})
    shown = rows[: page.limit]
    told = tx.all(queries.RECIPIENTS_OF, {"ids": [row.id for row in shown]}) if shown else []
    names = people(tx, (each for row in told for each in (row.opened_by, row.acknowledged_by)))
    by_notification: dict[str, list[dict[str, Any]]] = {row.id: [] for row in shown}
    for row in told:
        by_notification[row.notification_id].append(recipient_state(row, names, tx.at))
    more = cursors.seal(scope, shown[-1].id) if len(rows) > page.limit else None
    items = [_sent(row, *_seen(tx, row), by_notification[row.id]) for row in shown]
    return orjson.dumps({"items": items, "next_cursor": more})


def _seen(tx: Tx, row: Row[Any]) -> tuple[Edition, View]:
    rules = edition(row.rules_edition)
    restrictions = restrictions_for(row.restrictions, tx.by.practitioner_id)
    return rules, rules.view(tx.by.function, PLACING, state_on(row.state, row.ended_on, tx.today), restrictions)


def _sent(row: Row[Any], rules: Edition, view: View, recipients: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "notification_id": row.id,
        "placement_id": row.placement_id,
        "child_id": row.shown_id if shows_child_id(view) else None,
        "kind": row.kind,
        "occasion": row.occasion,
        "urgency": row.urgency,
        "version": row.version,
        "sent_at": row.sent_at,
        "state": row.state,
        "recipients": [] if shut_out(view) else recipients,
        "outstanding": tell(orjson.loads(row.outstanding), rules, view),
    }
