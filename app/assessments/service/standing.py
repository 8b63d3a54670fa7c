"""Where a caller stands towards a child's register: as towards the passport, and what the register's table adds."""

from dataclasses import dataclass

from app.assessments.errors import RegisterNotForYou
from app.assessments.policy import Team, is_locked
from app.children.errors import ChildRestricted
from app.organisations.directory import Directory
from app.organisations.kinds import Country
from app.passports.policy import hides_area, reaching
from app.passports.service.standing import Standing, stand
from app.rules.assessments import NONE, SEES_ALL, AssessmentRules, RegisterParty
from app.rules.edition import current
from app.work.tx import Tx


@dataclass(frozen=True, slots=True)
class Place:
    """A caller's place in a child's register. The rules of today decide each reading, as they do for passports."""

    standing: Standing
    party: RegisterParty
    team: Team
    restricted: bool
    """Whether any restriction reaches the caller: then no report is opened, since nobody can search its words."""
    hides_area: bool

    @property
    def child_id(self) -> str:
        """The child as it is known: what is new is written under this record. What stands stays under its own."""
        return self.standing.shown_id

    @property
    def records(self) -> tuple[str, ...]:
        """Every record of the child, the kept one first: what stands under any of them is in the register."""
        return self.standing.records

    @property
    def authority(self) -> str:
        """The authority that looks after the child."""
        return self.standing.authority

    @property
    def rules(self) -> AssessmentRules:
        """The tables that decide."""
        return current().assessments

    @property
    def sees_words(self) -> bool:
        """Whether the caller is shown words, and not dates and states alone."""
        return self.party.sees == SEES_ALL


def enter(tx: Tx, directory: Directory, child_id: str) -> Place:
    """Ask for a child's register as a party to it. Raises NotYours, RegisterNotForYou, ChildRestricted."""
    standing = stand(tx, directory, child_id)
    side, function = standing.right.side, tx.by.function
    party = current().assessments.party(function, side)
    if party.sees == NONE:
        raise RegisterNotForYou
    rows = reaching(current().passports.restrictions, f"{side}.{function}", standing.restrictions)
    if is_locked(rows):
        raise ChildRestricted
    team = Team(tx.by.organisation, function.value, side)
    return Place(standing, party, team, bool(rows), hides_area(rows))


def country_of(directory: Directory, authority: str) -> frozenset[str]:
    """What is so of the country that looks after a child, in the words of the tables."""
    wales = directory.country(authority) is Country.WALES
    return frozenset({"placed_from_wales" if wales else "placed_from_england"})
