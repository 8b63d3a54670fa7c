"""Bringing a database to the tables of this release, or telling how it differs from them.

Alembic is configured here and nowhere else: no ini file, so no URL or password in one. What belongs to
features (tables, and what follows a migration) stands in ``migrations/env.py``.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, NullPool, create_engine, event, make_url

from app.db.base import metadata

MIGRATIONS = Path(__file__).parents[2] / "migrations"
"""Beside ``app``, in the repository as in an installed wheel."""

_PG_LIMITS = ("SET LOCAL lock_timeout = '5s'", "SET LOCAL statement_timeout = '15min'")


def migrate(url: str, service_role: str | None = None, target: str = "head") -> None:
    """Upgrade to ``target`` in one transaction, put the guards back, and grant ``service_role`` its rights.

    ``url`` is of the role that owns the tables. PostgreSQL gives up when a lock is not free in 5 seconds.
    """
    with transaction(url) as connection:
        command.upgrade(configured(connection, guard=True, service_role=service_role), target)


def downgrade(url: str, target: str) -> None:
    """Go back to revision ``target``, or to nothing (``base``). What it undoes is lost."""
    with transaction(url) as connection:
        command.downgrade(configured(connection, guard=True), target)


def drift(url: str) -> list[Any]:
    """Return how the database differs from the tables in code, as Alembic's operations. Changes nothing."""
    found: list[Any] = []

    def compare(_revision: Any, context: MigrationContext) -> list[Any]:
        found.extend(compare_metadata(context, metadata))
        return []

    with transaction(url) as connection:
        config = configured(connection)
        with EnvironmentContext(config, ScriptDirectory.from_config(config), fn=compare):
            ScriptDirectory.from_config(config).run_env()
    return found


def configured(connection: Connection, **attributes: Any) -> Config:
    """Alembic's configuration for one connection; ``attributes`` are for ``migrations/env.py``."""
    config = Config(attributes={"connection": connection, **attributes})
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.set_main_option("truncate_slug_length", "60")
    return config


@contextmanager
def transaction(url: str) -> Iterator[Connection]:
    """One transaction on a connection of its own, made for changing tables."""
    engine = create_engine(make_url(url), poolclass=NullPool)
    if engine.dialect.name == "sqlite" and engine.url.database:
        # Its log and index take their mode from it: nobody else on the machine reads who was placed where.
        os.close(os.open(engine.url.database, os.O_CREAT | os.O_RDWR, 0o600))
        Path(engine.url.database).chmod(0o600)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _leave_transactions_to_us)
        event.listen(engine, "begin", _begin_at_once)
    try:
        with engine.begin() as connection:
            if engine.dialect.name == "postgresql":
                for limit in _PG_LIMITS:
                    connection.exec_driver_sql(limit)
            yield connection
    finally:
        engine.dispose()


def _leave_transactions_to_us(connection: Any, _record: Any) -> None:
    # The driver begins no transaction before DDL, so half a migration could stay. Foreign keys are off here,
    # as SQLite asks for when tables are rebuilt.
    connection.isolation_level = None


def _begin_at_once(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")
