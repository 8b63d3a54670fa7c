"""The suite's own ground: databases that are really apart, and a service role that is really weak."""

import os
from pathlib import Path

import pytest
from sqlalchemy import Connection, NullPool, create_engine, make_url, text
from sqlalchemy.exc import ProgrammingError

from tests.databases import Databases
from tests.postgres import SERVICE, Cluster


def connect(url: str) -> Connection:
    return create_engine(url, poolclass=NullPool).connect()


def test_each_database_is_a_copy_of_its_own(databases: Databases) -> None:
    first, second = databases.fresh(), databases.fresh()
    with connect(databases.owner_url(first)) as connection:
        connection.execute(text("CREATE TABLE mark (id INTEGER)"))
        connection.commit()
    with connect(databases.owner_url(second)) as connection:
        assert connection.dialect.has_table(connection, "alembic_version")
        assert not connection.dialect.has_table(connection, "mark")


def test_a_prepared_database_is_prepared_once(databases: Databases) -> None:
    prepared: list[str] = []
    copies = {databases.fresh(prepared.append) for _ in range(3)}
    assert len(copies) == 3
    assert len(prepared) == 1


def test_the_suite_runs_as_a_role_that_may_not_change_tables(database_url: str) -> None:
    if make_url(database_url).get_backend_name() == "sqlite":
        pytest.skip("SQLite has no roles")
    with connect(database_url) as connection:
        assert connection.scalar(text("SELECT current_user")) == SERVICE
        assert not connection.scalar(text("SELECT rolsuper FROM pg_roles WHERE rolname = current_user"))
        with pytest.raises(ProgrammingError, match="permission denied"):
            connection.execute(text("CREATE TABLE mark (id INTEGER)"))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has somebody else to run it as")
def test_as_root_the_server_runs_as_somebody_else(postgres: Cluster) -> None:
    with connect(postgres.admin) as connection:
        folder = connection.scalar(text("SELECT current_setting('data_directory')"))
    assert Path(folder).stat().st_uid != 0
