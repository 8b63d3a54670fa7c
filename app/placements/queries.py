"""Every question asked of placements. Each takes the asking party; each has its index."""

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    FromClause,
    Subquery,
    and_,
    bindparam,
    case,
    exists,
    func,
    literal_column,
    null,
    select,
    true,
    update,
)

from app.children.models import child_keys, children, openings
from app.placements.models import (
    clocks,
    notifications,
    placement_confirmations,
    placements,
    recipients,
)

_P, _N, _R = placements.c, notifications.c, recipients.c
_C, _K, _O = children.c, child_keys.c, openings.c
_F = placement_confirmations.c

ORGANISATION: BindParameter[str] = bindparam("organisation")
FUNCTION: BindParameter[str] = bindparam("function")

_their_key = and_(_K.child_id == _C.id, _K.organisation_code == _C.organisation_code)
_mine = and_(_R.placement_id == _P.id, _R.organisation_code == ORGANISATION, _R.function == FUNCTION)
_sent = and_(_P.organisation_code == ORGANISATION, bindparam("sends") == 1)
_told = and_(
    _R.placement_id == case((_sent, null()), else_=_P.id), _R.organisation_code == ORGANISATION, _R.function == FUNCTION
)
"""What a party was told, not looked up for the team that sends: that it was told itself changes nothing for it."""

_seen = openings.alias("seen")
_SEEN = ("notification_id", "version", "sections", "purpose", "at")
SEEN = tuple(_seen.c[name].label(f"seen_{name}") for name in _SEEN)
"""The last opening by the same person, for ``service.seeing`` to tell whether this one is shared with it."""


def last_seen(*record: ColumnElement[bool]) -> Subquery:
    """The caller's last opening of a record that is known beforehand, as one row or none.

    The index leads to the row itself. Joined by an id that is looked up first, it costs a lookup more, and all openings
    are read while the planner still takes them for a handful.
    """
    return (
        select(*(_O[name].label(f"seen_{name}") for name in _SEEN))
        .where(
            *record,
            _O.organisation_code == ORGANISATION,
            _O.function == FUNCTION,
            _O.practitioner_id == bindparam("practitioner_id"),
        )
        .order_by(_O.id.desc())
        .limit(literal_column("1"))
        .subquery("last_seen")
    )


def with_last_seen(joined: FromClause, placement_id: ColumnElement[str], within: FromClause) -> FromClause:
    """Add the caller's last opening of a placement; ``within`` is the table that ``placement_id`` is in."""
    latest = (
        select(func.max(_O.id))
        .where(
            _O.placement_id == placement_id,
            _O.organisation_code == ORGANISATION,
            _O.function == FUNCTION,
            _O.practitioner_id == bindparam("practitioner_id"),
        )
        .correlate(within)
        .scalar_subquery()
    )
    return joined.outerjoin(_seen, _seen.c.id == latest)


_shown_id = func.coalesce(_C.merged_into, _C.id).label("shown_id")
"""The child as it is known outside its own record: by the record kept where several were merged."""

_confirmed = placement_confirmations.alias("confirmed")
_last_confirmed = select(func.max(_F.number)).where(_F.placement_id == _P.id).correlate(placements).scalar_subquery()

_access_ended_last = case((_R.access_ended_at.is_(None), 0), else_=1)
_standing = (_R.side, _R.rule, _R.access_ended_at)

_last_seen = last_seen(_O.placement_id == bindparam("placement_id"))
TO_OPEN = (
    select(
        _P.id,
        _P.child_id,
        _shown_id,
        _P.organisation_code,
        _P.state,
        _P.started_on,
        _P.ended_on,
        _P.ended_why,
        _P.version,
        _P.sections,
        _P.outstanding,
        _P.rules_edition,
        _P.urgency,
        _C.restrictions,
        _K.wrapped,
        _K.master_key_id,
        _confirmed.c.number.label("confirmed_times"),
        _confirmed.c.standing.label("confirmed"),
        *_standing,
        *_last_seen.c,
    )
    .select_from(
        placements.join(children, _C.id == _P.child_id)
        .outerjoin(child_keys, _their_key)
        .outerjoin(recipients, _told)
        .outerjoin(_confirmed, and_(_confirmed.c.placement_id == _P.id, _confirmed.c.number == _last_confirmed))
        .outerjoin(_last_seen, true())
    )
    .where(_P.id == bindparam("placement_id"))
    .order_by(_access_ended_last, _R.id)
    .limit(1)
)
"""A placement as one party may open it; of a party told several times, the first telling still in force.

The last confirmation comes with it: it says of every section when it was last found still true.
"""

STANDING = (
    select(
        _P.id,
        _P.child_id,
        _shown_id,
        _P.organisation_code,
        _P.state,
        _P.ended_on,
        _P.rules_edition,
        _C.restrictions,
        *_standing,
    )
    .select_from(placements.join(children, _C.id == _P.child_id).outerjoin(recipients, _told))
    .where(_P.id == bindparam("placement_id"))
    .order_by(_access_ended_last, _R.id)
    .limit(1)
)
"""Only where one party stands, and what it may see by that."""

FRAMES = select(_N.id, _N.sealed).where(_N.id.in_(bindparam("ids", expanding=True)))

CLOCKS_OF = (
    select(clocks).where(clocks.c.placement_id == bindparam("placement_id")).order_by(clocks.c.due_at, clocks.c.id)
)

STOP_CLOCK = (
    update(clocks)
    .where(clocks.c.id == bindparam("b_id"), clocks.c.met_at.is_(None), clocks.c.stopped_at.is_(None))
    .values(met_at=bindparam("b_at"))
)

RECIPIENTS = select(recipients).where(_R.placement_id == bindparam("placement_id")).order_by(_R.id)

_from_me = and_(_R.function == FUNCTION, _R.access_ended_at.is_not(None))
_from_us = and_(_P.organisation_code != ORGANISATION, _R.access_ended_why == "recalled")
_recalled = (
    exists()
    .where(_R.placement_id == _P.id, _R.organisation_code == ORGANISATION, _from_me | _from_us)
    .correlate(placements)
)
_told_me = exists().where(_mine, _R.access_ended_at.is_(None)).correlate(placements)
HIDDEN_FROM_AREA = _recalled & ~_told_me
"""Whether a list of an area leaves a placement out: it was taken back, and this team is not told any more."""

REGISTER = (
    select(
        _P.id,
        _P.child_id,
        _shown_id,
        _P.organisation_code,
        _P.state,
        _P.version,
        _P.sections,
        _P.rules_edition,
        _P.started_on,
        _P.ended_on,
        _P.changed_at,
        _C.restrictions,
        _K.wrapped,
        _K.master_key_id,
    )
    .select_from(placements.join(children, _C.id == _P.child_id).outerjoin(child_keys, _their_key))
    .where(
        _P.host_area == ORGANISATION,
        _P.state == bindparam("state"),
        _P.id > bindparam("after"),
        ~HIDDEN_FROM_AREA,
    )
    .order_by(_P.id)
    .limit(bindparam("limit"))
)
"""Children living in an area, less those recalled from the asking function.

What was taken back from one team of another authority is not shown to a team of it that was never told: whoever
asks next would only have to name another function. A team that is still told keeps its line.
"""

MOVE_ON = (
    update(placements)
    .where(_P.id == bindparam("b_id"), _P.version == bindparam("b_was"))
    .values(
        {
            name: bindparam(f"b_{name}")
            for name in (
                "host_area",
                "state",
                "version",
                "sections",
                "outstanding",
                "age_band",
                "concern",
                "concern_since",
                "distance",
                "started_on",
                "ended_on",
                "changed_at",
            )
        }
    )
)
"""The next version of a placement; touches no row where somebody else moved it on first."""
