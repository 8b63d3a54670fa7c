"""Lists of things that are done or not done, each with its day: what was once a sentence nobody could follow up."""

from typing import Annotated

from .base import Document
from .codes import Code
from .leaves import Day, Line, Maybe, Name


class Check(Document):
    """One thing: done, not done or not needed."""

    state: Annotated[str, Code("check_state")]
    """Where it stands."""
    on: Maybe[Day] = None
    """The day it was done, or is due."""
    by: Maybe[Line] = None
    """Who did it or does it, by role or team."""
    detail: Maybe[Line] = None
    """Anything to add, such as why it is not done."""


class EducationSteps(Document):
    """What keeps a place and a plan through a move.

    Source: Reviews of practice: the plan's review and the school move were left behind
    """

    virtual_schools_told: Maybe[Check] = None
    """Both virtual schools told."""
    personal_education_plan_reviewed: Maybe[Check] = None
    """The personal education plan reviewed for this move."""
    ehc_plan_review_called: Maybe[Check] = None
    """A review of the education, health and care plan called."""
    place_agreed: Maybe[Check] = None
    """A place kept or a new one agreed."""
    records_sent: Maybe[Check] = None
    """Records sent to the new school, those of safeguarding included."""
    transport_arranged: Maybe[Check] = None
    """The way to school arranged."""


class CrisisCare(Document):
    """What must stand from the first day when care is put together in a crisis.

    Source: Reviews of practice: no manager, no daily logs, supervision unclear
    """

    manager: Maybe[Check] = None
    """One accountable manager named."""
    care: Maybe[Check] = None
    """Who cares for the child on each shift, and what care was agreed."""
    supervision: Maybe[Check] = None
    """Who supervises the staff, and how often."""
    health: Maybe[Check] = None
    """Health care: history given, practice found, someone to ask."""
    medicines: Maybe[Check] = None
    """Medicines: supply, safe storage, who gives them."""
    education: Maybe[Check] = None
    """Education begun."""
    daily_logs: Maybe[Check] = None
    """Daily logs kept, and read by somebody."""


class StaffChecked(Document):
    """That somebody made sure the staff were checked. No record of any member of staff belongs here.

    Source: Reviews of practice: nobody had looked into who the staff were
    """

    checked_by: Name
    """Who made sure."""
    role: Maybe[Line] = None
    """Their role."""
    checked_on: Day
    """When."""


class Match(Document):
    """Whether those who live in the home are safe for each other. Leave out names.

    Source: Reviews of practice: a child was placed with another child at risk
    """

    outcome: Annotated[str, Code("safety")]
    """What was found, for all of them."""
    checked_on: Maybe[Day] = None
    """When it was looked at."""
    checked_by: Maybe[Name] = None
    """Who looked at it, with the home."""
    conditions: Maybe[Line] = None
    """What has to be so that it stays safe."""


class Handover(Document):
    """What goes with the child when a stay ends.

    Source: Reviews of practice: the home gave notice, and the handover was poor
    """

    next_home_briefed: Maybe[Check] = None
    """Those who care next told, by those who cared."""
    belongings: Maybe[Check] = None
    """Belongings, in proper bags."""
    memories: Maybe[Check] = None
    """Photographs and whatever the child wants to keep."""
    medicines: Maybe[Check] = None
    """Medicines and the record of them."""
    health_papers: Maybe[Check] = None
    """Health papers and appointments."""
    school_papers: Maybe[Check] = None
    """School papers and work."""
    money_and_identity: Maybe[Check] = None
    """Savings, passport, birth certificate, bank card."""
    goodbyes: Maybe[Check] = None
    """Time for good-byes, and how to stay in touch."""
