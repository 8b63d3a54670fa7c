"""One recipient's own state: five facts with five times, which are never the same thing."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row

from app.access.people import Person


def recipient_state(row: Row[Any], names: Mapping[str, Person], now: str) -> dict[str, Any]:
    """Sent, alerted, retrieved, opened, acknowledged: five facts of one recipient, and who."""
    return {
        "id": row.id,
        "organisation": row.organisation_code,
        "function": row.function,
        "side": row.side,
        "rule": row.rule,
        "basis": row.basis,
        "sent_at": row.sent_at,
        "alerted_at": row.alerted_at,
        "retrieved_at": row.retrieved_at,
        "opened_at": row.opened_at,
        "opened_by": names.get(row.opened_by),
        "acknowledge_by": row.acknowledge_by,
        "acknowledged_at": row.acknowledged_at,
        "acknowledged_by": names.get(row.acknowledged_by),
        "outcome": row.outcome,
        "overdue": row.acknowledged_at is None and row.access_ended_at is None and row.acknowledge_by < now,
        "access_ended_at": row.access_ended_at,
        "access_ended_why": row.access_ended_why,
    }
