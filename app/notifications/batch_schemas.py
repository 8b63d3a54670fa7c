"""What is answered to a batch, item by item."""

from pydantic import Field

from app.notifications.schemas import Recorded
from app.placements.schemas import Shown


class ToldInBatch(Shown):
    """A recipient of an item of a batch."""

    organisation: str
    function: str
    connected: bool


class SentInBatch(Recorded):
    """An item of a batch that is recorded. Its placement tells the rest."""

    recipients: list[ToldInBatch]
    outstanding: int = Field(description="How many things are still owed")
    advice: int = Field(description="How many pieces of advice on wording; a dry run gives them in full")


class Mistake(Shown):
    """One thing that is wrong with an item: the pointer starts at its notification."""

    pointer: str
    code: str
    message: str


class RefusedInBatch(Shown):
    """The problem an item would have met by itself (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    code: str
    child_id: str | None = Field(None, description="Of child_known: the child you have")
    errors: list[Mistake] | None = None


class BatchItem(Shown):
    """What became of one item."""

    index: int = Field(description="Its place in the batch, from 0")
    status: int = Field(description="201, or the status it would have met by itself")
    replayed: bool = Field(description="Whether its key was answered before, so that nothing was added")
    sent: SentInBatch | None
    problem: RefusedInBatch | None


class BatchAnswer(Shown):
    """What became of a batch, item by item, in the order sent."""

    landed: int
    refused: int
    items: list[BatchItem]
