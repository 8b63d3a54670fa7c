"""Questions asked of transfers, and every change to them. Each takes the asking party; each has its index."""

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
    update,
)

from app.children.models import child_keys, children
from app.children.records import any_record
from app.db import types
from app.passports.models import passport_teams, passport_transfer_steps, passport_transfers
from app.passports.queries import KEEPER, OPEN, UNDECIDED
from app.placements.models import recipients

_C, _K, _R, _S, _T, _X = (
    children.c,
    child_keys.c,
    recipients.c,
    passport_transfer_steps.c,
    passport_teams.c,
    passport_transfers.c,
)
_CHILD: BindParameter[str] = bindparam("child_id")
_OF: BindParameter[str] = bindparam("b_child_id")


def _in(states: Iterable[str]) -> ColumnElement[bool]:
    return _X.state.in_([literal_column(f"'{state}'") for state in states])


_is_undecided = _in(UNDECIDED)
_holds = (_T.function == KEEPER) & _T.until_at.is_(None)

_on_the_move = union_all(
    select(
        _T.organisation_code,
        _T.holds,
        null().cast(types.Id).label("transfer_id"),
        null().cast(types.Id).label("placement_id"),
        null().cast(types.Code).label("offer_state"),
    ).where(any_record(_T.child_id, _CHILD), _holds),
    select(_X.to_organisation_code, literal_column("0"), _X.id, _X.placement_id, _X.state).where(
        any_record(_X.child_id, _CHILD), _is_undecided
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


def _transfer(*where: ColumnElement[bool]) -> Select[Any]:
    """A transfer, what stands of its child, the key of the organisation that asks, and what part it has today.

    ``has_part`` says whether its team is in force in the passport, ``still_told`` whether it is told of the home: 0
    where it was and is no more, None where it never was.
    """
    return (
        select(
            passport_transfers,
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
            passport_transfers.join(children, _C.id == _X.child_id).outerjoin(
                child_keys, (_K.child_id == _X.child_id) & (_K.organisation_code == _ORGANISATION)
            )
        )
        .where(*where)
    )


TRANSFER = _transfer(_X.id == bindparam("transfer_id"))

UNSETTLED = {
    side: _transfer(
        whose == bindparam("organisation"),
        _X.settled == literal_column("0"),
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

MOVE_ON = (
    update(passport_transfers)
    .where(_X.id == bindparam("b_id"), _X.state == bindparam("b_was"))
    .values(
        state=bindparam("b_state"),
        waits_for=bindparam("b_waits_for"),
        due_at=bindparam("b_due_at"),
        settled=bindparam("b_settled"),
        decline_reason=bindparam("b_decline_reason"),
        decided_at=bindparam("b_decided_at"),
    )
)
"""The next state; touches no row where somebody else moved it on first."""

CONFIRM = (
    update(passport_transfers)
    .where(_X.id == bindparam("b_id"), _X.state == bindparam("b_was"), _X.confirmed_at.is_(None))
    .values(
        confirmed_at=bindparam("b_at"),
        confirmed_by=bindparam("b_by"),
        confirmed_version=bindparam("b_version"),
        settled=bindparam("b_settled"),
    )
)

_lapsed = {
    "state": "lapsed",
    "waits_for": "nobody",
    "due_at": null(),
    "settled": 1,
    "decided_at": bindparam("b_at"),
}

LAPSE_BEFORE = (
    update(passport_transfers)
    .where(
        any_record(_X.child_id, _OF),
        _is_undecided,
        _X.placement_id.is_distinct_from(bindparam("b_placement_id")),
    )
    .values(**_lapsed)
)
"""Offers of before the child moved on."""

LAPSE_OTHERS = (
    update(passport_transfers)
    .where(any_record(_X.child_id, _OF), _is_undecided, _X.id != bindparam("b_but"))
    .values(**_lapsed)
)
"""Offers to other teams, once one has accepted, and what others declined: there is a team now."""

LAPSE_PLACEMENT = (
    update(passport_transfers).where(_X.placement_id == bindparam("b_placement_id"), _is_undecided).values(**_lapsed)
)
LAPSE_TEAM = (
    update(passport_transfers)
    .where(
        _X.placement_id == bindparam("b_placement_id"),
        _X.to_organisation_code == bindparam("b_organisation"),
        _in((*OPEN, "accepted")),
    )
    .values(**_lapsed)
)
"""A team that was told by mistake keeps nothing."""

END_TEAM = (
    update(passport_teams)
    .where(
        any_record(_T.child_id, _OF),
        _T.organisation_code == bindparam("b_organisation"),
        _holds,
        _T.by_right == "transfer",
    )
    .values(until_at=bindparam("b_at"), until_why=bindparam("b_why"), holds=0)
)

LET_GO = END_TEAM.where(_T.holds == literal_column("0"))
"""The same for a team that keeps the passport no more: one that got it back goes on keeping it."""

END_TEAMS_OF_PLACEMENT = (
    update(passport_teams)
    .where(
        any_record(_T.child_id, _OF),
        _holds,
        _T.by_right == "transfer",
        _T.organisation_code.in_(
            select(_X.to_organisation_code).where(
                _X.placement_id == bindparam("b_placement_id"), _X.state == "accepted"
            )
        ),
    )
    .values(until_at=bindparam("b_at"), until_why=bindparam("b_why"), holds=0)
)

KEEPS_NO_MORE = (
    update(passport_teams)
    .where(any_record(_T.child_id, _OF), _holds, _T.organisation_code != bindparam("b_organisation"))
    .values(holds=0)
)
KEEPS = (
    update(passport_teams)
    .where(any_record(_T.child_id, _OF), _T.organisation_code == bindparam("b_organisation"), _holds)
    .values(holds=1)
)
