"""What is answered about assessments. No output field has a default: an answer holds all of them."""

from typing import Any, Literal

from pydantic import Field

from app.access.people import Person
from app.children.schemas import ChildReceipt
from app.documents.schemas import DocumentVersion
from app.kit.ids import ID_PATTERN
from app.placements.schemas import Shown


class OwnerTeam(Shown):
    """A team. Its organisation is null where that would say where a child at a confidential address lives."""

    organisation: str | None
    function: str


class AssessmentReader(Shown):
    """A team that should read the report."""

    organisation: str | None
    function: str
    side: Literal["placing", "host"]
    state: Literal["unread", "opened", "part_ended"] = Field(
        description="part_ended: its part in the child's health care is over and it had not read it"
    )
    told_at: str
    read_by: str = Field(description="By when somebody there should have read it")
    overdue: bool
    opened_at: str | None
    opened_by: Person | None


class AssessmentRecommendation(Shown):
    """Something that was recommended, who does it, and what became of it."""

    recommendation_id: str = Field(pattern=ID_PATTERN)
    function: str
    organisation: str | None
    due_on: str
    overdue: bool
    what: str | None = Field(description="Null where its words have been erased")
    owner: str | None
    outcome: str | None = Field(description="Null while it is open")
    done_at: str | None
    done_by: Person | None
    note: str | None


class AssessmentHead(Shown):
    """An assessment without its words."""

    assessment_id: str = Field(pattern=ID_PATTERN)
    record: str = Field(pattern=ID_PATTERN, description="The record it stands under, where records were merged")
    kind: str
    title: str
    state: str
    owner: OwnerTeam
    asked_by: OwnerTeam | None = Field(description="Null while nobody has asked: the service raised it")
    asked_at: str | None
    commissioned_by: str | None
    due_at: str = Field(description="The child's: no move, no new owner and no refusal changes it")
    due_rule: str = Field(description="The row of the table, or stated where whoever asked named the day")
    due_basis: str = Field(description="law, guidance, practice, local, or stated")
    due_source: str | None
    overdue: bool
    next_on: str | None = Field(description="The day of the appointment, or on which it is offered or asked again")
    next_overdue: bool
    done_on: str | None
    report: Literal["none", "awaited", "uploaded"]
    report_at: str | None
    unread_by: list[OwnerTeam] = Field(
        description="Of those who should have read the report and still have a part, who has not"
    )
    never_read_by: list[OwnerTeam] = Field(description="Whose part ended before they had read it")
    recommendations_open: int
    version: int


class AssessmentRegister(Shown):
    """A page of a child's register, oldest first."""

    child_id: str = Field(pattern=ID_PATTERN)
    your_side: Literal["placing", "host"]
    why_you: str
    you_see: Literal["all", "plan"]
    items: list[AssessmentHead]
    next_cursor: str | None


class AssessmentEvent(Shown):
    """One thing that happened to an assessment, with its owner and due date after it."""

    event: str
    state: str
    at: str
    organisation: str | None = Field(description="Null: the service raised it")
    function: str | None
    by: Person | None
    owner: OwnerTeam
    due_at: str
    next_on: str | None
    words: dict[str, Any] | None = Field(description="As they were sent; null where you see the plan alone")
    words_withheld: Literal["not_needed_for_this_work", "erased"] | None
    entry_id: str


class AssessmentView(AssessmentHead):
    """An assessment: what happened to it, who has read its report, and what it recommended."""

    child_id: str = Field(pattern=ID_PATTERN)
    your_side: Literal["placing", "host"]
    you_see: Literal["all", "plan"]
    you_may_act: bool
    you_may_open_report: bool
    history: list[AssessmentEvent]
    readers: list[AssessmentReader]
    recommendations: list[AssessmentRecommendation]


class AssessmentAsked(Shown):
    """It has an owner and a date from now on."""

    assessment_id: str = Field(pattern=ID_PATTERN)
    child_id: str = Field(pattern=ID_PATTERN)
    kind: str
    state: str
    owner: OwnerTeam
    due_at: str
    next_on: str | None
    receipt: ChildReceipt


class AssessmentUpdated(AssessmentAsked):
    """What became of it is recorded."""

    raised: list[str] = Field(description="What is due next because this one was done")


class ReportUploaded(DocumentVersion):
    """The version these bytes are."""

    assessment_id: str = Field(pattern=ID_PATTERN)
    document_id: str = Field(pattern=ID_PATTERN)
    new_version: bool = Field(description="False where the latest version held exactly these bytes already")


class RecommendationClosed(Shown):
    """What became of a recommendation is recorded."""

    recommendation_id: str = Field(pattern=ID_PATTERN)
    assessment_id: str = Field(pattern=ID_PATTERN)
    outcome: str
    receipt: ChildReceipt


class WaitingItem(Shown):
    """One thing that waits. Ids, codes and days: no name and no word of a child."""

    child_id: str = Field(pattern=ID_PATTERN)
    your_side: Literal["placing", "host"]
    assessment_id: str | None
    kind: str | None
    state: str | None
    due_at: str | None
    next_on: str | None
    owner: OwnerTeam | None = Field(description="Whose it is to act: of a recommendation, who does it")
    recommendation_id: str | None
    recommendation_due_on: str | None
    reader: OwnerTeam | None = Field(description="Of an unread report: who has not read it")
    read_by: str | None
    sections: list[str] = Field(description="Of a passport: those due for review that you see")


class Waiting(Shown):
    """A page of what waits for your team, the oldest first."""

    which: str = Field(alias="list")
    items: list[WaitingItem]
    next_cursor: str | None
