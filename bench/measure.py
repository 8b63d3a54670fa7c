"""One burst of requests, measured; and the rounds that the figures come from."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bench import accounts, calls
from bench.service import HOST, HOST_HEALTH, PLACING, Service

KINDS = ("send", "open", "ack", "inbox")
CONNECTIONS = (16, 1)


@dataclass(frozen=True)
class Burst:
    """What one burst cost: CPU milliseconds a request, of the service and of PostgreSQL; the rest is context."""

    service_ms: float
    postgres_ms: float
    per_s: float
    p50_ms: float
    p99_ms: float
    answer_bytes: float
    others_cpu: float
    """Cores that processes which are not part of the bench kept busy meanwhile."""
    reference_ms: float
    """What a fixed piece of work cost just before."""

    @property
    def cpu_ms(self) -> float:
        return self.service_ms + self.postgres_ms


def _nothing(_kind: str) -> None:
    pass


class Rounds:
    """Runs every kind of request again and again, each on what the one before made."""

    def __init__(self, service: Service, postmaster: int) -> None:
        self._service, self._postmaster = service, postmaster
        self.renew()

    def renew(self) -> None:
        """Ask for new tokens: they last ten minutes."""
        token = self._service.token
        self._sends = calls.Sends(token(PLACING, "social_care", "Asha Rahman"))
        self._reader = token(HOST, "social_care", "Bo Hughes")
        self._other = token(HOST_HEALTH, "children_in_care_health", "Cai Jones")

    def run(self, count: int, connections: int, after: Callable[[str], None] = _nothing) -> dict[str, Burst]:
        """Send, open, acknowledge and look into a full inbox, ``count`` times each; ``after`` each kind is called."""
        self.renew()
        found: dict[str, Burst] = {}

        def burst(kind: str, requests: list[str], expected: str) -> list[str]:
            found[kind], beginnings = self._burst(requests, connections, expected)
            after(kind)
            return beginnings

        ids = [each.split('"', 4)[3] for each in burst("send", self._sends.take(count), "201")]
        burst("open", calls.opens(self._reader, ids), "200")
        burst("ack", calls.acknowledgements(self._reader, ids), "201")
        burst("inbox", calls.inboxes(self._other, count), "200")
        return found

    def ask(self, requests: list[str], expected: str = "200", connections: int = 1) -> Burst:
        """Any other requests, one after another where there is one connection."""
        return self._burst(requests, connections, expected)[0]

    def batch(self, items: int) -> float:
        """CPU milliseconds an item of one batch costs, of the service and of PostgreSQL."""
        self.renew()
        return self._burst([self._sends.take_batch(items)], 1, "200")[0].cpu_ms / items

    def send_one(self) -> None:
        """A single send about a known child."""
        self._burst(self._sends.take(1), 1, "201")

    def _burst(self, requests: list[str], connections: int, expected: str) -> tuple[Burst, list[str]]:
        reference_ms = accounts.reference_ms()
        before = accounts.read(self._service.pid, self._postmaster)
        seen = drive(self._service.port, requests, connections)
        after = accounts.read(self._service.pid, self._postmaster)
        if seen["statuses"] != {expected: len(requests)}:
            raise RuntimeError(f"answers were not all {expected}: {seen['statuses']} {seen['last']}")
        is_full_page = (
            "/inbox" not in requests[0]
            or len(requests) < calls.PAGE
            or seen["last"].count('"notification_id"') == calls.PAGE
        )
        if not is_full_page:
            raise RuntimeError("the inbox was not full, which would flatter the figure")
        return _cost(before, after, seen, len(requests), reference_ms), seen["beginnings"]


def drive(port: int, requests: list[str], connections: int) -> dict[str, Any]:
    """Let the light client send these requests."""
    order = {"host": "127.0.0.1", "port": port, "requests": requests, "connections": connections}
    with tempfile.TemporaryFile("w+") as asked, tempfile.TemporaryFile("w+") as seen:
        json.dump(order, asked)
        asked.seek(0)
        subprocess.run([sys.executable, "-m", "bench.load"], stdin=asked, stdout=seen, check=True)
        seen.seek(0)
        return dict(json.load(seen))


def _cost(
    before: accounts.Reading, after: accounts.Reading, seen: dict[str, Any], count: int, reference_ms: float
) -> Burst:
    service, postgres = after.service - before.service, after.postgres - before.postgres
    foreign = after.machine - before.machine - service - postgres - (after.own - before.own)
    return Burst(
        service_ms=service * 1000 / count,
        postgres_ms=postgres * 1000 / count,
        per_s=count / seen["seconds"],
        p50_ms=seen["p50_ms"],
        p99_ms=seen["p99_ms"],
        answer_bytes=seen["bytes"] / count,
        others_cpu=max(0.0, foreign / (after.at - before.at)),
        reference_ms=reference_ms,
    )
