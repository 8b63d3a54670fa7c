"""Questions asked, and changes made, where care that was said to be over goes on."""

from sqlalchemy import bindparam, exists, literal_column, select, update

from app.lives.models import child_proposals
from app.placements.models import clocks, notifications, placements
from app.rules.words import CARE_OVER

_P, _N, _Q = placements.c, notifications.c, child_proposals.c

ENDED_WITH_CARE = select(_P.id, _P.child_id, _P.version, _P.sections, _P.urgency, _P.changed_at).where(
    _P.child_id.in_(bindparam("ids", expanding=True)), _P.ended_why == bindparam("why")
)

END_TOLD_OF = (
    select(_P.child_id)
    .select_from(placements.join(notifications, _N.placement_id == _P.id))
    .where(
        _P.child_id.in_(bindparam("ids", expanding=True)),
        _P.ended_why == bindparam("why"),
        _N.kind == "end",
        _N.occasion == bindparam("why"),
        _N.sent_at > bindparam("since"),
    )
    .order_by(_N.id.desc())
    .limit(1)
)
"""Of several records of a child, the one whose placement was told of as care ended; none where the calendar did."""

IN_CARE_TOGETHER = (
    update(child_proposals)
    .where(_Q.child_id == bindparam("b_child_id"), _Q.proposal == "merge", _Q.state == "confirmed")
    .values(care_state=bindparam("b_state"))
)
"""The mergers of a child whose care was resumed: in which state of care their records are one."""

TOLD_OF = (
    select(_N.id, _N.kind, _N.occasion, _N.version, _N.sent_at, _N.sealed)
    .where(_N.placement_id == bindparam("placement_id"))
    .order_by(_N.id.desc())
)

RESUME = (
    update(placements)
    .where(_P.id == bindparam("b_id"), _P.version == bindparam("b_was"))
    .values(
        state="active",
        version=bindparam("b_version"),
        sections=bindparam("b_sections"),
        ended_on=bindparam("b_ended_on"),
        ended_why=None,
        changed_at=bindparam("b_at"),
    )
)

RUN_ON = (
    update(clocks)
    .where(
        clocks.c.placement_id.in_(select(_P.id).where(_P.child_id == bindparam("b_child_id"))),
        clocks.c.stopped_at.is_not(None),
        ~exists().where(
            _N.id == clocks.c.notification_id,
            _N.kind == "end",
            _N.occasion.in_([literal_column(f"'{each}'") for each in CARE_OVER]),
        ),
    )
    .values(stopped_at=None)
)
"""Whatever the end of care stopped, of earlier homes too; but what a mistaken end itself started stays stopped."""

RUN_AGAIN = (
    update(clocks)
    .where(
        clocks.c.placement_id == bindparam("b_placement_id"),
        clocks.c.notification_id != bindparam("b_notification_id"),
        clocks.c.met_at == bindparam("b_met_at"),
    )
    .values(met_at=None)
)
"""Clocks of earlier notifications that one of this moment met, or whose circumstances it said are gone."""

STOP_STARTED = (
    update(clocks)
    .where(
        clocks.c.placement_id == bindparam("b_placement_id"),
        clocks.c.notification_id == bindparam("b_notification_id"),
        clocks.c.met_at.is_(None),
    )
    .values(stopped_at=bindparam("b_at"))
)
