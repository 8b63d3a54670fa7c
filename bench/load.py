"""A light client: keep-alive HTTP/1.1 over raw sockets, each connection busy until nothing is left to ask.

A process of its own, so that its work is not counted: the order comes on standard input, what was seen leaves on
standard output, both as JSON.
"""

import asyncio
import json
import sys
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

import uvloop

_KEPT = 200
"""Characters kept of the beginning of each answer: enough for the id of what was made."""


class Caller(asyncio.Protocol):
    """One connection: sends a request, waits for the whole answer, sends the next."""

    def __init__(self, left: Iterator[bytes], seen: "Seen") -> None:
        self._left, self._seen = left, seen
        self._answer = b""
        self.done = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: Any) -> None:
        self._transport = transport
        self._ask()

    def data_received(self, data: bytes) -> None:
        self._answer += data
        head, end_of_head, body = self._answer.partition(b"\r\n\r\n")
        if not end_of_head or len(body) < _content_length(head):
            return
        self._seen.note(head, body, time.perf_counter() - self._began)
        self._answer = b""
        self._ask()

    def connection_lost(self, error: Exception | None) -> None:
        if not self.done.done():
            self.done.set_exception(error or ConnectionError("the service hung up"))

    def _ask(self) -> None:
        request = next(self._left, None)
        if request is None:
            self.done.set_result(None)
            self._transport.close()
            return
        self._began = time.perf_counter()
        self._transport.write(request)


class Seen:
    """What came back."""

    def __init__(self) -> None:
        self.statuses: Counter[str] = Counter()
        self.beginnings: list[str] = []
        self.milliseconds: list[float] = []
        self.bytes = 0
        self.last = ""

    def note(self, head: bytes, body: bytes, seconds: float) -> None:
        self.statuses[head[9:12].decode()] += 1
        self.beginnings.append(body[:_KEPT].decode(errors="replace"))
        self.milliseconds.append(seconds * 1000)
        self.bytes += len(body)
        self.last = body.decode(errors="replace")


def _content_length(head: bytes) -> int:
    """Of the body that follows; an answer that has none, such as 304, says nothing of its length."""
    return int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0] or 0)


async def drive(host: str, port: int, requests: list[str], connections: int) -> dict[str, Any]:
    """Send every request once, over so many connections; return what was seen."""
    loop, seen, left = asyncio.get_running_loop(), Seen(), (request.encode() for request in requests)
    began = time.perf_counter()
    callers = [(await loop.create_connection(lambda: Caller(left, seen), host, port))[1] for _ in range(connections)]
    await asyncio.gather(*(caller.done for caller in callers))
    seconds = time.perf_counter() - began
    times = sorted(seen.milliseconds)
    return {
        "seconds": seconds,
        "statuses": seen.statuses,
        "beginnings": seen.beginnings,
        "last": seen.last,
        "p50_ms": times[len(times) // 2],
        "p99_ms": times[len(times) * 99 // 100],
        "bytes": seen.bytes,
    }


if __name__ == "__main__":
    print(json.dumps(uvloop.run(drive(**json.load(sys.stdin)))), flush=True)
