"""What is changed where care ends, and whom that concerns."""

from sqlalchemy import bindparam, func, select, update

from app.placements.models import clocks, placements, recipients

_P, _R = placements.c, recipients.c

END_ALL = (
    update(placements)
    .where(_P.child_id == bindparam("b_child"), _P.state == "active")
    .values(
        state="ended",
        ended_on=func.coalesce(_P.ended_on, bindparam("b_day")),
        ended_why=bindparam("b_why"),
        changed_at=bindparam("b_at"),
    )
)
SAY_WHY = update(placements).where(_P.id == bindparam("b_id")).values(ended_why=bindparam("b_why"))

_of_child = select(_P.id).where(_P.child_id == bindparam("b_child"))
STOP_CLOCKS = (
    update(clocks)
    .where(
        clocks.c.placement_id.in_(_of_child),
        clocks.c.met_at.is_(None),
        clocks.c.stopped_at.is_(None),
        clocks.c.notification_id != bindparam("b_but"),
    )
    .values(stopped_at=bindparam("b_at"))
)

PARTIES_OF_CHILD = (
    select(_R.placement_id, _R.organisation_code, _R.function)
    .select_from(placements.join(recipients, _R.placement_id == _P.id))
    .where(
        _P.child_id.in_(bindparam("ids", expanding=True)),
        _P.state == bindparam("state"),
        _R.access_ended_at.is_(None),
    )
    .distinct()
)
"""Who is a party to a child's placements in one state: few, for a child has few at once."""
