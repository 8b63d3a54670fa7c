"""Who is told: from the parties the rules name to the organisations of the directory. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.kit.ids import new_id
from app.notifications.errors import UnknownOrganisation
from app.organisations.directory import Directory
from app.rules.decision import Decision, RecipientRule

Party = tuple[str, str]
"""An organisation and a function of it."""

NAMED_BY_SENDER = "named_by_sender"


@dataclass(frozen=True, slots=True)
class Told:
    """One recipient: who, on which side, by which rule, and by when an answer is expected."""

    organisation: str
    name: str
    function: str
    side: str
    rule: str
    basis: str
    why: str
    acknowledge_by: datetime
    connected: bool
    id: str = field(default_factory=lambda: new_id("rcp"))

    @property
    def party(self) -> Party:
        return self.organisation, self.function


def tell(directory: Directory, party: Party, **reason: Any) -> Told:
    """A recipient as the directory knows it: its name, and whether a system of theirs is connected."""
    organisation, function = party
    known = directory.organisation(organisation)
    return Told(
        organisation=organisation,
        name=known.name if known else organisation,
        function=function,
        connected=directory.connected(organisation, function),
        **reason,
    )


@dataclass(frozen=True, slots=True)
class Places:
    """Where the parties of one placement are: the authority that places, the area of the home, and choices made."""

    placing: str
    host: str | None
    host_health: str | None
    maintaining: str | None
    on: str
    """The day, as ISO text, for which the directory is asked."""


def resolve(
    decision: Decision,
    directory: Directory,
    places: Places,
    named: Iterable[Mapping[str, Any]],
    answer_by: datetime,
) -> tuple[list[Told], list[RecipientRule]]:
    """The recipients, each organisation and function once, and the rules that only suggest somebody.

    Raises UnknownOrganisation where the sender names an organisation that is not in the directory.
    """
    found: dict[Party, Told] = {}
    suggested = []
    for rule in decision.recipients:
        if rule.standing == "suggested":
            suggested.append(rule)
        elif organisation := _organisation(rule.party, directory, places):
            told = _told(rule, organisation, directory)
            found.setdefault(told.party, told)
    for each in named:
        organisation, function = each["organisation"], each["function"]
        if directory.organisation(organisation) is None:
            raise UnknownOrganisation
        side = "placing" if organisation == places.placing else "host"
        found.setdefault(
            (organisation, function),
            tell(
                directory,
                (organisation, function),
                side=side,
                rule=NAMED_BY_SENDER,
                basis="local",
                why="named by the sender",
                acknowledge_by=answer_by,
            ),
        )
    return list(found.values()), suggested


def _told(rule: RecipientRule, organisation: str, directory: Directory) -> Told:
    return tell(
        directory,
        (organisation, rule.function),
        side=rule.side,
        rule=rule.code,
        basis=rule.basis,
        why=rule.why,
        acknowledge_by=rule.acknowledge_by,
    )


def _organisation(party: str, directory: Directory, places: Places) -> str | None:
    side, _, body = party.partition("_")
    area = places.placing if side == "placing" else places.host
    if party == "maintaining_authority":
        return places.maintaining
    if area is None or body == "authority":
        return area
    if party == "host_health" and places.host_health:
        return places.host_health
    if body == "health":
        return next((each.code for each in directory.health_bodies(area, places.on)), None)
    return directory.police(area, places.on)
