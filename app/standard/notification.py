"""The notification: one document, told apart by ``kind``.

A ``start`` asks for the emergency minimum and nothing more; each fact of it may say ``not_known`` with a
reason. What law and practice ask beyond that is the work of the rules, which list it as outstanding.
"""

from typing import Annotated, Literal, TypeAlias

from pydantic import ConfigDict, Field, TypeAdapter

from .base import Document, any_of, needs_one_of
from .child import AboutMe, Child, ConsultedChild, Voice
from .codes import Code
from .decision import Decision, Papers, Responsibilities
from .ending import PlacementEnding
from .harm import AccountsOfHarm
from .health import Education, HealthNow
from .home import ConsultedHome, Placement
from .law import Immigration, Legal
from .leaves import Line, Many, Maybe, OrganisationCode, PlacementId, Reference, Text
from .people import CareTeam, Network, Sender, ToldSection
from .risks import ConsultedRisks, Exploitation, MissingAgreement, Risks

SECTIONS: tuple[str, ...] = (
    "sender",
    "child",
    "about_me",
    "voice",
    "legal",
    "immigration",
    "placement",
    "decision",
    "responsibilities",
    "care_team",
    "education",
    "health_now",
    "risks",
    "exploitation",
    "accounts_of_harm",
    "missing_agreement",
    "network",
    "told",
    "documents",
)
"""Every section. ``sections.toml`` names the controller, sharing basis and retention class of each."""


class AdditionalRecipient(Document):
    """Someone to be told beyond those the rules name."""

    organisation: OrganisationCode
    """The organisation's code in the directory."""
    function: Annotated[str, Code("function")]
    """The function within it."""
    reason: Line
    """Why. Leave the child's name out of it."""


class CarriedForward(Document):
    """What is taken over from an earlier placement of the same child, so that nobody writes it again.

    A section that is named and not sent is taken as it stands there. One that is named and sent keeps its date where
    its words are unchanged. Which sections may be taken over, and which must be asked anew, is a rule table.
    Source: Reviews of practice: build on the assessment there is, and keep it live
    """

    placement_id: PlacementId
    """The earlier placement."""
    sections: Many[Annotated[str, Code("notification_section")]]
    """Which sections. Naming one says that it is still true."""


class _Heading(Document):
    """What stands above the sections."""

    reference: Maybe[Reference] = None
    """The sender's own reference, unique per sender and kind. Never a name or a date of birth."""
    additional_recipients: Maybe[Many[AdditionalRecipient]] = None
    """Others to be told."""


class _Rest(_Heading):
    """The sections no kind insists on."""

    about_me: Maybe[AboutMe] = None
    voice: Maybe[Voice] = None
    immigration: Maybe[Immigration] = None
    decision: Maybe[Decision] = None
    responsibilities: Maybe[Responsibilities] = None
    education: Maybe[Education] = None
    exploitation: Maybe[Exploitation] = None
    accounts_of_harm: Maybe[AccountsOfHarm] = None
    missing_agreement: Maybe[MissingAgreement] = None
    network: Maybe[Network] = None
    told: Maybe[ToldSection] = None
    documents: Maybe[Papers] = None


class Start(_Rest):
    """A child moves to a home: the first notice of it."""

    kind: Literal["start"]
    """This is a start."""
    occasion: Annotated[str, Code("occasion")]
    """What happens."""
    urgency: Annotated[str, Code("urgency")]
    """Planned, or an emergency."""
    placement_id: Maybe[PlacementId] = None
    """Only after a consultation: the id it was given."""
    carried_forward: Maybe[CarriedForward] = None
    """What stands as an earlier placement of the child told it."""
    sender: Sender
    child: Child
    legal: Legal
    placement: Placement
    care_team: CareTeam
    health_now: HealthNow
    risks: Risks


class Update(_Rest):
    """Sections that are new or have changed. One that is sent replaces the earlier one whole."""

    model_config = ConfigDict(json_schema_extra=any_of(*SECTIONS))

    kind: Literal["update"]
    """This is an update."""
    placement_id: PlacementId
    """Which placement."""
    occasion: Maybe[Annotated[str, Code("occasion")]] = None
    """What happens, if something does."""
    urgency: Maybe[Annotated[str, Code("urgency")]] = None
    """Planned, or an emergency."""
    sender: Maybe[Sender] = None
    child: Maybe[Child] = None
    legal: Maybe[Legal] = None
    placement: Maybe[Placement] = None
    care_team: Maybe[CareTeam] = None
    health_now: Maybe[HealthNow] = None
    risks: Maybe[Risks] = None

    _says_something = needs_one_of(*SECTIONS)


class End(_Rest):
    """The stay ended, or is to end."""

    kind: Literal["end"]
    """This is an end."""
    placement_id: PlacementId
    """Which placement."""
    occasion: Annotated[str, Code("occasion")]
    """What happens."""
    urgency: Maybe[Annotated[str, Code("urgency")]] = None
    """Planned, or an emergency."""
    placement: PlacementEnding
    sender: Maybe[Sender] = None
    legal: Maybe[Legal] = None
    care_team: Maybe[CareTeam] = None
    health_now: Maybe[HealthNow] = None
    risks: Maybe[Risks] = None


class WithdrawalReason(Document):
    """Why the placement was never, or is no longer, to be told."""

    reason: Annotated[str, Code("withdrawal_reason")]
    """Why."""
    detail: Maybe[Text] = None
    """Anything to add."""


class Withdrawal(_Heading):
    """The placement did not happen, or should not have been told. Who has seen it stays on record."""

    kind: Literal["withdrawal"]
    """This is a withdrawal."""
    placement_id: PlacementId
    """Which placement."""
    withdrawal: WithdrawalReason


class Consultation(_Heading):
    """An area is asked about a home before a child is moved there. There is no place for a name."""

    kind: Literal["consultation"]
    """This is a consultation."""
    placement_id: Maybe[PlacementId] = None
    """Only to ask again about a placement already asked about."""
    occasion: Maybe[Annotated[str, Code("occasion")]] = None
    """What is thought of."""
    urgency: Maybe[Annotated[str, Code("urgency")]] = None
    """Planned, or an emergency."""
    sender: Sender
    child: ConsultedChild
    placement: ConsultedHome
    risks: ConsultedRisks


Notification: TypeAlias = Start | Update | End | Withdrawal | Consultation

KINDS: dict[str, type[Start] | type[Update] | type[End] | type[Withdrawal] | type[Consultation]] = {
    "start": Start,
    "update": Update,
    "end": End,
    "withdrawal": Withdrawal,
    "consultation": Consultation,
}

NOTIFICATION: TypeAdapter[Notification] = TypeAdapter(
    Annotated[Notification, Field(discriminator="kind", title="Placement notification")],
    config=ConfigDict(hide_input_in_errors=True),
)
"""Parses the JSON of any kind; pass its ValidationError to ``faults.parse_faults``."""
