"""The database as three doors: one that reads, one that writes, and one that reads and then writes at once.

PostgreSQL: one pool; reads run in autocommit, so a read costs no BEGIN and no ROLLBACK.
SQLite: a single writing connection that begins IMMEDIATE (a deferred transaction that later writes cannot wait,
and the driver's default loses updates silently), and separate connections that cannot write at all.
"""

import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, QueuePool, create_engine, event
from sqlalchemy.engine import make_url

from app.db.errors import Busy, NotRecorded, translated

POOL_TIMEOUT_SECONDS = 3
_PG_OPTIONS = "-c statement_timeout=10000 -c lock_timeout=3000 -c idle_in_transaction_session_timeout=10000"


class Database:
    """Connections to one database. ``url`` names its driver: ``sqlite:///`` or ``postgresql+psycopg://``."""

    def __init__(self, url: str, pool_size: int = 4) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        if self.is_sqlite:
            self._writer = _sqlite(url, 1, writes=True)
            self._reader = _sqlite(url, pool_size, writes=False)
        else:
            self._writer = _postgresql(url, pool_size)
            self._reader = self._writer.execution_options(isolation_level="AUTOCOMMIT")
            self._briefly = self._reader.execution_options(holds_nothing=True)
        self._claim: int | None = None

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection for SELECTs, each its own transaction. Raises Busy."""
        with translated(), self._reader.connect() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction, committed when the block ends well. Raises Busy, Conflict, NotRecorded."""
        with translated(), self._writer.connect() as connection:
            transaction = connection.begin()
            try:
                yield connection
            except BaseException:
                transaction.rollback()
                raise
            try:
                transaction.commit()
            except Exception:  # noqa: BLE001
                # Whether the commit reached the disk is unknown here; the idempotency row tells on the next try.
                connection.invalidate()
                raise NotRecorded from None

    @contextmanager
    def brief(self) -> Iterator[Connection]:
        """A connection to ask, each question a transaction of its own, and then to write all at once, in one.

        For what holds nothing it asked for: an opening looks, and leaves its entry. On PostgreSQL rows alone are one
        statement, which needs neither BEGIN nor COMMIT; with changes, ``rows.write`` begins with the first of them and
        commits. Raises Busy, Conflict, NotRecorded.
        """
        if self.is_sqlite:
            with self.write() as connection:
                yield connection
        else:
            with translated(), self._briefly.connect() as connection:
                yield connection

    def claim(self) -> None:
        """On SQLite, refuse to be the second serving process on this file. Raises Busy."""
        if not self.is_sqlite or not self.url.database:
            return
        lock = os.open(self.url.database + ".lock", os.O_CREAT | os.O_RDWR, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(lock)
            raise Busy("Another process serves this SQLite database already.") from None
        self._claim = lock

    def dispose(self) -> None:
        """Close every connection and give up the claim."""
        self._writer.dispose()
        self._reader.dispose()
        if self._claim is not None:
            os.close(self._claim)
            self._claim = None


def _postgresql(url: str, pool_size: int) -> Engine:
    return create_engine(
        url,
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=POOL_TIMEOUT_SECONDS,
        connect_args={"options": _PG_OPTIONS, "application_name": "placement-notify"},
    )


def _sqlite(url: str, pool_size: int, *, writes: bool) -> Engine:
    engine = create_engine(
        url,
        poolclass=QueuePool,
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=POOL_TIMEOUT_SECONDS,
        connect_args={"check_same_thread": False},
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _record: Any) -> None:
        connection.isolation_level = None
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=3000"):
            connection.execute(f"PRAGMA {pragma}")
        if not writes:
            connection.execute("PRAGMA query_only=ON")

    if writes:

        @event.listens_for(engine, "begin")
        def begin(connection: Connection) -> None:
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine
