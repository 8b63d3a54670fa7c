"""What is kept of a child from one placement to the next: the last placement, and what was said in each."""

from sqlalchemy import bindparam, literal_column, select

from app.placements.models import notifications, placements

_P, _N = placements.c, notifications.c
_OF_CHILD = (_P.child_id.in_(bindparam("ids", expanding=True)), _P.organisation_code == bindparam("organisation"))

LAST_PLACEMENT = (
    select(_P.id)
    .where(*_OF_CHILD, _P.state.in_((literal_column("'active'"), literal_column("'ended'"))))
    .order_by(_P.id.desc())
    .limit(1)
)
"""The newest placement of a child that came about, among all records of the child."""

LIVED_IN = (
    select(_P.id, _P.child_id, _P.state, _P.ended_on, _P.version, _P.rules_edition, _P.sections)
    .where(*_OF_CHILD, _P.state != literal_column("'withdrawn'"))
    .order_by(_P.id.desc())
    .limit(bindparam("limit"))
)
"""The newest placements of a child; one that was withdrawn, and what the child was said to wish in it, was none."""

SAID_IN = (
    select(_N.id, _N.placement_id, _N.sent_at, _N.sealed)
    .where(
        _N.placement_id.in_(bindparam("ids", expanding=True)),
        _N.sealed.is_not(None),
        _N.id < bindparam("before"),
    )
    .order_by(_N.id.desc())
    .limit(bindparam("limit"))
)
"""What was told of some placements, newest first; which sections are in it stands in the head of the frame."""
