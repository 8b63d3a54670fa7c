"""What is answered about children."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from app.access.people import Person
from app.kit.ids import ID_PATTERN

Id = Annotated[str, Field(pattern=ID_PATTERN)]


class Answered(BaseModel):
    """The base of every answer."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True, defer_build=True)


class ChildReceipt(Answered):
    """Where this stands in the ledger."""

    entry_id: Id
    recorded_at: str


class ChildCreated(Answered):
    """A child's record, stored."""

    child_id: Id
    version: int
    possible_duplicates: list[Id]
    """Other children of yours with this NHS number, or this name and date of birth."""
    receipt: ChildReceipt


class InForce(Answered):
    """A restriction in force."""

    restriction_id: Id
    restriction: str


class ChildWithheld(Answered):
    """A section the caller is not given, and why."""

    section: str
    reason: str


class ChildSections(Answered):
    """What is shared of the record."""

    child: dict[str, Any] | None = None
    """The child record of the published standard, less what is withheld."""


class ChildView(Answered):
    """A child's record as the caller may see it."""

    child_id: Id
    version: int
    state: Literal["active", "turned_18", "died", "transferred"]
    created_at: str
    restrictions: list[InForce]
    sections_shared: list[str]
    sections_withheld: list[ChildWithheld]
    sections: ChildSections


class Corrected(Answered):
    """A correction, stored."""

    correction_id: Id
    child_id: Id
    version: int
    """The record's version from now on."""
    facts: list[str]
    """What was corrected. A fact sent that the record said already is not among them."""
    possible_duplicates: list[Id]
    receipt: ChildReceipt


class CorrectionShown(Answered):
    """A correction: what stood before is kept, as wrong."""

    correction_id: Id
    version: int
    corrected_at: str
    corrected_by: Person | None
    reason: str
    detail: str | None
    was: dict[str, Any]
    now: dict[str, Any]


class Corrections(Answered):
    """A page of corrections, oldest first."""

    items: list[CorrectionShown]
    next_cursor: str | None


class Restricted(Answered):
    """A restriction, set or lifted."""

    restriction_id: Id
    child_id: Id
    restriction: str
    receipt: ChildReceipt


class RestrictionShown(Answered):
    """A restriction that is, or was, in force."""

    restriction_id: Id
    restriction: str
    reason: str
    detail: str | None
    spared: list[str]
    """Parties it does not reach, as side.function."""
    practitioners: list[Id]
    """People it does not reach."""
    review_on: str
    review_due: bool
    """Whether the day of review has come. A restriction never ends by itself."""
    set_at: str
    set_by: Person | None
    lifted_at: str | None
    lifted_by: Person | None
    lifted_because: str | None


class Restrictions(Answered):
    """A page of restrictions, oldest first."""

    items: list[RestrictionShown]
    next_cursor: str | None
