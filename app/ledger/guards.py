"""What the database itself refuses, whoever asks: rewriting the ledger, and letting its head go back.

Alembic's batch mode drops triggers on SQLite, so the guards are put back at the end of every migration, and
``missing_guards`` tells whether they stand, word for word.
"""

from sqlalchemy import Connection, insert, select, text

from app.ledger import guards_postgresql, guards_sqlite, tree
from app.ledger.models import ledger_head

RIGHTS = {
    "ledger_entries": "SELECT, INSERT",
    "ledger_head": "SELECT, UPDATE",
    "ledger_leaves": "SELECT, INSERT",
    "ledger_pending": "SELECT, INSERT, DELETE",
}
"""What the role of the service may do with the tables of the ledger, on PostgreSQL."""


def install(connection: Connection) -> None:
    """Make the head of an empty ledger if there is none, and put every guard in place anew."""
    if connection.scalar(select(ledger_head.c.id)) is None:
        empty = {"id": 1, "size": 0, "frontier": "[]", "root_hash": tree.EMPTY_ROOT.hex()}
        connection.execute(insert(ledger_head), empty)
    guards = guards_sqlite if connection.dialect.name == "sqlite" else guards_postgresql
    for statement in guards.STATEMENTS:
        connection.execute(text(statement))


def missing_guards(connection: Connection) -> list[str]:
    """Return the names of guards that are absent, disabled or altered."""
    guards = guards_sqlite if connection.dialect.name == "sqlite" else guards_postgresql
    standing = {tuple(row) for row in connection.execute(text(guards.STANDING))}
    return sorted(guard[0] for guard in guards.EXPECTED if guard not in standing)
