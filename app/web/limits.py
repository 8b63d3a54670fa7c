"""How often one client may ask: a token bucket per client, held in this process."""

import time
from collections import OrderedDict
from threading import Lock

from app.web.errors import TooFast

_REMEMBERED = 10_000


class RateLimit:
    """Allows ``per_minute`` requests a minute per name, with a burst of as many."""

    def __init__(self, per_minute: int) -> None:
        self._burst = float(per_minute)
        self._per_second = per_minute / 60
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = Lock()

    def spend(self, name: str) -> None:
        """Take one request from the bucket of ``name``. Raises TooFast."""
        now = time.monotonic()
        with self._lock:
            left, since = self._buckets.pop(name, (self._burst, now))
            left = min(self._burst, left + (now - since) * self._per_second)
            self._buckets[name] = (max(left - 1, 0.0) if left >= 1 else left, now)
            if len(self._buckets) > _REMEMBERED:
                self._buckets.popitem(last=False)
        if left < 1:
            raise TooFast(retry_after=max(1, round((1 - left) / self._per_second)))
