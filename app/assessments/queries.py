"""Every question asked of the register, and every change to it. The lists of teams stand in ``waiting_queries``."""

from sqlalchemy import BindParameter, and_, bindparam, case, func, select, update

from app.assessments.models import (
    assessment_events,
    assessment_readers,
    assessment_recommendations,
    assessments,
    assessments_place,
)
from app.children.models import child_keys, children
from app.children.records import any_record
from app.passports.models import passport_teams
from app.placements.models import placements

_A, _E, _R, _X = assessments.c, assessment_events.c, assessment_readers.c, assessment_recommendations.c
_C, _K, _T, _P = children.c, child_keys.c, passport_teams.c, placements.c
_done_key = child_keys.alias("done_key")
_CHILD: BindParameter[str] = bindparam("child_id")
"""Any id of a child: while records are merged, what stands under each of them is the child's."""

OF_CHILD = (
    select(assessments)
    .where(_A.child_id.in_(bindparam("ids", expanding=True)), _A.id > bindparam("after"))
    .order_by(_A.id)
    .limit(bindparam("limit"))
)
ASSESSMENT = select(assessments).where(
    _A.id == bindparam("assessment_id"), _A.child_id.in_(bindparam("ids", expanding=True))
)

OPEN_OF_CHILD = select(assessments).where(any_record(_A.child_id, _CHILD), _A.closed_at.is_(None)).order_by(_A.id)
"""What is owed of a child: a handful."""

SERIES = select(assessments).where(any_record(_A.child_id, _CHILD), _A.series.is_not(None)).order_by(_A.id)
"""What the service raised for a child before, so that nothing is raised twice."""

REPORTED = select(_A.id, _A.child_id, _A.kind).where(any_record(_A.child_id, _CHILD), _A.report_at.is_not(None))

EVENTS = (
    select(assessment_events, _K.wrapped, _K.master_key_id)
    .select_from(
        assessment_events.outerjoin(
            child_keys, and_(_K.child_id == _E.child_id, _K.organisation_code == _E.organisation_code)
        )
    )
    .where(_E.assessment_id == bindparam("assessment_id"))
    .order_by(_E.id)
)
"""What happened to one assessment, each with the key of the organisation whose words it holds."""

UPLOADERS = (
    select(_E.assessment_id, _E.organisation_code, _E.function)
    .where(_E.assessment_id.in_(bindparam("ids", expanding=True)), _E.event == bindparam("event"))
    .order_by(_E.id)
)
"""The teams that uploaded reports; of each assessment the last uploaded the report as it stands."""

READERS_OF = (
    select(assessment_readers)
    .where(_R.assessment_id.in_(bindparam("ids", expanding=True)))
    .order_by(_R.assessment_id, _R.organisation_code, _R.function)
)

RECOMMENDATIONS_OF = (
    select(
        assessment_recommendations,
        _K.wrapped,
        _K.master_key_id,
        _done_key.c.wrapped.label("done_wrapped"),
        _done_key.c.master_key_id.label("done_master_key_id"),
    )
    .select_from(
        assessment_recommendations.outerjoin(
            child_keys, and_(_K.child_id == _X.child_id, _K.organisation_code == _X.organisation_code)
        ).outerjoin(
            _done_key,
            and_(
                _done_key.c.child_id == _X.child_id,
                _done_key.c.organisation_code == _X.done_organisation_code,
            ),
        )
    )
    .where(_X.assessment_id.in_(bindparam("ids", expanding=True)))
    .order_by(_X.assessment_id, _X.id)
)

RECOMMENDED_TO_HOST = (
    select(
        _X.id,
        _X.assessment_id,
        _X.child_id,
        _X.owner_organisation_code,
        _X.owner_function,
        _X.owner_side,
        _A.kind,
        _A.authority_code,
    )
    .select_from(assessment_recommendations.join(assessments, _A.id == _X.assessment_id))
    .where(any_record(_X.child_id, _CHILD), _X.done_at.is_(None), _X.owner_side == "host")
    .order_by(_X.id)
)
"""What teams of the host side are to do: they had a part by a home, or by the passport, when it was recommended."""

KEY_OF = select(_K.wrapped, _K.master_key_id).where(
    _K.child_id == bindparam("child_id"), _K.organisation_code == bindparam("organisation")
)

_kept_first = case((_C.merged_into.is_(None), 0), else_=1)

HOLDER = (
    select(_T.organisation_code, _T.side)
    .select_from(passport_teams.join(children, _C.id == _T.child_id))
    .where(any_record(_T.child_id, _CHILD), _T.until_at.is_(None), _T.holds == 1)
    .order_by(_kept_first, _T.id.desc())
    .limit(1)
)
"""The health team that keeps the child's passport, if one does, and its side: it may be the new area's."""

# ---- Changes --------------------------------------------------------------------------------------------------------

_MOVED = (
    "state",
    "owner_organisation_code",
    "owner_function",
    "owner_side",
    "commissioner_code",
    "asked_organisation_code",
    "asked_function",
    "asked_side",
    "asked_at",
    "due_at",
    "due_rule",
    "next_on",
    "next_at",
    "tell_at",
    "done_on",
    "closed_at",
    "report_id",
    "report_organisation_code",
    "report_at",
)
"""What of an assessment may change."""

MOVE_ON = (
    update(assessments)
    .where(_A.id == bindparam("b_id"), _A.version == bindparam("b_was"))
    .values(version=bindparam("b_version"), **{name: bindparam(f"b_{name}") for name in _MOVED})
)
"""The next state of an assessment; touches no row where somebody else moved it on first."""

MARK_READ = (
    update(assessment_readers)
    .where(
        _R.assessment_id == bindparam("b_assessment_id"),
        _R.organisation_code == bindparam("b_organisation"),
        _R.function == bindparam("b_function"),
    )
    .values(
        opened_at=func.coalesce(_R.opened_at, bindparam("b_at")),
        opened_by=func.coalesce(_R.opened_by, bindparam("b_by")),
    )
)

UNREAD_AGAIN = (
    update(assessment_readers)
    .where(
        _R.assessment_id == bindparam("b_assessment_id"),
        _R.organisation_code == bindparam("b_organisation"),
        _R.function == bindparam("b_function"),
    )
    .values(told_at=bindparam("b_at"), read_by=bindparam("b_read_by"), opened_at=None, opened_by=None)
)

CLOSE_RECOMMENDATION = (
    update(assessment_recommendations)
    .where(_X.id == bindparam("b_id"), _X.done_at.is_(None))
    .values(
        outcome=bindparam("b_outcome"),
        done_at=bindparam("b_at"),
        done_organisation_code=bindparam("b_organisation"),
        done_function=bindparam("b_function"),
        done_by=bindparam("b_by"),
        done_sealed=bindparam("b_sealed"),
    )
)

RECOMMEND_TO = (
    update(assessment_recommendations)
    .where(_X.id == bindparam("b_id"), _X.done_at.is_(None))
    .values(
        owner_organisation_code=bindparam("b_organisation"),
        owner_function=bindparam("b_function"),
        owner_side=bindparam("b_side"),
    )
)

# ---- Raising by itself ----------------------------------------------------------------------------------------------

RECORDS = (
    select(
        _C.id,
        _C.organisation_code,
        _C.sealed,
        _C.state,
        _C.created_at,
        _C.merged_into,
        _C.restrictions,
        _K.wrapped,
        _K.master_key_id,
    )
    .select_from(
        children.outerjoin(child_keys, and_(_K.child_id == _C.id, _K.organisation_code == _C.organisation_code))
    )
    .where(any_record(_C.id, _CHILD))
    .order_by(_kept_first, _C.id)
)
"""The records of a child, the kept one first, each with its authority's key, for the service itself: to count from,
never to show."""

HOMES = (
    select(_P.id, _P.child_id, _P.sections, _P.started_on, _P.state)
    .where(any_record(_P.child_id, _CHILD))
    .order_by(_P.id.desc())
    .limit(50)
)
"""The homes a child had, the latest first."""

TO_TELL = (
    select(assessments, _C.state.label("care"), func.coalesce(_C.merged_into, _C.id).label("shown_id"))
    .select_from(assessments.join(children, _C.id == _A.child_id))
    .where(_A.tell_at <= bindparam("now"))
    .order_by(_A.tell_at)
    .limit(bindparam("limit"))
)
"""What fell due and whose owner was not told so yet, and whether care goes on."""

TOLD = (
    update(assessments)
    .where(_A.id == bindparam("b_id"), _A.tell_at == bindparam("b_was"))
    .values(tell_at=bindparam("b_next"))
)

PLACE = select(assessments_place.c.position).where(assessments_place.c.id == 1)
MOVE = (
    update(assessments_place)
    .where(assessments_place.c.id == 1, assessments_place.c.position == bindparam("was"))
    .values(position=bindparam("now"))
)
