"""What reads and then writes at once: whole or not at all, and the connection serves whoever comes next."""

from collections.abc import Iterator
from contextlib import nullcontext

import pytest
from sqlalchemy import func, select

from app.assessments.models import assessments_place
from app.assessments.queries import MOVE
from app.db import questions, rows
from app.db.engine import Database
from app.db.errors import Conflict
from app.passports.queries import TO_WRITE
from tests.faults.ledgers import Ledger

ROW = {"id": 1, "position": 5}


@pytest.fixture
def database(ledger: Ledger) -> Iterator[Database]:
    """One connection, so that whatever is left on it meets the next."""
    database = Database(ledger.url, pool_size=1)
    yield database
    database.dispose()


def places(database: Database) -> int:
    with database.read() as connection:
        return connection.scalar(select(func.count()).select_from(assessments_place)) or 0


def moved(was: int, now: int) -> list[rows.Change]:
    return [rows.Change(MOVE, {"was": was, "now": now}, 1)]


def test_a_change_that_came_too_late_leaves_nothing_and_no_transaction(database: Database) -> None:
    with pytest.raises(Conflict), database.brief() as connection:
        rows.write(connection, {assessments_place: [ROW]}, moved(99, 6))
    assert places(database) == 0
    with database.brief() as connection:
        rows.write(connection, {assessments_place: [ROW]}, [])
    with pytest.raises(Conflict), database.brief() as connection:
        rows.write(connection, {assessments_place: [ROW]}, moved(5, 6))
    with database.brief() as connection:
        rows.write(connection, {}, moved(5, 6))
    with database.write() as connection:
        rows.write(connection, {}, moved(6, 7))
    with database.read() as connection:
        assert connection.scalar(select(assessments_place.c.position)) == 7


def test_what_is_to_be_held_is_not_asked_where_nothing_is_held(database: Database) -> None:
    asked = {"child_id": "chd_00000000000000000000000000", "organisation": "E08000035"}
    with database.write() as connection:
        assert questions.one(connection, TO_WRITE, asked) is None
    # A file is held as a whole, from the first question to the end.
    refused = nullcontext() if database.is_sqlite else pytest.raises(RuntimeError, match="held")
    with refused, database.brief() as connection:
        questions.one(connection, TO_WRITE, asked)
    with database.brief() as connection:
        rows.write(connection, {assessments_place: [ROW]}, [])
    assert places(database) == 1
