"""Systems that never give up: each repeats a request with its key until it is answered, as ours ask clients to."""

import json
import random
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from threading import Event
from typing import Any
from uuid import uuid4

from tests import evidence
from tests.faults.moves import acknowledgement, start, update

AGAIN = {409, 503}
_PAUSE = 0.1
_GIVES_UP_AFTER = 300
_REPEATS = 0.2


@dataclass(frozen=True, slots=True)
class Recorded:
    """A request, and every answer that said it was recorded."""

    act: str
    path: str
    body: bytes
    key: str
    who: str
    answers: list[bytes] = field(default_factory=list)
    method: str = "POST"
    if_match: str | None = None

    @property
    def answer(self) -> dict[str, Any]:
        """What was answered, first and ever after."""
        return dict(json.loads(self.answers[0]))


class Sender:
    """One system with a connection of its own. ``tokens``, of the sender and the host, may be renewed meanwhile."""

    def __init__(self, port: int, tokens: Mapping[str, str]) -> None:
        self._connection = HTTPConnection("127.0.0.1", port, timeout=15)
        self._tokens = tokens
        self._sent: list[dict[str, Any]] = []
        self.recorded: list[Recorded] = []

    def work(self, stop: Event) -> list[Recorded]:
        """Send until told to stop; whatever has begun is brought to its end."""
        with closing(self._connection):
            while not stop.is_set():
                self.recorded.append(self.insist(self._next()))
                if random.random() < _REPEATS:
                    self.insist(random.choice(self.recorded))
        return self.recorded

    def repeat(self, requests: Sequence[Recorded]) -> None:
        """Ask again for what was answered, as a client does that lost its own records."""
        with closing(self._connection):
            for each in requests:
                self.insist(each)

    def insist(self, request: Recorded) -> Recorded:
        """Repeat one request until it is answered with 2xx, and keep the answer."""
        status, body = 0, b""
        deadline = time.monotonic() + _GIVES_UP_AFTER
        while time.monotonic() < deadline:
            status, body = self._ask(request)
            if status in {200, 201}:
                request.answers.append(body)
                if len(request.answers) == 1 and request.act != "acknowledge":
                    self._sent.append(request.answer)
                return request
            assert status in {0, *AGAIN}, body
            time.sleep(_PAUSE)
        raise AssertionError(f"never answered; at last {status} {body!r}")

    def _ask(self, request: Recorded) -> tuple[int, bytes]:
        headers = {
            "Authorization": f"Bearer {self._tokens[request.who]}",
            "Content-Type": "application/json",
            "Idempotency-Key": request.key,
            **({"If-Match": request.if_match} if request.if_match else {}),
        }
        with suppress(OSError, HTTPException):
            self._connection.request(request.method, request.path, request.body, headers)
            response = self._connection.getresponse()
            return response.status, response.read()
        self._connection.close()
        return 0, b""

    def _next(self) -> Recorded:
        act = random.choices(("start", "update", "acknowledge"), (5, 3, 3))[0] if self._sent else "start"
        if act == "start":
            return self._request(act, "/v1/notifications", start())
        about = random.choice(self._sent)
        if act == "update":
            return self._request(act, "/v1/notifications", update(about["placement_id"]))
        return self._request(act, f"/v1/notifications/{about['id']}/acknowledgements", acknowledgement())

    def _request(self, act: str, path: str, document: dict[str, Any]) -> Recorded:
        evidence.sent(document)
        who = "host" if act == "acknowledge" else "sender"
        return Recorded(act, path, json.dumps(document).encode(), uuid4().hex, who)


class Traffic:
    """Many senders at work while the block lasts; afterwards ``recorded`` holds all they were told."""

    def __init__(
        self, port: int, tokens: Mapping[str, str], senders: int = 16, team: Sequence[Sender] | None = None
    ) -> None:
        """``team``: those who send, where they are not all alike."""
        self._team = team or [Sender(port, tokens) for _ in range(senders)]
        self._stop = Event()
        self._pool = ThreadPoolExecutor(len(self._team))
        self._working = [self._pool.submit(each.work, self._stop) for each in self._team]
        self.recorded: list[Recorded] = []

    def wait_for(self, answered: int) -> None:
        """Let them work until so many requests were answered: on a busy machine a short life answers few."""
        deadline = time.monotonic() + _GIVES_UP_AFTER
        while sum(len(each.recorded) for each in self._team) < answered:
            assert time.monotonic() < deadline, "too little was answered"
            time.sleep(_PAUSE)

    def __enter__(self) -> "Traffic":
        return self

    def __exit__(self, failed: object, *_: object) -> None:
        self._stop.set()
        self._pool.shutdown()
        for each in self._working if failed is None else ():
            self.recorded += each.result()
