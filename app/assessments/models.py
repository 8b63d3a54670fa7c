"""Assessments, what happened to each, who should have read its report, and what it recommended."""

from sqlalchemy import Column, ForeignKey, Index, Table, UniqueConstraint, text

from app.db import types
from app.db.base import metadata

_OPEN = text("closed_at IS NULL")
_TO_TELL = text("tell_at IS NOT NULL")
_UNREAD = text("opened_at IS NULL")
_UNDONE = text("done_at IS NULL")

assessments = Table(
    "assessments",
    metadata,
    Column("id", types.Id, primary_key=True),
    Column("child_id", types.Id, ForeignKey("children.id"), nullable=False),
    Column("authority_code", types.Code, ForeignKey("organisations.code"), nullable=False),
    Column("kind", types.Code, nullable=False),
    Column("series", types.Code),
    Column("state", types.Code, nullable=False),
    Column("version", types.Whole, nullable=False),
    Column("owner_organisation_code", types.Code, ForeignKey("organisations.code"), nullable=False),
    Column("owner_function", types.Code, nullable=False),
    Column("owner_side", types.Code, nullable=False),
    Column("commissioner_code", types.Code, ForeignKey("organisations.code")),
    Column("asked_organisation_code", types.Code, ForeignKey("organisations.code")),
    Column("asked_function", types.Code),
    Column("asked_side", types.Code),
    Column("asked_at", types.Utc),
    Column("due_at", types.Utc, nullable=False),
    Column("due_rule", types.Code, nullable=False),
    Column("next_on", types.Day),
    Column("next_at", types.Utc),
    Column("tell_at", types.Utc),
    Column("done_on", types.Day),
    Column("closed_at", types.Utc),
    Column("report_id", types.Id, ForeignKey("documents.id")),
    Column("report_organisation_code", types.Code, ForeignKey("organisations.code")),
    Column("report_at", types.Utc),
    Column("created_at", types.Utc, nullable=False),
    Column("entry_id", types.Id, ForeignKey("ledger_entries.id"), nullable=False),
    UniqueConstraint("child_id", "kind", "series"),
    Index("ix_assessments_child_id_id", "child_id", "id"),
    Index("ix_assessments_open", "child_id", "due_at", "id", postgresql_where=_OPEN, sqlite_where=_OPEN),
    Index("ix_assessments_to_tell", "tell_at", postgresql_where=_TO_TELL, sqlite_where=_TO_TELL),
)
"""Nothing here belongs to a placement: the due date is the child's, and goes with the child from home to home.

``series`` is what the service raised it for, so that it is raised once: ``care``, or the assessment done before it.
``tell_at`` is when its owner is told that it fell due; NULL once told. Its words stand with what happened to it.
"""

assessment_events = Table(
    "assessment_events",
    metadata,
    Column("id", types.Id, primary_key=True),
    Column("assessment_id", types.Id, ForeignKey("assessments.id"), nullable=False),
    Column("child_id", types.Id, ForeignKey("children.id"), nullable=False),
    Column("event", types.Code, nullable=False),
    Column("state", types.Code, nullable=False),
    Column("organisation_code", types.Code, ForeignKey("organisations.code")),
    Column("function", types.Code),
    Column("side", types.Code),
    Column("practitioner_id", types.Id, ForeignKey("practitioners.id")),
    Column("owner_organisation_code", types.Code, ForeignKey("organisations.code"), nullable=False),
    Column("owner_function", types.Code, nullable=False),
    Column("owner_side", types.Code, nullable=False),
    Column("due_at", types.Utc, nullable=False),
    Column("next_on", types.Day),
    Column("sealed", types.Sealed),
    Column("at", types.Utc, nullable=False),
    Column("entry_id", types.Id, ForeignKey("ledger_entries.id"), nullable=False),
    Index("ix_assessment_events_assessment_id_id", "assessment_id", "id"),
)
"""Every act, with the owner and the due date after it: so a switch of owner is seen. ``sealed`` holds the words, under
the key that the organisation which wrote them has for this child. No organisation: the service raised it."""

assessment_readers = Table(
    "assessment_readers",
    metadata,
    Column("assessment_id", types.Id, ForeignKey("assessments.id"), primary_key=True),
    Column("organisation_code", types.Code, ForeignKey("organisations.code"), primary_key=True),
    Column("function", types.Code, primary_key=True),
    Column("child_id", types.Id, ForeignKey("children.id"), nullable=False),
    Column("side", types.Code, nullable=False),
    Column("rule", types.Code, nullable=False),
    Column("told_at", types.Utc, nullable=False),
    Column("read_by", types.Utc, nullable=False),
    Column("opened_at", types.Utc),
    Column("opened_by", types.Id, ForeignKey("practitioners.id")),
    Index("ix_assessment_readers_unread", "child_id", "read_by", postgresql_where=_UNREAD, sqlite_where=_UNREAD),
)
"""Who should read the report, by when, and whether a named person there did. A new version of it is unread again."""

assessment_recommendations = Table(
    "assessment_recommendations",
    metadata,
    Column("id", types.Id, primary_key=True),
    Column("assessment_id", types.Id, ForeignKey("assessments.id"), nullable=False),
    Column("child_id", types.Id, ForeignKey("children.id"), nullable=False),
    Column("organisation_code", types.Code, ForeignKey("organisations.code"), nullable=False),
    Column("owner_organisation_code", types.Code, ForeignKey("organisations.code"), nullable=False),
    Column("owner_function", types.Code, nullable=False),
    Column("owner_side", types.Code, nullable=False),
    Column("due_on", types.Day, nullable=False),
    Column("sealed", types.Sealed, nullable=False),
    Column("outcome", types.Code),
    Column("done_at", types.Utc),
    Column("done_organisation_code", types.Code, ForeignKey("organisations.code")),
    Column("done_function", types.Code),
    Column("done_by", types.Id, ForeignKey("practitioners.id")),
    Column("done_sealed", types.Sealed),
    Column("entry_id", types.Id, ForeignKey("ledger_entries.id"), nullable=False),
    Index("ix_assessment_recommendations_assessment_id_id", "assessment_id", "id"),
    Index(
        "ix_assessment_recommendations_undone",
        "child_id",
        "due_on",
        "id",
        postgresql_where=_UNDONE,
        sqlite_where=_UNDONE,
    ),
)
"""What was recommended and what became of it, each sealed under the key of the organisation that wrote it."""

assessments_place = Table(
    "assessments_place",
    metadata,
    Column("id", types.Whole, primary_key=True, autoincrement=False),
    Column("position", types.Position, nullable=False),
)
"""One row: how far the ledger has been followed to learn of children who came into care."""
