"""Health tonight, and school."""

from typing import Annotated, Literal

from pydantic import Field, Tag

from .base import Document, Section
from .checks import EducationSteps
from .codes import Code
from .leaves import (
    Address,
    Count,
    Day,
    Email,
    GssArea,
    Known,
    Line,
    Many,
    Maybe,
    Name,
    NotKnown,
    OrganisationCode,
    Phone,
    Postcode,
    Text,
    YesNo,
    by_key,
)


class NoneKnown(Document):
    """Asked, and there is none. It is never assumed from an empty list."""

    none_known: Literal[True]
    """True: someone was asked and there is none."""
    according_to: Maybe[Line] = None
    """Who said so: the child, a parent, the record."""


class Allergy(Document):
    """An allergy or adverse reaction."""

    substance: Line
    """To what."""
    severity: Annotated[str, Code("allergy_severity")]
    """How severe."""
    reaction: Maybe[Line] = None
    """What happens."""
    action: Maybe[Text] = None
    """What to do."""


class Medicine(Document):
    """A medicine the child takes."""

    name: Line
    """The medicine."""
    dose: Known[Line]
    """How much."""
    times: Known[Line]
    """When it is taken."""
    route: Maybe[Line] = None
    """How it is taken."""
    for_what: Maybe[Line] = None
    """What it is for."""
    supply_days: Maybe[Known[Count]] = None
    """For how many days there is enough."""
    storage: Maybe[Line] = None
    """How it is kept."""
    given_by: Maybe[Line] = None
    """Who gives it."""
    last_taken: Maybe[Line] = None
    """When it was last taken."""


class Condition(Document):
    """A condition."""

    name: Line
    """The condition."""
    since: Maybe[Day] = None
    """Since when."""
    detail: Maybe[Text] = None
    """What it means in daily life."""


Allergies = Annotated[
    Annotated[Many[Allergy], Tag("~value")]
    | Annotated[NoneKnown, Tag("~none_known")]
    | Annotated[NotKnown, Tag("~not_known")],
    by_key("none_known", "not_known"),
]
Medicines = Annotated[
    Annotated[Many[Medicine], Tag("~value")]
    | Annotated[NoneKnown, Tag("~none_known")]
    | Annotated[NotKnown, Tag("~not_known")],
    by_key("none_known", "not_known"),
]
Conditions = Annotated[
    Annotated[Many[Condition], Tag("~value")]
    | Annotated[NoneKnown, Tag("~none_known")]
    | Annotated[NotKnown, Tag("~not_known")],
    by_key("none_known", "not_known"),
]


class Practice(Document):
    """A general practice, dentist or optician."""

    name: Line
    """The practice."""
    ods_code: Maybe[OrganisationCode] = None
    """Its ODS code."""
    address: Maybe[Address] = None
    """Its address."""
    postcode: Maybe[Postcode] = None
    """Its postcode."""
    phone: Maybe[Phone] = None
    """Its telephone number."""
    registered_on: Maybe[Known[Day]] = None
    """When the child was registered there."""


class Passport(Document):
    """The health passport."""

    state: Annotated[str, Code("passport_state")]
    """Whether it is here."""
    expected_on: Maybe[Day] = None
    """When it will be."""


class Commissioner(Document):
    """Who pays for the child's health care.

    Source: NHS England, Who Pays? (2024)
    """

    originating: Maybe[OrganisationCode] = None
    """The health body of the area that placed the child."""
    responsible: Maybe[Known[OrganisationCode]] = None
    """The responsible commissioner."""
    basis: Maybe[Line] = None
    """Why that one."""


class HealthNow(Section):
    """What whoever looks after the child tonight must know."""

    allergies: Allergies
    """Allergies, or that none is known."""
    medicines: Medicines
    """Medicines, or that there are none."""
    conditions: Maybe[Conditions] = None
    """Conditions."""
    emergency_plan: Maybe[Known[Text]] = None
    """What to do in an emergency."""
    mental_health: Maybe[Known[Text]] = None
    """Help for mental health, and where the child stands on a waiting list."""
    gp_old: Maybe[Known[Practice]] = None
    """The general practice until now."""
    gp_new: Maybe[Known[Practice]] = None
    """The new general practice."""
    dentist: Maybe[Known[Practice]] = None
    """The dentist."""
    preferred_hospital: Maybe[Line] = None
    """The hospital that knows the child."""
    appointments: Maybe[Text] = None
    """Appointments that the move must not lose."""
    cpis_flag: Maybe[Annotated[str, Code("cpis_flag")]] = None
    """Whether the Child Protection Information Sharing flag is on."""
    passport: Maybe[Passport] = None
    """The health passport."""
    commissioner: Maybe[Commissioner] = None
    """Who pays for the child's health care."""


class School(Document):
    """A school, college or other provider."""

    name: Line
    """Its name."""
    stage: Maybe[Annotated[str, Code("school_stage")]] = None
    """What kind it is."""
    urn: Maybe[Annotated[str, Field(pattern=r"^[0-9]{6}$")]] = None
    """Its unique reference number, six digits."""
    address: Maybe[Address] = None
    """Its address."""
    postcode: Maybe[Postcode] = None
    """Its postcode."""
    phone: Maybe[Phone] = None
    """Its telephone number."""
    email: Maybe[Email] = None
    """Its email address."""
    designated_teacher: Maybe[Name] = None
    """The designated teacher."""


class EhcPlan(Document):
    """The education, health and care plan."""

    state: Annotated[str, Code("plan_state")]
    """Where it stands."""
    maintained_by: Maybe[Known[GssArea]] = None
    """The authority that maintains it."""
    review_due_on: Maybe[Day] = None
    """When its review is due."""
    detail: Maybe[Text] = None
    """What it provides."""


class EducationPlan(Document):
    """The personal education plan."""

    state: Annotated[str, Code("plan_state")]
    """Where it stands."""
    last_on: Maybe[Day] = None
    """When it was last reviewed."""
    next_on: Maybe[Day] = None
    """When it is next reviewed."""


class SchoolMove(Document):
    """What happens next."""

    move: Annotated[str, Code("school_move")]
    """What happens."""
    new_school: Maybe[Known[School]] = None
    """The new school."""
    starts_on: Maybe[Known[Day]] = None
    """The first day there."""
    meanwhile: Maybe[Text] = None
    """What the child does until then."""


class Education(Section):
    """School, plans, and what happens next."""

    school: Known[School]
    """The school, college or training until now."""
    in_education: Maybe[YesNo] = None
    """Whether the child goes there."""
    ehc_plan: Maybe[Known[EhcPlan]] = None
    """The education, health and care plan."""
    personal_education_plan: Maybe[Known[EducationPlan]] = None
    """The personal education plan."""
    next: Maybe[Known[SchoolMove]] = None
    """What happens next.
    Source: Reviews of practice: the virtual school takes part in every move"""
    steps: Maybe[EducationSteps] = None
    """What keeps a place and a plan through the move, each done or not."""
    responsible_authority: Maybe[Known[GssArea]] = None
    """The authority responsible for education from here on, after 16 as well.
    Source: Reviews of practice: nobody answered for special needs after 16"""
    what_helps_learning: Maybe[Text] = None
    """What helps the child learn."""
