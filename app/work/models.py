"""What was answered to a request that may be repeated."""

from sqlalchemy import Column, ForeignKey, Table

from app.db import types
from app.db.base import metadata

idempotency_keys = Table(
    "idempotency_keys",
    metadata,
    Column("key_digest", types.Digest, primary_key=True),
    Column("client_id", types.Id, ForeignKey("clients.id"), nullable=False),
    Column("request_digest", types.Digest, nullable=False),
    Column("status", types.Whole, nullable=False),
    Column("answer", types.Sealed, nullable=False),
    Column("created_at", types.Utc, nullable=False),
)
