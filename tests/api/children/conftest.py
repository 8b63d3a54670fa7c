"""A social worker, and a child of theirs."""

from typing import Any

import pytest

from tests.api.children.records import create
from tests.world import LEEDS, Caller, World


@pytest.fixture
def worker(world: World) -> Caller:
    return world.as_(LEEDS, name="Sam Placer")


@pytest.fixture
def child(worker: Caller) -> dict[str, Any]:
    return create(worker)
