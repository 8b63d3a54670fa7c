"""Asks a ClamAV daemon about a file, where the operator runs one. What was not scanned is never called clean."""

import logging
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import urlsplit

CLEAN: Final = "clean"
INFECTED: Final = "infected"
NOT_SCANNED: Final = "not_scanned"

_SECONDS: Final = 60
_log = logging.getLogger("placement_notify.documents")


def scan(scanner: str | None, pieces: Iterator[bytes]) -> str:
    """Clean, infected, or not scanned: because there is no scanner, or because it gave no answer, which is logged."""
    if scanner is None:
        return NOT_SCANNED
    try:
        ((said, _signature),) = _daemon(scanner).instream(_Reader(pieces)).values()
    except Exception as error:  # noqa: BLE001 - whatever the daemon or its library does, the file was not scanned
        _log.error("a file was not scanned", extra={"error": type(error).__name__})
        return NOT_SCANNED
    if said == "ERROR":
        _log.error("a file was not scanned", extra={"error": "refused_by_scanner"})
    return {"OK": CLEAN, "FOUND": INFECTED}.get(said, NOT_SCANNED)


def _daemon(address: str) -> Any:
    import clamd  # type: ignore[import-untyped]  # noqa: PLC0415

    where = urlsplit(address)
    if where.scheme == "unix":
        return clamd.ClamdUnixSocket(where.path, timeout=_SECONDS)
    return clamd.ClamdNetworkSocket(where.hostname, where.port or 3310, timeout=_SECONDS)


class _Reader:
    """What the library reads from, over pieces of any length."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._held = b""

    def read(self, size: int) -> bytes:
        if not self._held:
            self._held = next(self._pieces, b"")
        given, self._held = self._held[:size], self._held[size:]
        return given
