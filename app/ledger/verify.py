"""Checking the whole ledger against itself, in constant memory and against one moment of it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import orjson
from sqlalchemy import Connection, Row, Select, select

from app.ledger import tree
from app.ledger.models import ledger_entries, ledger_head, ledger_leaves, ledger_pending

MOST_FAULTS = 20
_CHUNK = 1000

_LEAVES = (
    select(ledger_leaves, ledger_entries.c.id, ledger_entries.c.at, ledger_entries.c.body, ledger_entries.c.nonce)
    .outerjoin(ledger_entries, ledger_entries.c.id == ledger_leaves.c.entry_id)
    .order_by(ledger_leaves.c.position)
)
_PLACES = (
    select(
        ledger_entries.c.id,
        ledger_leaves.c.position,
        ledger_pending.c.entry_id.label("pending"),
    )
    .outerjoin(ledger_leaves, ledger_leaves.c.entry_id == ledger_entries.c.id)
    .outerjoin(ledger_pending, ledger_pending.c.entry_id == ledger_entries.c.id)
)
_STRAY = (
    select(ledger_pending.c.entry_id)
    .outerjoin(ledger_entries, ledger_entries.c.id == ledger_pending.c.entry_id)
    .where(ledger_entries.c.id.is_(None))
)


@dataclass(frozen=True, slots=True)
class Report:
    """What was found. ``faults`` are sentences for people, at most 20; ``fault_count`` counts all of them."""

    entries: int
    leaves: int
    pending: int
    root_hash: str
    fault_count: int
    faults: tuple[str, ...]

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong."""
        return self.fault_count == 0


@dataclass(slots=True)
class _Findings:
    count: int = 0
    first: list[str] = field(default_factory=list)

    def add(self, sentence: str) -> None:
        self.count += 1
        if len(self.first) < MOST_FAULTS:
            self.first.append(sentence)


def verify(connection: Connection) -> Report:
    """Recompute everything from the entries' bytes. ``connection`` must be fresh: nothing read on it yet.

    Every entry stands in exactly one of leaves and pending; positions run from 0 without a gap; each leaf,
    the frontier and the root follow from the entries. What was cut off the end, head and all, can be told
    only by somebody who kept an earlier root.
    """
    _hold_still(connection)
    found = _Findings()
    size, frontier = _check_leaves(connection, found)
    _check_head(connection, size, frontier, found)
    entries, pending = _check_places(connection, found)
    for row in _stream(connection, _STRAY):
        found.add(f"Entry {row.entry_id} is pending but does not exist.")
    return Report(entries, size, pending, tree.root(frontier).hex(), found.count, tuple(found.first))


def _hold_still(connection: Connection) -> None:
    """Read everything as of one moment, however long it takes and whatever is written meanwhile."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN")
    else:
        connection.execution_options(isolation_level="REPEATABLE READ")


def _stream(connection: Connection, statement: Select[Any]) -> Iterator[Row[Any]]:
    yield from connection.execute(statement, execution_options={"yield_per": _CHUNK})


def _check_leaves(connection: Connection, found: _Findings) -> tuple[int, list[bytes]]:
    size, expected = 0, 0
    frontier: list[bytes] = []
    for row in _stream(connection, _LEAVES):
        if row.position != expected:
            found.add(f"Position {expected} is empty: the next leaf stands at position {row.position}.")
        expected = row.position + 1
        tree.append(frontier, size, _recomputed(row, found))
        size += 1
    return size, frontier


def _recomputed(row: Row[Any], found: _Findings) -> bytes:
    where = f"Position {row.position}, entry {row.entry_id}:"
    if row.id is None:
        found.add(f"{where} the entry does not exist.")
        return bytes(row.leaf_hash)
    leaf = tree.leaf_hash(row.nonce, row.body)
    if leaf != row.leaf_hash:
        found.add(f"{where} the entry's bytes do not give the hash of its leaf.")
    elif _named_in(row.body) != (row.id, row.at):
        found.add(f"{where} the entry's id or time differs from what its bytes say.")
    return leaf


def _named_in(body: bytes) -> tuple[Any, Any]:
    try:
        content = orjson.loads(body)
        return content["id"], content["at"]
    except (ValueError, KeyError, TypeError):
        return None, None


def _check_head(connection: Connection, size: int, frontier: list[bytes], found: _Findings) -> None:
    head = connection.execute(select(ledger_head)).one_or_none()
    if head is None:
        found.add("The head row is missing.")
        return
    if head.size != size:
        found.add(f"The head counts {head.size} leaves, but there are {size}.")
    if head.frontier != orjson.dumps([each.hex() for each in frontier]).decode():
        found.add("The head's frontier does not follow from the entries.")
    if head.root_hash != tree.root(frontier).hex():
        found.add("The head's root does not follow from the entries.")


def _check_places(connection: Connection, found: _Findings) -> tuple[int, int]:
    """Return how many entries there are, and how many of them are pending."""
    entries = pending = 0
    for row in _stream(connection, _PLACES):
        entries += 1
        pending += row.pending is not None
        if row.position is None and row.pending is None:
            found.add(f"Entry {row.id} is in neither the tree nor the pending list.")
        if row.position is not None and row.pending is not None:
            found.add(f"Entry {row.id} is pending although it stands at position {row.position}.")
    return entries, pending
