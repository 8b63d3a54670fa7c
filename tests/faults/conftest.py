"""A ledger, and a whole installation, on each database there is."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from app.db.engine import Database
from app.db.migrate import migrate
from tests.databases import Databases
from tests.faults.ledgers import Ledger
from tests.faults.serving import Served, served
from tests.postgres import OWNER, SERVICE, Cluster
from tests.world import furnished


@pytest.fixture(params=["sqlite", "postgresql"])
def ledger(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Ledger]:
    if request.param == "sqlite":
        url = owner_url = f"sqlite:///{tmp_path / 'ledger.sqlite'}"
        migrate(owner_url)
    else:
        server: Cluster = request.getfixturevalue("postgres")
        name = f"ledger_{uuid4().hex}"
        server.create_database(name)
        url, owner_url = server.url(SERVICE, name), server.url(OWNER, name)
        migrate(owner_url, service_role=SERVICE)
    database = Database(url)
    yield Ledger(database, url, owner_url)
    database.dispose()


@pytest.fixture
def service(databases: Databases, tmp_path: Path) -> Iterator[Served]:
    """The service in a process of its own, over a database of its own."""
    with served(url := furnished(databases), tmp_path) as running:
        running.owner_url = databases.owner_url(url)
        yield running
