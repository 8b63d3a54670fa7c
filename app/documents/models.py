"""Documents, their versions, and which party has had which version."""

from sqlalchemy import Column, ForeignKey, Index, Table, UniqueConstraint

from app.db import types
from app.db.base import metadata

documents = Table(
    "documents",
    metadata,
    Column("id", types.Id, primary_key=True),
    Column("child_id", types.Id, ForeignKey("children.id"), nullable=False),
    Column("organisation_code", types.Code, ForeignKey("organisations.code"), nullable=False),
    Column("owner_kind", types.Code, nullable=False),
    Column("owner_id", types.Id, nullable=False),
    Column("type", types.Code, nullable=False),
    Column("version", types.Whole, nullable=False),
    Column("sealed", types.Sealed, nullable=False),
    Column("wrapped", types.Sealed, nullable=False),
    Column("created_at", types.Utc, nullable=False),
    Column("entry_id", types.Id, ForeignKey("ledger_entries.id"), nullable=False),
    Index("ix_documents_child_id_organisation_code_id", "child_id", "organisation_code", "id"),
)
"""``version`` counts what was uploaded: 0 while it is only announced. ``sealed`` holds title and file name, and
``wrapped`` the document's own key, both under the child's key of the controlling organisation: destroying that erases
every version. ``owner_kind`` and ``owner_id`` say what it belongs to: the child itself, or one record about it."""

document_versions = Table(
    "document_versions",
    metadata,
    Column("id", types.Id, primary_key=True),
    Column("document_id", types.Id, ForeignKey("documents.id"), nullable=False),
    Column("number", types.Whole, nullable=False),
    Column("blob", types.Words, nullable=False),
    Column("media_type", types.Words, nullable=False),
    Column("size", types.Whole, nullable=False),
    Column("commitment", types.Digest, nullable=False),
    Column("sealed", types.Sealed, nullable=False),
    Column("scan", types.Code, nullable=False),
    Column("active_content", types.Json, nullable=False),
    Column("uploaded_at", types.Utc, nullable=False),
    Column("practitioner_id", types.Id, ForeignKey("practitioners.id")),
    Column("entry_id", types.Id, ForeignKey("ledger_entries.id"), nullable=False),
    Column("stream", types.Words),
    UniqueConstraint("document_id", "number"),
    Index("ix_document_versions_blob", "blob"),
)
"""``sealed`` is the SHA-256 of the bytes, ``commitment`` its salted form; ``size`` is of the bytes before sealing.

``stream`` is what the frames of the blob were sealed for, where that was another record's version: a document that
followed a child to another authority is known anew, and its bytes stay where they are."""

document_receipts = Table(
    "document_receipts",
    metadata,
    Column("document_id", types.Id, ForeignKey("documents.id"), primary_key=True),
    Column("number", types.Whole, primary_key=True, autoincrement=False),
    Column("organisation_code", types.Code, ForeignKey("organisations.code"), primary_key=True),
    Column("function", types.Code, primary_key=True),
    Column("retrieved_at", types.Utc),
    Column("opened_at", types.Utc),
    Column("opened_by", types.Id, ForeignKey("practitioners.id")),
)
"""The first time a party's system had a version, and the first time a named person did. Every time is in the ledger."""
