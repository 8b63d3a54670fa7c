"""What is sent over the life of a child's record: what takes two people, and responsibility passed on."""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field, TypeAdapter

from .base import Document
from .codes import Code
from .leaves import ChildId, Day, LocalId, Maybe, OrganisationCode, Text
from .people import CareTeam, Sender
from .requests import Owner


class Merge(Document):
    """Two records of yours are of one child: the one in the address is kept."""

    proposal: Literal["merge"]
    """Merge them."""
    duplicate: ChildId
    """The other record. Its id goes on leading to the child."""
    reason: Text
    """How you know that it is the same child."""


class Unmerge(Document):
    """Two records that were merged are of two children after all."""

    proposal: Literal["unmerge"]
    """Part them again."""
    duplicate: ChildId
    """The record to part from the one in the address."""
    reason: Text
    """How you know that they are two children."""


class CareNotOver(Document):
    """That the child came of age, or died, was entered by mistake."""

    proposal: Literal["care_not_over"]
    """Undo it."""
    reason: Text
    """How the mistake came about."""


Proposal = Merge | Unmerge | CareNotOver

PROPOSAL: TypeAdapter[Proposal] = TypeAdapter(
    Annotated[Proposal, Field(discriminator="proposal", title="Proposal")],
    config=ConfigDict(hide_input_in_errors=True),
)


class ProposalDecision(Document):
    """A proposal confirmed by a second person, or rejected by anybody."""

    outcome: Annotated[str, Code("proposal_outcome")]
    """Confirmed, or rejected."""
    reason: Text
    """What you checked."""


class Transfer(Document):
    """Responsibility for a child, offered to another authority. Until it is accepted nothing changes."""

    organisation: OrganisationCode
    """The authority asked to take the child over."""
    basis: Annotated[str, Code("transfer_basis")]
    """Why responsibility is to pass on."""
    transfer_on: Day
    """The day from which the other authority is to be responsible."""
    contact: Owner
    """Whom to ring about it."""
    summary: Maybe[Text] = None
    """What the other authority needs in order to decide. Leave the child's name out of it."""


class TransferAccepted(Document):
    """We take responsibility for the child."""

    outcome: Literal["accepted"]
    """We take it."""
    local_id: LocalId
    """Your own number for the child."""
    sender: Sender
    """Who answers for the child from now on. Everybody told of the placement is told."""
    care_team: CareTeam
    """Who cares for the child from now on."""
    note: Maybe[Text] = None
    """Anything to tell the former authority."""


class TransferDeclined(Document):
    """We do not take responsibility for the child."""

    outcome: Literal["declined"]
    """We do not take it."""
    reason: Annotated[str, Code("transfer_decline_reason")]
    """Why."""
    note: Text
    """What would have to be so for you to take it, or where else it may belong."""


TransferAnswer = TransferAccepted | TransferDeclined

ANSWER: TypeAdapter[TransferAnswer] = TypeAdapter(
    Annotated[TransferAnswer, Field(discriminator="outcome", title="Answer to an offer of responsibility")],
    config=ConfigDict(hide_input_in_errors=True),
)


class Revocation(Document):
    """An offer taken back before it was answered."""

    reason: Text
    """Why."""


DECISION: TypeAdapter[ProposalDecision] = TypeAdapter(ProposalDecision)
TRANSFER: TypeAdapter[Transfer] = TypeAdapter(Transfer)
REVOCATION: TypeAdapter[Revocation] = TypeAdapter(Revocation)
