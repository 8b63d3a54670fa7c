"""A placement whose end was told beforehand ends on its day, without anybody having to do anything."""

from sqlalchemy import bindparam, update

from app.db.engine import Database
from app.kit.clock import Clock
from app.placements.models import placements
from app.placements.policy import ACTIVE, ENDED
from app.rules.working_time import london_day

EVERY_SECONDS = 60.0

_END = (
    update(placements)
    .where(placements.c.state == ACTIVE, placements.c.ended_on <= bindparam("today"))
    .values(state=ENDED)
)


def end_what_has_ended(database: Database, clock: Clock) -> int:
    """Move every placement past its last day to ``ended``; returns how many. The end itself was recorded when told.

    Readers do not wait for this: ``policy.state_on`` tells the state of a day. This only keeps the lists short.
    """
    with database.write() as connection:
        return connection.execute(_END, {"today": london_day(clock()).isoformat()}).rowcount
