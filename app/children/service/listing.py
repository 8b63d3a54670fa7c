"""One page of what hangs on a child, oldest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Select

from app.web.paging import Cursors
from app.work.tx import Tx


@dataclass(frozen=True, slots=True)
class Listing:
    """What to show of a list: a cursor from the page before, and how many."""

    cursors: Cursors
    cursor: str | None
    limit: int


def listed(
    tx: Tx, statement: Select[Any], child_id: str, what: str, listing: Listing
) -> tuple[Sequence[Row[Any]], str | None]:
    """The rows of one page and the cursor of the next. Raises BadCursor."""
    scope = f"{what}|{tx.by.organisation}|{tx.by.function}|{child_id}"
    after = listing.cursors.open(scope, listing.cursor) if listing.cursor else ""
    rows = tx.all(statement, {"child_id": child_id, "after": after, "limit": listing.limit + 1})
    shown = rows[: listing.limit]
    more = listing.cursors.seal(scope, shown[-1].id) if len(rows) > listing.limit else None
    return shown, more
