"""Who the child is, who may consent, what the young person decided, and which teams hold them."""

from typing import Annotated

from app.standard.base import Document
from app.standard.child import DateOfBirth, Override
from app.standard.codes import Code
from app.standard.health import Practice
from app.standard.law import Consent, Delegation, Responsibility
from app.standard.leaves import (
    Address,
    Day,
    Email,
    Known,
    Language,
    Line,
    LocalId,
    Many,
    Maybe,
    Name,
    NhsNumber,
    OrganisationCode,
    OwnWords,
    Phone,
    Postcode,
    Text,
    YesNo,
)

from .leaves import HealthSection


class Identity(HealthSection):
    """Who the child is, as the health team knows them."""

    given_names: Known[Name]
    """First name or names."""
    family_name: Known[Name]
    """Family name."""
    date_of_birth: DateOfBirth
    """Date of birth, exact or estimated, or the due date of an unborn child."""
    sex: Known[Annotated[str, Code("sex")]]
    """Sex."""
    local_id: Maybe[LocalId] = None
    """The placing authority's own number for the child."""
    nhs_number: Maybe[Known[NhsNumber]] = None
    """NHS number."""
    known_as: Maybe[Many[Name]] = None
    """What the child likes to be called, and other names used."""
    former_names: Maybe[Many[Name]] = None
    """Names the child had before."""
    gender: Maybe[Known[Annotated[str, Code("gender")]]] = None
    """Gender, as the child states it."""
    gender_in_own_words: Maybe[Line] = None
    """How the child describes it."""
    pronouns: Maybe[Line] = None
    """Pronouns the child uses."""
    ethnicity: Maybe[Known[Annotated[str, Code("ethnicity")]]] = None
    """Ethnicity."""
    religion: Maybe[Known[Line]] = None
    """Religion or belief."""
    first_language: Maybe[Known[Language]] = None
    """First language."""
    interpreter: Maybe[Known[Annotated[str, Code("interpreter")]]] = None
    """Whether an interpreter is needed."""
    legal_status: Maybe[Known[Annotated[str, Code("legal_status")]]] = None
    """Legal status."""
    entered_care_on: Maybe[Known[Day]] = None
    """When this period of care began."""
    home_address: Maybe[Known[Address]] = None
    """Where the child lives now."""
    home_postcode: Maybe[Known[Postcode]] = None
    """The postcode of that address."""
    home_phone: Maybe[Phone] = None
    """The telephone number there."""


class ConsentRequest(Document):
    """A consent that was asked for, and what became of it."""

    for_what: Line
    """What consent is needed for."""
    asked_on: Day
    """When it was asked."""
    asked_of: Annotated[str, Code("consent_giver")]
    """Who was asked."""
    outcome: Annotated[str, Code("consent_outcome")]
    """What became of it."""
    answered_on: Maybe[Day] = None
    """When it was answered."""
    due_on: Maybe[Day] = None
    """By when it is needed.
    Source: Reviews of practice: consent held up help for weeks"""
    detail: Maybe[Text] = None
    """What it covers, and what it does not."""


class Gillick(Document):
    """An assessment whether a child under 16 can decide this for themselves.

    Source: Gillick v West Norfolk and Wisbech AHA [1986] AC 112
    """

    about: Line
    """What decision it was about: it is assessed for each decision."""
    assessed_by: Name
    """Who assessed it."""
    role: Maybe[Line] = None
    """Their role."""
    assessed_on: Day
    """When."""
    competent: YesNo
    """Whether the child can decide it."""
    reasons: Maybe[Text] = None
    """Why."""


class ConsentSection(HealthSection):
    """Who may consent to what."""

    treatment: Known[Many[Consent]]
    """Who may consent to treatment."""
    parental_responsibility: Maybe[Known[Many[Responsibility]]] = None
    """Who holds parental responsibility."""
    delegated: Maybe[Many[Delegation]] = None
    """Decisions handed to the carer, or kept.
    Source: Care Planning Regulations (England) 2010, Schedule 2"""
    gillick: Maybe[Many[Gillick]] = None
    """Assessments whether a child under 16 can decide for themselves."""
    requests: Maybe[Many[ConsentRequest]] = None
    """Consents asked for, and what became of them."""


class PartDecision(Document):
    """What the young person decided about sharing one part of the passport."""

    part: Annotated[str, Code("sharing_part")]
    """Which part."""
    choice: Annotated[str, Code("sharing_choice")]
    """What they decided."""
    may_see: Maybe[Many[Annotated[str, Code("function")]]] = None
    """If they agree in part: whose work may see it."""
    in_own_words: Maybe[OwnWords] = None
    """How they said it."""
    decided_on: Maybe[Day] = None
    """When they decided."""
    recorded_by: Maybe[Name] = None
    """Who recorded it."""
    gillick: Maybe[Gillick] = None
    """If under 16: the assessment that they can decide this."""
    override: Maybe[Override] = None
    """A reasoned decision to share all the same."""


class SharingDecisions(HealthSection):
    """The young person's own decision about who sees what. At 16 and 17 it is theirs to make."""

    decisions: Known[Many[PartDecision]]
    """What they decided, part by part. The part ``all`` stands for each part not named."""


class HealthTeam(Document):
    """A health team, authority or service that holds a part in the child's care."""

    name: Line
    """What it is called."""
    organisation: Maybe[OrganisationCode] = None
    """Its code in the directory."""
    acts_for: Maybe[OrganisationCode] = None
    """If a trust acts for a commissioning body: the code of that body."""
    lead: Maybe[Name] = None
    """The person to ask for."""
    role: Maybe[Line] = None
    """Their role."""
    phone: Maybe[Phone] = None
    """Where they can be rung."""
    email: Maybe[Email] = None
    """Their email address."""
    since: Maybe[Day] = None
    """Since when."""
    until: Maybe[Day] = None
    """Until when."""


class Commissioning(Document):
    """Which health bodies pay, and why.

    Source: NHS England, Who Pays? (2024)
    """

    originating_icb: Maybe[Known[OrganisationCode]] = None
    """The health body of the area that first placed the child."""
    outgoing_icb: Maybe[Known[OrganisationCode]] = None
    """The health body of the area the child has just left, if another."""
    host_icb: Maybe[Known[OrganisationCode]] = None
    """The health body of the area where the child lives."""
    responsible_commissioner: Maybe[Known[OrganisationCode]] = None
    """Who pays."""
    basis: Maybe[Annotated[str, Code("commissioner_basis")]] = None
    """Why that one."""
    detail: Maybe[Text] = None
    """What is agreed, or not yet."""
    without_prejudice_provider: Maybe[OrganisationCode] = None
    """Who provides in the meantime, without prejudice to who pays in the end."""


class ContinuityWorker(Document):
    """A worker who stays with the child, so that the child need not tell it again."""

    name: Name
    """Who."""
    role: Line
    """Their role."""
    phone: Maybe[Phone] = None
    """Where they can be rung."""
    briefed_on: Maybe[Day] = None
    """When they were told what is in this passport."""


class Teams(HealthSection):
    """Who looks after the child's health, on both sides of a move, and who pays."""

    placing_health: Known[HealthTeam]
    """The children-in-care health team of the placing side."""
    host_health: Maybe[Known[HealthTeam]] = None
    """The children-in-care health team where the child lives."""
    social_worker: Maybe[Known[HealthTeam]] = None
    """The child's social worker and their team."""
    reviewing_officer: Maybe[Known[HealthTeam]] = None
    """The independent reviewing officer."""
    gp: Maybe[Known[Practice]] = None
    """The general practice, and since when."""
    gp_registration_due_on: Maybe[Day] = None
    """If not registered yet: by when.
    Source: Reviews of practice: a long wait for a general practice"""
    gp_until_now: Maybe[Practice] = None
    """The general practice before the move."""
    dentist: Maybe[Known[Practice]] = None
    """The dentist."""
    optician: Maybe[Known[Practice]] = None
    """The optician."""
    camhs: Maybe[Known[HealthTeam]] = None
    """The mental health team."""
    health_visitor_or_school_nurse: Maybe[Known[HealthTeam]] = None
    """The health visitor or school nurse."""
    preferred_hospital: Maybe[Known[Line]] = None
    """The hospital that knows the child."""
    commissioning: Maybe[Commissioning] = None
    """Which health bodies pay, and why."""
    continuity_worker: Maybe[Known[ContinuityWorker]] = None
    """A worker who stays with the child through the move."""
    others: Maybe[Many[HealthTeam]] = None
    """Other teams."""


class CommunicationNeeds(Document):
    """How to talk with the child in a consultation."""

    needs: Text
    """What makes it easier for the child to understand and be understood."""
    aids: Maybe[Line] = None
    """Hearing aids, symbols, devices."""
    sensory: Maybe[Text] = None
    """Sounds, lights, touch and smells: what helps and what hurts."""
    in_waiting_rooms: Maybe[Text] = None
    """What helps in a waiting room or an examination."""
