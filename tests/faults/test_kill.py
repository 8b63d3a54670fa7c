"""kill -9 at any moment, under senders that retry: what was answered is there once, and nothing is there by halves."""

import random
import time
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from tests.databases import Databases, PostgresDatabases
from tests.faults.account import Account
from tests.faults.installation import begin, holds, some, tokens
from tests.faults.senders import Sender, Traffic
from tests.faults.serving import Served, served
from tests.postgres import PostgresServer
from tests.world import furnished

_LONGEST_LIFE = 0.6
_DAMAGE = (
    "DELETE FROM outbox WHERE id = (SELECT max(id) FROM outbox WHERE topic = 'notification.sent')",
    "UPDATE notifications SET reference_index = 'another' WHERE id = (SELECT min(id) FROM notifications)",
    "DELETE FROM idempotency_keys WHERE key_digest = (SELECT min(key_digest) FROM idempotency_keys)",
    "UPDATE notifications SET version = 99 WHERE id = (SELECT max(id) FROM notifications)",
)


@pytest.mark.parametrize("kills", [20, pytest.param(200, marks=pytest.mark.deep)])
def test_nothing_that_was_answered_is_lost_or_doubled_by_kill_9(service: Served, kills: int) -> None:
    known = begin(service)
    with Traffic(service.port, known) as traffic:
        for _ in range(kills):
            time.sleep(random.uniform(0.02, _LONGEST_LIFE))
            service.kill()
            service.start()
            known.update(tokens(service))
        traffic.wait_for(kills + 1)
    Sender(service.port, known).repeat(some(traffic.recorded))
    assert len(traffic.recorded) > kills
    assert {each.act for each in traffic.recorded} == {"start", "update", "acknowledge"}
    assert holds(service, traffic.recorded)


def test_what_does_not_add_up_is_noticed(databases: Databases, service: Served) -> None:
    with Traffic(service.port, begin(service), senders=2) as traffic:
        traffic.wait_for(20)
    engine = create_engine(databases.owner_url(service.database_url))
    told: set[str] = set()
    for damage in _DAMAGE:
        with engine.begin() as connection:
            connection.exec_driver_sql(damage)
        found = set(Account(service.database, service.folder / "keys").faults(traffic.recorded))
        assert found > told
        told = found
    engine.dispose()


@pytest.mark.parametrize("crash", ["kill_backend", "stop_at_once"])
def test_nothing_that_was_answered_is_lost_when_postgresql_crashes(crash: str, tmp_path: Path) -> None:
    server = PostgresServer.start(fsync=True)
    databases = PostgresDatabases(server)
    try:
        with served(furnished(databases), tmp_path) as service:
            known = begin(service)
            with Traffic(service.port, known) as traffic:
                time.sleep(1)
                getattr(server, crash)()
                time.sleep(1)
            service.database.dispose()
            Sender(service.port, known).repeat(some(traffic.recorded))
            assert holds(service, traffic.recorded)
    finally:
        databases.close()
        server.stop()
