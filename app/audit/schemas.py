"""What is answered about who has seen what. Output fields have no defaults: an answer holds all of them."""

from typing import Final, Literal

from pydantic import Field

from app.access.people import Person
from app.kit.ids import ID_PATTERN
from app.placements.schemas import ChildIdShown, Shown

_HIDDEN: Final = "Null where it would say where the child lives to whoever must not know it"


class Body(Shown):
    """An organisation by its code and name."""

    code: str
    name: str


class Disclosure(Shown):
    """One time somebody, or only their system, was shown something of the child."""

    id: str = Field(pattern=ID_PATTERN)
    at: str
    how: Literal["opened", "retrieved"] = Field(description="Released to a named person, or only to their system")
    placement_id: str | None = Field(
        description="Null where the health passport, an assessment, or the child's own record or papers were read"
    )
    notification_id: str | None = Field(description="Null where another record than a notification was read")
    version: int
    sections: list[str]
    organisation: Body | None = Field(description=f"For whom. {_HIDDEN}")
    acting_organisation: Body | None = Field(
        description=f"Whose system asked; another body where it acts by delegation. {_HIDDEN}"
    )
    function: str
    practitioner: Person | None = Field(description=f"Null where only a system asked. {_HIDDEN}")
    why: str = Field(description="The rule by which it was told; or sender, own_record, named_by_sender, register")
    because: str
    purpose: str | None
    entry_id: str = Field(description="Where this stands in the ledger")
    sentence: str = Field(description="The same in plain words")


class Disclosures(Shown):
    """A page of the account, newest first."""

    child_id: ChildIdShown
    items: list[Disclosure]
    next_cursor: str | None
