"""What is answered over the life of a child's record. No output field has a default: an answer holds all."""

from typing import Annotated, Any, Literal

from pydantic import Field

from app.access.people import Person
from app.kit.ids import ID_PATTERN
from app.placements.schemas import Shown, Team, Withheld

Id = Annotated[str, Field(pattern=ID_PATTERN)]


class Written(Shown):
    """Where this stands in the ledger."""

    entry_id: Id
    recorded_at: str


class PossibleDuplicates(Shown):
    """Other records of yours with this NHS number, or this name and date of birth; at most 20."""

    child_id: Id
    items: list[Id]


class ProposalRecorded(Shown):
    """A proposal, made or decided."""

    proposal_id: Id
    child_id: Id = Field(description="The record that is kept")
    state: Literal["proposed", "confirmed", "rejected"]
    receipt: Written


class ProposalShown(Shown):
    """What was proposed for a child, by whom, and what became of it."""

    proposal_id: Id
    proposal: Literal["merge", "unmerge", "care_not_over"]
    duplicate: Id | None
    state: Literal["proposed", "confirmed", "rejected"]
    reason: str
    proposed_at: str
    proposed_by: Person | None
    decided_at: str | None
    decided_by: Person | None
    decided_because: str | None


class Proposals(Shown):
    """A page of proposals, oldest first."""

    items: list[ProposalShown]
    next_cursor: str | None


class PlacementLine(Shown):
    """A placement in a list; no words of it."""

    placement_id: Id
    state: Literal["consulted", "active", "ended", "withdrawn"]
    urgency: str
    host_area: str | None
    started_on: str | None
    ended_on: str | None
    ended_why: str | None


class PassedOn(Shown):
    """How responsibility came from, or went to, another authority."""

    transfer_id: Id
    organisation: str | None = Field(description="Null where a lock keeps you out: it says where the child is")
    on: str


class ChildPlacements(Shown):
    """A page of a child's placements, oldest first, those of merged records among them."""

    child_id: Id
    merged: list[Id] = Field(description="Ids that lead to this record too: it was kept in their place")
    transferred_from: list[PassedOn]
    transferred_to: list[PassedOn]
    items: list[PlacementLine]
    next_cursor: str | None


class Offered(Shown):
    """Responsibility, offered."""

    transfer_id: Id
    child_id: Id
    state: Literal["offered"]
    answer_by: str
    receipt: Written


class Stayed(Shown):
    """Something of the child's that stayed with the former authority: ask it for what you need."""

    what: Literal["passport", "document"]
    name: str | None = Field(description="The section, or the type; null for the whole passport of a merged record")
    reason: Literal["by_rule", "erased", "awaited", "of_merged_record"]


class FollowedTo(Shown):
    """What followed the child into your record."""

    passport: bool
    documents: int
    stayed: list[Stayed]


class TransferAnswered(Shown):
    """An offer, answered or revoked."""

    transfer_id: Id
    state: Literal["accepted", "declined", "revoked"]
    child_id: Id | None = Field(description="Your own record of the child; null where you took none")
    placement_id: Id | None = Field(description="The placement as it goes on under you")
    recipients: list[Team] = Field(description="Who is told who is responsible now")
    followed: FollowedTo | None = Field(description="Null where you took none")
    receipt: Written


class TransferHead(Shown):
    """An offer of responsibility without anybody's words. Each side is shown its own child's id alone."""

    transfer_id: Id
    state: Literal["offered", "accepted", "declined", "revoked"]
    from_organisation: str
    to_organisation: str
    child_id: Id | None
    placement_id: Id | None
    basis: str
    care_ended_reason: str = Field(description="How the former authority reports it in the SSDA903 return")
    transfer_on: str
    age_band: str
    host_area: str | None
    offered_at: str
    answer_by: str
    overdue: bool
    answered_at: str | None
    decline_reason: str | None


class TransferView(TransferHead):
    """An offer with the words of both sides."""

    offered_by: Person | None
    answered_by: Person | None
    offer: dict[str, Any] | None = Field(description="contact and summary of the published transfer; null once erased")
    answer: dict[str, Any] | None = Field(description="note of the published answer, or the reason of a revocation")


class Transfers(Shown):
    """A page of offers, newest first."""

    items: list[TransferHead]
    next_cursor: str | None


class History(Shown):
    """A page of the placements of the time before, oldest first."""

    items: list[PlacementLine]
    next_cursor: str | None


class FormerPlacement(Shown):
    """The words of an earlier placement, as far as they are handed on."""

    transfer_id: Id
    placement_id: Id
    placing_authority: str
    state: Literal["active", "ended"]
    started_on: str | None
    ended_on: str | None
    sections_shared: list[str]
    sections_withheld: list[Withheld]
    fields_withheld: list[str] = Field(description="Single fields a restriction takes out, as JSON pointers")
    sections: dict[str, Any] = Field(description="By name; each follows the published standard, less what is withheld")
