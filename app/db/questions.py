"""The one place that asks: a SELECT written once at module level is compiled once and put to the driver itself.

What SQLAlchemy does between a statement and its rows costs as much again as the driver, and nothing of it is
needed: every column is text, a whole number or bytes, which mean the same to both drivers. Statements that are
different each time, with a list to expand, go the usual way.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from psycopg import RawCursor
from sqlalchemy import CompoundSelect, Connection, Label, Row, Select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import result_tuple

_Asked = Select[Any] | CompoundSelect[Any]


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
    if question.row is None:
        _refuse_to_hold(connection, question)
        return connection.execute(statement, values).all()
    return [question.row(found) for found in _found(connection, question, values)]


class Beside(NamedTuple):
    """The rows of a question, and the value of what was asked beside it."""

    rows: Sequence[Row[Any]]
    value: Any


def every_beside(
    connection: Connection, statement: _Asked, column: Label[Any], values: Mapping[str, Any]
) -> Beside | None:
    """Every row, and a value that depends on none of them: in one round trip instead of two.

    None where it cannot be asked so, or no row was there to hold it.
    """
    dialect = connection.dialect.name
    if not isinstance(statement, Select) or (row := _compiled(statement, dialect).row) is None:
        return None
    found = _found(connection, _compiled(_with(statement, column), dialect), values)
    return Beside([row(each[:-1]) for each in found], found[0][-1]) if found else None


@cache
def _with(statement: Select[Any], column: Label[Any]) -> Select[Any]:
    return statement.add_columns(column)


def _found(connection: Connection, question: _Question, values: Mapping[str, Any]) -> list[Any]:
    _refuse_to_hold(connection, question)
    driver: Any = connection.connection.driver_connection
    cursor = RawCursor(driver) if connection.dialect.name == "postgresql" else driver.cursor()
    given = {**question.constants, **values}
    cursor.execute(question.text, [given[name] for name in question.names])
    found: list[Any] = cursor.fetchall()
    return found


def _refuse_to_hold(connection: Connection, question: _Question) -> None:
    if question.holds and connection.get_execution_options().get("holds_nothing"):
        raise RuntimeError("rows are held until a transaction ends, and there is none")


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
