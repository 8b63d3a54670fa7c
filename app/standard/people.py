"""Who sends, who works with the child, who the child's people are, and who has been told."""

from typing import Annotated

from .base import Document, Section
from .codes import Code
from .constraints import Leaf
from .leaves import (
    Address,
    Count,
    Day,
    Email,
    Known,
    Line,
    Many,
    Maybe,
    Moment,
    Name,
    OwnWords,
    Phone,
    Postcode,
    Reference,
    Text,
    YesNo,
)


class OutOfHours(Document):
    """Whom to ring when the office is closed."""

    phone: Phone
    """The number that is answered at night and at weekends."""
    team: Maybe[Line] = None
    """The team that answers, such as the emergency duty team."""
    email: Maybe[Email] = None
    """A mailbox that is read out of hours."""


class WordingKept(Document):
    """Advice on wording that the author read, and why the words stay."""

    pointer: Annotated[
        str,
        Leaf(
            "pointer",
            "A JSON pointer into this notification, such as /risks/self_harm/plan.",
            r"^(/[a-z0-9_]{1,40}){1,8}$",
            300,
            "/placement/reason",
        ),
    ]
    """Which text."""
    advice: Annotated[
        str, Leaf("advice", "The code of the advice, as the answer gave it.", r"^[a-z0-9-]{2,40}$", 40, "no-evidence")
    ]
    """Which advice."""
    why: Line
    """Why these words are right here."""


class ExternalId(Document):
    """The sender's own reference in another system. Never a name or a date of birth."""

    system: Reference
    """Which system, in the sender's own words."""
    id: Reference
    """The reference there."""


class Sender(Section):
    """Who sends this, and how to reach them and their out-of-hours team."""

    name: Name
    """The person sending, or responsible for an automatic sending."""
    role: Line
    """Their role, such as social worker or emergency duty social worker."""
    phone: Known[Phone]
    """Where they can be rung."""
    out_of_hours: Known[OutOfHours]
    """Whom to ring when the office is closed.
    Source: ADCS, information to police about out-of-area placements: emergency contact"""
    team: Maybe[Line] = None
    """Their team."""
    email: Maybe[Email] = None
    """Their email address."""
    external_ids: Maybe[Many[ExternalId]] = None
    """References in the sender's own systems, given back with the document. Only the placing side sees them."""
    wording_kept: Maybe[Many[WordingKept]] = None
    """Advice on wording that was read and not followed, and why."""


class Cover(Document):
    """Who answers when the worker is away."""

    name: Maybe[Name] = None
    """Who covers."""
    phone: Phone
    """Where to ring."""
    until: Maybe[Day] = None
    """The last day of this cover."""


class Worker(Document):
    """Someone working with the child."""

    role: Annotated[str, Code("care_role")]
    """What they do for the child."""
    name: Known[Name]
    """Who they are."""
    phone: Known[Phone]
    """Where they can be rung."""
    email: Maybe[Email] = None
    """Their email address."""
    team: Maybe[Line] = None
    """Their team."""
    organisation: Maybe[Line] = None
    """Whom they work for."""
    since: Maybe[Day] = None
    """Since when they have worked with the child."""
    briefed_on: Maybe[Day] = None
    """When they were briefed, so that the child need not tell it again."""
    stays: Maybe[YesNo] = None
    """Whether they go on working with the child through the move.
    Source: Reviews of practice: constant workers see to it that new ones know"""
    cover: Maybe[Cover] = None
    """Who answers when they are away."""


class WhoDecides(Document):
    """Who decides one kind of thing, in words the child can be shown."""

    topic: Annotated[str, Code("decision_topic")]
    """What is decided."""
    role: Annotated[str, Code("care_role")]
    """The role of whoever decides."""
    name: Maybe[Name] = None
    """Who that is now."""
    detail: Maybe[Line] = None
    """Anything to add, such as whom to ask first."""


class CareTeam(Section):
    """The people working with the child, one of whom leads, and who decides what."""

    lead: Known[Worker]
    """The accountable lead, usually the social worker."""
    members: Maybe[Many[Worker]] = None
    """The others: manager, reviewing officer, health lead, virtual school, advocate, guardian.
    Source: Care Planning Regulations (England) 2010, Schedule 2"""
    decides: Maybe[Many[WhoDecides]] = None
    """Who decides what.
    Source: Reviews of practice: unclear who decides day to day and in the long term"""
    number_of_social_workers: Maybe[Known[Count]] = None
    """How many social workers the child has had, this one included."""


class FamilyTime(Document):
    """How the child and this person see each other."""

    arrangement: Annotated[str, Code("family_time")]
    """How it happens, or why not."""
    wish: Maybe[OwnWords] = None
    """What the child wants, in their words."""
    gap: Maybe[Text] = None
    """Where the arrangement falls short of the wish, why, and what is done about it.
    Source: Reviews of practice: a wish for time with both parents was noted and not acted on"""
    next_review_on: Maybe[Day] = None
    """When it is next looked at."""
    detail: Maybe[Text] = None
    """When, where, with whom, and what the child wants."""
    risk: Maybe[Text] = None
    """What could go wrong and what is done about it."""


class NetworkPerson(Document):
    """One of the child's people."""

    relation: Annotated[str, Code("relation")]
    """Who they are to the child."""
    name: Known[Name]
    """Their name."""
    parental_responsibility: Known[YesNo]
    """Whether they hold parental responsibility."""
    safe: Annotated[str, Code("safety")]
    """Whether they are safe for the child."""
    conditions: Maybe[Text] = None
    """If safe with conditions: which."""
    detail: Maybe[Text] = None
    """What to know about them and the child."""
    family_time: Maybe[FamilyTime] = None
    """How the child and this person see each other."""
    address: Maybe[Address] = None
    """Where they live."""
    postcode: Maybe[Postcode] = None
    """Their postcode."""
    phone: Maybe[Phone] = None
    """Where they can be rung."""
    views: Maybe[Text] = None
    """What they said about the move."""
    heard_on: Maybe[Day] = None
    """When they were asked.
    Source: Reviews of practice: a mother was not heard, and not in reviews"""


class FamilySupport(Document):
    """What family have while the child lives elsewhere."""

    intent: Annotated[str, Code("reunification_intent")]
    """Whether the child is to return."""
    support: Maybe[Text] = None
    """What support family have, and from whom."""
    next_review_on: Maybe[Day] = None
    """When it is next looked at.
    Source: Reviews of practice: family was forgotten after the move"""


class Network(Section):
    """Family, friends and associates."""

    people: Many[NetworkPerson]
    """The child's people.
    Source: Reviews of practice: family and associate contacts must reach the new home"""
    reunification: Maybe[Text] = None
    """Whether and how the child is to return to family, and what support family have."""
    family_support: Maybe[Known[FamilySupport]] = None
    """The same in a form that can be followed up."""


class Told(Document):
    """One person who must be told and is not on this service."""

    person: Annotated[str, Code("told_person")]
    """Who must be told."""
    state: Annotated[str, Code("told_state")]
    """Told, told without the address, withheld, or still to be told."""
    name: Maybe[Name] = None
    """Their name."""
    address: Maybe[Address] = None
    """Where a letter goes."""
    postcode: Maybe[Postcode] = None
    """The postcode of that address."""
    told_at: Maybe[Moment] = None
    """When they were told."""
    how: Maybe[Annotated[str, Code("told_how")]] = None
    """How they were told."""
    told_by: Maybe[Name] = None
    """Who told them."""
    harm_reason: Maybe[Annotated[str, Code("harm_reason")]] = None
    """If withheld: the harm feared.
    Source: Care Planning Regulations (England) 2010, regulation 13(3)"""
    harm_detail: Maybe[Text] = None
    """If withheld: why telling would cause that harm."""
    approved_by: Maybe[Name] = None
    """If withheld: who approved."""
    approved_on: Maybe[Day] = None
    """If withheld: when it was approved."""


class ToldSection(Section):
    """People who must be told and are not on this service."""

    people: Many[Told]
    """Each person.
    Source: Care Planning Regulations (England) 2010, regulation 13(2)"""
