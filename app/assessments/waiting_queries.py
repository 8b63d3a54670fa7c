"""What waits for a team: one question for each list, over the children in whose health care it has a part today."""

from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    FromClause,
    Select,
    and_,
    bindparam,
    func,
    literal,
    literal_column,
    not_,
    or_,
    select,
    tuple_,
    union_all,
)

from app.assessments.models import assessment_readers, assessment_recommendations, assessments
from app.assessments.part_queries import HAS_PART, OFFER_IS_READ
from app.children.models import children
from app.passports.models import passport_teams, passport_transfers, passports
from app.passports.queries import HANDED_OVER, KEEPER, lived_in
from app.placements.models import placements, recipients

_A, _R, _X = assessments.c, assessment_readers.c, assessment_recommendations.c
_C, _T, _H, _L, _M, _P = (
    children.c,
    passport_teams.c,
    recipients.c,
    placements.c,
    passport_transfers.c,
    passports.c,
)

_ORGANISATION: BindParameter[str] = bindparam("organisation")
_FUNCTION: BindParameter[str] = bindparam("function")
_TODAY: BindParameter[str] = bindparam("today")

_of_the_authority = select(_C.id.label("child_id"), literal("placing").label("side")).where(
    _C.organisation_code.in_(bindparam("authorities", expanding=True)), _C.state == "active", _C.merged_into.is_(None)
)
_known_as = func.coalesce(_C.merged_into, _C.id).label("child_id")
"""Whoever has a part in one record of a child has it in the child, known by the record that is kept."""
_of_the_team = (
    select(_known_as, _T.side)
    .select_from(passport_teams.join(children, _C.id == _T.child_id))
    .where(_T.organisation_code == _ORGANISATION, _T.function == _FUNCTION, _T.until_at.is_(None))
)
_told_of_a_home = (
    select(_known_as, _H.side)
    .select_from(recipients.join(placements, _L.id == _H.placement_id).join(children, _C.id == _L.child_id))
    .where(
        _H.organisation_code == _ORGANISATION,
        _H.function == _FUNCTION,
        _H.access_ended_at.is_(None),
        lived_in(_L),
        not_(HANDED_OVER),
    )
)
_offered_to_it = (
    select(_known_as, literal("host").label("side"))
    .select_from(passport_transfers.join(children, _C.id == _M.child_id))
    .where(
        _M.to_organisation_code == _ORGANISATION,
        _FUNCTION == KEEPER,
        OFFER_IS_READ,
    )
)
_each = union_all(_of_the_authority, _of_the_team, _told_of_a_home, _offered_to_it).subquery("part")
_mine = select(_each.c.child_id, func.max(_each.c.side).label("side")).group_by(_each.c.child_id).cte("caseload")
"""The children of a team and its side, by the rights ``passports.policy.right_of`` knows. Who is on both is placing."""
_joined = children.alias("joined")
_records = (
    union_all(
        select(_mine.c.child_id, _mine.c.side, _mine.c.child_id.label("record")),
        select(_mine.c.child_id, _mine.c.side, _joined.c.id).select_from(
            _mine.join(_joined, _joined.c.merged_into == _mine.c.child_id)
        ),
    )
    .cte("records")
    .prefix_with("MATERIALIZED")
)
"""Their records, the kept one and those that were merged into it: an assessment stands under any of them.

Materialized, so that SQLite sorts a list once, and not what stands under kept and under merged records each by itself.
"""


def _list(
    joined: FromClause, *columns: Any, where: ColumnElement[bool], by: tuple[Any, Any], whose: FromClause = _records
) -> Select[Any]:
    """One list, in the order of a time or id and of what tells two lines of that apart; paged by both."""
    at, tie = by
    return (
        select(whose.c.child_id, whose.c.side, _C.restrictions, at.label("at"), tie.label("tie"), *columns)
        .select_from(joined)
        .where(
            _C.state == "active",
            where,
            tuple_(at, tie) > tuple_(bindparam("after_at"), bindparam("after_tie")),
        )
        .order_by(at, tie)
        .limit(bindparam("limit"))
    )


_children = _mine.join(children, _C.id == _mine.c.child_id)
_of_records = _records.join(children, _C.id == _records.c.child_id)
_own_one, _merged_one = passports.alias("own_one"), passports.alias("merged_one")
_read_of = func.coalesce(
    select(_own_one.c.child_id).where(_own_one.c.child_id == _mine.c.child_id).scalar_subquery(),
    select(_merged_one.c.child_id)
    .select_from(_joined.join(_merged_one, _merged_one.c.child_id == _joined.c.id))
    .where(_joined.c.merged_into == _mine.c.child_id)
    .order_by(_merged_one.c.changed_at.desc())
    .limit(literal_column("1"))
    .scalar_subquery(),
)
"""The record whose passport is read, as ``passports.policy.read_of`` chooses it."""
_ASSESSMENT = (
    _A.id.label("assessment_id"),
    _A.kind,
    _A.state,
    _A.due_at,
    _A.next_on,
    _A.owner_organisation_code,
    _A.owner_function,
    _A.owner_side,
)
_open = _of_records.join(assessments, and_(_A.child_id == _records.c.record, _A.closed_at.is_(None)))
_by_due = (_A.due_at, _A.id)
_by_child = (_mine.c.child_id, _mine.c.child_id)
_read = _of_records.join(assessment_readers, and_(_R.child_id == _records.c.record, _R.opened_at.is_(None))).join(
    assessments, _A.id == _R.assessment_id
)
_READER = (_R.organisation_code.label("reader"), _R.function.label("reader_function"), _R.side.label("reader_side"))
_by_reading = (_R.read_by, _R.assessment_id + _R.organisation_code + _R.function)
_own = and_(_R.organisation_code == _ORGANISATION, _R.function == _FUNCTION)

LISTS: dict[str, Select[Any]] = {
    "no_passport": _list(
        _children.outerjoin(passports, _P.child_id == _read_of), where=_P.child_id.is_(None), by=_by_child, whose=_mine
    ),
    "stale": _list(
        _children.join(passports, _P.child_id == _read_of),
        _P.sections,
        _P.review_due_on,
        where=_P.review_due_on <= _TODAY,
        by=_by_child,
        whose=_mine,
    ),
    "overdue": _list(
        _open,
        *_ASSESSMENT,
        where=or_(_A.due_at < bindparam("now"), _A.next_at < bindparam("now")),
        by=_by_due,
    ),
    "declined": _list(_open, *_ASSESSMENT, where=_A.state == "declined", by=_by_due),
    "unread": _list(_read, *_ASSESSMENT, *_READER, _R.read_by, where=_own, by=_by_reading),
    "unread_by_others": _list(
        _read,
        *_ASSESSMENT,
        *_READER,
        _R.read_by,
        where=and_(~_own, _R.read_by < bindparam("now"), HAS_PART),
        by=_by_reading,
    ),
    "recommendations": _list(
        _of_records.join(assessment_recommendations, and_(_X.child_id == _records.c.record, _X.done_at.is_(None))).join(
            assessments, _A.id == _X.assessment_id
        ),
        *_ASSESSMENT,
        _X.id.label("recommendation_id"),
        _X.due_on,
        _X.owner_organisation_code.label("doer"),
        _X.owner_function.label("doer_function"),
        _X.owner_side.label("doer_side"),
        where=_X.due_on < _TODAY,
        by=(_X.due_on, _X.id),
    ),
}
"""List -> question."""
