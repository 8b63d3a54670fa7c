"""The requests of the hot path, as the bytes that go over the wire."""

import json
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

_START: dict[str, Any] = json.loads((Path(__file__).parent / "start.json").read_text("utf-8"))
_ACKNOWLEDGEMENT = {
    "outcome": "accepted",
    "note": "We have read it and take it on.",
    "owner": {"name": "Wilf Conceit", "role": "Duty manager", "phone": "01632 960120"},
}
PAGE = 50
KNOWN_CHILDREN = 200
_NEW_EVERY = 10
"""One child in ten is sent about for the first time."""


class Sends:
    """Sends a child aged two to a home in another area: four parties are told."""

    def __init__(self, token: str) -> None:
        self.token = token
        self._sent = 0
        self._mark = uuid4().hex[:8].upper()

    def take(self, count: int) -> list[str]:
        return [self._one() for _ in range(count)]

    def _one(self) -> str:
        return post("/v1/notifications", self.token, self._next())

    def _next(self) -> dict[str, Any]:
        self._sent += 1
        is_new = self._sent % _NEW_EVERY == 0
        child = f"NEW{self._mark}{self._sent}" if is_new else f"KNOWN{self._sent % KNOWN_CHILDREN}"
        return start(child, f"BENCH-{uuid4().hex[:12]}")

    def take_batch(self, count: int) -> str:
        """One request with ``count`` of them."""
        items = [{"idempotency_key": uuid4().hex, "notification": self._next()} for _ in range(count)]
        return post("/v1/notifications/batch", self.token, {"items": items})


def start(local_id: str, reference: str) -> dict[str, Any]:
    """A planned start of 4 KB, with days that stay true whenever the bench runs."""
    today = datetime.now(UTC).date()
    child = {**_START["child"], "local_id": local_id, "date_of_birth": _iso(today - timedelta(days=990))}
    begins = {"date": _iso(today + timedelta(days=8)), "time": "10:00"}
    placement = {**_START["placement"], "start": begins}
    return {**_START, "reference": reference, "child": child, "placement": placement}


def opens(token: str, ids: Iterable[str]) -> list[str]:
    return [get(f"/v1/notifications/{each}", token) for each in ids]


def acknowledgements(token: str, ids: Iterable[str]) -> list[str]:
    return [post(f"/v1/notifications/{each}/acknowledgements", token, _ACKNOWLEDGEMENT) for each in ids]


def inboxes(token: str, count: int) -> list[str]:
    return [get(f"/v1/inbox?limit={PAGE}", token)] * count


def get(path: str, token: str, **headers: str) -> str:
    """A GET as it goes over the wire."""
    more = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    return f"GET {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n{more}\r\n"


def post(path: str, token: str, document: Any) -> str:
    """A POST of JSON as it goes over the wire."""
    body = json.dumps(document, separators=(",", ":"))
    return (
        f"POST {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n"
        f"Idempotency-Key: {uuid4().hex}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body.encode())}\r\n\r\n{body}"
    )


def _iso(day: date) -> str:
    return day.isoformat()
