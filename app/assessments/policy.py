"""Who owes an assessment and by when, who may act on it, and what of its day is told. Pure."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final, NamedTuple

from app.rules.assessments import ANY_OF_THEM, OWN, RegisterParty
from app.rules.disclosure import RestrictionRow
from app.security.scopes import Function

PLACING: Final = "placing"
OF_THE_AUTHORITY: Final = (Function.SOCIAL_CARE.value, Function.REVIEWING_OFFICER.value)
"""Who of the authority itself has a part in the health care of its children."""
CARE: Final = "care"
"""The series of what is due because a child came into care."""
STATED: Final = "stated"
"""The rule of a due date that whoever asked named."""
DUE, ASKED, REPORTED, HANDED_OVER, RAISED = "due", "asked", "reported", "handed_over", "raised"
OPENED, UNREAD, PART_ENDED = "opened", "unread", "part_ended"
NO_CAPACITY = "no_capacity"
_REGISTER: Final = "assessments"


class Team(NamedTuple):
    """A function of an organisation, and the side it stands on."""

    organisation: str
    function: str
    side: str

    @property
    def code(self) -> str:
        """As the ledger names it."""
        return f"{self.organisation}.{self.function}"

    @property
    def party(self) -> str:
        """As the tables name it."""
        return f"{self.side}.{self.function}"


def may_act(party: RegisterParty, caller: tuple[str, str], owner: Team, asker: tuple[str | None, str | None]) -> bool:
    """Whether a caller, an organisation and a function, may say what became of an assessment."""
    if party.acts == ANY_OF_THEM:
        return True
    return party.acts == OWN and caller in {(owner.organisation, owner.function), asker}


def owner(place_hides_area: bool, team: Team | None) -> dict[str, Any] | None:
    """A team as an answer names it."""
    if team is None:
        return None
    hidden = place_hides_area and team.side != PLACING
    return {"organisation": None if hidden else team.organisation, "function": team.function}


def reader_state(opened_at: str | None, has_part: bool) -> str:
    """Whether a reader has opened a report, is waited for, or is not waited for since its part is over."""
    if opened_at is not None:
        return OPENED
    return UNREAD if has_part else PART_ENDED


def gives_back_to(by: Team, asker: Team | None, authority: str) -> Team:
    """Whose it is once a team has no capacity: whoever asked on the placing side, or the authority itself."""
    if asker is not None and asker.side == PLACING and asker[:2] != by[:2]:
        return asker
    return Team(authority, Function.SOCIAL_CARE.value, PLACING)


def tell_next(now: str, *moments: str | None) -> str | None:
    """The next moment at which something falls due that has not fallen due yet."""
    return min((each for each in moments if each is not None and each > now), default=None)


def born_on(identity: Mapping[str, Any]) -> date | None:
    """The day of birth an identity document gives, an estimate like a date; None for a child not born yet."""
    born = identity.get("date_of_birth")
    day = born.get("estimated") if isinstance(born, dict) else born
    return date.fromisoformat(day) if isinstance(day, str) else None


def is_locked(rows: Iterable[RestrictionRow]) -> bool:
    """Whether the register is withheld by what reaches a party."""
    return any(_REGISTER in row.withholds for row in rows)
