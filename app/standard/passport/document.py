"""The health passport as it is published."""

from typing import Annotated

from pydantic import ConfigDict, Field, TypeAdapter

from app.standard.base import Document, any_of, needs_one_of
from app.standard.codes import Code
from app.standard.leaves import Many, Maybe

from .care import Appointments, HealthPlan, Referrals
from .clinical import Allergies, Conditions, Cpis, EmergencyPlan, Medicines
from .history import (
    Assessments,
    Birth,
    Development,
    FamilyHistory,
    Growth,
    HospitalCare,
    Immunisations,
    SightHearingTeeth,
)
from .person import ConsentSection, Identity, SharingDecisions, Teams
from .wellbeing import (
    DailyLife,
    DisabilityAndCommunication,
    MentalHealth,
    OwnVoice,
    Pregnancy,
    SexualHealth,
    SubstanceUse,
)

PASSPORT_SECTIONS: tuple[str, ...] = (
    "identity",
    "own_voice",
    "disability_and_communication",
    "allergies",
    "medicines",
    "conditions",
    "emergency_plan",
    "consent",
    "sharing",
    "teams",
    "mental_health",
    "daily_life",
    "immunisations",
    "sight_hearing_teeth",
    "birth",
    "growth",
    "development",
    "family_history",
    "hospital_care",
    "assessments",
    "referrals",
    "appointments",
    "health_plan",
    "cpis",
    "sexual_health",
    "pregnancy",
    "substance_use",
)
"""Every section, in the order of every page: the child first. ``passport_sections.toml`` governs each."""


class HealthPassport(Document):
    """What the last team knew about a child's health, how old it is, what is due and what was declined.

    A section that is sent replaces the earlier one whole; one left out stays as it was, with its dates.
    """

    model_config = ConfigDict(json_schema_extra=any_of(*PASSPORT_SECTIONS))

    identity: Maybe[Identity] = None
    own_voice: Maybe[OwnVoice] = None
    disability_and_communication: Maybe[DisabilityAndCommunication] = None
    allergies: Maybe[Allergies] = None
    medicines: Maybe[Medicines] = None
    conditions: Maybe[Conditions] = None
    emergency_plan: Maybe[EmergencyPlan] = None
    consent: Maybe[ConsentSection] = None
    sharing: Maybe[SharingDecisions] = None
    teams: Maybe[Teams] = None
    mental_health: Maybe[MentalHealth] = None
    daily_life: Maybe[DailyLife] = None
    immunisations: Maybe[Immunisations] = None
    sight_hearing_teeth: Maybe[SightHearingTeeth] = None
    birth: Maybe[Birth] = None
    growth: Maybe[Growth] = None
    development: Maybe[Development] = None
    family_history: Maybe[FamilyHistory] = None
    hospital_care: Maybe[HospitalCare] = None
    assessments: Maybe[Assessments] = None
    referrals: Maybe[Referrals] = None
    appointments: Maybe[Appointments] = None
    health_plan: Maybe[HealthPlan] = None
    cpis: Maybe[Cpis] = None
    sexual_health: Maybe[SexualHealth] = None
    pregnancy: Maybe[Pregnancy] = None
    substance_use: Maybe[SubstanceUse] = None

    _says_something = needs_one_of(*PASSPORT_SECTIONS)


HEALTH_PASSPORT: TypeAdapter[HealthPassport] = TypeAdapter(HealthPassport)
"""Parses the JSON of a passport; pass its ValidationError to ``faults.parse_faults``."""


VersionNumber = Annotated[int, Field(ge=1, le=999_999_999)]


class Confirmation(Document):
    """Somebody looked, and these sections are still true. Their words and dates stay as they are."""

    version: VersionNumber
    """The version that was read."""
    sections: Many[Annotated[str, Code("passport_section")]]
    """Which sections."""


CONFIRMATION: TypeAdapter[Confirmation] = TypeAdapter(Confirmation)
