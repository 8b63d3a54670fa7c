"""Following the ledger: what reads it entry by entry, in the order of its positions, and misses none."""

from typing import Any

from sqlalchemy import Select, bindparam, select

from app.ledger.models import ledger_entries, ledger_leaves

_L, _E = ledger_leaves.c, ledger_entries.c

LEAVES: Select[Any] = (
    select(_L.position, _E.body)
    .select_from(ledger_leaves.join(ledger_entries, _E.id == _L.entry_id))
    .where(_L.position >= bindparam("from_position"))
    .order_by(_L.position)
    .limit(bindparam("limit"))
)
"""A position is given after the commit, so whoever follows positions skips nothing."""
