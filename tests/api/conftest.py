"""One running world for each database, shared by every test: each makes children and placements of its own."""

from collections.abc import Iterator

import pytest

from tests.databases import Databases
from tests.world import World, furnished, running_world


@pytest.fixture(scope="session")
def world(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The running service over a database with the directory in it."""
    with running_world(furnished(databases), tmp_path_factory.mktemp("world")) as running:
        yield running
