"""What is answered about documents."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from app.access.people import Person
from app.kit.ids import ID_PATTERN
from app.placements.schemas import ChildIdShown

Id = Annotated[str, Field(pattern=ID_PATTERN)]


class Answered(BaseModel):
    """The base of every answer."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True, defer_build=True)


class DocumentReceipt(Answered):
    """Where this stands in the ledger."""

    entry_id: Id
    recorded_at: str


class DocumentAnnounced(Answered):
    """A document made room for."""

    document_id: Id
    """Put it into the section documents of a notification, so that its parties see it."""
    child_id: Id
    type: str
    upload: str
    """Where to PUT its bytes."""
    receipt: DocumentReceipt


class DocumentVersion(Answered):
    """One version of a document: what it is, and what is to be kept in mind before it is opened."""

    version: int
    media_type: str
    size: int
    """In bytes."""
    sha256: str
    scan: Literal["clean", "not_scanned"]
    """Whether a virus scanner looked at it. What was found infected is never kept."""
    active_content: list[str]
    """What in it can act by itself or lead elsewhere, such as javascript, macros or external_links."""
    uploaded_at: str


class DocumentUploaded(DocumentVersion):
    """The version these bytes are."""

    document_id: Id
    new_version: bool
    """False where the latest version held exactly these bytes already."""


class VersionReceipt(Answered):
    """Whether a party has had a version. Received by a system is not read by a person."""

    organisation: str
    function: str
    version: int
    state: Literal["unread", "retrieved", "opened"]
    retrieved_at: str | None
    """When their system first took it."""
    opened_at: str | None
    """When it was first released to a named person."""
    opened_by: Person | None


class ListedDocument(Answered):
    """One line of the section documents, and how it stands."""

    type: str
    title: str | None
    dated_on: str | None
    expected_on: str | None
    state: Literal["expected", "awaited", "uploaded", "not_held", "given_otherwise"]
    """awaited: announced, its bytes have not come yet."""
    overdue: bool
    """Whether the day it was expected on is past."""
    document_id: Id | None
    """Only for those who may open it."""
    you_may_open: bool
    latest: DocumentVersion | None
    receipts: list[VersionReceipt]
    """Each party that may open it and each version it has had; your own alone, unless you follow the placement."""


class PlacementDocuments(Answered):
    """The documents of a placement, as the caller may know them."""

    placement_id: Id
    child_id: ChildIdShown
    items: list[ListedDocument]


class KeptDocument(Answered):
    """A document an authority keeps of its own child."""

    document_id: Id
    record: Id
    """The record it is kept in: the child's, or one that was merged with it."""
    type: str
    title: str | None
    file_name: str | None
    dated_on: str | None
    announced_at: str
    latest: DocumentVersion | None
    receipts: list[VersionReceipt]
    """Every party that has had a version of it."""


class KeptDocuments(Answered):
    """A page of documents, oldest first."""

    items: list[KeptDocument]
    next_cursor: str | None
