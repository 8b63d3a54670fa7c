"""The history of a placement: one line of what stands in several tables, a page at a time."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    Table,
    and_,
    bindparam,
    cast,
    exists,
    func,
    literal,
    null,
    select,
    union_all,
)

from app.children.models import child_corrections, child_keys, openings
from app.db import types
from app.placements.models import (
    acknowledgements,
    clock_marks,
    notifications,
    placement_confirmations,
    recalls,
    recipients,
)
from app.placements.queries import FUNCTION, ORGANISATION

_N, _R, _A, _X = notifications.c, recipients.c, acknowledgements.c, recalls.c
_O, _M, _F, _K = openings.c, clock_marks.c, placement_confirmations.c, child_keys.c

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
    "code": types.Code,
    "done_at": types.Utc,
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


_HERE: BindParameter[str] = bindparam("placement_id")


def _own() -> Mapping[str, ColumnElement[bool]]:
    """Of each kind, what a party sees that does not follow the whole; of work done by name its own team's alone."""
    told = exists().where(_R.notification_id == _N.id, _R.organisation_code == ORGANISATION, _R.function == FUNCTION)
    taken_back = exists().where(
        _R.placement_id == _HERE, _R.organisation_code == ORGANISATION, _R.access_ended_at == _X.at
    )
    return {
        "sent": told.correlate(notifications),
        "seen": _O.organisation_code == ORGANISATION,
        "answered": _A.organisation_code == ORGANISATION,
        "recalled": taken_back.correlate(recalls),
        "done": and_(_M.organisation_code == ORGANISATION, _M.function == FUNCTION),
        "confirmed": and_(_F.organisation_code == ORGANISATION, _F.function == FUNCTION),
    }


_KINDS: Final[Mapping[str, tuple[Table, str, Mapping[str, Any]]]] = {
    "sent": (notifications, "ntf", {"at": _N.sent_at, "notification_id": _N.id}),
    "seen": (openings, "opn", {"named": _O.sections}),
    "answered": (acknowledgements, "ack", {}),
    "recalled": (recalls, "rcl", {}),
    "done": (clock_marks, "mrk", {}),
    "confirmed": (placement_confirmations, "cnf", {"named": _F.sections}),
}
"""Kind of event -> its table, the prefix of its ids, and which of its columns are called otherwise on the line."""


def _timeline(*, whole: bool) -> Select[Any]:
    mine = {} if whole else _own()
    kinds = [
        _events(what, table, prefix, table.c.placement_id == _HERE, *([mine[what]] if mine else []), **renamed)
        for what, (table, prefix, renamed) in _KINDS.items()
    ]
    if whole:
        kinds.append(_corrections())
    everything = union_all(*kinds).subquery()
    return select(everything).order_by(everything.c.place).limit(bindparam("limit"))


def _corrections() -> Select[Any]:
    """Of the child, not of a placement: shown to who follows the whole."""
    fixed = child_corrections.c
    of_child = fixed.child_id == bindparam("child_id")
    return _events("corrected", child_corrections, "cor", of_child, at=fixed.corrected_at, named=fixed.facts)


TIMELINE: Final[Mapping[str, Select[Any]]] = {"whole": _timeline(whole=True), "own": _timeline(whole=False)}
"""Who follows the whole sees what every party did; others what their own organisation did and what it was told."""

TOLD = (
    select(_R.notification_id, _R.organisation_code, _R.function, _R.access_ended_at)
    .where(_R.notification_id.in_(bindparam("ids", expanding=True)))
    .order_by(_R.id)
)

REPLIES = (
    select(
        _A.id,
        _A.notification_id,
        _A.organisation_code,
        _A.function,
        _A.practitioner_id,
        _A.outcome,
        _A.reason,
        _A.sealed,
        _A.at,
        _K.child_id,
        _K.wrapped,
        _K.master_key_id,
    )
    .select_from(
        acknowledgements.join(notifications, _N.id == _A.notification_id).outerjoin(
            child_keys, and_(_K.child_id == _N.child_id, _K.organisation_code == _A.organisation_code)
        )
    )
    .where(_A.placement_id == bindparam("placement_id"))
    .order_by(_A.id)
    .limit(bindparam("limit"))
)
"""What was answered, and the key that each organisation's own words of the child stand under."""
