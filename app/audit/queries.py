"""Questions asked of the account."""

from sqlalchemy import bindparam, exists, func, or_, select

from app.children.models import children, openings
from app.children.records import any_record
from app.placements.models import placements, recipients

_C, _O, _P, _R = children.c, openings.c, placements.c, recipients.c

_told_as_party = (
    exists()
    .where(
        any_record(_P.child_id, _C.id),
        _R.placement_id == _P.id,
        _R.organisation_code == bindparam("organisation"),
        _R.function == bindparam("function"),
        _R.access_ended_at.is_(None),
        _P.state == "active",
        or_(_P.ended_on.is_(None), _P.ended_on > bindparam("today")),
    )
    .correlate(children)
)
_asked = children.alias("asked")

STANDING = (
    select(_C.id, _C.organisation_code, _C.restrictions, _told_as_party.label("is_party"))
    .select_from(_asked.join(children, _C.id == func.coalesce(_asked.c.merged_into, _asked.c.id)))
    .where(_asked.c.id == bindparam("child_id"))
)
"""Who controls a child's record, and whether the asking function is told of a placement that goes on."""

MERGED = select(_C.id).where(_C.merged_into == bindparam("child_id")).order_by(_C.id)
"""The records that were merged into one: what was seen of them was seen of the child."""

SEEN = (
    select(openings, _P.rules_edition)
    .select_from(openings.outerjoin(placements, _P.id == _O.placement_id))
    .where(_O.child_id.in_(bindparam("ids", expanding=True)), _O.id < bindparam("before"))
    .order_by(_O.id.desc())
    .limit(bindparam("limit"))
)
"""Every opening and retrieving, newest first. Nothing takes a row away: not a recall, not a withdrawal."""

SEEN_OF_PLACEMENT = (
    select(openings, _P.rules_edition)
    .select_from(openings.join(placements, _P.id == _O.placement_id))
    .where(_O.placement_id == bindparam("placement_id"), _O.id < bindparam("before"))
    .order_by(_O.id.desc())
    .limit(bindparam("limit"))
)
"""The same of one placement."""

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
