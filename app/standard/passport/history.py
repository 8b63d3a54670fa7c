"""What has been: immunisations, birth, growth, development, the family's health, and hospitals."""

from typing import Annotated

from app.standard.base import Document
from app.standard.codes import Code
from app.standard.leaves import Count, Day, Known, Line, Many, Maybe, Name, Text, YesNo

from .leaves import Centimetres, HealthSection, Kilograms, Listed, SnomedCode, Weeks


class ImmunisationEntry(Document):
    """An immunisation that was given."""

    vaccine: Line
    """The vaccine or what it protects against."""
    given_on: Known[Day]
    """When."""
    dose_number: Maybe[Count] = None
    """Which dose in its course."""
    batch: Maybe[Line] = None
    """The batch number."""
    given_at: Maybe[Line] = None
    """Where."""
    snomed: Maybe[SnomedCode] = None
    """SNOMED CT or dm+d code."""


class ImmunisationGap(Document):
    """An immunisation the child should have had and has not."""

    vaccine: Line
    """Which."""
    reason: Annotated[str, Code("immunisation_gap")]
    """Why not."""
    due_on: Maybe[Day] = None
    """When it is due."""
    plan: Maybe[Line] = None
    """What is done about it."""


class Immunisations(HealthSection):
    """Immunisations, and the gaps."""

    given: Listed[ImmunisationEntry]
    """Each that was given, or none, or why it is not known."""
    gaps: Listed[ImmunisationGap]
    """Each that is missing, or none, or why it is not known."""
    up_to_date: Maybe[Known[YesNo]] = None
    """Whether they are up to date for the child's age."""


class Birth(HealthSection):
    """The child's birth."""

    gestation_weeks: Maybe[Known[Weeks]] = None
    """After how many weeks."""
    weight_kg: Maybe[Known[Kilograms]] = None
    """Weight at birth, in kilograms."""
    head_circumference_cm: Maybe[Known[Centimetres]] = None
    """Head circumference at birth, in centimetres."""
    place: Maybe[Known[Line]] = None
    """Where, so that the record can be asked for."""
    delivery: Maybe[Known[Line]] = None
    """How the child was born."""
    concerns: Maybe[Known[Text]] = None
    """Concerns in pregnancy, at birth or soon after, for the child's health."""
    screening: Maybe[Known[Text]] = None
    """Newborn screening: what was done and found."""
    feeding: Maybe[Known[Text]] = None
    """How the child was fed as a baby."""


class Measurement(Document):
    """A measurement."""

    measured_on: Day
    """When."""
    weight_kg: Maybe[Kilograms] = None
    """Weight in kilograms."""
    height_cm: Maybe[Centimetres] = None
    """Height or length in centimetres."""
    head_circumference_cm: Maybe[Centimetres] = None
    """Head circumference in centimetres."""
    detail: Maybe[Line] = None
    """Centiles, or anything to add."""


class Growth(HealthSection):
    """Growth."""

    measurements: Listed[Measurement]
    """Each measurement, or why there is none."""
    concerns: Maybe[Text] = None
    """Concerns about growth."""


class Milestone(Document):
    """A step of development, or an assessment of it."""

    area: Annotated[str, Code("development_area")]
    """Which area."""
    finding: Text
    """What was seen."""
    seen_on: Maybe[Day] = None
    """When."""
    tool: Maybe[Line] = None
    """The tool that was used, if any."""


class Development(HealthSection):
    """Development, and the effect on it of health and what the child has lived through.

    Source: Care Planning Regulations (England) 2010, Schedule 1 paragraph 1(3)
    """

    entries: Listed[Milestone]
    """Each finding, or that there is no concern, or why it is not known."""


class FamilyMember(Document):
    """The health of one member of the family, as far as it matters for the child. It is about another person."""

    relation: Annotated[str, Code("relation")]
    """Who they are to the child. Never their name."""
    condition: Line
    """The condition."""
    detail: Maybe[Text] = None
    """What it means for the child's health."""
    age_at_onset: Maybe[Line] = None
    """At what age it began."""
    snomed: Maybe[SnomedCode] = None
    """SNOMED CT code."""


class FamilyHistory(HealthSection):
    """The health of the child's family. It is about other people: shown only to clinicians who need it.

    Source: Care Planning Regulations (England) 2010, Schedule 1 paragraph 1(2)
    """

    entries: Listed[FamilyMember]
    """Each fact, or that nothing is known of, or why it is not known."""
    consent_of_family: Maybe[Line] = None
    """Who agreed that it is recorded."""


class Attendance(Document):
    """An attendance at hospital, a walk-in centre or another urgent service."""

    on: Day
    """When."""
    place: Line
    """Where."""
    reason: Line
    """Why."""
    outcome: Maybe[Text] = None
    """What was found and done."""
    follow_up: Maybe[Line] = None
    """What is to follow."""


class Admission(Document):
    """A stay in hospital."""

    admitted_on: Day
    """From."""
    discharged_on: Maybe[Day] = None
    """Until; left out while the child is still there."""
    hospital: Line
    """Where."""
    reason: Line
    """Why."""
    fit_for_discharge_on: Maybe[Day] = None
    """Since when the child could leave if there were somewhere to go."""
    discharge_plan_owner: Maybe[Line] = None
    """Who is to find where the child goes next."""
    mental_health_inpatient: Maybe[YesNo] = None
    """Whether it is or was a mental health ward."""
    distance_miles: Maybe[Count] = None
    """How far from home."""
    risks_of_the_stay: Maybe[Text] = None
    """What the stay itself may do to the child, and with whom that was discussed.
    Source: Reviews of practice: a stay on a ward adds risk"""
    outcome: Maybe[Text] = None
    """What was found and done."""


class HospitalCare(HealthSection):
    """Attendances and admissions."""

    attendances: Listed[Attendance]
    """Each attendance, or none, or why it is not known."""
    admissions: Listed[Admission]
    """Each stay, or none, or why it is not known."""


class Sight(Document):
    """Sight."""

    last_tested_on: Maybe[Known[Day]] = None
    """When it was last tested."""
    next_due_on: Maybe[Day] = None
    """When the next test is due."""
    finding: Maybe[Known[Text]] = None
    """What was found."""
    glasses: Maybe[YesNo] = None
    """Whether the child wears glasses or lenses."""


class Hearing(Document):
    """Hearing."""

    last_tested_on: Maybe[Known[Day]] = None
    """When it was last tested."""
    next_due_on: Maybe[Day] = None
    """When the next test is due."""
    finding: Maybe[Known[Text]] = None
    """What was found."""
    aids: Maybe[Line] = None
    """Hearing aids or implants, and how they are looked after."""


class Teeth(Document):
    """Teeth and mouth.

    Source: Care Planning, Placement and Case Review (Wales) Regulations 2015, Schedule 2: oral health
    """

    last_seen_on: Maybe[Known[Day]] = None
    """When a dentist last saw the child."""
    next_due_on: Maybe[Day] = None
    """When the next visit is due."""
    finding: Maybe[Known[Text]] = None
    """What was found, and treatment that is under way."""
    declined_on: Maybe[Day] = None
    """If the child declined: when."""


class SightHearingTeeth(HealthSection):
    """Sight, hearing and teeth."""

    sight: Known[Sight]
    """Sight."""
    hearing: Known[Hearing]
    """Hearing."""
    teeth: Known[Teeth]
    """Teeth and mouth."""


class HealthAssessment(Document):
    """A statutory health assessment, as the passport tells of it.

    Source: Care Planning Regulations (England) 2010, regulation 7
    """

    kind: Annotated[str, Code("health_assessment_kind")]
    """Initial or review."""
    outcome: Annotated[str, Code("health_assessment_outcome")]
    """What became of it."""
    on: Maybe[Day] = None
    """When it was done or declined."""
    due_on: Maybe[Day] = None
    """When it is or was due."""
    done_by: Maybe[Name] = None
    """Who did it."""
    alternative_offered: Maybe[Line] = None
    """If declined: what was offered instead."""
    ask_again_on: Maybe[Day] = None
    """If declined: when it will be offered again."""
    summary: Maybe[Text] = None
    """What it found, in short."""


class Assessments(HealthSection):
    """Health assessments that were done, are due or were declined."""

    entries: Listed[HealthAssessment]
    """Each, or none, or why it is not known."""
    next_due_on: Maybe[Known[Day]] = None
    """When the next one is due."""
    others_held: Maybe[Many[Line]] = None
    """Other reports that exist and who holds them, such as a psychologist's."""
