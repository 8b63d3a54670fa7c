"""Searching among the placements the caller is a party to. What is not found and what may not be told look alike.

There is no index of all children: the digest of a fact is another one at each authority. Whoever searches has the
facts, so the service makes the digest of each authority and looks under all of them (docs/decisions/0013).
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

import orjson
from sqlalchemy import Row

from app.access.disclosure import shows_child_id, visible
from app.children.identity import fact_index, local_id_index
from app.children.restrictions import in_force, restrictions_for
from app.kit.clock import utc_text
from app.kit.ids import new_id
from app.ledger.actions import Action
from app.organisations.directory import Directory
from app.organisations.kinds import Kind
from app.placements import search_queries as queries
from app.placements.errors import SearchedTooOften
from app.placements.models import searches
from app.placements.policy import shut_out, side_of, state_on
from app.rules.disclosure import View
from app.rules.edition import edition
from app.rules.working_time import day_starts, london_day
from app.web.paging import Cursors
from app.work.tx import Tx

A_DAY: Final = {"searches": 100, "by_name": 30}
"""What one person may search in a day, and of it by name and date of birth: a sweep of birthdays needs more."""

AN_ORGANISATION_A_DAY: Final = 1000
"""All its people together: one system can name as many people as it likes."""

_MOST: Final = 50
_AREA: Final = "host_area"
_SEALED: Final = "identity_sealed"
_OPEN: Final = "active"
_NEEDS: Final[Mapping[str, tuple[str, ...]]] = {
    "nhs_number": ("/child/nhs_number",),
    "local_id": ("/child/local_id",),
    "name_and_birth": ("/child/given_names", "/child/family_name", "/child/date_of_birth"),
    _AREA: ("/placement/host_area",),
}
"""What a party must be allowed to see of a child to find it by that: a search tells nothing a reading would not."""


def search(tx: Tx, directory: Directory, cursors: Cursors, document: Mapping[str, Any], cursor: str | None) -> bytes:
    """The placements that fit, as JSON; at most 50. Raises SearchedTooOften, BadCursor."""
    by = _criterion(document)
    _spend(tx)
    area = document.get(_AREA)
    scope = f"search|{tx.by.organisation}|{tx.by.function}|{area}"
    if by == _AREA:
        rows = tx.all(queries.IN_AREA, _area_values(tx, str(area), cursors.open(scope, cursor) if cursor else ""))
    else:
        rows = _of_children(tx, _children(tx, directory, by, document))
    more = cursors.seal(scope, rows[_MOST - 1].id) if by == _AREA and len(rows) > _MOST else None
    items = [item for row in rows[:_MOST] if (item := _told(tx, row, by, document))]
    entry_id = tx.record(Action.PLACEMENTS_SEARCHED, {"organisation": tx.by.organisation}, by=by, found=len(items))
    tx.add(searches, _search(tx, by, entry_id))
    return orjson.dumps({"items": items, "next_cursor": more})


def _criterion(document: Mapping[str, Any]) -> str:
    """What it is searched by: the surest of what was given."""
    given = (each for each in ("nhs_number", "local_id") if each in document)
    return next(given, "name_and_birth" if "family_name" in document else _AREA)


def _of_children(tx: Tx, found: Sequence[str]) -> Sequence[Row[Any]]:
    """The placements of the children found, the newest first."""
    if not found:
        return ()
    party = {"organisation": tx.by.organisation, "function": tx.by.function}
    rows = tx.all(queries.OF_CHILDREN, {**party, "ids": found[:_MOST], "limit": _MOST * 4})
    return sorted(rows, key=lambda row: str(row.id), reverse=True)


def _area_values(tx: Tx, area: str, after: str) -> dict[str, Any]:
    by = tx.by
    sends = int(side_of(by, by.organisation) is not None)
    party = {"organisation": by.organisation, "function": by.function, "sends": sends}
    return {**party, "host_area": area, "after": after, "limit": _MOST + 1}


def _children(tx: Tx, directory: Directory, by: str, document: Mapping[str, Any]) -> Sequence[str]:
    """The children that fit, at the authority that was named; a local id otherwise at the caller's own."""
    named = document.get("placing_authority")
    if by == "local_id":
        authority = named or tx.by.organisation
        digest = local_id_index(tx.vault, authority, document["local_id"])
        return _ids(tx.all(queries.CHILDREN[by], {"authority": authority, "digest": digest}))
    every = (each.code for each in directory.organisations() if each.kind is Kind.LOCAL_AUTHORITY)
    digests = (fact_index(tx.vault, authority, by, document) for authority in ([named] if named else every))
    asked = orjson.dumps([each for each in digests if each]).decode()
    return _ids(tx.all(queries.CHILDREN[by], {"digests": asked}))


def _ids(rows: Sequence[Row[Any]]) -> list[str]:
    """The children of rows that each hold several, or none."""
    return [each for row in rows if row.ids for each in row.ids.split()]


def _told(tx: Tx, row: Row[Any], by: str, document: Mapping[str, Any]) -> dict[str, Any] | None:
    """A placement as a finding, or None where this caller must not find it."""
    side = side_of(tx.by, row.organisation_code) or row.side
    state = state_on(row.state, row.ended_on, tx.today)
    if side is None or row.child_state != _OPEN or _is_sealed(row) or not _fits(row, state, document):
        return None
    restrictions = restrictions_for(row.restrictions, tx.by.practitioner_id)
    view = edition(row.rules_edition).view(tx.by.function, side, state, restrictions)
    if shut_out(view) or not _all_visible(view, (*_NEEDS[by], *(_NEEDS[_AREA] if _AREA in document else ()))):
        return None
    return {
        "placement_id": row.id,
        "child_id": row.shown_id if shows_child_id(view) else None,
        "placing_authority": row.organisation_code,
        "host_area": row.host_area if _all_visible(view, _NEEDS[_AREA]) else None,
        "state": state,
        "started_on": row.started_on if visible(view, "/placement/start") else None,
        "ended_on": row.ended_on if visible(view, "/placement/ending") else None,
        "your_side": side,
    }


def _is_sealed(row: Row[Any]) -> bool:
    return any(each["kind"] == _SEALED for each in in_force(row.restrictions))


def _fits(row: Row[Any], state: str, document: Mapping[str, Any]) -> bool:
    asked = document.get("state", state), document.get(_AREA, row.host_area)
    return asked == (state, row.host_area)


def _all_visible(view: View, pointers: Iterable[str]) -> bool:
    return all(visible(view, each) for each in pointers)


def _spend(tx: Tx) -> None:
    """Count today's searches before this one. Raises SearchedTooOften."""
    today = london_day(tx.now)
    asked = {"since": utc_text(day_starts(today)), "practitioner_id": tx.by.practitioner_id}
    mine = tx.all(queries.SEARCHED, asked)[0]
    ours = tx.all(queries.SEARCHED_BY_ALL, {**asked, "organisation": tx.by.organisation})[0]
    spent = mine.searches >= A_DAY["searches"] or mine.by_name >= A_DAY["by_name"]
    if spent or ours.searches >= AN_ORGANISATION_A_DAY:
        tomorrow = day_starts(today + timedelta(days=1))
        raise SearchedTooOften(retry_after=int((tomorrow - tx.now).total_seconds()) + 1)


def _search(tx: Tx, by: str, entry_id: str) -> dict[str, Any]:
    return {
        "id": new_id("sch"),
        "organisation_code": tx.by.organisation,
        "function": tx.by.function,
        "practitioner_id": tx.by.practitioner_id,
        "criterion": by,
        "at": tx.at,
        "entry_id": entry_id,
    }
