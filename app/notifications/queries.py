"""Every question asked of notifications. Each takes the asking party; each has its index."""

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, select, update

from app.children.models import child_keys, children
from app.organisations.models import organisations
from app.placements.models import notifications, placements, recipients
from app.placements.queries import SEEN, with_last_seen

_N, _R, _P, _C, _K = notifications.c, recipients.c, placements.c, children.c, child_keys.c

_CHILD = (
    _C.id.label("child_id"),
    func.coalesce(_C.merged_into, _C.id).label("shown_id"),
    _C.state.label("child_state"),
    _C.local_id_index,
    _C.restrictions,
    _C.sealed.label("identity"),
    _C.version.label("child_version"),
    _K.wrapped,
    _K.master_key_id,
)
_same_reference = and_(
    _N.organisation_code == bindparam("organisation"),
    _N.kind == bindparam("kind"),
    _N.reference_index == bindparam("reference_index"),
)
_their_key = and_(_K.child_id == _C.id, _K.organisation_code == _C.organisation_code)


_asked = children.alias("asked")
_A = _asked.c


def _before_start(the_child: ColumnElement[bool]) -> Select[Any]:
    named = _A.id.label("named_id")
    return (
        select(organisations.c.kind.label("organisation_kind"), *_CHILD, named, _N.id.label("same_reference"))
        .select_from(
            organisations.outerjoin(_asked, and_(_A.organisation_code == organisations.c.code, the_child))
            .outerjoin(children, _C.id == func.coalesce(_A.merged_into, _A.id))
            .outerjoin(child_keys, _their_key)
            .outerjoin(notifications, _same_reference)
        )
        .where(organisations.c.code == bindparam("organisation"))
    )


BEFORE_START = {
    "local_id": _before_start(_A.local_id_index == bindparam("local_id_index")),
    "child_id": _before_start(_A.id == bindparam("child_id")),
}
"""Everything a first send must know: the sender, the child if known, its key, and whether the reference was used.

A child whose record was merged is placed under the record that is kept.

One for each way a child is named: a single question with an *or* would read all children of the authority.
"""

RESTRICTIONS_BESIDE = select(_C.restrictions).where(
    _C.organisation_code == bindparam("organisation"), _C.local_id_index.in_(bindparam("indexes", expanding=True))
)
"""What restricts the children a child is placed together with; asked only where there are any."""

BEFORE_CHANGE = (
    select(
        _P.id,
        _P.state,
        _P.version,
        _P.sections,
        _P.host_area,
        _P.rules_edition,
        _P.ended_on,
        _P.urgency,
        _P.concern_since,
        *_CHILD,
        _N.id.label("same_reference"),
    )
    .select_from(
        placements.join(children, _C.id == _P.child_id)
        .outerjoin(child_keys, _their_key)
        .outerjoin(notifications, _same_reference)
    )
    .where(_P.id == bindparam("placement_id"), _P.organisation_code == bindparam("organisation"))
    .with_for_update(key_share=True, of=placements)
)
"""Everything a change must know. Held until it commits: a recall at the same moment comes before or after it."""

TO_CARRY = (
    select(
        _P.id,
        _P.state,
        _P.ended_on,
        _P.sections,
        _P.rules_edition,
        _C.id.label("child_id"),
        func.coalesce(_C.merged_into, _C.id).label("shown_id"),
        _C.restrictions,
        _K.wrapped,
        _K.master_key_id,
    )
    .select_from(placements.join(children, _C.id == _P.child_id).outerjoin(child_keys, _their_key))
    .where(_P.id == bindparam("placement_id"), _P.organisation_code == bindparam("organisation"))
)
"""An earlier placement whose words a new one starts from; asked only where a sender names one."""

FRAMES = select(_N.id, _N.sealed).where(_N.id.in_(bindparam("ids", expanding=True)))

PARTIES = select(_R.organisation_code, _R.function, _R.side, _R.rule, _R.basis, _R.access_ended_why).where(
    _R.placement_id == bindparam("placement_id")
)

_mine = and_(
    _R.notification_id == _N.id,
    _R.organisation_code == bindparam("organisation"),
    _R.function == bindparam("function"),
)
TO_OPEN = (
    select(
        _N.id,
        _N.placement_id,
        _N.child_id,
        _N.organisation_code,
        _N.function,
        _N.kind,
        _N.occasion,
        _N.urgency,
        _N.reason,
        _N.version,
        _N.rules_edition,
        _N.changes,
        _N.sealed,
        _N.sent_at,
        _P.state,
        _P.ended_on,
        func.coalesce(_C.merged_into, _C.id).label("shown_id"),
        _C.restrictions,
        _K.wrapped,
        _K.master_key_id,
        _R.id.label("recipient_id"),
        _R.side,
        _R.rule,
        _R.acknowledge_by,
        _R.retrieved_at,
        _R.opened_at,
        _R.acknowledged_at,
        _R.access_ended_at,
        *SEEN,
    )
    .select_from(
        with_last_seen(
            notifications.join(placements, _P.id == _N.placement_id)
            .join(children, _C.id == _N.child_id)
            .outerjoin(child_keys, _their_key)
            .outerjoin(recipients, _mine),
            _N.placement_id,
            notifications,
        )
    )
    .where(_N.id == bindparam("notification_id"))
)
"""A notification as one party may open it, with that party's last opening of the placement by the same person."""

_own_key = child_keys.alias("own_key")
TO_ACKNOWLEDGE = (
    select(
        _N.id,
        _N.placement_id,
        _N.child_id,
        _N.organisation_code,
        _N.function.label("sender_function"),
        _R.id.label("recipient_id"),
        _R.opened_at,
        _R.acknowledged_at,
        _R.access_ended_at,
        _own_key.c.wrapped,
        _own_key.c.master_key_id,
    )
    .select_from(
        notifications.outerjoin(recipients, _mine).outerjoin(
            _own_key,
            and_(_own_key.c.child_id == _N.child_id, _own_key.c.organisation_code == bindparam("organisation")),
        )
    )
    .where(_N.id == bindparam("notification_id"))
)

TO_RECALL = (
    select(_N.id, _N.placement_id, _N.child_id, _N.kind, _K.wrapped, _K.master_key_id)
    .select_from(
        notifications.join(placements, _P.id == _N.placement_id)
        .join(children, _C.id == _N.child_id)
        .outerjoin(child_keys, _their_key)
    )
    .where(_N.id == bindparam("notification_id"), _N.organisation_code == bindparam("organisation"))
    .with_for_update(key_share=True, of=placements)
)
"""Held until it commits, so that no update under way gives access back."""

_INBOX_COLUMNS = (
    _R.id,
    _R.notification_id,
    _R.placement_id,
    _R.kind,
    _R.urgency,
    _R.age_band,
    _R.acknowledge_by,
    _R.sent_at,
    _R.retrieved_at,
    _R.opened_at,
    _R.acknowledged_at,
    _R.outcome,
)
_inbox = (
    select(*_INBOX_COLUMNS)
    .where(
        _R.organisation_code == bindparam("organisation"),
        _R.function == bindparam("function"),
        _R.id > bindparam("after"),
    )
    .order_by(_R.id)
    .limit(bindparam("limit"))
)
_waiting = _inbox.where(_R.acknowledged_at.is_(None), _R.access_ended_at.is_(None))

INBOX: dict[str, Select[Any]] = {
    "waiting": _waiting,
    "unopened": _waiting.where(_R.opened_at.is_(None)),
    "opened": _waiting.where(_R.opened_at.is_not(None)),
    "overdue": _waiting.where(_R.acknowledge_by < bindparam("now")),
    "acknowledged": _inbox.where(_R.acknowledged_at.is_not(None), _R.access_ended_at.is_(None)),
    "all": _inbox.where(_R.access_ended_at.is_(None)),
}

SENT = (
    select(
        _N.id,
        _N.placement_id,
        _N.child_id,
        _N.kind,
        _N.occasion,
        _N.urgency,
        _N.version,
        _N.sent_at,
        _P.state,
        _P.ended_on,
        _P.outstanding,
        _P.rules_edition,
        func.coalesce(_C.merged_into, _C.id).label("shown_id"),
        _C.restrictions,
    )
    .select_from(notifications.join(placements, _P.id == _N.placement_id).join(children, _C.id == _N.child_id))
    .where(_N.organisation_code == bindparam("organisation"), _N.id < bindparam("before"))
    .order_by(_N.id.desc())
    .limit(bindparam("limit"))
)

RECIPIENTS_OF = select(recipients).where(_R.notification_id.in_(bindparam("ids", expanding=True))).order_by(_R.id)

MARK_OPENED = (
    update(recipients)
    .where(_R.id == bindparam("b_id"))
    .values(
        opened_at=func.coalesce(_R.opened_at, bindparam("b_at")),
        opened_by=func.coalesce(_R.opened_by, bindparam("b_by")),
    )
)
MARK_RETRIEVED = (
    update(recipients)
    .where(_R.id == bindparam("b_id"))
    .values(retrieved_at=func.coalesce(_R.retrieved_at, bindparam("b_at")))
)
MARK_ACKNOWLEDGED = (
    update(recipients)
    .where(_R.id == bindparam("b_id"))
    .values(acknowledged_at=bindparam("b_at"), acknowledged_by=bindparam("b_by"), outcome=bindparam("b_outcome"))
)
END_ACCESS = (
    update(recipients)
    .where(
        _R.placement_id == bindparam("b_placement_id"),
        _R.organisation_code == bindparam("b_organisation"),
        _R.function == bindparam("b_function"),
        _R.access_ended_at.is_(None),
    )
    .values(access_ended_at=bindparam("b_at"), access_ended_why=bindparam("b_why"))
)
ERASE_WORDS = (
    update(notifications)
    .where(_N.placement_id == bindparam("b_placement_id"), _N.sealed.is_not(None))
    .values(sealed=None)
)
