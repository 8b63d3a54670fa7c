"""Requests that may be repeated: the same key and the same request give the first answer again."""

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock

from app.kit.canonical import canonical
from app.security.principal import Caller
from app.work.errors import KeyInFlight, KeyRequired

_KEY = re.compile(r"[\x21-\x7e]{1,200}")


@dataclass(frozen=True, slots=True)
class Once:
    """A key and the request it stands for, both as digests: a key may hold anything, so it is never stored."""

    key_digest: str
    request_digest: str


@dataclass(frozen=True, slots=True)
class Reply:
    """What is answered, now and to every repeat."""

    status: int
    body: bytes
    replayed: bool = False


def once(by: Caller, key: str | None, route: str, body: bytes) -> Once:
    """Read the Idempotency-Key header of one client's request. Raises KeyRequired.

    Who asks is part of the request: what one person did in one function answers for nobody else's act.
    """
    if key is None or not _KEY.fullmatch(key):
        raise KeyRequired
    asked = canonical([by.organisation, by.function, by.practitioner_id, route])
    return Once(
        hashlib.sha256(f"{by.client_id}\n{key}".encode()).hexdigest(),
        hashlib.sha256(asked + b"\n" + body).hexdigest(),
    )


class InFlight:
    """The keys being worked on in this process. Across processes the unique key decides."""

    def __init__(self) -> None:
        self._keys: set[str] = set()
        self._lock = Lock()

    @contextmanager
    def hold(self, key_digest: str) -> Iterator[None]:
        """Hold a key for the length of the block. Raises KeyInFlight."""
        with self._lock:
            if key_digest in self._keys:
                raise KeyInFlight(retry_after=1)
            self._keys.add(key_digest)
        try:
            yield
        finally:
            with self._lock:
                self._keys.discard(key_digest)
