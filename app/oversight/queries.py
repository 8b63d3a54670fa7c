"""Every question of oversight. Each takes the asking organisation, and none reads more than a page or a month."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, literal_column, select

from app.children.models import child_keys, children
from app.oversight.models import oversight_counts, oversight_quarters
from app.placements.models import clocks, notifications, placements, recipients
from app.placements.queries import HIDDEN_FROM_AREA, ORGANISATION

_P, _C, _K, _R, _N = placements.c, children.c, child_keys.c, recipients.c, notifications.c

REVIEWS: Final[Mapping[str, str]] = {"unregistered": "unregistered-review", "out_of_area": "out-of-area-review"}
"""List -> the clock of its review."""

_ACTIVE: ColumnElement[str] = literal_column("'active'")
_SIDES: Final[Mapping[str, tuple[ColumnElement[bool], ...]]] = {
    "placing": (_P.organisation_code == ORGANISATION,),
    "host": (_P.host_area == ORGANISATION, ~HIDDEN_FROM_AREA),
}
_their_key = and_(_K.child_id == _C.id, _K.organisation_code == _C.organisation_code)


def _list(review: str, side: str, *wanted: ColumnElement[bool]) -> Select[Any]:
    clock = and_(clocks.c.placement_id == _P.id, clocks.c.code == literal_column(f"'{review}'"))
    return (
        select(
            _P.id,
            _P.child_id,
            _P.organisation_code,
            _P.host_area,
            _P.state,
            _P.version,
            _P.sections,
            _P.outstanding,
            _P.rules_edition,
            _P.age_band,
            _P.concern,
            _P.concern_since,
            _P.distance,
            _P.started_on,
            _P.ended_on,
            _P.changed_at,
            func.coalesce(_C.merged_into, _C.id).label("shown_id"),
            _C.restrictions,
            _K.wrapped,
            _K.master_key_id,
            clocks.c.due_at,
            clocks.c.met_at,
            clocks.c.marked_at,
        )
        .select_from(
            placements.join(children, _C.id == _P.child_id).outerjoin(child_keys, _their_key).outerjoin(clocks, clock)
        )
        .where(*_SIDES[side], _P.state == _ACTIVE, *wanted, _P.id > bindparam("after"))
        .order_by(_P.id)
        .limit(bindparam("limit"))
    )


UNREGISTERED: Final = {side: _list(REVIEWS["unregistered"], side, _P.concern.is_not(None)) for side in _SIDES}
OUT_OF_AREA: Final = {side: _list(REVIEWS["out_of_area"], side, _P.distance.is_not(None)) for side in _SIDES}
"""Children placed out of their area, or living here from another: among those placed now, however many ever were."""

MONTH: Final = (
    select(oversight_counts)
    .where(
        oversight_counts.c.organisation_code == ORGANISATION,
        oversight_counts.c.side == bindparam("side"),
        oversight_counts.c.month == bindparam("month"),
        oversight_counts.c.told > 0,
    )
    .order_by(oversight_counts.c.partner_code, oversight_counts.c.function)
)

TOLD_IN: Final = select(_N.placement_id).where(
    _N.organisation_code == ORGANISATION,
    _N.id > bindparam("first"),
    _N.id < bindparam("last"),
)
"""The placements a sender told of in a period, as often as it did."""

SAMPLED: Final = (
    select(
        _P.id,
        _P.child_id,
        _P.organisation_code,
        _P.host_area,
        _P.state,
        _P.urgency,
        _P.age_band,
        _P.concern,
        _P.distance,
        _P.outstanding,
        _P.rules_edition,
        _P.started_on,
        _P.ended_on,
        _P.version,
        func.coalesce(_C.merged_into, _C.id).label("shown_id"),
        _C.restrictions,
    )
    .select_from(placements.join(children, _C.id == _P.child_id))
    .where(_P.id.in_(bindparam("ids", expanding=True)))
)
CLOCKS_OF: Final = select(clocks.c.placement_id, clocks.c.due_at, clocks.c.met_at).where(
    clocks.c.placement_id.in_(bindparam("ids", expanding=True)), clocks.c.stopped_at.is_(None)
)
RECIPIENTS_OF: Final = select(
    _R.placement_id, _R.retrieved_at, _R.opened_at, _R.acknowledged_at, _R.access_ended_at
).where(_R.placement_id.in_(bindparam("ids", expanding=True)))

QUARTER: Final = select(oversight_quarters.c.sealed).where(oversight_quarters.c.id == bindparam("id"))
"""What was counted of a quarter that is over."""

BEGUN_IN: Final = (
    select(
        _N.id,
        _N.urgency,
        _P.child_id,
        _P.organisation_code,
        _P.sections,
        _P.distance,
        _P.concern,
        _K.wrapped,
        _K.master_key_id,
    )
    .select_from(
        notifications.join(placements, _P.id == _N.placement_id)
        .join(children, _C.id == _P.child_id)
        .outerjoin(child_keys, _their_key)
    )
    .where(
        _N.organisation_code == ORGANISATION,
        _N.kind == literal_column("'start'"),
        _N.id > bindparam("after"),
        _N.id < bindparam("last"),
        _P.state != literal_column("'withdrawn'"),
    )
    .order_by(_N.id)
    .limit(bindparam("limit"))
)
"""The placements a sender began in a period, and where the words of each stand; a page at a time."""
