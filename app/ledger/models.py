"""Tables of the ledger. Entries and leaves are insert-only, which ``app.ledger.guards`` has enforced."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Table

from app.db.base import metadata
from app.db.lookups import by_hash
from app.db.types import Digest, Flag, Id, Json, Position, Sealed, Utc

# ``body`` holds the exact canonical bytes that were hashed; ``nonce`` keeps their hash from being guessed.
ledger_entries = Table(
    "ledger_entries",
    metadata,
    Column("id", Id, primary_key=True),
    Column("at", Utc, nullable=False),
    Column("body", Sealed, nullable=False),
    Column("nonce", Sealed, nullable=False),
    by_hash("ledger_entries"),
)

ledger_pending = Table(
    "ledger_pending",
    metadata,
    Column("entry_id", Id, ForeignKey("ledger_entries.id"), primary_key=True),
)

ledger_leaves = Table(
    "ledger_leaves",
    metadata,
    Column("position", Position, primary_key=True, autoincrement=False),
    Column("entry_id", Id, ForeignKey("ledger_entries.id"), nullable=False, unique=True),
    Column("leaf_hash", Sealed, nullable=False),
)

# One row: how many leaves there are, the roots of their perfect subtrees (hex, largest first), and the root.
ledger_head = Table(
    "ledger_head",
    metadata,
    Column("id", Flag, primary_key=True, autoincrement=False),
    Column("size", Position, nullable=False),
    Column("frontier", Json, nullable=False),
    Column("root_hash", Digest, nullable=False),
    CheckConstraint("id = 1", name="only_one"),
)
