"""The teams with a part in a child's health care today, who owes an assessment, and who is told of one."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from app.assessments import queries
from app.assessments.policy import OF_THE_AUTHORITY, PLACING, Team
from app.children.policy import findable
from app.children.restrictions import in_force, restrictions_for
from app.organisations.directory import Directory
from app.passports.service.telling import homes_of_the_sealed, readers_of
from app.rules.assessments import AssessmentRules
from app.rules.words import OWNERS
from app.security.scopes import Function
from app.work.tx import Tx

_HEALTH: Final = Function.CHILDREN_IN_CARE_HEALTH.value


def teams_of(tx: Tx, directory: Directory, records: Sequence[str], authority: str) -> list[Team]:
    """Everybody with a part: the authority, its health bodies, teams that hold one, and those told of a home.

    ``records`` are all of the child's: who has a part in one of them has it in the child.
    """
    found = {(authority, function): PLACING for function in OF_THE_AUTHORITY}
    found |= {(code, _HEALTH): PLACING for code in _default_health(tx, directory, authority)}
    for row in readers_of(tx, *records):
        found.setdefault((row.organisation_code, row.function), row.side)
    return [Team(organisation, function, side) for (organisation, function), side in sorted(found.items())]


def owner_of(tx: Tx, directory: Directory, rules: AssessmentRules, kind: str, child: tuple[str, str]) -> Team:
    """Who owes an assessment of this kind until somebody else is asked; ``child`` is its id and its authority."""
    child_id, authority = child
    side, function = OWNERS[rules.kinds[kind].owner]
    if function == _HEALTH:
        holder = tx.one(queries.HOLDER, {"child_id": child_id})
        if holder:
            return Team(holder.organisation_code, function, holder.side)
        if bodies := _default_health(tx, directory, authority):
            return Team(bodies[0], function, side)
    return Team(authority, Function.SOCIAL_CARE.value, PLACING)


def tell(tx: Tx, topic: str, child_id: str, teams: Iterable[Team], entry_id: str) -> None:
    """Leave a message for each of these teams, but for whoever acts.

    Of a sealed identity whoever has a part by a home alone is told by that home: it may have come after the seal.
    """
    acting = (tx.caller.organisation, tx.caller.function.value) if tx.caller else None
    homes = _homes(tx, child_id)
    for team in sorted({team[:2] for team in teams}):
        about = {"placement_id": homes[team]} if team in homes else {"child_id": child_id}
        if team != acting:
            tx.publish(topic, *team, entry_id, **about)


def _homes(tx: Tx, child_id: str) -> Mapping[tuple[str, str], str]:
    records = tx.all(queries.RECORDS, {"child_id": child_id})
    stored = records[0].restrictions
    if findable(in_force(stored)):
        return {}
    return homes_of_the_sealed(readers_of(tx, *(row.id for row in records)), restrictions_for(stored, None))


def social_care(authority: str) -> Team:
    """The team that answers for the child."""
    return Team(authority, Function.SOCIAL_CARE.value, PLACING)


def served_by(directory: Directory, by: tuple[str, Function], on: str) -> list[str]:
    """The authorities for which a caller, an organisation and a function, is a team of their own."""
    organisation, function = by
    if function.value in (*OF_THE_AUTHORITY, Function.EMERGENCY_DUTY.value):
        return [organisation]
    if function is not Function.CHILDREN_IN_CARE_HEALTH:
        return []
    return [
        each.code
        for each in directory.organisations()
        if directory.area(each.code)
        and any(body.is_default and body.code == organisation for body in directory.health_bodies(each.code, on))
    ]


def _default_health(tx: Tx, directory: Directory, authority: str) -> list[str]:
    return [each.code for each in directory.health_bodies(authority, tx.today) if each.is_default]
