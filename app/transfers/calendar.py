"""What the calendar ends by itself: a stay on the day told, and with it the offers of the passport made for it."""

from app.db.engine import Database
from app.kit.clock import Clock, utc_text
from app.placements.calendar import END
from app.rules.working_time import london_day
from app.transfers.changes import LAPSE_PLACEMENT


def end_what_has_ended(database: Database, clock: Clock) -> int:
    """Move every placement past its last day to ``ended``; returns how many. The end itself was recorded when told.

    Both are done in one transaction. Readers wait for neither: this only keeps the lists short.
    """
    now = clock()
    with database.write() as connection:
        ended = connection.scalars(END, {"today": london_day(now).isoformat()}).all()
        if ended:
            connection.execute(LAPSE_PLACEMENT, [{"b_placement_id": each, "b_at": utc_text(now)} for each in ended])
    return len(ended)
