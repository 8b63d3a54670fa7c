"""Why this home, who does what next, and which papers go with the child."""

from typing import Annotated

from pydantic import ConfigDict

from .base import Document, Section, any_of, needs_one_of
from .codes import Code
from .leaves import (
    Count,
    Day,
    Digest,
    DocumentId,
    Known,
    Line,
    Many,
    Maybe,
    Miles,
    Moment,
    Name,
    NotKnown,
    OwnWords,
    Phone,
    Text,
    YesNo,
)


class Context(Document):
    """What the area and the people in it mean for this child's safety.

    Source: Reviews of practice: impact of the placement and contextual safeguarding
    """

    area: Maybe[Text] = None
    """What is known of the area and the streets around the home."""
    peers: Maybe[Text] = None
    """Other young people, in the home and near it."""
    online: Maybe[Text] = None
    """Life online."""
    transport: Maybe[Text] = None
    """Trains, buses and roads, and where they lead."""
    lost_protection: Maybe[Text] = None
    """What protected the child before and is lost by the move."""


class Approval(Document):
    """Who approved the move out of the area."""

    approver: Annotated[str, Code("approver")]
    """In what office."""
    name: Name
    """Who."""
    approved_on: Day
    """When."""
    emergency: Maybe[YesNo] = None
    """Whether it was approved in an emergency, the remaining steps to follow."""
    detail: Maybe[Text] = None
    """Any condition."""
    distance_miles: Maybe[Miles] = None
    """The distance that was before whoever approved."""
    visiting: Maybe[Text] = None
    """The plan for visits that was before whoever approved.
    Source: Reviews of practice: distance thins relationships"""


class Steps(Document):
    """The steps before approval.

    Source: Care Planning Regulations (England) 2010, regulation 11
    """

    child_consulted: Maybe[Known[YesNo]] = None
    """Whether the child's wishes were found out and considered."""
    child_on_this_decision: Maybe[Known[OwnWords]] = None
    """What the child said about this decision, in their own words.
    Source: Reviews of practice: decided without her"""
    relatives_consulted: Maybe[Known[YesNo]] = None
    """Whether relatives were consulted where appropriate."""
    reviewing_officer_consulted_on: Maybe[Known[Day]] = None
    """When the reviewing officer was consulted."""
    area_authority_notified_on: Maybe[Known[Day]] = None
    """When the area authority was notified."""
    area_authority_consulted_on: Maybe[Known[Day]] = None
    """When the area authority was consulted, for a home at a distance."""
    care_plan_given_on: Maybe[Known[Day]] = None
    """When it was given the care plan."""
    health_consulted_on: Maybe[Known[Day]] = None
    """When health was consulted."""
    education_consulted_on: Maybe[Known[Day]] = None
    """When education was consulted."""


class WelshPanel(Document):
    """The panel in Wales.

    Source: Care Planning Regulations (Wales) 2015, regulation 12
    """

    panel_on: Known[Day]
    """When the panel approved."""
    recorded_by: Maybe[Name] = None
    """Who recorded the approval in writing."""
    preference: Maybe[Annotated[str, Code("welsh_preference")]] = None
    """Which place in the order of preference was met."""
    why_not_in_area: Maybe[Text] = None
    """Why no home in the area could meet the needs."""


class Search(Document):
    """How a home was looked for."""

    homes_asked: Maybe[Count] = None
    """How many homes were asked."""
    barriers: Maybe[Text] = None
    """What stood in the way."""
    needs_unmet: Maybe[Many[Annotated[str, Code("need")]]] = None
    """Which needs no home that was asked could meet, by code, so that they can be counted without names.
    Source: Reviews of practice: the case for homes that do not exist has to be made with figures"""


class NeedAndOutcome(Document):
    """What one need asks for, and how we will know that it is met.

    Source: Reviews of practice: a plan that was wrong, old and not about outcomes
    """

    need: Annotated[str, Code("need")]
    """The need."""
    outcome: Text
    """What will be different for the child."""
    look_again_on: Maybe[Day] = None
    """When it is looked at again."""


class Decision(Section):
    """Why this home."""

    needs_assessment: Maybe[Known[Text]] = None
    """The assessment of the child's needs.
    Source: Care Planning Regulations (England) 2010, regulation 13(4)(b)(i)"""
    assessed_on: Maybe[Day] = None
    """When the needs were assessed."""
    outcomes: Maybe[Many[NeedAndOutcome]] = None
    """For each need, what is to come of it."""
    why_most_suitable: Maybe[Known[Text]] = None
    """Why this home is the most suitable response.
    Source: Care Planning Regulations (England) 2010, regulation 13(4)(b)(i)"""
    matching: Maybe[Text] = None
    """How it fits culture, identity, family and those already living there."""
    alternatives: Maybe[Text] = None
    """What else was considered, and why not."""
    impact: Maybe[Text] = None
    """What the move will mean for the child, good and bad."""
    context: Maybe[Context] = None
    """What the area and the people in it mean for this child's safety."""
    distance_miles: Maybe[Known[Miles]] = None
    """Straight-line miles from the child's home."""
    distance: Maybe[Known[Annotated[str, Code("distance_class")]]] = None
    """In the area, adjoining, or at a distance."""
    distance_asserted_by: Maybe[Name] = None
    """Who says so."""
    exemption: Maybe[Annotated[str, Code("approval_exemption")]] = None
    """Why regulation 11 approval is not needed."""
    steps: Maybe[Steps] = None
    """The steps before approval."""
    approvals: Maybe[Many[Approval]] = None
    """Who approved, and when."""
    welsh_panel: Maybe[WelshPanel] = None
    """The panel in Wales."""
    search: Maybe[Search] = None
    """How a home was looked for."""
    disagreement: Maybe[Text] = None
    """Who disagreed, and what was said."""


class Task(Document):
    """One thing to be done, and whose it is."""

    task: Line
    """What is to be done."""
    side: Annotated[str, Code("side")]
    """Placing or host."""
    owner_role: Annotated[str, Code("care_role")]
    """The role of whoever does it."""
    owner_name: Known[Name]
    """Who does it."""
    organisation: Maybe[Line] = None
    """Their organisation."""
    due: Maybe[Known[Day]] = None
    """When it is due."""
    done_on: Maybe[Day] = None
    """When it was done."""


class LocalService(Document):
    """One service for the child where they now live."""

    service: Line
    """Which service."""
    provider: Known[Line]
    """Who provides it there."""
    phone: Maybe[Phone] = None
    """Where they can be rung."""
    agreed_on: Maybe[Day] = None
    """When they agreed to it."""
    starts_on: Maybe[Known[Day]] = None
    """When it starts."""
    refused_why: Maybe[Text] = None
    """If they will not: why, so that it can be taken further."""


class Responsibilities(Section):
    """Who does what, on both sides."""

    tasks: Many[Task]
    """Each task.
    Source: Reviews of practice: clear roles for placing and receiving services"""
    services: Maybe[Known[Many[LocalService]]] = None
    """The plan for services where the child now lives, each with its provider.
    Source: Reviews of practice: services reachable before arrival, their providers named"""
    planning_meeting_at: Maybe[Known[Moment]] = None
    """When the planning meeting is."""


class Paper(Document):
    """A document: uploaded, expected on a date, or not held."""

    model_config = ConfigDict(json_schema_extra=any_of("document_id", "expected_on", "not_held", "given_otherwise_on"))

    type: Annotated[str, Code("document_type")]
    """What it is."""
    title: Maybe[Line] = None
    """Its title. Leave the child's name out of it."""
    document_id: Maybe[DocumentId] = None
    """Its id in this service, once uploaded."""
    sha256: Maybe[Digest] = None
    """The SHA-256 digest of its bytes."""
    dated_on: Maybe[Day] = None
    """The date on it."""
    expected_on: Maybe[Day] = None
    """When it will be sent."""
    not_held: Maybe[NotKnown] = None
    """Why there is none."""
    given_otherwise_on: Maybe[Day] = None
    """When it was given to the area authority in another way."""

    _accounted_for = needs_one_of("document_id", "expected_on", "not_held", "given_otherwise_on")


class Papers(Section):
    """The papers that go with the child."""

    items: Many[Paper]
    """Each document.
    Source: Care Planning Regulations (England) 2010, regulation 13(4)(b)(ii): a copy of the care plan"""
