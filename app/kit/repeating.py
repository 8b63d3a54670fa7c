"""A thread that does one thing again and again until it is told to stop."""

import logging
import threading
from collections.abc import Callable

_log = logging.getLogger("placement_notify.background")


class Repeating:
    """Calls ``act`` every ``interval`` seconds. A failure is logged by its kind alone and tried again next time."""

    def __init__(self, name: str, interval: float, act: Callable[[], object]) -> None:
        self._interval = interval
        self._act = act
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Begin. Once only."""
        self._thread.start()

    def stop(self) -> None:
        """Finish what is at hand, and return when the thread has ended."""
        self._stopping.set()
        self._thread.join()

    @property
    def stopping(self) -> bool:
        """Whether it has been told to stop: long work looks here between its parts."""
        return self._stopping.is_set()

    def _run(self) -> None:
        while not self._stopping.wait(self._interval):
            try:
                self._act()
            except Exception as error:  # noqa: BLE001
                # Whatever was begun was rolled back. The error's own text may hold values, so only its kind is told.
                _log.error("background work failed", extra={"error": type(error).__name__})
