"""Every question asked of placements. Each takes the asking party; each has its index."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    FromClause,
    Select,
    Table,
    and_,
    bindparam,
    case,
    cast,
    exists,
    func,
    literal,
    null,
    select,
    union_all,
    update,
)

from app.children.models import child_corrections, child_keys, children
from app.db import types
from app.placements.models import (
    acknowledgements,
    clocks,
    notifications,
    openings,
    placements,
    recalls,
    recipients,
)

_P, _N, _R, _A, _X = placements.c, notifications.c, recipients.c, acknowledgements.c, recalls.c
_C, _K, _O = children.c, child_keys.c, openings.c

ORGANISATION: BindParameter[str] = bindparam("organisation")
FUNCTION: BindParameter[str] = bindparam("function")

_their_key = and_(_K.child_id == _C.id, _K.organisation_code == _C.organisation_code)
_mine = and_(_R.placement_id == _P.id, _R.organisation_code == ORGANISATION, _R.function == FUNCTION)

_seen = openings.alias("seen")
SEEN = tuple(
    _seen.c[name].label(f"seen_{name}") for name in ("notification_id", "version", "sections", "purpose", "at")
)
"""The last opening by the same person, for ``service.seeing`` to tell whether this one is shared with it."""


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

_access_ended_last = case((_R.access_ended_at.is_(None), 0), else_=1)
_standing = (_R.side, _R.rule, _R.access_ended_at)

TO_OPEN = (
    select(
        _P.id,
        _P.child_id,
        _shown_id,
        _P.organisation_code,
        _P.state,
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
        *_standing,
        *SEEN,
    )
    .select_from(
        with_last_seen(
            placements.join(children, _C.id == _P.child_id)
            .outerjoin(child_keys, _their_key)
            .outerjoin(recipients, _mine),
            _P.id,
            placements,
        )
    )
    .where(_P.id == bindparam("placement_id"))
    .order_by(_access_ended_last, _R.id)
    .limit(1)
)
"""A placement as one party may open it; of a party told several times, the first telling still in force."""

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
    .select_from(placements.join(children, _C.id == _P.child_id).outerjoin(recipients, _mine))
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

_recalled_from_me = exists().where(_mine, _R.access_ended_at.is_not(None)).correlate(placements)
_recalled_from_us = (
    exists()
    .where(
        _R.placement_id == _P.id,
        _R.organisation_code == ORGANISATION,
        _P.organisation_code != ORGANISATION,
        _R.access_ended_why == "recalled",
    )
    .correlate(placements)
)
_told_me = exists().where(_mine, _R.access_ended_at.is_(None)).correlate(placements)
HIDDEN_FROM_AREA = (_recalled_from_me | _recalled_from_us) & ~_told_me
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


_SHAPE: Final[Mapping[str, Any]] = {
    "at": types.Utc,
    "organisation_code": types.Code,
    "function": types.Code,
    "practitioner_id": types.Id,
    "notification_id": types.Id,
    "version": types.Whole,
    "kind": types.Code,
    "occasion": types.Code,
    "how": types.Code,
    "outcome": types.Code,
    "reason": types.Code,
    "named": types.Json,
}
"""What each event of a timeline has, or NULL. ``named`` lists sections or fields, never what they hold."""


def _events(what: str, table: Table, prefix: str, *wanted: ColumnElement[bool], **renamed: Any) -> Select[Any]:
    """At most a page of one kind of event, so that a page costs the same however long the history.

    Ids of every kind sort by time behind their prefix, which makes one line of all of them.
    """
    columns = {**dict(table.c), **renamed}
    shown = (columns.get(name, cast(null(), kind)).label(name) for name, kind in _SHAPE.items())
    page = (
        select(func.substr(table.c.id, 5).label("place"), literal(what).label("what"), *shown)
        .where(*wanted, table.c.id > bindparam(f"after_{prefix}"))
        .order_by(table.c.id)
        .limit(bindparam("limit"))
    )
    return select(page.subquery())


def _timeline(*, whole: bool) -> Select[Any]:
    here: BindParameter[str] = bindparam("placement_id")
    told = exists().where(_R.notification_id == _N.id, _R.organisation_code == ORGANISATION, _R.function == FUNCTION)
    taken_back = exists().where(
        _R.placement_id == here, _R.organisation_code == ORGANISATION, _R.access_ended_at == _X.at
    )
    own = {
        "sent": (told.correlate(notifications),),
        "seen": (_O.organisation_code == ORGANISATION,),
        "answered": (_A.organisation_code == ORGANISATION,),
        "recalled": (taken_back.correlate(recalls),),
    }
    mine: Mapping[str, tuple[ColumnElement[bool], ...]] = {} if whole else own
    kinds = [
        _events(
            "sent",
            notifications,
            "ntf",
            _N.placement_id == here,
            *mine.get("sent", ()),
            at=_N.sent_at,
            notification_id=_N.id,
        ),
        _events("seen", openings, "opn", _O.placement_id == here, *mine.get("seen", ()), named=_O.sections),
        _events("answered", acknowledgements, "ack", _A.placement_id == here, *mine.get("answered", ())),
        _events("recalled", recalls, "rcl", _X.placement_id == here, *mine.get("recalled", ())),
    ]
    if whole:
        fixed = child_corrections.c
        kinds.append(
            _events(
                "corrected",
                child_corrections,
                "cor",
                fixed.child_id == bindparam("child_id"),
                at=fixed.corrected_at,
                named=fixed.facts,
            )
        )
    everything = union_all(*kinds).subquery()
    return select(everything).order_by(everything.c.place).limit(bindparam("limit"))


TIMELINE: Final[Mapping[str, Select[Any]]] = {"whole": _timeline(whole=True), "own": _timeline(whole=False)}
"""Who follows the whole sees what every party did; others what their own organisation did and what it was told."""

TOLD = (
    select(_R.notification_id, _R.organisation_code, _R.function, _R.access_ended_at)
    .where(_R.notification_id.in_(bindparam("ids", expanding=True)))
    .order_by(_R.id)
)
