"""What whoever treats or feeds the child tonight must know: allergies, medicines, conditions, emergencies."""

from typing import Annotated

from pydantic import ConfigDict

from app.standard.base import Document, any_of, needs_one_of
from app.standard.codes import Code
from app.standard.leaves import Count, Day, Known, Line, LocalTime, Many, Maybe, Name, Phone, Text, YesNo

from .leaves import HealthSection, Listed, Quantity, SnomedCode


class AllergyEntry(Document):
    """An allergy or adverse reaction."""

    substance: Line
    """To what."""
    severity: Annotated[str, Code("allergy_severity")]
    """How severe."""
    reaction: Maybe[Line] = None
    """What happens."""
    action: Maybe[Text] = None
    """What to do."""
    first_noted_on: Maybe[Day] = None
    """When it was first noted."""
    confirmed_by_test: Maybe[YesNo] = None
    """Whether a test confirmed it."""
    snomed: Maybe[SnomedCode] = None
    """SNOMED CT code of the substance."""


class Allergies(HealthSection):
    """Allergies and adverse reactions."""

    entries: Listed[AllergyEntry]
    """Each of them, or that there is none, or why it is not known."""


class Dose(Document):
    """How much."""

    model_config = ConfigDict(json_schema_extra=any_of("amount", "text"))

    amount: Maybe[Quantity] = None
    """The amount, in the unit beside it."""
    unit: Maybe[Line] = None
    """The unit, such as mg, ml or puffs."""
    text: Maybe[Line] = None
    """The dose in words, as on the label."""

    _something = needs_one_of("amount", "text")


class Supply(Document):
    """How much is left."""

    days_left: Count
    """For how many days there is enough."""
    counted_on: Day
    """The day it was counted."""
    next_prescription: Maybe[Line] = None
    """Where the next prescription comes from."""


class MedicineEntry(Document):
    """A medicine the child takes."""

    name: Line
    """The medicine."""
    dose: Known[Dose]
    """How much."""
    route: Known[Annotated[str, Code("medicine_route")]]
    """How it is taken."""
    times: Known[Many[LocalTime]]
    """At what times of day; for a medicine taken only when needed, say so in when_needed."""
    form: Maybe[Line] = None
    """Tablets, liquid, inhaler, patch."""
    frequency: Maybe[Line] = None
    """How often, in words."""
    when_needed: Maybe[Text] = None
    """If taken only when needed: when, and at most how often."""
    for_what: Maybe[Line] = None
    """What it is for."""
    storage: Known[Annotated[str, Code("medicine_storage")]]
    """How it is kept.
    Source: Reviews of practice: medicines were badly stored"""
    storage_detail: Maybe[Line] = None
    """More about where and how it is kept."""
    supply: Maybe[Known[Supply]] = None
    """How much is left."""
    given_by: Known[Annotated[str, Code("medicine_given_by")]]
    """Who gives it."""
    started_on: Maybe[Day] = None
    """When it began."""
    ends_on: Maybe[Day] = None
    """When it ends, if it does."""
    prescribed_by: Maybe[Line] = None
    """Who prescribed it."""
    consent: Maybe[Line] = None
    """Who agreed to it."""
    side_effects: Maybe[Text] = None
    """What to watch for."""
    last_taken: Maybe[Line] = None
    """When it was last taken."""
    dmd: Maybe[SnomedCode] = None
    """Code of the NHS dictionary of medicines and devices."""


class Medicines(HealthSection):
    """Medicines."""

    entries: Listed[MedicineEntry]
    """Each of them, or that there is none, or why it is not known."""


class ConditionEntry(Document):
    """A condition or diagnosis."""

    name: Line
    """The condition."""
    status: Annotated[str, Code("condition_status")]
    """Whether it is so now."""
    since: Maybe[Day] = None
    """Since when."""
    diagnosed_by: Maybe[Line] = None
    """Who diagnosed it."""
    detail: Maybe[Text] = None
    """What it means in daily life."""
    plan: Maybe[Text] = None
    """What is done about it."""
    snomed: Maybe[SnomedCode] = None
    """SNOMED CT code."""


class Conditions(HealthSection):
    """Conditions and diagnoses."""

    entries: Listed[ConditionEntry]
    """Each of them, or that there is none, or why it is not known."""


class EmergencyStep(Document):
    """What to do in one kind of emergency."""

    when: Line
    """What is seen, such as a seizure of more than five minutes."""
    do: Text
    """What to do, step by step."""
    never: Maybe[Text] = None
    """What must not be done."""


class EmergencyContact(Document):
    """Whom to ring."""

    name: Line
    """Who, or which team."""
    phone: Phone
    """Where."""
    when: Maybe[Line] = None
    """For what, or at what hours."""


class EmergencyPlan(HealthSection):
    """What to do in an emergency."""

    entries: Listed[EmergencyStep]
    """Each kind of emergency, or that no plan is needed, or why it is not known."""
    calling_an_ambulance: Maybe[Text] = None
    """What the crew must be told."""
    contacts: Maybe[Many[EmergencyContact]] = None
    """Whom to ring."""
    written_by: Maybe[Name] = None
    """Who wrote the plan."""


class Cpis(HealthSection):
    """The Child Protection Information Sharing flag. England only.

    Source: NHS England, CP-IS
    """

    flag: Annotated[str, Code("cpis_flag")]
    """Whether it is on."""
    kind: Maybe[Annotated[str, Code("cpis_kind")]] = None
    """What it stands for."""
    checked_on: Maybe[Day] = None
    """When that was last checked."""
