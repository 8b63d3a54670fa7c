"""Publishing a passport under kill -9: nothing acknowledged is lost, nothing stands by halves or twice."""

import random
import time

import pytest
from sqlalchemy import create_engine

from tests.api.passports.records import child_of_leeds
from tests.databases import Databases
from tests.faults.installation import some
from tests.faults.nurses import begin, team, tokens
from tests.faults.passport_account import PassportAccount
from tests.faults.senders import Recorded, Sender, Traffic
from tests.faults.serving import Served

_LONGEST_LIFE = 0.6
_CHILDREN = 4
_DAMAGE = (
    "DELETE FROM outbox WHERE id = (SELECT max(id) FROM outbox WHERE topic = 'passport.published')",
    "UPDATE passport_sections SET until_version = NULL WHERE version = 1",
    "DELETE FROM idempotency_keys",
    "UPDATE passport_sections SET version = 999 WHERE version = (SELECT max(version) FROM passport_sections)",
    "UPDATE passports SET version = version + 1",
)


def holds(service: Served, told: list[Recorded]) -> bool:
    """Everything stands as it was told, and the ledger verifies by the operator's own command."""
    assert PassportAccount(service.database, service.folder / "keys").faults(told) == []
    verified = service.run("ledger", "verify")
    assert verified.returncode == 0, verified.stdout
    return True


@pytest.mark.parametrize("kills", [12, pytest.param(200, marks=pytest.mark.deep)])
def test_nothing_that_was_published_is_lost_or_doubled_by_kill_9(service: Served, kills: int) -> None:
    known = begin(service)
    # None is published yet: who publishes first makes the passport, and all four nurses try.
    nurses = team(service, known, [child_of_leeds(service) for _ in range(_CHILDREN)])
    with Traffic(service.port, known, team=nurses) as traffic:
        for _ in range(kills):
            time.sleep(random.uniform(0.02, _LONGEST_LIFE))
            service.kill()
            service.start()
            known.update(tokens(service))
    assert len(traffic.recorded) > kills
    Sender(service.port, known).repeat(some(traffic.recorded))
    assert holds(service, traffic.recorded)


def test_what_does_not_add_up_is_noticed(databases: Databases, service: Served) -> None:
    known = begin(service)
    nurses = team(service, known, [child_of_leeds(service)])
    with Traffic(service.port, known, team=nurses) as traffic:
        traffic.wait_for(20)
    assert holds(service, traffic.recorded)
    engine = create_engine(databases.owner_url(service.database_url))
    told: set[str] = set()
    for damage in _DAMAGE:
        with engine.begin() as connection:
            connection.exec_driver_sql(damage)
        found = set(PassportAccount(service.database, service.folder / "keys").faults(traffic.recorded))
        assert found - told, damage
        told = found
    engine.dispose()
