"""What is asked and answered about the directory. Output fields have no defaults."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from app.organisations.contacts import Contact
from app.organisations.kinds import Country, Kind
from app.security.scopes import Function


class Shown(BaseModel):
    """The base of every answer."""

    model_config = ConfigDict(extra="forbid")


class AreaLookup(BaseModel):
    """Where is this postcode? In the body, because a child's address never stands in a URL."""

    model_config = ConfigDict(extra="forbid", strict=True)

    postcode: str = Field(description="A full postcode", examples=["CR0 1EA"])


AREA_LOOKUP = TypeAdapter(AreaLookup)


class Named(Shown):
    """An organisation by code and name."""

    code: str
    name: str


class OrganisationSummary(Named):
    """A line of the directory. ``valid_from`` null: not looked up. ``valid_to`` null: in force."""

    kind: Kind
    code_system: str
    short_name: str
    country: Country
    valid_from: str | None
    valid_to: str | None


class Organisations(Shown):
    """A page of the directory, by code."""

    items: list[OrganisationSummary]
    next_cursor: str | None


class DelegatedWork(Shown):
    """A function that another organisation does for this one."""

    function: Function
    organisation: Named


class OrganisationDetail(OrganisationSummary):
    """An organisation: how its teams are reached, what it receives here, who works for it, who took over."""

    gss: str | None
    contacts: dict[Function, Contact]
    connected: list[Function] = Field(description="Functions for which a live system receives")
    delegations: list[DelegatedWork]
    successors: list[Named]


class NotHeldHere(Shown):
    """Why the law for a place is not held, and what to do."""

    code: str
    title: str
    what_to_do: str
    source: str


class HealthBodyOfArea(Named):
    """A health body of an area. ``share``: of the area's 2021 LSOAs. It says nothing about one address."""

    share: str
    default: bool


class AreaFound(Shown):
    """Where a postcode lies. ``sector``: probable, to be confirmed. ``none``: ask for the authority."""

    match: Literal["exact", "sector", "none"]
    country: Country | None
    rules_held: bool | None = Field(description="Whether the law for a home there is held; null: place not known")
    not_held: NotHeldHere | None
    authority: Named | None
    health_bodies: list[HealthBodyOfArea] = Field(description="All of them, the default first: the sender may choose")
    police: Named | None


class AreaRecipient(Shown):
    """Who would be told, by which function, why. ``only_if``: what must be so in the case; empty: always."""

    function: Function
    organisation: Named
    title: str
    why: str
    basis: str
    source: str
    standing: str
    only_if: list[str]
    connected: bool
    contact: Contact | None


Urgency = Literal["planned", "emergency"]


class AreaRecipients(Shown):
    """Who in an area would be told of a home there that the caller's organisation placed a child in."""

    area: Named
    country: Country
    urgency: Urgency
    edition: str
    recipients: list[AreaRecipient]
