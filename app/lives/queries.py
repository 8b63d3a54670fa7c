"""Questions asked of the life of a child's record, and every change to it."""

from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    and_,
    bindparam,
    exists,
    func,
    or_,
    select,
    union_all,
    update,
)

from app.children.models import child_keys, child_restrictions, children
from app.documents.models import documents
from app.lives.models import child_proposals, responsibility_transfers
from app.organisations.models import organisations
from app.passports.models import passport_versions
from app.placements.models import notifications, placements, recipients

_C, _K, _R = children.c, child_keys.c, child_restrictions.c
_Q, _T, _P, _N = child_proposals.c, responsibility_transfers.c, placements.c, notifications.c

# ---- Duplicates and what takes two people ---------------------------------------------------------------------------

ALIKE = (
    select(_C.id, _C.restrictions)
    .where(
        _C.organisation_code == bindparam("organisation"),
        _C.id != bindparam("child_id"),
        _C.merged_into.is_(None),
        or_(
            _C.nhs_number_index == bindparam("nhs_number_index"),
            _C.name_and_birth_index == bindparam("name_and_birth_index"),
        ),
    )
    .order_by(_C.id)
    .limit(20)
)

OPEN_PROPOSAL = select(_Q.id).where(_Q.child_id == bindparam("child_id"), _Q.state == "proposed")

PROPOSAL = select(child_proposals).where(
    _Q.id == bindparam("proposal_id"), _Q.child_id.in_(bindparam("ids", expanding=True))
)

PROPOSALS = (
    select(child_proposals)
    .where(_Q.child_id.in_(bindparam("ids", expanding=True)), _Q.id > bindparam("after"))
    .order_by(_Q.id)
    .limit(bindparam("limit"))
)

LAST_MERGE = (
    select(_Q.decided_at, _Q.care_state)
    .where(
        _Q.child_id == bindparam("child_id"),
        _Q.other_child_id == bindparam("other_child_id"),
        _Q.proposal == "merge",
        _Q.state == "confirmed",
    )
    .order_by(_Q.id.desc())
    .limit(1)
)

RESTRICTIONS_HELD = select(child_restrictions).where(
    _R.child_id.in_(bindparam("ids", expanding=True)), _R.lifted_at.is_(None)
)

_ids: BindParameter[list[str]] = bindparam("ids", expanding=True)
_since: BindParameter[str] = bindparam("since")
_begun = union_all(
    select(_P.id)
    .select_from(placements.join(notifications, _N.placement_id == _P.id))
    .where(_P.child_id.in_(_ids), _N.sent_at > _since),
    select(passport_versions.c.child_id).where(passport_versions.c.child_id.in_(_ids), passport_versions.c.at > _since),
    select(documents.c.id).where(documents.c.child_id.in_(_ids), documents.c.created_at > _since),
).subquery("begun")
BEGUN_SINCE = select(_begun).limit(1)
"""Whether anything was written of these records since: told of a home, published, or laid down as a document."""

DECIDE = (
    update(child_proposals)
    .where(_Q.id == bindparam("b_id"), _Q.state == "proposed")
    .values(
        state=bindparam("b_state"),
        sealed=bindparam("b_sealed"),
        decided_at=bindparam("b_at"),
        decided_by=bindparam("b_by"),
        care_state=bindparam("b_care_state"),
    )
)

_kept = children.alias("kept")
MERGE = (
    update(children)
    .where(
        _C.id == bindparam("b_id"),
        _C.merged_into.is_(None),
        _C.state == bindparam("b_state"),
        exists().where(
            _kept.c.id == bindparam("b_kept"), _kept.c.merged_into.is_(None), _kept.c.state == bindparam("b_state")
        ),
    )
    .values(merged_into=bindparam("b_kept"))
)
"""Touches no row where care of either ended, or either was merged, since they were read."""
UNMERGE = (
    update(children).where(_C.id == bindparam("b_id"), _C.merged_into == bindparam("b_kept")).values(merged_into=None)
)

# ---- Placements of a child ------------------------------------------------------------------------------------------

PLACEMENTS_OF = (
    select(
        _P.id,
        _P.child_id,
        _P.state,
        _P.urgency,
        _P.host_area,
        _P.started_on,
        _P.ended_on,
        _P.ended_why,
        _P.created_at,
        _P.changed_at,
    )
    .where(_P.child_id.in_(bindparam("ids", expanding=True)), _P.id > bindparam("after"))
    .order_by(_P.id)
    .limit(bindparam("limit"))
)

# ---- Transfers ------------------------------------------------------------------------------------------------------

TO_OFFER = select(organisations.c.kind).where(organisations.c.code == bindparam("to_organisation"))

OPEN_TRANSFER = select(_T.id).where(_T.child_id == bindparam("child_id"), _T.state == "offered")

ACTIVE_PLACEMENTS = (
    select(_P.id, _P.age_band, _P.host_area)
    .where(_P.child_id.in_(bindparam("ids", expanding=True)), _P.state == "active")
    .order_by(_P.id)
    .limit(2)
)

_theirs = child_keys.alias("from_key")
_ours = child_keys.alias("to_key")
_taken = children.alias("taken")

_standing = (
    _C.restrictions,
    func.coalesce(_C.merged_into, _C.id).label("shown_id"),
    _taken.c.restrictions.label("new_restrictions"),
    func.coalesce(_taken.c.merged_into, _taken.c.id).label("new_shown_id"),
)
"""What restricts the child in either authority's record, and the id each knows it by today."""

_both_records = responsibility_transfers.join(children, _C.id == _T.child_id).outerjoin(
    _taken, _taken.c.id == _T.new_child_id
)

TRANSFER = (
    select(
        responsibility_transfers,
        *_standing,
        _C.state.label("child_state"),
        _theirs.c.wrapped.label("from_wrapped"),
        _theirs.c.master_key_id.label("from_master_key_id"),
        _ours.c.wrapped.label("to_wrapped"),
        _ours.c.master_key_id.label("to_master_key_id"),
    )
    .select_from(
        _both_records.outerjoin(
            _theirs, and_(_theirs.c.child_id == _T.child_id, _theirs.c.organisation_code == _T.organisation_code)
        ).outerjoin(
            _ours,
            and_(
                _ours.c.child_id == func.coalesce(_T.new_child_id, _T.child_id),
                _ours.c.organisation_code == _T.to_organisation_code,
            ),
        )
    )
    .where(
        _T.id == bindparam("transfer_id"),
        or_(_T.organisation_code == bindparam("organisation"), _T.to_organisation_code == bindparam("organisation")),
    )
)
"""An offer as either side may ask for it, with the keys of the words of both."""

ANSWERED = (
    update(responsibility_transfers)
    .where(_T.id == bindparam("b_id"), _T.state == "offered")
    .values(
        {
            name: bindparam(f"b_{name}")
            for name in (
                "state",
                "answered_at",
                "answered_by",
                "decline_reason",
                "answer_sealed",
                "new_child_id",
                "new_placement_id",
            )
        }
    )
)


def _page(ours: ColumnElement[bool]) -> Select[Any]:
    offers = select(responsibility_transfers, *_standing).select_from(_both_records)
    return offers.where(ours, _T.id < bindparam("before")).order_by(_T.id.desc()).limit(bindparam("limit"))


TRANSFERS = {
    "from_us": _page(_T.organisation_code == bindparam("organisation")),
    "to_us": _page(_T.to_organisation_code == bindparam("organisation")),
}

TRANSFERS_OF = (
    select(_T.id, _T.organisation_code, _T.to_organisation_code, _T.transfer_on, _T.child_id, _T.new_child_id)
    .where(_T.child_id == bindparam("child_id"), _T.state == "accepted")
    .order_by(_T.id)
)
TRANSFERRED_TO = (
    select(_T.id, _T.organisation_code, _T.to_organisation_code, _T.transfer_on, _T.child_id, _T.new_child_id)
    .where(_T.new_child_id == bindparam("child_id"), _T.state == "accepted")
    .order_by(_T.id)
)

PLACED = (
    select(_P.id, _P.child_id, _P.version, _P.sections, _P.state, _P.ended_on, _P.rules_edition, _P.urgency)
    .where(_P.id == bindparam("placement_id"), _P.child_id.in_(bindparam("ids", expanding=True)))
    .with_for_update(key_share=True)
)
"""A placement that is carried on, held until it is: an update at the same moment comes before or after."""

PARTIES = (
    select(recipients.c.organisation_code, recipients.c.function, recipients.c.side)
    .where(recipients.c.placement_id == bindparam("placement_id"), recipients.c.access_ended_at.is_(None))
    .distinct()
)

HISTORY = (
    select(_P.id, _P.state, _P.urgency, _P.host_area, _P.started_on, _P.ended_on, _P.ended_why, _P.created_at)
    .where(
        _P.child_id.in_(bindparam("ids", expanding=True)),
        _P.id > bindparam("after"),
        _P.created_at <= bindparam("until"),
        _P.state.in_(("active", "ended")),
    )
    .order_by(_P.id)
    .limit(bindparam("limit"))
)

FRAMES = select(_N.id, _N.sealed).where(_N.id.in_(bindparam("ids", expanding=True)))

FORMER_PLACEMENT = select(
    _P.id, _P.child_id, _P.state, _P.ended_on, _P.version, _P.sections, _P.rules_edition, _P.started_on
).where(
    _P.id == bindparam("placement_id"),
    _P.child_id.in_(bindparam("ids", expanding=True)),
    _P.created_at <= bindparam("until"),
    _P.state.in_(("active", "ended")),
)
