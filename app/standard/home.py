"""The home: where, what kind, registered or not, from when, and how it ended."""

from typing import Annotated, Literal, Self

from pydantic import ConfigDict, model_validator

from .base import Document, Section, any_of, needs_one_of
from .checks import CrisisCare, Match, StaffChecked
from .codes import Code
from .leaves import (
    Address,
    Count,
    Day,
    Email,
    GssArea,
    Known,
    Line,
    LocalTime,
    Many,
    Maybe,
    Moment,
    Name,
    OrganisationCode,
    Phone,
    Postcode,
    RegistrationNumber,
    Text,
    YesNo,
)
from .registration import check_registration, registration_rule


class StartOfStay(Document):
    """When the child came, or will come."""

    model_config = ConfigDict(json_schema_extra=any_of("time", "time_unknown"))

    date: Day
    """The day."""
    time: Maybe[LocalTime] = None
    """The time on the clock there."""
    time_unknown: Maybe[Literal[True]] = None
    """True if the time is not known."""

    _timed = needs_one_of("time", "time_unknown")


class ExpectedStay(Document):
    """How long the child is expected to stay, and when that is next decided."""

    length: Annotated[str, Code("expected_length")]
    """How long."""
    until: Maybe[Day] = None
    """The last day, if one is planned."""
    next_decision_on: Maybe[Day] = None
    """When the next decision is due.
    Source: Reviews of practice: three-month blocks left a child in limbo"""


class Manager(Document):
    """Who answers for the home."""

    name: Known[Name]
    """The registered manager, carer or accountable person."""
    role: Maybe[Line] = None
    """Their role."""
    phone: Maybe[Phone] = None
    """Where they can be rung."""


class PreviousHome(Document):
    """Where the child lived just before."""

    setting: Maybe[Annotated[str, Code("setting")]] = None
    """What kind of home it was."""
    carer: Maybe[Line] = None
    """Who cared for the child there."""
    address: Maybe[Address] = None
    """Its address."""
    postcode: Maybe[Postcode] = None
    """Its postcode."""
    area: Maybe[GssArea] = None
    """The area it was in."""
    left_on: Maybe[Day] = None
    """When the child left."""
    why_left: Maybe[Text] = None
    """Why, and what worked there."""


class EarlierHome(Document):
    """One of the homes before, in a line.

    Source: Reviews of practice: short stays do harm that adds up, and nobody had the list
    """

    setting: Maybe[Annotated[str, Code("setting")]] = None
    """What kind of home it was."""
    area: Maybe[GssArea] = None
    """The area it was in."""
    came_on: Maybe[Day] = None
    """When the child came."""
    left_on: Maybe[Day] = None
    """When the child left."""
    why_left: Maybe[Line] = None
    """Why, and what worked there."""


class VisitPlan(Document):
    """Visits of the social worker: planned, made, refused.

    Source: Reviews of practice: visits by plan only; unannounced ones were refused
    """

    every_days: Maybe[Count] = None
    """At most how many days lie between two visits."""
    last_on: Maybe[Day] = None
    """The last visit."""
    next_due_on: Known[Day]
    """When the next is due."""
    refused_on: Maybe[Day] = None
    """When one was last refused."""
    refused_by: Maybe[Line] = None
    """Who refused it and why."""


class NextHomeUnknown(Document):
    """The next home is not known yet. Someone owns that, every day."""

    owner: Line
    """Who is finding a home."""
    staying: Maybe[Line] = None
    """Where the child is tonight."""
    next_review_at: Maybe[Moment] = None
    """When it is next looked at."""


class NotRegistered(Document):
    """A home that should be registered and is not, or is not yet.

    Source: Care Standards Act 2000 section 11; reviews ask that leaders know of every child in such a home
    """

    why: Text
    """Why the child is there all the same."""
    applied_on: Maybe[Day] = None
    """When registration was applied for."""
    regulator_told_at: Maybe[Moment] = None
    """When the regulator was told."""
    court_aware: Maybe[Known[YesNo]] = None
    """Whether the court knows."""
    oversight_by: Maybe[Line] = None
    """The senior leader who oversees it."""
    next_review_on: Maybe[Day] = None
    """When it is next reviewed."""


class Interim(Document):
    """A home known to be unsuitable, used for now."""

    why_unsuitable: Text
    """What does not fit."""
    supports: Maybe[Text] = None
    """What is put in place meanwhile."""
    next_review_on: Maybe[Day] = None
    """When it is next reviewed."""


class HospitalStay(Document):
    """A stay in hospital, and the way out of it."""

    ward: Maybe[Line] = None
    """The ward or unit."""
    admitted_on: Maybe[Day] = None
    """When admitted."""
    fit_for_discharge_on: Maybe[Known[Day]] = None
    """When fit to leave."""
    plan_owner: Maybe[Line] = None
    """Who owns the plan for leaving."""
    detained: Maybe[YesNo] = None
    """Whether detained under the Mental Health Act 1983."""


class Placement(Section):
    """The home and the stay in it."""

    model_config = ConfigDict(
        json_schema_extra=any_of("postcode", "host_area", "next_home_unknown") | registration_rule()
    )

    type: Known[Annotated[str, Code("placement_type")]]
    """Placement type."""
    start: Known[StartOfStay]
    """When the child came, or will come."""
    postcode: Maybe[Known[Postcode]] = None
    """The home's postcode."""
    host_area: Maybe[GssArea] = None
    """The authority whose area the home is in, if the postcode is not given."""
    host_health: Maybe[OrganisationCode] = None
    """Which health body serves the home, where the area is split between several. Left out: the larger one."""
    next_home_unknown: Maybe[NextHomeUnknown] = None
    """The next home is not known yet."""
    provider: Maybe[Known[Annotated[str, Code("placement_provider")]]] = None
    """Placement provider."""
    provider_name: Maybe[Line] = None
    """The organisation or agency that provides the home."""
    setting: Maybe[Annotated[str, Code("setting")]] = None
    """What kind of home it is."""
    home_name: Maybe[Line] = None
    """The name of the carer or the home."""
    address: Maybe[Known[Address]] = None
    """The home's address without the postcode."""
    phone: Maybe[Known[Phone]] = None
    """The home's telephone number."""
    email: Maybe[Email] = None
    """The home's email address."""
    accountable_manager: Maybe[Manager] = None
    """Who answers for the home."""
    regulator: Maybe[Known[Annotated[str, Code("regulator")]]] = None
    """The regulator."""
    registration_number: Maybe[Known[RegistrationNumber]] = None
    """The registration number, in the regulator's own form."""
    registration_status: Maybe[Annotated[str, Code("registration_status")]] = None
    """Registration status."""
    registration_as_at: Maybe[Day] = None
    """When the status was checked."""
    not_registered: Maybe[NotRegistered] = None
    """What is known of a home that should be registered and is not."""
    interim: Maybe[Interim] = None
    """That the home is unsuitable and used for now."""
    hospital: Maybe[HospitalStay] = None
    """A stay in hospital."""
    expected_stay: Maybe[ExpectedStay] = None
    """How long the child is expected to stay."""
    staffing_ratio: Maybe[Line] = None
    """Staff to children, by day and by night."""
    commissioned_care: Maybe[Text] = None
    """What the home is contracted to provide.
    Source: ADCS, information to police about out-of-area placements"""
    living_with: Maybe[Text] = None
    """Other children in the home, without names, and whether the match is safe for all."""
    match: Maybe[Known[Match]] = None
    """Whether those who live there are safe for each other."""
    staff_checked: Maybe[Known[StaffChecked]] = None
    """That somebody made sure the staff were checked."""
    crisis_care: Maybe[CrisisCare] = None
    """If care was put together in a crisis: what stands and what does not."""
    reason: Maybe[Text] = None
    """Why the child moves."""
    previous_home: Maybe[Known[PreviousHome]] = None
    """Where the child lived just before."""
    number_of_moves: Maybe[Known[Count]] = None
    """How many homes the child has had in care before this one."""
    earlier_homes: Maybe[Known[Many[EarlierHome]]] = None
    """The homes before that one, the latest first."""
    visits: Maybe[Text] = None
    """How often the social worker visits, and when next."""
    visit_plan: Maybe[VisitPlan] = None
    """The same as dates, so that a visit not made shows."""

    _placed = needs_one_of("postcode", "host_area", "next_home_unknown")

    @model_validator(mode="after")
    def _number_fits_the_regulator(self) -> Self:
        check_registration(self.regulator, self.registration_number)
        return self


class ConsultedHome(Section):
    """The home asked about in a consultation."""

    model_config = ConfigDict(json_schema_extra=any_of("postcode", "host_area") | registration_rule())

    postcode: Maybe[Postcode] = None
    """The home's postcode."""
    host_area: Maybe[GssArea] = None
    """The authority whose area it is in."""
    address: Maybe[Address] = None
    """The home's address."""
    type: Maybe[Annotated[str, Code("placement_type")]] = None
    """Placement type thought of."""
    setting: Maybe[Annotated[str, Code("setting")]] = None
    """What kind of home it is."""
    home_name: Maybe[Line] = None
    """The name of the home; never that of the child."""
    regulator: Maybe[Annotated[str, Code("regulator")]] = None
    """The regulator."""
    registration_number: Maybe[RegistrationNumber] = None
    """The registration number, in the regulator's own form."""
    expected_from: Maybe[Day] = None
    """When the child might come."""

    _placed = needs_one_of("postcode", "host_area")

    @model_validator(mode="after")
    def _number_fits_the_regulator(self) -> Self:
        check_registration(self.regulator, self.registration_number)
        return self
