"""Removing what no row names: uploads that were cut off between the store and the database."""

from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Final

from app.blobs.store import Blobs
from app.db import questions
from app.db.engine import Database
from app.documents import queries

EVERY_SECONDS: Final = 900
GRACE: Final = timedelta(hours=1)
"""Longer than any upload takes from its first byte to its row."""

_DAYS: Final = 3
_AT_ONCE: Final = 200


def sweep(database: Database, blobs: Blobs, now: datetime, *, grace: timedelta = GRACE, every_day: bool = False) -> int:
    """Remove blobs older than ``grace`` that no row names; of the last three days, or ever. Returns how many."""
    days = [""] if every_day else [f"{now - timedelta(days=back):%Y-%m-%d}" for back in range(_DAYS)]
    # The store dates blobs by the machine's clock, whatever clock the service was given.
    before = datetime.now(UTC) - grace
    return sum(_sweep_day(database, blobs, before, day) for day in days)


def _sweep_day(database: Database, blobs: Blobs, before: datetime, day: str) -> int:
    found, removed = blobs.older_than(before, day), 0
    while names := list(islice(found, _AT_ONCE)):
        with database.read() as connection:
            kept = {row.blob for row in questions.every(connection, queries.BLOBS, {"ids": names})}
        for name in (each for each in names if each not in kept):
            blobs.remove(name)
            removed += 1
    return removed
