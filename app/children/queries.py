"""Every question asked of children, for the authority that controls the record, and every change to one."""

from sqlalchemy import and_, bindparam, func, or_, select, update

from app.children.models import child_corrections, child_keys, child_restrictions, children
from app.organisations.models import organisations
from app.security.models import practitioners

_C, _K, _X, _R = children.c, child_keys.c, child_corrections.c, child_restrictions.c
_asked = children.alias("asked")
_their_key = and_(_K.child_id == _C.id, _K.organisation_code == _C.organisation_code)

BEFORE_CREATE = (
    select(organisations.c.kind, _C.id.label("child_id"), _C.restrictions)
    .select_from(
        organisations.outerjoin(
            children,
            and_(
                _C.organisation_code == organisations.c.code,
                _C.local_id_index == bindparam("local_id_index"),
            ),
        )
    )
    .where(organisations.c.code == bindparam("organisation"))
)
"""What kind of organisation asks, and the child it has under this local id."""

ALIKE = (
    select(_C.id, _C.restrictions)
    .where(
        _C.organisation_code == bindparam("organisation"),
        _C.local_id_index != bindparam("local_id_index"),
        _C.merged_into.is_(None),
        or_(
            _C.nhs_number_index == bindparam("nhs_number_index"),
            _C.name_and_birth_index == bindparam("name_and_birth_index"),
        ),
    )
    .order_by(_C.id)
    .limit(20)
)

_RECORD = (
    _C.id,
    _C.organisation_code,
    _C.sealed,
    _C.version,
    _C.state,
    _C.restrictions,
    _C.created_at,
    _C.merged_into,
    _K.wrapped,
    _K.master_key_id,
)

CHILD = (
    select(*_RECORD)
    .select_from(
        _asked.join(children, _C.id == func.coalesce(_asked.c.merged_into, _asked.c.id)).outerjoin(
            child_keys, _their_key
        )
    )
    .where(_asked.c.id == bindparam("child_id"), _asked.c.organisation_code == bindparam("organisation"))
)
"""A record by its id, or the one that is kept in its place: both ids of a merged child go on resolving."""

MERGED = (
    select(*_RECORD)
    .select_from(children.outerjoin(child_keys, _their_key))
    .where(_C.merged_into == bindparam("child_id"))
    .order_by(_C.id)
)
"""The records that were merged into one. Two people merge each of them, so there are few."""

LOCAL_ID_OF = select(_C.local_id_index).where(_C.id == bindparam("child_id"))

CORRECTIONS = (
    select(_X.id, _X.child_id, _X.practitioner_id, _X.version, _X.sealed, _X.corrected_at)
    .where(_X.child_id.in_(bindparam("ids", expanding=True)), _X.id > bindparam("after"))
    .order_by(_X.id)
    .limit(bindparam("limit"))
)

RESTRICTIONS = (
    select(child_restrictions)
    .where(_R.child_id.in_(bindparam("ids", expanding=True)), _R.id > bindparam("after"))
    .order_by(_R.id)
    .limit(bindparam("limit"))
)

RESTRICTION = select(child_restrictions).where(
    _R.id == bindparam("restriction_id"), _R.child_id.in_(bindparam("ids", expanding=True))
)

KNOWN_PRACTITIONERS = select(practitioners.c.id).where(practitioners.c.id.in_(bindparam("ids", expanding=True)))

CORRECT = (
    update(children)
    .where(_C.id == bindparam("b_id"), _C.version == bindparam("b_was"))
    .values(
        sealed=bindparam("b_sealed"),
        version=bindparam("b_version"),
        nhs_number_index=bindparam("b_nhs_number_index"),
        name_and_birth_index=bindparam("b_name_and_birth_index"),
        adult_in=bindparam("b_adult_in"),
    )
)
_beside = children.alias("beside")
_below = select(func.count()).select_from(_beside).where(_beside.c.merged_into == bindparam("b_id")).scalar_subquery()
SET_STATE = (
    update(children)
    .where(
        _C.id == bindparam("b_id"),
        _C.state == bindparam("b_was"),
        _C.merged_into.is_not_distinct_from(bindparam("b_merged_into")),
        _below == bindparam("b_below"),
    )
    .values(state=bindparam("b_state"))
)
"""Whoever merged or parted records of the child first touches no row here: its records are not those that were read."""

RESTRICT = (
    update(children)
    .where(_C.id == bindparam("b_id"), _C.restrictions == bindparam("b_was"))
    .values(restrictions=bindparam("b_restrictions"))
)
LIFT = (
    update(child_restrictions)
    .where(_R.id == bindparam("b_id"), _R.lifted_at.is_(None))
    .values(sealed=bindparam("b_sealed"), lifted_at=bindparam("b_at"), lifted_by=bindparam("b_by"))
)
