"""What is answered about placements and the register. No output field has a default: an answer holds all."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from app.access.people import Person
from app.children.schemas import ChildReceipt
from app.kit.ids import ID_PATTERN
from app.standard.base import Document
from app.standard.child import EstimatedBirth, UnbornDue
from app.standard.home import Manager
from app.standard.leaves import Day, Maybe, NotKnown
from app.standard.people import OutOfHours, Worker

ChildIdShown = Annotated[
    Annotated[str, Field(pattern=ID_PATTERN)] | None,
    Field(description="Null where you may not know the child by it: it would join one record to another"),
]
"""A child's id in this service, to those whose share of the child holds it."""


class Shown(BaseModel):
    """The base of every answer."""

    model_config = ConfigDict(extra="forbid", defer_build=True)


class Outstanding(Shown):
    """Something still owed: what, where in the document, by which rule, by whom, until when."""

    item: str
    title: str
    section: str
    pointer: str
    rule: str
    basis: str
    owner: str
    due: str
    known_gap: bool = Field(description="The sender said that it is not known, and why")


class Clock(Shown):
    """A duty with its time, and whether it comes from law, guidance, practice or a local default."""

    code: str
    title: str
    basis: str
    owner: str
    due: str
    state: Literal["running", "met", "overdue"]


class Withheld(Shown):
    """A section the caller is not given, and why."""

    section: str
    reason: str


class RecipientState(Shown):
    """Five facts about one recipient, each with its time: they are never the same thing."""

    id: str
    organisation: str
    function: str
    side: str
    rule: str
    basis: str
    sent_at: str
    alerted_at: str | None = Field(description="Their system was told")
    retrieved_at: str | None = Field(description="Their system has it")
    opened_at: str | None = Field(description="It was released to a named person")
    opened_by: Person | None
    acknowledge_by: str
    acknowledged_at: str | None = Field(description="A named person took it on, or declined it")
    acknowledged_by: Person | None
    outcome: str | None
    overdue: bool
    access_ended_at: str | None
    access_ended_why: str | None


class ClockState(Clock):
    """A clock as it stands: running, met or overdue at the moment of asking."""

    met_at: str | None
    marked_at: str | None = Field(description="When somebody last said that it is done; one that repeats runs again")
    state: Literal["running", "met", "overdue", "stopped"]  # type: ignore[assignment]


class PlacementRecipient(RecipientState):
    """One recipient of one notification of this placement."""

    notification_id: str


class SectionPlace(Shown):
    """Where a section's words come from, since when they stand, and when they were last said to be true."""

    section: str
    notification_id: str
    version: int
    as_of: str = Field(description="Since when these words stand; carried forward, they keep the time they had")
    carried_forward: bool = Field(description="Taken over unchanged from an earlier placement of the child")
    confirmed_on: str = Field(description="The last day somebody sent it or found it still true")
    confirmed_by: Person | None = Field(description="Who found it still true since it was sent")


class PlacementView(Shown):
    """All that has been told of a placement so far, as one party may see it."""

    id: str = Field(pattern=ID_PATTERN)
    child_id: ChildIdShown
    placing_authority: str
    state: Literal["consulted", "active", "ended", "withdrawn"]
    ended_why: Literal["turned_18", "died", "transferred"] | None = Field(
        description="Where care itself ended or passed to another authority, and the placement with it"
    )
    urgency: str
    your_side: Literal["placing", "host"]
    why_you: str = Field(description="Why you are a party to it, in the words of the rule")
    rule: str | None = Field(description="The rule's code; null for the sender itself")
    rules_edition: str
    as_of: str | None = Field(description="When anything you may see last changed")
    clocks: list[ClockState]
    outstanding: list[Outstanding]
    recipients: list[PlacementRecipient] | None = Field(
        description="Only for the placing side; those of its own function, unless it placed the child or reviews that"
    )
    sections_shared: list[SectionPlace]
    sections_withheld: list[Withheld]
    fields_withheld: list[str] = Field(description="Single fields a restriction takes out, as JSON pointers")
    sections: dict[str, Any] = Field(description="By name; each follows the published standard, less what is withheld")


class ReadyItem(Shown):
    """One thing the pack must hold, and how fresh it is."""

    item: Literal["photo", "risk_assessment", "health_plan", "care_plan", "contacts", "safety_plan"]
    state: Literal["present", "expected", "absent", "withheld"]
    dated_on: str | None = Field(description="The date on the newest one; where it has none, when it was told of")
    age_days: int | None = Field(description="Days since then")
    confirmed_on: str | None = Field(description="When it was last said to be so")
    expected_on: str | None


class ReadyPack(Shown):
    """What must reach whoever looks after the child before the child does."""

    placement_id: str = Field(pattern=ID_PATTERN)
    complete: bool | None = Field(description="Whether all of it is present; null where an item is withheld from you")
    items: list[ReadyItem]


class Team(Shown):
    """A function of an organisation."""

    organisation: str
    function: str


class Event(Shown):
    """One thing that happened. It names sections and fields, and holds none of their words."""

    at: str
    what: Literal[
        "sent", "opened", "retrieved", "acknowledged", "declined", "recalled", "corrected", "done", "confirmed"
    ]
    organisation: str
    function: str | None
    by: Person | None
    notification_id: str | None
    kind: str | None
    occasion: str | None
    version: int | None
    outcome: str | None
    reason: str | None
    clock: str | None = Field(description="Of what was done, the clock that waited for it")
    done_at: str | None = Field(description="When it counts as done; said at the time of the event")
    names: list[str] | None = Field(
        description="The sections that were seen or found still true, or the facts that were corrected"
    )
    recipients: list[Team] = Field(description="Whom a sending told, or a recall cut off, as far as you may know")


class Timeline(Shown):
    """A page of a placement's history, oldest first."""

    items: list[Event]
    next_cursor: str | None


class RegisterChild(Shown):
    """Who the child is."""

    given_names: str | NotKnown | None
    family_name: str | NotKnown | None
    known_as: list[str] | None
    date_of_birth: str | EstimatedBirth | UnbornDue | NotKnown | None
    sex: str | NotKnown | None
    gender: str | NotKnown | None
    gender_in_own_words: str | None


class RegisterHome(Shown):
    """Where the child lives and who answers for the home."""

    home_name: str | None = Field(description="The carer, or the home")
    provider_name: str | None
    setting: str | None
    registration_status: str | None
    address: str | NotKnown | None
    postcode: str | NotKnown | None
    phone: str | NotKnown | None
    accountable_manager: Manager | None


class RegisterParent(Shown):
    """Somebody with parental responsibility."""

    name: str | NotKnown | None
    relation: str | None
    who: str | None
    phone: str | None
    address: str | None
    postcode: str | None


class RegisterLine(Shown):
    """One child living in the area. What is null was not told, or is withheld and then named below."""

    placement_id: str = Field(pattern=ID_PATTERN)
    child_id: ChildIdShown
    state: str
    as_of: str
    child: RegisterChild
    home: RegisterHome
    started_on: str | None
    ended_on: str | None
    legal_status: str | NotKnown | None
    child_protection_plan: bool | NotKnown | None
    parental_responsibility: list[RegisterParent]
    other_parents: list[RegisterParent] = Field(description="Parents not said to hold parental responsibility")
    placing_authority: str
    social_worker: Worker | NotKnown | None
    out_of_hours: OutOfHours | NotKnown | None
    sections_withheld: list[Withheld]
    fields_withheld: list[str] = Field(description="Single fields a restriction takes out, as JSON pointers")


class Register(Shown):
    """A page of the register, oldest placement first."""

    items: list[RegisterLine]
    next_cursor: str | None


class SectionsConfirmed(Shown):
    """What was found still true."""

    confirmation_id: str = Field(pattern=ID_PATTERN)
    placement_id: str = Field(pattern=ID_PATTERN)
    version: int = Field(description="Of the placement now; what you read may be older where other sections moved on")
    sections: list[str]
    confirmed_on: str
    receipt: ChildReceipt


class ClockDone(Document):
    """That the duty a clock stands for was done."""

    done_on: Maybe[Day] = None
    """The day it was done, if that is not today."""


class ClockMarked(Shown):
    """The clock as it stands now; one that repeats has started again."""

    code: str
    starts_at: str
    due: str
    met_at: str | None
    marked_at: str


CLOCK_DONE = TypeAdapter(ClockDone)
