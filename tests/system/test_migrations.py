"""Migrations go up, down and up again, and leave exactly the tables that are in code."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, inspect, make_url, text

from app.db.migrate import configured, downgrade, drift, migrate, transaction
from app.ledger.guards import missing_guards
from tests.postgres import OWNER, SERVICE, Cluster


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Of the owner of an empty database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'empty.sqlite'}"
    server: Cluster = request.getfixturevalue("postgres")
    name = f"migrations_{uuid4().hex}"
    server.create_database(name)
    return server.url(OWNER, name)


@pytest.fixture
def connection(url: str) -> Iterator[Connection]:
    engine = create_engine(url)
    with engine.connect() as opened:
        yield opened
    engine.dispose()


def test_an_empty_database_gets_exactly_the_tables_in_code(url: str) -> None:
    migrate(url)
    assert drift(url) == []


def test_a_difference_is_told(url: str) -> None:
    migrate(url)
    with transaction(url) as connection:
        connection.execute(text("ALTER TABLE outbox ADD COLUMN forgotten TEXT"))
    assert [(each[0], each[3].name) for each in drift(url)] == [("remove_column", "forgotten")]


def test_up_down_and_up_again(url: str) -> None:
    migrate(url)
    downgrade(url, "base")
    with transaction(url) as connection:
        assert inspect(connection).get_table_names() == ["alembic_version"]
    migrate(url)
    assert drift(url) == []


def test_migrating_again_keeps_the_head_of_the_ledger(url: str, connection: Connection) -> None:
    migrate(url)
    with transaction(url) as changing:
        changing.execute(text("UPDATE ledger_head SET size = 7"))
    migrate(url)
    assert connection.scalar(text("SELECT size FROM ledger_head")) == 7


def test_guards_lost_in_a_rebuilt_table_are_put_back(url: str, connection: Connection) -> None:
    migrate(url)
    if connection.dialect.name == "sqlite":
        rebuild = (
            "CREATE TABLE rebuilt AS SELECT * FROM ledger_leaves",
            "DROP TABLE ledger_leaves",
            "ALTER TABLE rebuilt RENAME TO ledger_leaves",
        )
    else:
        rebuild = ("DROP TRIGGER ledger_leaves_no_change ON ledger_leaves",)
    with transaction(url) as changing:
        for statement in rebuild:
            changing.execute(text(statement))
    assert missing_guards(connection)
    connection.rollback()
    migrate(url)
    assert missing_guards(connection) == []


def test_a_migration_that_fails_leaves_nothing_behind(url: str, connection: Connection) -> None:
    with transaction(url) as changing:
        changing.execute(text("CREATE TABLE outbox (id INTEGER)"))
    with pytest.raises(Exception, match="outbox"):
        migrate(url)
    assert inspect(connection).get_table_names() == ["outbox"]


def test_the_owner_cannot_be_the_role_of_the_service(url: str) -> None:
    if make_url(url).get_backend_name() == "sqlite":
        migrate(url, service_role=SERVICE)
    else:
        for role in (OWNER, "postgres"):
            with pytest.raises(ValueError, match="service_role must be neither"):
                migrate(url, service_role=role)


def test_a_busy_table_is_not_waited_for_longer_than_the_service_can_bear(url: str) -> None:
    with transaction(url) as connection:
        if connection.dialect.name == "postgresql":
            assert connection.scalar(text("SHOW lock_timeout")) == "5s"
            assert connection.scalar(text("SHOW statement_timeout")) == "15min"


def test_migrations_follow_one_another_by_number(tmp_path: Path) -> None:
    with transaction(f"sqlite:///{tmp_path / 'empty.sqlite'}") as connection:
        script = ScriptDirectory.from_config(configured(connection))
    revisions = [each.revision for each in reversed([*script.walk_revisions()])]
    assert revisions == [f"{number:04}" for number in range(1, len(revisions) + 1)]
    assert len(script.get_heads()) == 1
