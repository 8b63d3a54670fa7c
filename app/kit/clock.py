"""Time as the service holds it: UTC, to the millisecond, as fixed-width text that sorts.

The same 24 characters stand in the database, the ledger and the answer, so nothing is converted on the way
and an auditor reads in a table what a client read on the wire.
"""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """The present moment in UTC."""
    return datetime.now(UTC)


def utc_text(moment: datetime) -> str:
    """Format an aware datetime as ``2026-11-22T02:10:00.000Z``."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")[:-6] + "Z"


def parse_utc(text: str) -> datetime:
    """Read back what ``utc_text`` wrote."""
    return datetime.fromisoformat(text)
