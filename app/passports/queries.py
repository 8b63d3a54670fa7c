"""Every question asked of passports. Each takes the asking party; each has its index."""

from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    and_,
    bindparam,
    case,
    exists,
    func,
    literal,
    literal_column,
    not_,
    null,
    or_,
    select,
    true,
    union_all,
    update,
)

from app.children.models import child_keys, children, openings
from app.children.policy import OWN_RECORD
from app.db import types
from app.passports.models import (
    passport_sections,
    passport_teams,
    passport_transfers,
    passport_versions,
    passports,
)
from app.placements.models import placements, recipients
from app.placements.queries import last_seen

_C, _K, _P, _S, _T, _V = (
    children.c,
    child_keys.c,
    passports.c,
    passport_sections.c,
    passport_teams.c,
    passport_versions.c,
)
_R, _L, _O, _M = recipients.c, placements.c, openings.c, passport_transfers.c

KEEPER = "children_in_care_health"
"""The function whose teams keep passports, and hand them to each other."""
OPEN = ("offered", "queried")
"""States of a transfer in which the new team has not answered for good."""
UNDECIDED = (*OPEN, "declined")
"""States from which a passport may still go somewhere: a refused transfer is open until there is another team."""

_ORGANISATION: BindParameter[str] = bindparam("organisation")
_FUNCTION: BindParameter[str] = bindparam("function")


def lived_in(home: Any) -> ColumnElement[bool]:
    """Whether a child lives in this home today, as ``placements.policy.state_on`` tells it."""
    return and_(home.state == "active", or_(home.ended_on.is_(None), home.ended_on > bindparam("today")))


_is_open = _M.state.in_([literal_column(f"'{state}'") for state in OPEN])
stands = or_(
    _M.placement_id.is_(None),
    exists().where(_L.id == _M.placement_id, lived_in(_L)).correlate(passport_transfers),
)
"""An offer that was made for a home stands no longer than the child lives there; by name, before any move, of none."""

_lived_in = and_(_L.child_id == _C.id, lived_in(_L))

_told = (
    select(func.max(_R.id))
    .select_from(placements.join(recipients, _R.placement_id == _L.id))
    .where(_lived_in, _R.organisation_code == _ORGANISATION, _R.function == _FUNCTION, _R.access_ended_at.is_(None))
    .correlate(children)
    .scalar_subquery()
)

_offered = (
    select(func.max(_M.id))
    .where(
        _M.child_id == _C.id,
        _M.to_organisation_code == _ORGANISATION,
        _is_open,
        stands,
        _FUNCTION == KEEPER,
    )
    .correlate(children)
    .scalar_subquery()
)

_last_seen = last_seen(_O.child_id == bindparam("child_id"), _O.placement_id.is_(None), _O.why != OWN_RECORD)

_joined = children.alias("joined")
_has_merged = exists().where(_joined.c.merged_into == _C.id).correlate(children)

STANDING = (
    select(
        _C.id.label("child_id"),
        _C.organisation_code.label("authority"),
        _C.restrictions,
        _C.state.label("child_state"),
        _C.merged_into,
        case((_has_merged, 1), else_=0).label("has_merged"),
        _P.version,
        _P.sections,
        _P.changed_at,
        _T.side.label("team_side"),
        _T.by_right,
        _R.side.label("told_side"),
        _M.opened_by.label("offer_opened_by"),
        _M.state.label("offer_state"),
        _M.urgency.label("offer_urgency"),
        _M.reads_until.label("offer_reads_until"),
        *_last_seen.c,
    )
    .select_from(
        children.outerjoin(passports, _P.child_id == _C.id)
        .outerjoin(
            passport_teams,
            and_(
                _T.child_id == _C.id,
                _T.organisation_code == _ORGANISATION,
                _T.function == _FUNCTION,
                _T.until_at.is_(None),
            ),
        )
        .outerjoin(recipients, _R.id == _told)
        .outerjoin(passport_transfers, _M.id == _offered)
        .outerjoin(_last_seen, true())
    )
    .where(_C.id == bindparam("child_id"))
)
"""A passport as one party may ask for it: what it holds and how old, why the party has a part in it.

Of a child with several records this is one of them; ``merged_into`` and ``has_merged`` say that there are others."""

MERGED = select(_C.id).where(_C.merged_into == bindparam("child_id")).order_by(_C.id)
"""The records that were merged into one."""

_their_key = and_(_K.child_id == _S.child_id, _K.organisation_code == _S.organisation_code)


def _words(*still: ColumnElement[bool]) -> Select[Any]:
    return (
        select(_S.section, _S.version, _S.organisation_code, _S.sealed, _K.wrapped, _K.master_key_id)
        .select_from(passport_sections.outerjoin(child_keys, _their_key))
        .where(_S.child_id == bindparam("child_id"), *still)
    )


CURRENT = _words(_S.until_version.is_(None))
"""The sealed words of today, each with the key of the organisation that wrote them."""

AS_AT = _words(
    _S.version <= bindparam("version"),
    or_(_S.until_version.is_(None), _S.until_version > bindparam("version")),
)
"""The sealed words as they stood in one version."""

VERSION = select(passport_versions).where(_V.child_id == bindparam("child_id"), _V.version == bindparam("version"))

VERSIONS = (
    select(_V.version, _V.organisation_code, _V.function, _V.practitioner_id, _V.changed, _V.at, _V.entry_id)
    .where(_V.child_id == bindparam("child_id"), _V.version < bindparam("before"))
    .order_by(_V.version.desc())
    .limit(bindparam("limit"))
)

_own = child_keys.alias("own_key")

BEFORE_WRITING = (
    select(
        _C.sealed,
        _C.state,
        _K.wrapped,
        _K.master_key_id,
        _own.c.child_id.label("own_child_id"),
        _own.c.wrapped.label("own_wrapped"),
        _own.c.master_key_id.label("own_master_key_id"),
    )
    .select_from(
        children.outerjoin(
            child_keys, and_(_K.child_id == _C.id, _K.organisation_code == _C.organisation_code)
        ).outerjoin(_own, and_(_own.c.child_id == _C.id, _own.c.organisation_code == _ORGANISATION))
    )
    .where(_C.id == bindparam("child_id"))
)
"""Who the child is, sealed, and the key of the organisation that writes, if it has one for this child."""

TO_WRITE = BEFORE_WRITING.with_for_update(read=True, of=children)
"""The same, and the child's state held until what is written is committed: responsibility passes on before or after."""

_RECORDS: BindParameter[list[str]] = bindparam("records", expanding=True)

TO_FOLLOW = (
    select(_C.id, _P.version, _P.sections, _P.changed_at)
    .select_from(children.outerjoin(passports, _P.child_id == _C.id))
    .where(_C.id.in_(_RECORDS))
    .with_for_update(key_share=True, of=children)
)
"""The passports of a child who passes on. Whoever is writing in one of them has written when this answers."""

KEEPERS = select(_T.organisation_code, _T.by_right, _T.holds).where(
    _T.child_id.in_(_RECORDS), _T.function == KEEPER, _T.until_at.is_(None)
)
"""The health teams with a part in a passport by more than being told of a home."""

_none = null().cast(types.Id)
HANDED_OVER = and_(_R.side == "host", _R.function == KEEPER)
"""A health team told of a home becomes a reader by the transfer, not by being told."""

_readers = union_all(
    select(
        _T.organisation_code,
        _T.function,
        _T.side,
        _T.holds,
        _none.label("placement_id"),
        _none.label("offer_state"),
        _none.label("offer_urgency"),
        _none.label("offer_reads_until"),
    ).where(_T.child_id == bindparam("child_id"), _T.until_at.is_(None)),
    select(_R.organisation_code, _R.function, _R.side, literal(0), _R.placement_id, *[_none] * 3)
    .select_from(
        children.join(placements, _lived_in).join(
            recipients, and_(_R.placement_id == _L.id, _R.access_ended_at.is_(None))
        )
    )
    .where(_C.id == bindparam("child_id"), not_(HANDED_OVER)),
    select(
        _M.to_organisation_code,
        literal(KEEPER),
        literal("host"),
        literal(0),
        _M.placement_id,
        _M.state,
        _M.urgency,
        _M.reads_until,
    ).where(_M.child_id == bindparam("child_id"), _is_open, stands),
).subquery("readers")

READERS = select(_readers)
"""Everybody with a part in a passport but the authority itself: teams, those told of a home of today, and those it is
offered to, who read it only where the table of transfers says so."""

SEEN_BY_TEAM = (
    select(_O.id)
    .where(
        _O.child_id == bindparam("child_id"),
        _O.placement_id.is_(None),
        _O.organisation_code == _ORGANISATION,
        _O.function == _FUNCTION,
    )
    .limit(1)
)
"""Whether anybody of a team has ever been shown a child's health in this record."""

MOVE_ON = (
    update(passports)
    .where(
        _P.child_id == bindparam("b_child_id"),
        _P.version == bindparam("b_was"),
        _P.sections == bindparam("b_were"),
    )
    .values(
        version=bindparam("b_version"),
        sections=bindparam("b_sections"),
        review_due_on=bindparam("b_review_due_on"),
        changed_at=bindparam("b_at"),
    )
)
"""The next state of a passport; touches no row where somebody else moved it on first."""

SUPERSEDE = (
    update(passport_sections)
    .where(
        _S.child_id == bindparam("b_child_id"),
        _S.section == bindparam("b_section"),
        _S.version < bindparam("b_version"),
        _S.until_version.is_(None),
    )
    .values(until_version=bindparam("b_version"))
)
"""Changes follow inserts: the row of the new version is there already and is left alone."""

KEEPS_AGAIN = (
    update(passport_teams)
    .where(
        _T.child_id == bindparam("b_child_id"),
        _T.organisation_code == bindparam("b_organisation"),
        _T.function == literal_column(f"'{KEEPER}'"),
        _T.until_at.is_(None),
    )
    .values(holds=1)
)
"""A team that has its part still and publishes where nobody keeps the passport."""
