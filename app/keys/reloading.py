"""How a running process learns of changed key files: it looks at them every few seconds, and takes them whole."""

import logging
from collections.abc import Callable
from pathlib import Path

from app.security.keys import KeyUnusable
from app.vault.errors import KeysUnusable

_log = logging.getLogger("placement_notify.keys")


class KeyWatch:
    """Calls ``take`` when any file in ``directory`` has changed. Files that are no good change nothing."""

    def __init__(self, directory: Path, take: Callable[[], None]) -> None:
        self._directory = directory
        self._take = take
        self._seen = self._look()

    def look(self) -> None:
        """Look once."""
        found = self._look()
        if found == self._seen:
            return
        try:
            self._take()
        except (KeysUnusable, KeyUnusable) as error:
            _log.error(
                "key files changed and are not usable; going on with those before",
                extra={"error": type(error).__name__},
            )
            return
        self._seen = found
        _log.info("key files changed and were taken over")

    def _look(self) -> frozenset[tuple[str, int, int]]:
        files = (each for each in self._directory.iterdir() if not each.name.startswith("."))
        return frozenset((each.name, (stat := each.stat()).st_mtime_ns, stat.st_ino) for each in files)
