"""Every change to a transfer, and to the parts that teams have by it."""

from sqlalchemy import BindParameter, bindparam, literal_column, null, select, update

from app.children.records import any_record
from app.passports.models import passport_teams, passport_transfers
from app.passports.queries import KEEPER, OPEN
from app.transfers.queries import in_states, is_undecided

_T, _X = passport_teams.c, passport_transfers.c
_OF: BindParameter[str] = bindparam("b_child_id")
_holds = (_T.function == KEEPER) & _T.until_at.is_(None)

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
        is_undecided,
        _X.placement_id.is_distinct_from(bindparam("b_placement_id")),
    )
    .values(**_lapsed)
)
"""Offers of before the child moved on."""

LAPSE_OTHERS = (
    update(passport_transfers)
    .where(any_record(_X.child_id, _OF), is_undecided, _X.id != bindparam("b_but"))
    .values(**_lapsed)
)
"""Offers to other teams, once one has accepted, and what others declined: there is a team now."""

LAPSE_PLACEMENT = (
    update(passport_transfers).where(_X.placement_id == bindparam("b_placement_id"), is_undecided).values(**_lapsed)
)
LAPSE_ASKED = LAPSE_PLACEMENT.where(_X.entry_id != bindparam("b_but_entry"))
"""What was still open of a home, where it is offered anew."""

LAPSE_TEAM = (
    update(passport_transfers)
    .where(
        _X.placement_id == bindparam("b_placement_id"),
        _X.to_organisation_code == bindparam("b_organisation"),
        in_states((*OPEN, "accepted")),
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
