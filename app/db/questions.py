"""The one place that asks: a SELECT written once at module level is compiled once and put to the driver itself.

What SQLAlchemy does between a statement and its rows costs as much again as the driver, and nothing of it is
needed: every column is text, a whole number or bytes, which mean the same to both drivers. Statements that are
different each time, with a list to expand, go the usual way.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from psycopg import RawCursor
from sqlalchemy import Connection, Row, Select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import result_tuple


class _Question(NamedTuple):
    """A statement with the driver's own marks, the values they stand for in order, and what makes a row.

    ``holds``: it locks what it finds. No ``row``: it has a list to expand, and is put otherwise.
    """

    text: str
    names: tuple[str, ...]
    constants: Mapping[str, Any]
    holds: bool
    row: Callable[[Any], Row[Any]] | None


def one(connection: Connection, statement: Select[Any], values: Mapping[str, Any]) -> Row[Any] | None:
    """The first row, or None."""
    return next(iter(every(connection, statement, values)), None)


def every(connection: Connection, statement: Select[Any], values: Mapping[str, Any]) -> Sequence[Row[Any]]:
    """Every row; the statement bounds how many."""
    question = _compiled(statement, connection.dialect.name)
    driver: Any = connection.connection.driver_connection
    if question.holds and connection.get_execution_options().get("holds_nothing"):
        raise RuntimeError("rows are held until a transaction ends, and there is none")
    if question.row is None:
        return connection.execute(statement, values).all()
    cursor = RawCursor(driver) if connection.dialect.name == "postgresql" else driver.cursor()
    given = {**question.constants, **values}
    cursor.execute(question.text, [given[name] for name in question.names])
    return [question.row(found) for found in cursor.fetchall()]


@cache
def _compiled(statement: Select[Any], dialect: str) -> _Question:
    known: Any = {"sqlite": sqlite.dialect, "postgresql": postgresql.psycopg.dialect}[dialect]
    marks = {"sqlite": "qmark", "postgresql": "numeric_dollar"}[dialect]
    compiled: Any = statement.compile(dialect=known(paramstyle=marks))
    names = [str(column.key) for column in statement.selected_columns]
    row = None if compiled.post_compile_params else result_tuple(names)
    # SQLite holds nothing by row, and its dialect says nothing of it.
    holds = " FOR " in compiled.string
    return _Question(compiled.string, tuple(compiled.positiontup), compiled.params, holds, row)
