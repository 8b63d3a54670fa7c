"""One running world for each database, shared by every test: each makes children and placements of its own."""

from collections.abc import Iterator

import pytest

from app.db.engine import Database
from tests.databases import Databases
from tests.world import World, furnish, running_world


def _furnished(url: str) -> None:
    database = Database(url)
    furnish(database)
    database.dispose()


@pytest.fixture(scope="session")
def world(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The running service over a furnished database."""
    with running_world(databases.fresh(_furnished), tmp_path_factory.mktemp("world")) as running:
        yield running
