"""The placements of a child, those of merged records among them; no words of any."""

from typing import Any

import orjson
from sqlalchemy import Row

from app.children.service.listing import Listing, listed
from app.children.service.reading import family, find, leave_trace, view_of
from app.lives import queries
from app.lives.errors import OnlySomeTeamsList
from app.lives.policy import LISTS_PLACEMENTS
from app.placements.policy import shut_out, state_on
from app.rules.disclosure import View
from app.work.tx import Tx


def placements_of(tx: Tx, child_id: str, listing: Listing) -> bytes:
    """A page of them as JSON, oldest first, and how the record came from, or went to, another authority.

    Raises NotYours, OnlySomeTeamsList.
    """
    row = find(tx, child_id)
    if tx.by.function not in LISTS_PLACEMENTS:
        raise OnlySomeTeamsList
    records, view = family(tx, row), view_of(tx, row)
    ids = [each.id for each in records]
    rows, more = listed(tx, queries.PLACEMENTS_OF, ids, "placements", listing)
    answer = {
        "child_id": row.id,
        "merged": ids[1:],
        "transferred_from": [
            _link(each, each.organisation_code, view) for each in _all(tx, queries.TRANSFERRED_TO, ids)
        ],
        "transferred_to": [
            _link(each, each.to_organisation_code, view) for each in _all(tx, queries.TRANSFERS_OF, ids)
        ],
        "items": [placement_line(tx, each, view) for each in rows],
        "next_cursor": more,
    }
    leave_trace(tx, records, ["placements"])
    return orjson.dumps(answer)


def placement_line(tx: Tx, row: Row[Any], view: View) -> dict[str, Any]:
    """What a list says of a placement; where a lock keeps the caller out, not in which area."""
    return {
        "placement_id": row.id,
        "state": state_on(row.state, row.ended_on, tx.today),
        "urgency": row.urgency,
        "host_area": None if shut_out(view) else row.host_area,
        "started_on": row.started_on,
        "ended_on": row.ended_on,
        "ended_why": row.ended_why,
    }


def _all(tx: Tx, question: Any, ids: list[str]) -> list[Row[Any]]:
    return [row for each in ids for row in tx.all(question, {"child_id": each})]


def _link(row: Row[Any], organisation: str, view: View) -> dict[str, str | None]:
    """That responsibility passed on; where a lock keeps the caller out, not between whom."""
    return {
        "transfer_id": row.id,
        "organisation": None if shut_out(view) else organisation,
        "on": row.transfer_on,
    }
