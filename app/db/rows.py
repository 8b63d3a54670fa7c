"""The one place that writes rows: everything a unit inserts in one go, then what it changes.

On PostgreSQL all inserts of a unit are one statement, which halves the cost of writing a send, and the changes
follow it in one pipeline. Errors inside a pipeline come from psycopg itself, past SQLAlchemy; the caller stands
inside ``app.db.errors.translated``.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import nullcontext
from functools import cache, lru_cache
from itertools import count
from typing import Any, NamedTuple

import orjson
from psycopg import RawCursor
from sqlalchemy import Connection, Delete, Dialect, LargeBinary, Table, Update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.compiler import SQLCompiler

from app.db.base import metadata
from app.db.errors import Conflict, committing, whole

Row = Mapping[str, Any]
Rows = Mapping[Table, Sequence[Row]]


class Change(NamedTuple):
    """An UPDATE or DELETE written once at module level, its values, and how many rows it must touch (None: any)."""

    statement: Update | Delete
    values: Row
    touching: int | None


Counted = Sequence[tuple[Any, int | None]]
"""The cursor of each change, and how many rows it must have touched (None: any) once the pipeline has ended."""


class _Part(NamedTuple):
    """The rows of one table in a statement; ``rows`` is None where they travel as one JSON value, however many."""

    table: str
    names: tuple[str, ...]
    rows: int | None


def write(connection: Connection, rows: Rows, changes: Sequence[Change]) -> None:
    """Insert all ``rows``, then apply ``changes``. Raises Conflict where a change touched another number of rows."""
    driver: Any = connection.connection.driver_connection
    if connection.dialect.name == "sqlite":
        _insert_in_turn(driver, rows)
        _check(_applied(driver, changes, connection.dialect))
    elif driver.autocommit:
        _write_whole(driver, rows, changes, connection.dialect)
    else:
        _check(_sent(driver, rows, changes, connection.dialect))


def _write_whole(driver: Any, rows: Rows, changes: Sequence[Change], dialect: Dialect) -> None:
    """Where nobody began a transaction: one statement is one by itself, and more begin theirs with the first."""
    if not changes:
        with whole():
            _insert_together(driver, rows)
        return
    try:
        _check(_sent(driver, rows, changes, dialect, begin=True))
    except BaseException:
        driver.rollback()
        raise
    with committing():
        driver.commit()


def _sent(driver: Any, rows: Rows, changes: Sequence[Change], dialect: Dialect, *, begin: bool = False) -> Counted:
    with driver.pipeline() if changes else nullcontext():
        if begin:
            driver.execute("BEGIN")
        _insert_together(driver, rows)
        return _applied(driver, changes, dialect)


def _applied(driver: Any, changes: Sequence[Change], dialect: Dialect) -> Counted:
    counted = []
    for change in changes:
        cursor = driver.cursor()
        cursor.execute(*_bound(change, dialect))
        counted.append((cursor, change.touching))
    return counted


def _check(counted: Counted) -> None:
    if any(touching is not None and cursor.rowcount != touching for cursor, touching in counted):
        raise Conflict


def _insert_in_turn(driver: Any, rows: Rows) -> None:
    for table in _parents_first(tuple(rows)):
        names = _names(table, rows[table])
        marks = ", ".join("?" * len(names))
        text = f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({marks})"  # noqa: S608
        driver.executemany(text, [tuple(row.values()) for row in rows[table]])


def _insert_together(driver: Any, rows: Rows) -> None:
    """Insert by one statement. Foreign keys are checked when it ends, so the order of the tables is free."""
    if not rows:
        return
    parts: list[_Part] = []
    values: list[Any] = []
    for table, added in rows.items():
        names = _names(table, added)
        if len(added) == 1 or _holds_bytes(table):
            parts.append(_Part(table.name, names, len(added)))
            values += [value for row in added for value in row.values()]
        else:
            parts.append(_Part(table.name, names, None))
            values.append(orjson.dumps(added).decode())
    RawCursor(driver).execute(_insert_text(tuple(parts)), values)


def _names(table: Table, rows: Sequence[Row]) -> tuple[str, ...]:
    names = tuple(rows[0])
    if any(tuple(row) != names for row in rows):
        raise TypeError(f"rows of {table.name} differ in their columns")
    return names


@cache
def _holds_bytes(table: Table) -> bool:
    return any(isinstance(column.type, LargeBinary) for column in table.columns)


@lru_cache(maxsize=512)
def _insert_text(parts: tuple[_Part, ...]) -> str:
    """The statement, the same for any number of recipients or clocks: PostgreSQL keeps it prepared.

    Its marks are PostgreSQL's own. psycopg would translate others anew each time, beyond 50 of them.
    """
    marks = (f"${place}" for place in count(1))
    *others, last = (_insert(part, marks) for part in parts)
    if not others:
        return last
    return f"WITH {', '.join(f'p{place} AS ({text})' for place, text in enumerate(others))} {last}"


def _insert(part: _Part, marks: Iterator[str]) -> str:
    columns = ", ".join(part.names)
    if part.rows is None:
        source = f"SELECT {columns} FROM json_populate_recordset(NULL::{part.table}, {next(marks)}::json)"  # noqa: S608
    else:
        row = ("(" + ", ".join(next(marks) for _ in part.names) + ")" for _ in range(part.rows))
        source = f"VALUES {', '.join(row)}"
    return f"INSERT INTO {part.table} ({columns}) {source}"


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
    return statement.compile(dialect=known())
