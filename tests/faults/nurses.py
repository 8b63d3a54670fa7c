"""Nurses who publish under faults: each owns one section of a passport that several share, and never gives up."""

import json
import time
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from tests import evidence
from tests.api.passports.records import full
from tests.faults.senders import Recorded, Sender
from tests.faults.serving import Served
from tests.world import LEEDS, LEEDS_HEALTH

_PAUSE = 0.05
_GIVES_UP_AFTER = 120
OWNED = {
    "own_voice": "who_helps_me",
    "daily_life": "sleep",
    "mental_health": "what_helps",
    "health_plan": "arrangements",
}
"""Section -> the field of it that changes each time."""


class Nurse(Sender):
    """Reads her section, finds what she was last told was published, and publishes the next words of it."""

    def __init__(self, port: int, tokens: Mapping[str, str], child_id: str, section: str) -> None:
        super().__init__(port, tokens)
        self.child_id, self.section = child_id, section
        self._address = f"/v1/children/{child_id}/health-passport"
        self._words: str | None = None

    def _next(self) -> Recorded:
        told = self._read()
        held = told["sections"].get(self.section, {}).get(OWNED[self.section])
        assert held == self._words, f"{self.section}: what was acknowledged does not stand"
        self._words = f"A walk, then tea. {uuid4().hex}"
        section = full()[self.section] | {OWNED[self.section]: self._words}
        evidence.sent(section)
        ages = told["sections_shared"] + told["sections_not_recorded"]
        tag = next(each["etag"] for each in ages if each["section"] == self.section)
        path = f"{self._address}/sections/{self.section}"
        return Recorded("publish", path, json.dumps(section).encode(), uuid4().hex, "nurse", [], "PUT", tag)

    def _read(self) -> dict[str, Any]:
        """The passport, asked for until it is answered."""
        deadline = time.monotonic() + _GIVES_UP_AFTER
        reading = Recorded("read", self._address, b"", uuid4().hex, "nurse", [], "GET")
        while time.monotonic() < deadline:
            status, body = self._ask(reading)
            if status == 200:
                return dict(json.loads(body))
            assert status in {0, 503}, body
            time.sleep(_PAUSE)
        raise AssertionError("the passport was never answered")


def begin(service: Served) -> dict[str, str]:
    """Register both systems, start the service and ask for their tokens."""
    for organisation in (LEEDS, LEEDS_HEALTH):
        service.client_of(organisation)
    service.start()
    return tokens(service)


def tokens(service: Served) -> dict[str, str]:
    return {"nurse": service.token(LEEDS_HEALTH, "children_in_care_health", "Bettina Supposed")}


def team(service: Served, known: Mapping[str, str], children: list[str]) -> list[Nurse]:
    """A nurse for each section of each child."""
    return [Nurse(service.port, known, child, section) for child in children for section in OWNED]
