"""An installation at work: who sends and answers, and whether everything stands as it was told."""

import random

from tests.faults.account import Account
from tests.faults.senders import Recorded
from tests.faults.serving import Served
from tests.world import LEEDS, SHROPSHIRE

_REPEATED = 100


def tokens(service: Served) -> dict[str, str]:
    """Tokens for somebody to send and somebody to acknowledge, both by name; new ones when they grow old."""
    return {
        "sender": service.token(LEEDS, "emergency_duty", "Sam Placer"),
        "host": service.token(SHROPSHIRE, "emergency_duty", "Bo Hughes"),
    }


def begin(service: Served) -> dict[str, str]:
    """Register both systems, start the service and ask for their tokens."""
    for organisation in (LEEDS, SHROPSHIRE):
        service.client_of(organisation)
    service.start()
    return tokens(service)


def some(told: list[Recorded]) -> list[Recorded]:
    """Enough of what was answered to ask for again."""
    return random.sample(told, min(_REPEATED, len(told)))


def holds(service: Served, told: list[Recorded]) -> bool:
    """Everything stands as it was told, and the ledger verifies by the operator's own command."""
    assert Account(service.database, service.folder / "keys").faults(told) == []
    verified = service.run("ledger", "verify")
    assert verified.returncode == 0, verified.stdout
    return True
