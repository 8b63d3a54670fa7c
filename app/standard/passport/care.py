"""What is going on and what comes next: referrals, appointments, and the health plan in its six parts."""

from typing import Annotated

from app.standard.base import Document
from app.standard.codes import Code
from app.standard.leaves import Day, Known, Line, LocalTime, Many, Maybe, Name, Phone, Text, YesNo

from .leaves import HealthSection, Listed


class HealthReferral(Document):
    """A referral, and the place on a waiting list that goes with it."""

    service: Line
    """To which service."""
    for_what: Line
    """What for."""
    referred_on: Known[Day]
    """When."""
    state: Annotated[str, Code("referral_state")]
    """Where it stands."""
    referred_by: Maybe[Line] = None
    """Who referred."""
    waiting_since: Maybe[Day] = None
    """Since when the child waits: the day that counts, whatever list it began on."""
    expected_on: Maybe[Day] = None
    """When something is expected."""
    keeps_place_on_move: Maybe[Known[YesNo]] = None
    """Whether the place on the list goes with the child."""
    reference: Maybe[Line] = None
    """The service's own reference."""
    detail: Maybe[Text] = None
    """Anything to add."""


class Referrals(HealthSection):
    """Referrals under way and places on waiting lists."""

    entries: Listed[HealthReferral]
    """Each, or none, or why it is not known."""


class Appointment(Document):
    """An appointment that a move must not lose."""

    what: Line
    """What it is."""
    where: Line
    """Where."""
    on: Known[Day]
    """When."""
    at: Maybe[LocalTime] = None
    """At what time."""
    state: Annotated[str, Code("appointment_state")]
    """Where it stands."""
    phone: Maybe[Phone] = None
    """Where to ring about it."""
    who_takes: Maybe[Line] = None
    """Who goes with the child."""
    detail: Maybe[Text] = None
    """What the child needs for it."""


class Appointments(HealthSection):
    """Appointments due."""

    entries: Listed[Appointment]
    """Each, or none, or why it is not known."""


class PlanAction(Document):
    """An action of the health plan."""

    need: Line
    """What it answers."""
    action: Text
    """What is done."""
    owner: Line
    """Who does it."""
    due_on: Known[Day]
    """By when."""
    state: Annotated[str, Code("action_state")]
    """Where it stands."""
    done_on: Maybe[Day] = None
    """When it was done."""
    outcome: Maybe[Text] = None
    """What came of it."""


class HealthPlan(HealthSection):
    """The health plan, in the six parts the law names, with its actions.

    Source: Care Planning Regulations (England) 2010, Schedule 1 paragraph 1
    """

    state_of_health: Known[Text]
    """1. The child's state of health: physical, emotional and mental; in Wales oral health too."""
    health_history: Known[Text]
    """2. The child's health history. The family's stands in its own section."""
    effect_on_development: Known[Text]
    """3. The effect of health and history on development."""
    arrangements: Known[Text]
    """4. Medical and dental care now: checks, treatment, monitoring, prevention, advice."""
    planned_changes: Known[Text]
    """5. Planned changes to those arrangements."""
    role_of_carer: Known[Text]
    """6. What the carer and others do to promote the child's health."""
    actions: Listed[PlanAction]
    """Each action, its owner and date."""
    agreed_on: Maybe[Day] = None
    """When it was agreed."""
    written_by: Maybe[Name] = None
    """Who wrote it."""
    review_on: Maybe[Day] = None
    """When it is reviewed."""
    given_to: Maybe[Many[Line]] = None
    """Who was given it: the carer, the general practice, the young person.
    Source: Reviews of practice: the health plan was not given to care staff"""
