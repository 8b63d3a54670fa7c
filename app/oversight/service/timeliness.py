"""How well everybody is told: by month, partner and function, from what was counted, small numbers kept back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Row

from app.oversight import queries
from app.oversight.errors import BadPeriod
from app.oversight.models import COUNTS
from app.oversight.policy import LIVE, TIMES, rate, told_of, told_time
from app.web.paging import Cursors
from app.work.tx import Tx


@dataclass(frozen=True, slots=True)
class Asked:
    """Which side, which month (``2026-11``; the last one that is over if None), and which page."""

    side: str
    month: str | None
    cursor: str | None
    limit: int


def timeliness(tx: Tx, cursors: Cursors, asked: Asked) -> dict[str, Any]:
    """A page of the report of one month, with its totals. Raises BadPeriod, BadCursor.

    A month that still runs is told only to those who may know it: see ``LIVE``.

    What is kept back is settled over the whole month, so a page more or less tells nothing more.
    """
    by, month = tx.by, _month(asked.month, tx.today)
    if month >= tx.today[:7] and by.function not in LIVE[asked.side]:
        raise BadPeriod
    scope = f"oversight|timeliness|{by.organisation}|{by.function}|{asked.side}|{month}"
    after = cursors.open(scope, asked.cursor) if asked.cursor else ""
    rows = tx.all(queries.MONTH, {"organisation": by.organisation, "side": asked.side, "month": month})
    told, total = told_of([row._asdict() for row in rows])
    lines = [(_place(row), row, counts) for row, counts in zip(rows, told, strict=True) if _place(row) > after]
    shown = lines[: asked.limit]
    more = cursors.seal(scope, shown[-1][0]) if len(lines) > asked.limit else None
    return {
        "month": month,
        "side": asked.side,
        "items": [_line(row, counts) for _, row, counts in shown],
        "total": {**total, **_rates(total)},
        "next_cursor": more,
    }


def _month(asked: str | None, today: str) -> str:
    if asked is None:
        return (date.fromisoformat(today).replace(day=1) - timedelta(days=1)).isoformat()[:7]
    try:
        return date.fromisoformat(f"{asked}-01").isoformat()[:7]
    except ValueError:
        raise BadPeriod from None


def _place(row: Row[Any]) -> str:
    return f"{row.partner_code}|{row.function}"


def _line(row: Row[Any], counts: Mapping[str, int | None]) -> dict[str, Any]:
    times = {f"{name}_minutes": told_time(name, row._mapping[name], counts) for name in TIMES}
    return {
        "partner": row.partner_code,
        "function": row.function,
        "kept_back": counts["told"] is None,
        **{name: counts[name] for name in COUNTS},
        **_rates(counts),
        **times,
    }


def _rates(counts: Mapping[str, int | None]) -> dict[str, float | None]:
    return {
        "rate_within_24_hours": rate(counts["within_24_hours"], counts["starts"]),
        "rate_within_5_working_days": rate(counts["within_5_working_days"], counts["emergencies"]),
        "rate_opened": rate(counts["opened"], counts["told"]),
        "rate_acknowledged": rate(counts["acknowledged"], counts["told"]),
    }
