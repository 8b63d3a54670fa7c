"""Who stands where towards a placement, and what each side is shown of its clocks and its debts. Pure."""

from typing import Final

from app.rules.disclosure import View
from app.rules.words import OWNERS
from app.security.principal import Caller
from app.security.scopes import Function

SENDING_FUNCTIONS = frozenset({Function.SOCIAL_CARE, Function.EMERGENCY_DUTY})
"""The functions that place children and speak for the placing authority about a placement."""

PLACING: Final = "placing"

ACTIVE: Final = "active"
ENDED: Final = "ended"

_SAID_IN: Final = {
    "approval": "decision",
    "ending": "placement",
    "dol_expiry": "legal",
    "secure_expiry": "legal",
    "exploitation_review": "exploitation",
}
"""What starts a clock -> the section that says so. Who may not see that must not learn of it by the clock."""

_BOTH_SIDES: Final = frozenset({"start", "received"})


def state_on(state: str, ended_on: str | None, today: str) -> str:
    """The state of a placement on a London day. An end told beforehand ends nothing before its day."""
    return ENDED if state == ACTIVE and ended_on is not None and ended_on <= today else state


def is_sender(caller: Caller, sender_organisation: str) -> bool:
    """Whether the caller belongs to the teams of the authority that sent it."""
    return caller.organisation == sender_organisation and caller.function in SENDING_FUNCTIONS


def side_of(caller: Caller, sender_organisation: str) -> str | None:
    """The side of a caller who is no recipient: the sender's, or none."""
    return PLACING if is_sender(caller, sender_organisation) else None


def sees_clock(side: str, view: View, starts: str | None, owner: str) -> bool:
    """Whether a party sees a clock: the placing side each; the host side its own, and those both may know.

    A clock that a section starts is seen with that section; one that a recall started is the placing side's.
    """
    if side == PLACING or OWNERS[owner][0] == side:
        return True
    return starts in _BOTH_SIDES or _SAID_IN.get(starts or "") in view.shared


def sees_debt(side: str, view: View, section: str) -> bool:
    """Whether a party sees something owed: the placing side all of it, a host what lies in its sections."""
    return side == PLACING or section in view.shared
