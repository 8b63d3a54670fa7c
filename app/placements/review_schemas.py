"""What is answered for a review of a placement. No output field has a default: an answer holds all."""

from typing import Annotated, Literal

from pydantic import Field

from app.access.people import Person
from app.kit.ids import ID_PATTERN
from app.placements.schemas import (
    ChildIdShown,
    ClockState,
    Event,
    Outstanding,
    PlacementRecipient,
    SectionPlace,
    Shown,
)
from app.standard.requests import Acknowledgement

Id = Annotated[str, Field(pattern=ID_PATTERN)]


class Reply(Shown):
    """What a team answered to one notification."""

    at: str
    organisation: str
    function: str
    by: Person | None
    notification_id: Id
    outcome: Literal["accepted", "accepted_with_questions", "declined"]
    said: Acknowledgement | None = Field(description="As it was sent; null where that team's words were erased")


class Heard(Shown):
    """A team of health or education that is told, and how far it got."""

    organisation: str
    function: str
    side: Literal["placing", "host"]
    has_opened: bool
    has_answered: bool = Field(description="A team that is silent is rung before the review")


class ReviewPack(Shown):
    """All events, receipts and replies of a placement, for whoever reviews it. No section's words."""

    placement_id: Id
    child_id: ChildIdShown
    placing_authority: str
    state: Literal["consulted", "active", "ended", "withdrawn"]
    made_at: str
    sections: list[SectionPlace] = Field(description="What has been told, and how fresh each section is")
    clocks: list[ClockState]
    outstanding: list[Outstanding]
    recipients: list[PlacementRecipient]
    replies: list[Reply]
    health_and_education: list[Heard]
    events: list[Event] = Field(description="Oldest first; at most 500")
    is_whole: bool = Field(description="False where there are more events: the timeline has them")
