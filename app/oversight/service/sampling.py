"""A dip sample: placements drawn by chance for somebody to look at closely, and drawn again the same from its seed."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from secrets import token_hex
from typing import Any

import orjson
from sqlalchemy import Row

from app.access.disclosure import shows_child_id
from app.children.restrictions import restrictions_for
from app.ledger.actions import Action
from app.oversight import queries
from app.oversight.counting import sent_from
from app.oversight.errors import BadPeriod
from app.oversight.policy import drawn
from app.placements.policy import PLACING, shut_out, state_on
from app.rules.edition import edition
from app.work.tx import Tx

_LONGEST = timedelta(days=366)
_USUAL = timedelta(days=91)


@dataclass(frozen=True, slots=True)
class Asked:
    """How many of the placements told of between two days, both included. No ``seed``: one is made and told."""

    seed: str | None
    size: int
    first: date | None
    last: date | None


def sample(tx: Tx, asked: Asked) -> dict[str, Any]:
    """Draw a sample among the caller's own placements, and record how it was drawn. Raises BadPeriod."""
    first, last = _period(asked, date.fromisoformat(tx.today))
    seed = asked.seed or token_hex(8)
    period = {"first": sent_from(first), "last": sent_from(last + timedelta(days=1))}
    every = {row.placement_id for row in tx.all(queries.TOLD_IN, {"organisation": tx.by.organisation, **period})}
    ids = drawn(seed, every, asked.size)
    rows = {row.id: row for row in tx.all(queries.SAMPLED, {"ids": ids})} if ids else {}
    clocks, told = _grouped(tx, queries.CLOCKS_OF, ids), _grouped(tx, queries.RECIPIENTS_OF, ids)
    tx.record(Action.OVERSIGHT_READ, {"organisation": tx.by.organisation}, list="sample", among=len(every), shown=ids)
    items = [_item(tx, rows[each], clocks[each], told[each]) for each in ids]
    return {
        "seed": seed,
        "from": first.isoformat(),
        "to": last.isoformat(),
        "among": len(every),
        "items": items,
    }


def _period(asked: Asked, today: date) -> tuple[date, date]:
    last = asked.last or today
    first = asked.first or last - _USUAL
    if not first <= last <= first + _LONGEST:
        raise BadPeriod
    return first, last


def _grouped(tx: Tx, question: Any, ids: Sequence[str]) -> Mapping[str, list[Row[Any]]]:
    found: dict[str, list[Row[Any]]] = defaultdict(list)
    for row in tx.all(question, {"ids": ids}) if ids else ():
        found[row.placement_id].append(row)
    return found


def _item(tx: Tx, row: Row[Any], clocks: Sequence[Row[Any]], told: Sequence[Row[Any]]) -> dict[str, Any]:
    state = state_on(row.state, row.ended_on, tx.today)
    restrictions = restrictions_for(row.restrictions, tx.by.practitioner_id)
    view = edition(row.rules_edition).view(tx.by.function, PLACING, state, restrictions)
    locked = shut_out(view)
    return {
        "placement_id": row.id,
        "child_id": row.shown_id if shows_child_id(view) else None,
        "state": state,
        "urgency": row.urgency,
        "age_band": row.age_band,
        "started_on": row.started_on,
        "ended_on": row.ended_on,
        "version": row.version,
        # Where a lock keeps this person out, nothing may say where the child lives or who was told.
        "locked": locked,
        "host_area": None if locked else row.host_area,
        "concern": None if locked else row.concern,
        "distance": None if locked else row.distance,
        "owed": len(orjson.loads(row.outstanding)),
        "clocks": {
            "met_in_time": sum(each.met_at is not None and each.met_at <= each.due_at for each in clocks),
            "met_late": sum(each.met_at is not None and each.met_at > each.due_at for each in clocks),
            "running": sum(each.met_at is None and each.due_at >= tx.at for each in clocks),
            "overdue": sum(each.met_at is None and each.due_at < tx.at for each in clocks),
        },
        "recipients": None
        if locked
        else {
            "told": len(told),
            "retrieved": sum(bool(each.retrieved_at or each.opened_at) for each in told),
            "opened": sum(each.opened_at is not None for each in told),
            "acknowledged": sum(each.acknowledged_at is not None for each in told),
            "access_ended": sum(each.access_ended_at is not None for each in told),
        },
    }
