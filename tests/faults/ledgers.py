"""A ledger on a real database, with the tools to break it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import create_engine, event, insert, select, text

from app.db.engine import Database
from app.kit.ids import new_id
from app.ledger import record
from app.ledger.actions import Action
from app.ledger.guards import install
from app.ledger.models import ledger_entries, ledger_leaves, ledger_pending
from app.ledger.verify import Report, verify

AT = "2026-11-22T02:10:00.000Z"
TABLES = ("ledger_entries", "ledger_leaves", "ledger_head")
_TRIGGERS = text("SELECT name FROM sqlite_master WHERE type = 'trigger'")


class Crash(Exception):
    """The process would have died here."""


@dataclass(frozen=True)
class Ledger:
    """``url`` is the service's way in, ``owner_url`` that of somebody who can do worse."""

    database: Database
    url: str
    owner_url: str

    def add(self, count: int = 1) -> list[str]:
        """Commit entries, each in a transaction of its own."""
        return [self._add_one() for _ in range(count)]

    def _add_one(self) -> str:
        entry_id = new_id("led")
        entry, pending = record.entry(entry_id, AT, Action.NOTIFICATION_SENT, {}, {}, {})
        with self.database.write() as connection:
            connection.execute(insert(ledger_entries), entry)
            connection.execute(insert(ledger_pending), pending)
        return entry_id

    def verify(self) -> Report:
        with self.database.read() as connection:
            return verify(connection)

    def in_order(self) -> list[str]:
        """The ids of the entries in the tree, by position."""
        with self.database.read() as connection:
            statement = select(ledger_leaves.c.entry_id).order_by(ledger_leaves.c.position)
            return list(connection.scalars(statement))

    def tamper(self, *statements: str) -> None:
        """Rewrite history as the owner of the database could, and put the guards back afterwards."""
        engine = create_engine(self.owner_url)
        with engine.begin() as connection:
            if engine.dialect.name == "sqlite":
                for name in connection.scalars(_TRIGGERS).all():
                    connection.exec_driver_sql(f"DROP TRIGGER {name}")
            else:
                for table in TABLES:
                    connection.exec_driver_sql(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            for statement in statements:
                connection.exec_driver_sql(statement)
            install(connection)
        engine.dispose()

    @contextmanager
    def crashing(self, step: int, moment: str) -> Iterator[None]:
        """Raise Crash ``before`` or ``after`` statement number ``step`` of the writing connection runs."""
        passed = iter(range(step))

        def crash(*_: object) -> None:
            if next(passed, None) is None:
                raise Crash

        name = f"{moment}_cursor_execute"
        event.listen(self.database._writer, name, crash)
        try:
            yield
        finally:
            event.remove(self.database._writer, name, crash)
