"""What is answered about transfers of a passport. No output field has a default: an answer holds all of them."""

from typing import Annotated, Any, Literal

from pydantic import Field

from app.access.people import Person
from app.children.schemas import ChildReceipt
from app.kit.ids import ID_PATTERN
from app.placements.schemas import Shown

Id = Annotated[str, Field(pattern=ID_PATTERN)]
State = Literal["offered", "queried", "declined", "accepted", "rerouted", "withdrawn", "lapsed"]
Waits = Literal["new_team", "outgoing_team", "placing_side", "nobody"]


class Moved(Shown):
    """Where a transfer stands after what you did, and whose turn it is."""

    transfer_id: Id = Field(description="After a new route: the transfer that goes on from here")
    state: State
    waits_for: Waits
    due_at: str | None
    receipt: ChildReceipt


class PayingBodies(Shown):
    """Which health bodies have a part, and who pays, as far as it is settled."""

    originating_icb: str | None
    outgoing_icb: str | None
    host_icb: str | None
    responsible_commissioner: str | None
    basis: str | None
    without_prejudice_provider: str | None


class PassportTransferHead(Shown):
    """A passport on its way from one health team to the next."""

    transfer_id: Id
    child_id: Id | None = Field(
        description="Null until you may read the passport, and where you may not know the child by it"
    )
    placement_id: Id | None
    previous_transfer_id: Id | None = Field(description="The one that was declined, where this is its new route")
    opened_by: Literal["move", "offer", "re_route"]
    urgency: str
    state: State
    state_means: str
    waits_for: Waits
    due_at: str | None = Field(description="By when whoever it waits for acts")
    overdue: bool
    placing_authority: str
    from_organisation: str | None
    to_organisation: str
    commissioning: PayingBodies
    decline_reason: str | None
    todo: str | None = Field(description="After a refusal: what the placing side does now")
    offered_at: str
    decided_at: str | None
    confirm_by: str = Field(description="By when the outgoing team confirms that the passport holds what it knows")
    confirmed_at: str | None
    confirmed_version: int | None
    confirm_overdue: bool
    your_parts: list[Literal["new_team", "outgoing_team", "placing_side"]]
    may_do: list[str] = Field(description="The steps open to you now")


class StepTaken(Shown):
    """What somebody did about it, by name."""

    act: str
    at: str
    organisation: str
    function: str
    by: Person | None
    words: dict[str, Any] | None = Field(description="What they wrote; null once erased")


class PassportTransferView(PassportTransferHead):
    """A transfer with everything that was done about it, oldest first; at most the last 100 steps."""

    confirmed_by: Person | None
    steps: list[StepTaken]


class PassportTransfers(Shown):
    """A page of transfers, oldest first."""

    items: list[PassportTransferHead]
    next_cursor: str | None
