"""What is sent about health assessments: asked for, what became of one, and recommendations that were done."""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field, TypeAdapter

from .base import Document
from .codes import Code
from .leaves import Day, Known, Line, Many, Maybe, OrganisationCode, Text
from .passport.person import Commissioning
from .passport.wellbeing import Sdq
from .requests import Elsewhere


class AskedTeam(Document):
    """A team that is asked."""

    organisation: OrganisationCode
    """Its organisation."""
    function: Annotated[str, Code("function")]
    """Its function there."""


class AssessmentRequest(Document):
    """An assessment asked for or commissioned.

    Source: Reviews of practice: assessments asked for and never received, commissioned and never seen
    """

    kind: Annotated[str, Code("assessment_kind")]
    """What kind."""
    purpose: Annotated[str, Code("assessment_purpose")]
    """What it is for."""
    asked_of: Maybe[AskedTeam] = None
    """The team that is asked and owes it from now on. Left out: whoever owes this kind by the table of kinds."""
    commissioned_by: Maybe[OrganisationCode] = None
    """The organisation that commissions it and pays."""
    commissioner: Maybe[Line] = None
    """If the commissioner is not in the directory: who."""
    assessor: Maybe[Line] = None
    """Who is to do it, if that is known."""
    commissioning: Maybe[Commissioning] = None
    """Which health bodies are responsible, and why."""
    due_on: Maybe[Day] = None
    """By when, where no law or guidance says so. A date that law or guidance sets is not put off."""
    note: Maybe[Text] = None
    """Anything the assessor needs to know."""


class _Became(Document):
    note: Maybe[Text] = None
    """Anything to add."""


class AssessmentBooked(_Became):
    """There is an appointment."""

    outcome: Literal["booked"]
    """Booked."""
    on: Day
    """The day of the appointment."""
    where: Maybe[Line] = None
    """Where."""
    assessor: Maybe[Line] = None
    """Who does it."""


class AssessmentConsentAsked(_Became):
    """It waits for somebody's consent."""

    outcome: Literal["awaiting_consent"]
    """Waiting for consent."""
    consent_asked_of: Line
    """Whose consent was asked for. The passport's section consent says who may give it."""
    next_on: Maybe[Day] = None
    """When you ask again."""


class Recommendation(Document):
    """Something the assessor recommends, with somebody who does it and a day."""

    what: Text
    """What is to be done."""
    function: Annotated[str, Code("function")]
    """The function that does it."""
    organisation: Maybe[OrganisationCode] = None
    """Its organisation. Left out: the authority that looks after the child."""
    owner: Maybe[Line] = None
    """Who there."""
    due_on: Day
    """By when."""


class AssessmentDone(_Became):
    """It was done. The report is uploaded apart from this."""

    outcome: Literal["done"]
    """Done."""
    on: Day
    """The day it was done."""
    assessor: Maybe[Line] = None
    """Who did it."""
    summary: Maybe[Text] = None
    """What it found, in short."""
    sdq: Maybe[Sdq] = None
    """If it is the strengths and difficulties questionnaire: its score, or why there is none."""
    recommendations: Maybe[Many[Recommendation]] = None
    """Each is tracked until it is done."""


class AssessmentDeclined(_Became):
    """It was declined. Nothing closes for that: something else is offered, and somebody tries again.

    Source: Reviews of practice: she declined, and no alternative was offered
    """

    outcome: Literal["declined"]
    """Declined."""
    declined_by: Annotated[str, Code("assessment_declined_by")]
    """Who declined."""
    why: Maybe[Text] = None
    """Why, in their words where they gave any."""
    alternative_offered: Line
    """What was offered instead, such as a talk with a nurse, at a place the young person chooses."""
    next_on: Day
    """When it is offered again."""
    who_tries_next: Line
    """Who offers it then."""


class AssessmentNoCapacity(_Became):
    """The team that was asked cannot do it. It goes back to the placing side at once."""

    outcome: Literal["no_capacity"]
    """No capacity."""
    elsewhere: Known[Elsewhere]
    """Who else could do it."""
    next_on: Maybe[Day] = None
    """When you could, if you wait for it."""


class AssessmentNotNeeded(_Became):
    """It is not needed after all."""

    outcome: Literal["not_needed"]
    """Not needed."""
    why: Text
    """Why."""


AssessmentOutcome = (
    AssessmentBooked
    | AssessmentConsentAsked
    | AssessmentDone
    | AssessmentDeclined
    | AssessmentNoCapacity
    | AssessmentNotNeeded
)


class RecommendationDone(Document):
    """What became of a recommendation."""

    outcome: Annotated[str, Code("recommendation_outcome")]
    """Done, or why not."""
    note: Maybe[Text] = None
    """What was done, or why it is not possible."""


ASSESSMENT: TypeAdapter[AssessmentRequest] = TypeAdapter(AssessmentRequest)
OUTCOME: TypeAdapter[AssessmentOutcome] = TypeAdapter(
    Annotated[AssessmentOutcome, Field(discriminator="outcome", title="What became of an assessment")],
    config=ConfigDict(hide_input_in_errors=True),
)
RECOMMENDATION_DONE: TypeAdapter[RecommendationDone] = TypeAdapter(RecommendationDone)
