"""What is answered about what is kept from one placement to the next. No output field has a default."""

from typing import Annotated, Any, Literal

from pydantic import Field

from app.kit.ids import ID_PATTERN
from app.placements.schemas import Shown, Withheld

Id = Annotated[str, Field(pattern=ID_PATTERN)]


class SectionOffered(Shown):
    """A section of the last placement that a new one may start from."""

    section: str
    carry: Literal["as_it_stands", "read_again"] = Field(
        description="as_it_stands: name it in carried_forward, and it need not be sent. read_again: send its words too"
    )
    why: str
    as_of: str = Field(description="Since when its words stand; sent unchanged they keep this")
    confirmed_on: str = Field(description="The last day somebody sent it or found it still true")


class SectionAskedAnew(Shown):
    """A section that is about the move itself."""

    section: str
    why: str


class CarriedFrom(Shown):
    """Put into a start as it is, less what is no longer true."""

    placement_id: Id
    sections: list[str]


class CarryForward(Shown):
    """What a new placement of the child may start from."""

    child_id: Id
    placement_id: Id = Field(description="The last placement: the one that is carried from")
    state: Literal["active", "ended"]
    started_on: str | None
    ended_on: str | None
    sections_offered: list[SectionOffered]
    sections_asked_anew: list[SectionAskedAnew]
    sections_withheld: list[Withheld] = Field(description="Kept from you, wholly or in part: not yours to carry")
    carried_forward: CarriedFrom
    sections: dict[str, Any] = Field(description="By name, as the published standard has them: ready to be sent")


class TrackedWish(Shown):
    """One wish of the child, and what became of it."""

    wish: str = Field(description="In the child's words")
    outcome: Literal["met", "met_in_part", "not_met", "being_worked_on"]
    open: bool = Field(description="Not met yet: it stays on the list wherever the child lives")
    why_not: str | None
    action: str | None
    explained: bool = Field(description="Whether anybody ever explained it to the child")
    explained_on: str | None
    explained_by: str | None
    result: str | None = Field(description="You said, we did: what changed because of it")
    shown_to_child_on: str | None
    look_again_on: str | None
    overdue: bool = Field(description="It should have been looked at again by now")
    first_said_at: str
    first_placement_id: Id
    last_told_at: str
    last_placement_id: Id


class Wishes(Shown):
    """The child's wishes over every placement: what is open first, what is to be looked at soonest before the rest."""

    child_id: Id
    items: list[TrackedWish]
    sections_withheld: list[Withheld]
