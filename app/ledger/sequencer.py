"""Giving committed entries their place in the tree: short batches, fenced by a compare-and-swap of the head.

Entries come in any order and from any process; a position is given only after the commit, so whoever follows
the ledger by position misses nothing. Several sequencers may run: each batch goes to one of them.
"""

import logging
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import orjson
from sqlalchemy import Connection, Row, bindparam, delete, exists, insert, select, update

from app.db.engine import Database
from app.kit.repeating import Repeating
from app.ledger import tree
from app.ledger.models import ledger_entries, ledger_head, ledger_leaves, ledger_pending

BATCH = 500
_log = logging.getLogger("placement_notify.ledger")

_ANY_PENDING = select(exists(select(ledger_pending.c.entry_id)))
_HEAD = select(ledger_head.c.size, ledger_head.c.frontier).where(ledger_head.c.id == 1)
_PENDING = select(ledger_pending.c.entry_id).order_by(ledger_pending.c.entry_id).limit(bindparam("most"))
# Asked for apart: a table that is empty most of the time has no figures, and a join with it reads every entry.
_ENTRIES = (
    select(ledger_entries.c.id, ledger_entries.c.body, ledger_entries.c.nonce)
    .where(ledger_entries.c.id.in_(bindparam("ids", expanding=True)))
    .order_by(ledger_entries.c.id)
)
_MOVE_HEAD = (
    update(ledger_head)
    .where(ledger_head.c.id == 1, ledger_head.c.size == bindparam("old_size"))
    .values(size=bindparam("new_size"), frontier=bindparam("new_frontier"), root_hash=bindparam("new_root"))
)
_TAKE_FROM_PENDING = delete(ledger_pending).where(ledger_pending.c.entry_id.in_(bindparam("taken", expanding=True)))


class _LostRace(Exception):
    """Another sequencer moved the head first."""


class Leaf(NamedTuple):
    """A row of ``ledger_leaves``."""

    position: int
    entry_id: str
    leaf_hash: bytes


def sequence(database: Database, most: int = BATCH) -> int:
    """Put up to ``most`` pending entries into the tree in one transaction, and return how many. Raises Busy.

    A crash anywhere leaves all of the batch pending or none of it; a lost race leaves it to the winner and
    returns 0.
    """
    with database.read() as connection:
        if not connection.scalar(_ANY_PENDING):
            return 0
    try:
        with database.write() as connection:
            return _batch(connection, most)
    except _LostRace:
        return 0


def _batch(connection: Connection, most: int) -> int:
    # The head is read before the pending entries: whatever another sequencer takes after that moves the head.
    head = connection.execute(_HEAD).one()
    pending = connection.scalars(_PENDING, {"most": most}).all()
    if not pending:
        return 0
    entries = connection.execute(_ENTRIES, {"ids": pending}).all()
    frontier = [bytes.fromhex(each) for each in orjson.loads(head.frontier)]
    leaves = _grow(frontier, head.size, entries)
    _move_head(connection, head.size, head.size + len(leaves), frontier)
    connection.execute(insert(ledger_leaves), [leaf._asdict() for leaf in leaves])
    connection.execute(_TAKE_FROM_PENDING, {"taken": [leaf.entry_id for leaf in leaves]})
    return len(leaves)


def _grow(frontier: list[bytes], size: int, entries: Iterable[Row[str, bytes, bytes]]) -> list[Leaf]:
    """Append ``entries`` to a tree of ``size`` leaves: changes ``frontier``, returns the new leaves."""
    leaves = []
    for position, entry in enumerate(entries, start=size):
        leaf = Leaf(position, entry.id, tree.leaf_hash(entry.nonce, entry.body))
        tree.append(frontier, position, leaf.leaf_hash)
        leaves.append(leaf)
    return leaves


def _move_head(connection: Connection, old_size: int, new_size: int, frontier: Sequence[bytes]) -> None:
    moved = connection.execute(
        _MOVE_HEAD,
        {
            "old_size": old_size,
            "new_size": new_size,
            "new_frontier": orjson.dumps([each.hex() for each in frontier]).decode(),
            "new_root": tree.root(frontier).hex(),
        },
    )
    if moved.rowcount != 1:
        raise _LostRace


class Sequencer(Repeating):
    """Empties ``ledger_pending`` every ``interval`` seconds."""

    def __init__(self, database: Database, interval: float) -> None:
        super().__init__("sequencer", interval, lambda: self._drain(database))

    def _drain(self, database: Database) -> None:
        while sequence(database) == BATCH and not self.stopping:
            pass
