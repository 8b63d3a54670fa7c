"""Questions asked of the account."""

from sqlalchemy import bindparam, exists, select

from app.children.models import children
from app.placements.models import openings, placements, recipients

_C, _O, _P, _R = children.c, openings.c, placements.c, recipients.c

_told_as_party = (
    exists()
    .where(
        _P.child_id == _C.id,
        _R.placement_id == _P.id,
        _R.organisation_code == bindparam("organisation"),
        _R.function == bindparam("function"),
        _R.access_ended_at.is_(None),
    )
    .correlate(children)
)

STANDING = select(_C.organisation_code, _told_as_party.label("is_party")).where(_C.id == bindparam("child_id"))
"""Who controls a child's record, and whether the asking function is told of the child."""

SEEN = (
    select(openings, _P.rules_edition)
    .select_from(openings.outerjoin(placements, _P.id == _O.placement_id))
    .where(_O.child_id == bindparam("child_id"), _O.id < bindparam("before"))
    .order_by(_O.id.desc())
    .limit(bindparam("limit"))
)
"""Every opening and retrieving, newest first. Nothing takes a row away: not a recall, not a withdrawal."""

SEEN_WHERE_TOLD = SEEN.where(
    exists()
    .where(
        _R.placement_id == _O.placement_id,
        _R.organisation_code == bindparam("organisation"),
        _R.function == bindparam("function"),
        _R.access_ended_at.is_(None),
    )
    .correlate(openings)
)
"""The same for a party that is no controller: only of placements it is told of."""
