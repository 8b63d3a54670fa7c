"""Who has which part in a transfer, and what they may do now. Pure."""

from collections.abc import Iterable
from typing import Protocol

from app.children.policy import findable
from app.children.restrictions import in_force
from app.rules.passport_transfers import ACCEPTED, NEW_TEAM, NOBODY, OUTGOING_TEAM, PLACING_SIDE, Act, PassportTransfers
from app.security.principal import Caller
from app.security.scopes import Function

TO_US, FROM_US, PLACED_BY_US = "to_us", "from_us", "placed_by_us"

_OF_THE_AUTHORITY = frozenset({Function.SOCIAL_CARE, Function.EMERGENCY_DUTY})


class Transfer(Protocol):
    """The bodies of a transfer, where it stands, and what part in the passport the caller's team has today."""

    authority_code: str
    from_organisation_code: str | None
    to_organisation_code: str
    originating_code: str | None
    state: str
    confirmed_at: str | None
    restrictions: str
    has_part: int
    still_told: int | None


def parts_of(by: Caller, transfer: Transfer) -> frozenset[str]:
    """The parts a caller has in a transfer; none, and it is not theirs.

    A row of a transfer outlives the parts in it: a team that let the passport go, or that was told by mistake, is
    named in it still and has none.
    """
    parts = set()
    if by.function is Function.CHILDREN_IN_CARE_HEALTH:
        own = by.organisation
        if transfer.originating_code == own:
            parts.add(PLACING_SIDE)
        if transfer.from_organisation_code == own and (transfer.has_part or transfer.originating_code == own):
            parts.add(OUTGOING_TEAM)
        if transfer.to_organisation_code == own and _is_asked(transfer):
            parts.add(NEW_TEAM)
    if by.function in _OF_THE_AUTHORITY and by.organisation == transfer.authority_code:
        parts.add(PLACING_SIDE)
    return frozenset(parts)


def _is_asked(transfer: Transfer) -> bool:
    """Whether the new team has its part: by having accepted while that lasts, before that unless it was recalled."""
    return bool(transfer.has_part) if transfer.state == ACCEPTED else transfer.still_told != 0


def may_do(rules: PassportTransfers, transfer: Transfer, parts: Iterable[str]) -> list[str]:
    """The acts open to these parts in the state it is in."""
    mine = frozenset(parts)
    return [
        code
        for code, act in rules.acts.items()
        if act.by & mine and not moved_on(transfer, code, act) and not is_sealed_off(transfer, act)
    ]


def moved_on(transfer: Transfer, code: str, act: Act) -> bool:
    """Whether a transfer is not in a state for this act."""
    return transfer.state not in act.states or (code == "confirm" and transfer.confirmed_at is not None)


def is_sealed_off(transfer: Transfer, act: Act) -> bool:
    """Whether this act would lead from a sealed identity to another team."""
    return act.hands_on and not findable(in_force(transfer.restrictions))


def settled(rules: PassportTransfers, state: str, confirmed: bool) -> bool:
    """Whether nobody has to do anything any more. An accepted passport still waits to be confirmed."""
    return rules.states[state].waits_for == NOBODY and (confirmed or state != ACCEPTED)
