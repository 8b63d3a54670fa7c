"""What is answered about passports. No output field has a default: an answer holds all of them."""

from typing import Any, Final, Literal

from pydantic import Field

from app.access.people import Person
from app.children.schemas import ChildReceipt
from app.kit.ids import ID_PATTERN
from app.placements.schemas import Shown, Withheld

_HIDDEN: Final = "Null where it would say where a child at a confidential address lives"


class Writer(Shown):
    """The team that wrote it. The section's own ``provenance.recorded_by`` names the person."""

    organisation: str | None = Field(description=_HIDDEN)
    function: str
    practitioner: str | None


class SectionAge(Shown):
    """How old a section is, who controls it, and by which tag it is changed."""

    section: str
    etag: str = Field(description="For If-Match when this section alone is published")
    version: int = Field(description="Since which version its words stand")
    as_of: str = Field(description="The day it was known to be so; carried forward, it stays")
    last_confirmed_on: str | None
    last_confirmed_by: str | None = Field(description="The practitioner, where it was confirmed here")
    review_due_on: str | None
    review_due: bool
    controller: str | None = Field(description=_HIDDEN)
    written_by: Writer
    written_at: str


class NotRecorded(Shown):
    """A section you may see and in which nothing is recorded yet."""

    section: str
    etag: str


class PassportHead(Shown):
    """What heads every answer about a passport."""

    child_id: str = Field(pattern=ID_PATTERN)
    version: int = Field(description="0: nothing has been published yet")
    current_version: int
    placing_authority: str
    your_side: Literal["placing", "host"]
    why_you: str
    rules_edition: str
    record: str = Field(pattern=ID_PATTERN, description="The record its words stand under: child_id, or one merged")
    merged_records: list[str] = Field(
        description="Records merged with this one that have a passport too. Nothing of them is mixed in: read each "
        "with ?record="
    )


class PassportView(PassportHead):
    """A passport, or part of one, as one party may see it."""

    changed_at: str | None = Field(description="When anything you see last changed")
    sections_shared: list[SectionAge]
    sections_not_recorded: list[NotRecorded]
    sections_withheld: list[Withheld]
    fields_withheld: list[str] = Field(description="Single fields a restriction takes out, as JSON pointers")
    sections_you_write: list[str]
    sections: dict[str, Any] = Field(description="By name; each follows the published standard, less what is withheld")


class CheckWarning(Shown):
    """Something a person should look at. It was published all the same."""

    pointer: str
    code: str
    message: str


class Published(Shown):
    """What a publication brought. Where nothing changed there is no new version and no receipt."""

    child_id: str = Field(pattern=ID_PATTERN)
    version: int
    changed: list[str]
    unchanged: list[str]
    warnings: list[CheckWarning]
    left_out: list[str] = Field(
        description="Of a FHIR Bundle: pointers to what has no place in a passport, the first 500 of them"
    )
    left_out_more: int = Field(description="How many more places of the Bundle were left out than left_out names")
    sections_not_yours: list[str] = Field(description="Of a FHIR Bundle: sections that others write, left as they are")
    receipt: ChildReceipt | None


class Confirmed(Shown):
    """What was found still true."""

    confirmation_id: str = Field(pattern=ID_PATTERN)
    child_id: str = Field(pattern=ID_PATTERN)
    version: int
    sections: list[str]
    confirmed_on: str
    receipt: ChildReceipt


class PassportVersion(Shown):
    """One version: what it brought, and who published it."""

    record: str = Field(pattern=ID_PATTERN, description="The record whose passport it is of")
    version: int
    published_at: str
    organisation: str | None = Field(description=_HIDDEN)
    function: str
    published_by: Person | None
    changed: list[str] = Field(description="Those of its sections you may see")
    entry_id: str


class PassportVersions(Shown):
    """A page of versions, newest first. One that brought nothing you may see is left out."""

    child_id: str = Field(pattern=ID_PATTERN)
    merged_records: list[str] = Field(description="Records of the child with another passport: ?record= lists its own")
    items: list[PassportVersion]
    next_cursor: str | None


class Change(Shown):
    """One field that differs. List items are compared by their place."""

    pointer: str
    old: Any = Field(description="Null where it was absent")
    new: Any = Field(description="Null where it is absent")


class PassportDiff(PassportHead):
    """What differs between two versions, of the sections you may see."""

    from_: int = Field(alias="from")
    to: int
    changes: list[Change]
    sections_withheld: list[Withheld]


class PlainLine(Shown):
    """One line of the young person's copy."""

    says: str | None
    text: str


class PlainPart(Shown):
    """One part of the young person's copy."""

    heading: str
    section: str
    as_of: str | None
    lines: list[PlainLine]


class MyPassport(PassportHead):
    """The young person's own copy, in plain words."""

    language: Literal["en", "cy"] = Field(description="Of every word that is not the young person's own")
    title: str
    belongs: str
    parts: list[PlainPart]
    good_to_know: list[str] = Field(description="What every young person in care may want to know")
