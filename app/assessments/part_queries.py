"""Who of those who should read a report is waited for: whoever has a part in the child's health care today."""

from sqlalchemy import and_, bindparam, exists, literal, literal_column, not_, or_

from app.assessments.models import assessment_readers
from app.assessments.policy import OF_THE_AUTHORITY, PLACING
from app.assessments.queries import READERS_OF
from app.children.records import any_record
from app.passports.models import passport_teams, passport_transfers
from app.passports.queries import HANDED_OVER, KEEPER, lived_in, stands
from app.placements.models import placements, recipients

_R, _T, _H, _L, _M = (
    assessment_readers.c,
    passport_teams.c,
    recipients.c,
    placements.c,
    passport_transfers.c,
)

_BY_THEMSELVES = (*OF_THE_AUTHORITY, KEEPER)

OFFER_IS_READ = and_(
    _M.settled == literal_column("0"),
    stands,
    (_M.state + literal(".") + _M.urgency).in_(bindparam("reading", expanding=True)),
    or_(_M.reads_until.is_(None), _M.reads_until >= bindparam("now")),
)
"""Whether whom a passport is offered to reads it already."""

HAS_PART = or_(
    and_(_R.side == PLACING, _R.function.in_([literal_column(f"'{each}'") for each in _BY_THEMSELVES])),
    exists()
    .where(
        any_record(_T.child_id, _R.child_id),
        _T.organisation_code == _R.organisation_code,
        _T.function == _R.function,
        _T.until_at.is_(None),
    )
    .correlate(assessment_readers),
    exists()
    .where(
        any_record(_L.child_id, _R.child_id),
        lived_in(_L),
        _H.placement_id == _L.id,
        _H.organisation_code == _R.organisation_code,
        _H.function == _R.function,
        _H.access_ended_at.is_(None),
        not_(HANDED_OVER),
    )
    .correlate(assessment_readers),
    exists()
    .where(
        any_record(_M.child_id, _R.child_id),
        _M.to_organisation_code == _R.organisation_code,
        _R.function == KEEPER,
        OFFER_IS_READ,
    )
    .correlate(assessment_readers),
)
"""Whether a reader has a part today: nobody is waited for whose part is over since the child moved on.

The authority's own teams and its health team have theirs without being told of any home, as long as the child is its
own.
"""

READERS = READERS_OF.add_columns(HAS_PART.label("has_part"))
"""The readers of reports, and whether each has a part in the child's health care today."""
