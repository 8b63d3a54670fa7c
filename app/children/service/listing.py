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
    tx: Tx, statement: Select[Any], ids: Sequence[str], what: str, listing: Listing
) -> tuple[Sequence[Row[Any]], str | None]:
    """One page of a record and what was merged into it, kept one first, and the next cursor. Raises BadCursor."""
    scope = f"{what}|{tx.by.organisation}|{tx.by.function}|{ids[0]}"
    after = listing.cursors.open(scope, listing.cursor) if listing.cursor else ""
    rows = tx.all(statement, {"ids": ids, "after": after, "limit": listing.limit + 1})
    shown = rows[: listing.limit]
    more = listing.cursors.seal(scope, shown[-1].id) if len(rows) > listing.limit else None
    return shown, more
