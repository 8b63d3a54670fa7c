"""The table of messages: ids and codes only. Whoever receives one comes back to open what it names."""

from sqlalchemy import Column, ForeignKey, Index, Table, text

from app.db.base import metadata
from app.db.types import Code, Id, Utc, Whole

outbox = Table(
    "outbox",
    metadata,
    Column("id", Id, primary_key=True),
    Column("topic", Code, nullable=False),
    Column("organisation_code", Code, nullable=False),
    Column("function", Code, nullable=False),
    Column("child_id", Id),
    Column("notification_id", Id),
    Column("placement_id", Id),
    Column("recipient_id", Id),
    Column("entry_id", Id, ForeignKey("ledger_entries.id"), nullable=False),
    Column("created_at", Utc, nullable=False),
    Column("claimed_until", Utc),
    Column("delivered_at", Utc),
    Column("attempts", Whole, nullable=False),
)

# Claiming looks only at what waits, however much was delivered before.
_WAITING = text("delivered_at IS NULL")
Index("ix_outbox_waiting", outbox.c.id, postgresql_where=_WAITING, sqlite_where=_WAITING)
