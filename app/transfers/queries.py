"""Questions asked of transfers. Each takes the asking party; each has its index."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    bindparam,
    case,
    exists,
    func,
    literal_column,
    null,
    select,
    union_all,
)

from app.children.models import child_keys, children
from app.children.records import any_record
from app.db import types
from app.passports.models import passport_teams, passport_transfer_steps, passport_transfers
from app.passports.queries import KEEPER, UNDECIDED, lived_in, stands
from app.placements.models import placements, recipients
from app.rules.passport_transfers import LAPSED, NOBODY

_C, _K, _R, _S, _T, _X = (
    children.c,
    child_keys.c,
    recipients.c,
    passport_transfer_steps.c,
    passport_teams.c,
    passport_transfers.c,
)
_CHILD: BindParameter[str] = bindparam("child_id")


def in_states(states: Iterable[str]) -> ColumnElement[bool]:
    return _X.state.in_([literal_column(f"'{state}'") for state in states])


is_undecided = in_states(UNDECIDED)
_holds = (_T.function == KEEPER) & _T.until_at.is_(None)

_on_the_move = union_all(
    select(
        _T.child_id,
        _T.organisation_code,
        _T.holds,
        null().cast(types.Id).label("transfer_id"),
        null().cast(types.Id).label("placement_id"),
        null().cast(types.Code).label("offer_state"),
    ).where(any_record(_T.child_id, _CHILD), _holds),
    select(_X.child_id, _X.to_organisation_code, literal_column("0"), _X.id, _X.placement_id, _X.state).where(
        any_record(_X.child_id, _CHILD), is_undecided, stands
    ),
).subquery("on_the_move")

ON_THE_MOVE = select(_on_the_move)
"""What a move, or a person, meets: the health teams with a part in a passport, and to whom it is offered, or was and
nobody took it since."""

_ORGANISATION: BindParameter[str] = bindparam("organisation")

_has_part = (
    exists()
    .where(
        any_record(_T.child_id, _X.child_id),
        _T.organisation_code == _ORGANISATION,
        _T.function == KEEPER,
        _T.until_at.is_(None),
    )
    .correlate(passport_transfers)
)

_still_told = (
    select(func.max(case((_R.access_ended_at.is_(None), 1), else_=0)))
    .where(_R.placement_id == _X.placement_id, _R.organisation_code == _ORGANISATION, _R.function == KEEPER)
    .correlate(passport_transfers)
    .scalar_subquery()
)


_home = placements.alias("home")
_is_over = is_undecided & _X.placement_id.is_not(None) & ~lived_in(_home.c)
_today = {
    "state": case((_is_over, LAPSED), else_=_X.state),
    "waits_for": case((_is_over, NOBODY), else_=_X.waits_for),
    "due_at": case((_is_over, null()), else_=_X.due_at),
    "settled": case((_is_over, 1), else_=_X.settled),
}
"""A transfer lapses on the day the stay is over that it was made for. Readers do not wait for the calendar."""


def _transfer(*where: ColumnElement[bool]) -> Select[Any]:
    """A transfer as it stands today, what stands of its child, the key of the organisation that asks, and its part.

    ``has_part`` says whether its team is in force in the passport, ``still_told`` whether it is told of the home: 0
    where it was and is no more, None where it never was.
    """
    return (
        select(
            *(_today[each.name].label(each.name) if each.name in _today else each for each in _X),
            _C.state.label("child_state"),
            _C.restrictions,
            func.coalesce(_C.merged_into, _C.id).label("shown_id"),
            case((_has_part, 1), else_=0).label("has_part"),
            _still_told.label("still_told"),
            _K.child_id.label("own_child_id"),
            _K.wrapped.label("own_wrapped"),
            _K.master_key_id.label("own_master_key_id"),
        )
        .select_from(
            passport_transfers.join(children, _C.id == _X.child_id)
            .outerjoin(child_keys, (_K.child_id == _X.child_id) & (_K.organisation_code == _ORGANISATION))
            .outerjoin(_home, _home.c.id == _X.placement_id)
        )
        .where(*where)
    )


TRANSFER = _transfer(_X.id == bindparam("transfer_id"))

UNSETTLED = {
    side: _transfer(
        whose == bindparam("organisation"),
        _X.settled == literal_column("0"),
        ~_is_over,
        _X.id > bindparam("after"),
        _C.state == "active",
    )
    .order_by(_X.id)
    .limit(bindparam("limit"))
    for side, whose in (
        ("to_us", _X.to_organisation_code),
        ("from_us", _X.from_organisation_code),
        ("placed_by_us", _X.authority_code),
    )
}
"""What somebody still has to act on, oldest first. Nothing waits for a child whose care is over."""

OF_CHILD = (
    _transfer(_X.child_id.in_(bindparam("ids", expanding=True)), _X.id > bindparam("after"))
    .order_by(_X.id)
    .limit(bindparam("limit"))
)

STEPS = (
    select(passport_transfer_steps, _K.wrapped, _K.master_key_id)
    .select_from(
        passport_transfer_steps.outerjoin(
            child_keys, (_K.child_id == _S.child_id) & (_K.organisation_code == _S.organisation_code)
        )
    )
    .where(_S.transfer_id == bindparam("transfer_id"))
    .order_by(_S.id.desc())
    .limit(bindparam("limit"))
)

OFFERING = (
    select(
        _C.id,
        _C.organisation_code,
        _C.state,
        _C.restrictions,
        _K.child_id.label("own_child_id"),
        _K.wrapped.label("own_wrapped"),
        _K.master_key_id.label("own_master_key_id"),
    )
    .select_from(
        children.outerjoin(child_keys, (_K.child_id == _C.id) & (_K.organisation_code == bindparam("organisation")))
    )
    .where(_C.id == _CHILD)
)

ASKED_AT_THE_END = select(_X.to_organisation_code).where(
    _X.placement_id == bindparam("placement_id"),
    _X.decline_reason.is_(None),
    is_undecided | ((_X.state == "lapsed") & (_X.decided_at == bindparam("ended_at"))),
)
"""The teams that had not answered when a stay ended. Who said no is not asked again, nor reads meanwhile."""

_its = passport_transfers.alias("its")
LAPSED_TOGETHER = (
    select(_X.child_id, _X.placement_id, _X.to_organisation_code, _home.c.urgency, _its.c.child_id.label("accepted_of"))
    .select_from(
        passport_transfers.join(_home, _home.c.id == _X.placement_id).join(
            _its, (_its.c.decided_at == _X.decided_at) & (_its.c.state == "accepted")
        )
    )
    .where(
        _X.child_id.in_(bindparam("ids", expanding=True)),
        _its.c.child_id.in_(bindparam("ids", expanding=True)),
        _X.state == "lapsed",
        _X.decided_at > bindparam("since"),
        lived_in(_home.c),
    )
    .order_by(_X.id)
)
"""Offers for a home the child lives in that lapsed since as another was accepted, and the record that one was of."""
