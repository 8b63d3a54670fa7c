"""Who stands where towards a placement, and what each side is shown of its clocks and its debts. Pure."""

from typing import Final

from app.access.disclosure import shares_part
from app.rules.disclosure import View
from app.rules.words import OWNERS
from app.security.principal import Caller
from app.security.scopes import Function

SENDING_FUNCTIONS = frozenset({Function.SOCIAL_CARE, Function.EMERGENCY_DUTY})
"""The functions that place children and speak for the placing authority about a placement."""

PLACING: Final = "placing"

CONSULTED: Final = "consulted"
ACTIVE: Final = "active"
ENDED: Final = "ended"

_SAID_IN: Final = {
    "approval": "/decision/approvals",
    "ending": "/placement/ending",
    "dol_expiry": "/legal/deprivation_of_liberty",
    "secure_expiry": "/legal/deprivation_of_liberty",
    "exploitation_review": "/exploitation/screenings",
    "wish_review": "/voice/wishes",
    "family_review": "/network/family_support",
}
"""What starts a clock -> what says so. Who may not see that must not learn of it by the clock."""

_LOCK: Final = "named_practitioners_only"
"""Why a section is withheld from everybody a lock does not name."""

_ALL: Final = frozenset({"start", "received"})


def state_on(state: str, ended_on: str | None, today: str) -> str:
    """The state of a placement on a London day. An end told beforehand ends nothing before its day."""
    return ENDED if state == ACTIVE and ended_on is not None and ended_on <= today else state


def is_sender(caller: Caller, sender_organisation: str) -> bool:
    """Whether the caller belongs to the teams of the authority that sent it."""
    return caller.organisation == sender_organisation and caller.function in SENDING_FUNCTIONS


def side_of(caller: Caller, sender_organisation: str) -> str | None:
    """The side of a caller who is no recipient: the sender's, or none."""
    return PLACING if is_sender(caller, sender_organisation) else None


def shut_out(view: View) -> bool:
    """Whether a lock keeps this person out. Who else is told would say where the child lives."""
    return _LOCK in view.withheld.values()


def follows(caller: Caller, side: str, placing_authority: str, view: View) -> bool:
    """Whether a caller follows the whole of a placement: whoever placed the child, and who reviews that.

    Every other team of the placing side sees little of the child, and would learn the rest from who else was
    told and why. So would somebody of these teams whom a lock keeps out.
    """
    reviews = side == PLACING and caller.function is Function.REVIEWING_OFFICER
    return (reviews or is_sender(caller, placing_authority)) and not shut_out(view)


def sees_clock(party: tuple[str, str], view: View, starts: str | None, owner: str) -> bool:
    """Whether a party, a side and a function, sees a clock: its own, those all may know, and what it is told of.

    A clock that a fact starts is seen with that fact; one that a recall started only by who follows the whole.
    """
    if starts in _SAID_IN:
        return shares_part(view, _SAID_IN[starts])
    return OWNERS[owner] == party or starts in _ALL


def sees_debt(view: View, pointer: str) -> bool:
    """Whether a party sees something owed: what lies in a field it has a share of."""
    return shares_part(view, pointer)


def sees_recipient(caller: Caller, view: View, organisation: str, function: str) -> bool:
    """Whether a party of the placing side that does not follow the whole sees how a recipient fares.

    Its own function, on either side. That the police or youth justice were told says why.
    """
    return caller.function == function and (caller.organisation == organisation or not shut_out(view))
