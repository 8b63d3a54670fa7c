"""The one place that writes rows: inserts of a whole unit in one go, parents before children.

On PostgreSQL all of it travels in one pipeline, which saves a third of the cost of a send. Errors inside a
pipeline come from psycopg itself, past SQLAlchemy; the caller stands inside ``app.db.errors.translated``.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from itertools import count
from typing import Any, NamedTuple, cast

import orjson
from psycopg import RawCursor
from sqlalchemy import Connection, Delete, Dialect, LargeBinary, Table, Update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.compiler import SQLCompiler

from app.db.base import metadata
from app.db.errors import Conflict

Row = Mapping[str, Any]

_ROWS_AT_ONCE = 100
"""Keeps the values of one statement far below what either database takes."""


class Change(NamedTuple):
    """An UPDATE or DELETE written once at module level, its values, and how many rows it must touch (None: any)."""

    statement: Update | Delete
    values: Row
    touching: int | None


def write(connection: Connection, rows: Mapping[Table, Sequence[Row]], changes: Iterable[Change]) -> None:
    """Insert all ``rows``, then apply ``changes``. Raises Conflict where a change touched another number of rows."""
    driver: Any = connection.connection.driver_connection
    if connection.dialect.name == "sqlite":
        _insert_in_turn(driver.cursor(), rows)
        counted = [_changed(driver, change, connection.dialect) for change in changes]
    else:
        with driver.pipeline():
            _insert_together(driver, rows)
            counted = [_changed(driver, change, connection.dialect) for change in changes]
    if any(touching is not None and cursor.rowcount != touching for cursor, touching in counted):
        raise Conflict


def _changed(driver: Any, change: Change, dialect: Dialect) -> tuple[Any, int | None]:
    cursor = driver.cursor()
    cursor.execute(*_bound(change, dialect))
    return cursor, change.touching


def _insert_in_turn(cursor: Any, rows: Mapping[Table, Sequence[Row]]) -> None:
    for table in _parents_first(tuple(rows)):
        names = _names(table, rows[table])
        marks = ", ".join("?" * len(names))
        text = f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({marks})"  # noqa: S608
        cursor.executemany(text, [tuple(row.values()) for row in rows[table]])


def _insert_together(driver: Any, rows: Mapping[Table, Sequence[Row]]) -> None:
    if not rows:
        return
    shape, values = [], []
    for table, added in rows.items():
        names = _names(table, added)
        if len(added) == 1 or _holds_bytes(table):
            shape.append((table.name, names, len(added)))
            values += [value for row in added for value in row.values()]
        else:
            shape.append((table.name, names, 0))
            values.append(orjson.dumps(added).decode())
    RawCursor(driver).execute(_insert_text(tuple(shape)), values)


def _names(table: Table, rows: Sequence[Row]) -> tuple[str, ...]:
    names = tuple(rows[0])
    if any(tuple(row) != names for row in rows):
        raise TypeError(f"rows of {table.name} differ in their columns")
    return names


@cache
def _holds_bytes(table: Table) -> bool:
    return any(isinstance(column.type, LargeBinary) for column in table.columns)


@lru_cache(maxsize=512)
def _insert_text(shape: tuple[tuple[str, tuple[str, ...], int], ...]) -> str:
    marks = (f"${place}" for place in count(1))
    inserts = []
    for table, names, rows in shape:
        columns = ", ".join(names)
        if rows:
            values = ", ".join("(" + ", ".join(next(marks) for _ in names) + ")" for _ in range(rows))
            inserts.append(f"INSERT INTO {table} ({columns}) VALUES {values}")  # noqa: S608
        else:
            source = f"json_populate_recordset(NULL::{table}, {next(marks)})"
            inserts.append(f"INSERT INTO {table} ({columns}) SELECT {columns} FROM {source}")  # noqa: S608
    *first, last = inserts
    if not first:
        return last
    return "WITH " + ", ".join(f"i{place} AS ({each})" for place, each in enumerate(first)) + " " + last


@cache
def _parents_first(tables: tuple[Table, ...]) -> tuple[Table, ...]:
    order = {table: place for place, table in enumerate(metadata.sorted_tables)}
    return tuple(sorted(tables, key=order.__getitem__))


def _bound(change: Change, dialect: Dialect) -> tuple[str, Any]:
    compiled = _compiled(change.statement, dialect.name)
    values = compiled.construct_params(change.values)
    if compiled.positional:
        return compiled.string, [values[name] for name in compiled.positiontup or ()]
    return compiled.string, values


@cache
def _compiled(statement: Update | Delete, dialect: str) -> SQLCompiler:
    known: Any = {"sqlite": sqlite.dialect, "postgresql": postgresql.psycopg.dialect}[dialect]
    return cast("SQLCompiler", statement.compile(dialect=known()))
