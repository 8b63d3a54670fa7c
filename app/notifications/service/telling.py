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
            Told(
                organisation,
                function,
                side,
                NAMED_BY_SENDER,
                "local",
                "named by the sender",
                answer_by,
                directory.connected(organisation, function),
            ),
        )
    return list(found.values()), suggested


def _told(rule: RecipientRule, organisation: str, directory: Directory) -> Told:
    return Told(
        organisation,
        rule.function,
        rule.side,
        rule.code,
        rule.basis,
        rule.why,
        rule.acknowledge_by,
        directory.connected(organisation, rule.function),
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
