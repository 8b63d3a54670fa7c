"""A ledger on each database there is."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from app.db.engine import Database
from app.db.migrate import migrate
from tests.faults.ledgers import Ledger
from tests.postgres import OWNER, SERVICE, Cluster


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
