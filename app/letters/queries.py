"""The one question letters ask: a notification of the caller's own, its placement, and its child."""

from sqlalchemy import and_, bindparam, select

from app.children.models import child_keys, children
from app.placements.models import notifications, placements

_N, _P, _C, _K = notifications.c, placements.c, children.c, child_keys.c
_their_key = and_(_K.child_id == _C.id, _K.organisation_code == _C.organisation_code)

TO_PRINT = (
    select(
        _N.id,
        _N.kind,
        _N.occasion,
        _N.urgency,
        _N.placement_id,
        _N.child_id,
        _N.organisation_code,
        _P.state,
        _P.ended_on,
        _P.version,
        _P.sections,
        _P.host_area,
        _P.rules_edition,
        _C.state.label("child_state"),
        _C.restrictions,
        _K.wrapped,
        _K.master_key_id,
    )
    .select_from(
        notifications.join(placements, _P.id == _N.placement_id)
        .join(children, _C.id == _N.child_id)
        .outerjoin(child_keys, _their_key)
    )
    .where(_N.id == bindparam("notification_id"), _N.organisation_code == bindparam("organisation"))
)
