"""Questions of the search: children whose blind index fits, or an area, and what the caller is to each placement."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import (
    Column,
    ColumnElement,
    FromClause,
    Select,
    Text,
    and_,
    bindparam,
    case,
    func,
    literal_column,
    or_,
    select,
)

from app.children.models import children
from app.db.lists import each_text, together
from app.placements.models import placements, recipients, searches
from app.placements.queries import FUNCTION, ORGANISATION

_P, _R, _C, _S = placements.c, recipients.c, children.c, searches.c

_still_told = (
    select(func.min(_R.side))
    .where(
        _R.placement_id == _P.id,
        _R.organisation_code == ORGANISATION,
        _R.function == FUNCTION,
        _R.access_ended_at.is_(None),
    )
    .correlate(placements)
    .scalar_subquery()
)
_ACTIVE: ColumnElement[str] = literal_column("'active'")


def _found(origin: FromClause, *wanted: ColumnElement[bool]) -> Select[Any]:
    return (
        select(
            _P.id,
            _P.child_id,
            _P.organisation_code,
            _P.host_area,
            _P.state,
            _P.started_on,
            _P.ended_on,
            _P.rules_edition,
            func.coalesce(_C.merged_into, _C.id).label("shown_id"),
            _C.restrictions,
            _C.state.label("child_state"),
            _still_told.label("side"),
        )
        .select_from(origin)
        .where(*wanted)
    )


_wanted = each_text(bindparam("digests", type_=Text())).table_valued("value", name="wanted")


def _children(index: "Column[Any]") -> Select[Any]:
    """The ids under each digest, in one text with spaces between, or NULL.

    Asked for one by one: a join would read all children where there are few, and go another way as they grow.
    """
    under = select(together(_C.id)).where(index == _wanted.c.value).correlate(_wanted)
    return select(under.scalar_subquery().label("ids")).select_from(_wanted)


CHILDREN: Final[Mapping[str, Select[Any]]] = {
    "nhs_number": _children(_C.nhs_number_index),
    "name_and_birth": _children(_C.name_and_birth_index),
    "local_id": select(_C.id.label("ids")).where(
        _C.organisation_code == bindparam("authority"), _C.local_id_index == bindparam("digest")
    ),
}
"""Children whose index is one of ``digests``, JSON: equal facts have another digest at each authority."""

OF_CHILDREN = _found(
    placements.join(children, _C.id == _P.child_id), _P.child_id.in_(bindparam("ids", expanding=True))
).limit(bindparam("limit"))

IN_AREA = (
    _found(
        placements.join(children, _C.id == _P.child_id),
        _P.host_area == bindparam("host_area"),
        _P.state == _ACTIVE,
        _P.id > bindparam("after"),
        or_(and_(_P.organisation_code == ORGANISATION, bindparam("sends") == 1), _still_told.is_not(None)),
    )
    .order_by(_P.id)
    .limit(bindparam("limit"))
)
"""Children who live in an area now, of placements the caller is a party to."""

_SPENT: tuple[ColumnElement[Any], ...] = (
    func.count().label("searches"),
    func.count(case((_S.criterion == "name_and_birth", 1))).label("by_name"),
)
SEARCHED: Final[Select[Any]] = (
    select(*_SPENT)
    .select_from(searches)
    .where(_S.practitioner_id == bindparam("practitioner_id"), _S.at >= bindparam("since"))
)

SEARCHED_BY_ALL: Final[Select[Any]] = select(func.count().label("searches")).where(
    _S.organisation_code == bindparam("organisation"), _S.at >= bindparam("since")
)
