"""What the calendar does by itself: a placement ends on the day told, and care ends on the 18th birthday."""

from datetime import date
from typing import Any

import orjson
from sqlalchemy import and_, bindparam, select, tuple_, update

from app.children.identity import identity_name, turns_18
from app.children.models import child_keys, children
from app.children.service.reading import records_of
from app.placements.models import placements
from app.placements.policy import ACTIVE, ENDED
from app.placements.service.care_over import IN_CARE, Over, end_care
from app.rules.working_time import london_day
from app.vault.errors import Tampered
from app.work.resources import Resources
from app.work.tx import Tx
from app.work.unit import Work

EVERY_SECONDS = 60.0
_PAGE = 500

END = (
    update(placements)
    .where(placements.c.state == ACTIVE, placements.c.ended_on <= bindparam("today"))
    .values(state=ENDED)
    .returning(placements.c.id)
)
"""Every placement past its last day. Readers do not wait for this: ``policy.state_on`` tells the state of a day."""

_C, _K = children.c, child_keys.c
_COMING_OF_AGE = (
    select(_C.id, _C.organisation_code, _C.adult_in, _C.sealed, _K.wrapped, _K.master_key_id)
    .select_from(
        children.outerjoin(child_keys, and_(_K.child_id == _C.id, _K.organisation_code == _C.organisation_code))
    )
    .where(
        _C.state == "active",
        _C.adult_in <= bindparam("year"),
        tuple_(_C.adult_in, _C.id) > tuple_(bindparam("after_year"), bindparam("after_id")),
        _C.merged_into.is_(None),
    )
    .order_by(_C.adult_in, _C.id)
    .limit(bindparam("limit"))
)
"""Children in care who turn 18 this year or should have before: a page of a hundredth of all there are."""


class Birthdays:
    """Ends the care of children on the day they turn 18. Looks through this year's children once a day.

    The day of birth is sealed, so each of them is opened; a crash loses only what the next look finds again.
    """

    def __init__(self, resources: Resources) -> None:
        self._resources = resources
        self._looked_on: date | None = None

    def look(self) -> int:
        """End the care of everybody who is 18 by now; returns how many. Looks once a day at most."""
        today = london_day(self._resources.clock())
        if self._looked_on == today:
            return 0
        adults = self._adults(today)
        ended = sum(Work(self._resources, None, "").write(_comes_of_age, *each) for each in adults)
        self._looked_on = today
        return ended

    def _adults(self, today: date) -> list[tuple[str, str]]:
        found, after = [], ("", "")
        while True:
            asked = {"year": str(today.year), "after_year": after[0], "after_id": after[1], "limit": _PAGE}
            with self._resources.database.read() as connection:
                rows = connection.execute(_COMING_OF_AGE, asked).all()
            found += [(row.id, row.organisation_code) for row in rows if _is_adult(self._resources, row, today)]
            if len(rows) < _PAGE:
                return found
            after = (rows[-1].adult_in, rows[-1].id)


def _is_adult(resources: Resources, row: Any, today: date) -> bool:
    """Told from the sealed identity. One that does not open keeps nobody else in care for longer."""
    if row.sealed is None or row.wrapped is None:
        return False
    vault = resources.vault
    try:
        key = vault.unwrap(row.wrapped, row.master_key_id, row.id, row.organisation_code)
        identity = orjson.loads(vault.unseal(key, identity_name(row.id), row.sealed))
    except Tampered:
        return False
    birthday = turns_18(identity.get("date_of_birth"))
    return birthday is not None and birthday <= today


def _comes_of_age(tx: Tx, child_id: str, organisation: str) -> bool:
    records = records_of(tx, child_id, organisation)
    if records[0].id != child_id or records[0].state != IN_CARE:
        return False
    entry_id = end_care(tx, records, Over("turned_18", tx.today))
    tx.publish("child.turned_18", organisation, "social_care", entry_id)
    return True
