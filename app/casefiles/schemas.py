"""What a file holds. No output field has a default: an answer holds all of them."""

from typing import Annotated, Any

from pydantic import Field

from app.access.people import Person
from app.assessments.schemas import AssessmentRegister
from app.audit.schemas import Disclosures
from app.children.schemas import ChildView, Corrections, Restrictions
from app.documents.schemas import KeptDocuments, PlacementDocuments
from app.kit.ids import ID_PATTERN
from app.passports.schemas import PassportVersions
from app.placements.review_schemas import Reply
from app.placements.schemas import Event, PlacementView, Shown
from app.transfers.schemas import PassportTransfers

Id = Annotated[str, Field(pattern=ID_PATTERN)]


class MadeFor(Shown):
    """Who asked for a file."""

    organisation: str
    function: str
    practitioner: Person | None


class PartWithheld(Shown):
    """A part of a file the caller is not given, and the code of the refusal."""

    part: str = Field(description="The name of the part, or the id of a placement")
    reason: str


class PlacementFile(Shown):
    """A placement: what was told of it, who had it, what they answered, what was due and done, and its papers."""

    placement_id: Id
    made_at: str
    made_for: MadeFor
    placement: PlacementView
    events: list[Event] = Field(description="What happened, oldest first, as far as you may know")
    replies: list[Reply] | None = Field(description="What was answered, in words; for whoever follows the placement")
    documents: PlacementDocuments | None
    parts_withheld: list[PartWithheld]
    is_whole: bool = Field(description="False where there is more than one file holds: the lists have the rest")


class ChildFile(Shown):
    """Everything that stands about a child: each part as its own route answers it, all of one moment."""

    child_id: Id
    made_at: str
    made_for: MadeFor
    child: ChildView
    placements: list[PlacementFile] = Field(description="Oldest first")
    corrections: Corrections | None
    restrictions: Restrictions | None
    documents: KeptDocuments | None
    assessments: AssessmentRegister | None
    passport_versions: PassportVersions | None = Field(description="Who published what, newest first; no words of it")
    passport_transfers: PassportTransfers | None
    disclosures: Disclosures | None = Field(description="Who has seen what, newest first")
    parts_withheld: list[PartWithheld]
    is_whole: bool


File = dict[str, Any]
"""A file as it is answered, parsed again: what is printed is what was answered."""
