"""The directory's tables in memory, for tests that need no file."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, create_engine, event

import app.organisations.models
import app.security.models  # noqa: F401
from app.db.base import metadata

NAMES = {
    "organisations",
    "organisation_successions",
    "area_routing",
    "adjacent_areas",
    "delegations",
    "directory_state",
    "clients",
}
TABLES = [metadata.tables[name] for name in sorted(NAMES)]


@contextmanager
def empty_directory() -> Iterator[Connection]:
    """One transaction over empty tables, with foreign keys in force."""
    engine = create_engine("sqlite://")

    @event.listens_for(engine, "connect")
    def with_foreign_keys(raw, _record) -> None:  # type: ignore[no-untyped-def]
        raw.execute("PRAGMA foreign_keys=ON")

    metadata.create_all(engine, tables=TABLES)
    with engine.begin() as opened:
        yield opened
    engine.dispose()
