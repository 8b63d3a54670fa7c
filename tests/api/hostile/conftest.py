"""A world of its own: what is made here by the hundred would get in the way of others."""

from collections.abc import Iterator

import pytest

from tests.databases import Databases
from tests.world import World, furnished, running_world


@pytest.fixture(scope="session")
def world(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with running_world(furnished(databases), tmp_path_factory.mktemp("world")) as running:
        yield running
