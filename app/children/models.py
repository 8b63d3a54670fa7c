"""Children, their keys, what was corrected about them, who may not be told what, and who has seen what of them."""

from sqlalchemy import Column, ForeignKey, Index, Table, UniqueConstraint, text

from app.db import types
from app.db.base import metadata
from app.db.lookups import ROOMY, by_hash

_MERGED = text("merged_into IS NOT NULL")
_IN_CARE = text("state = 'active'")
_OF_A_PASSPORT = text("placement_id IS NULL")

children = Table(
    "children",
    metadata,
    Column("id", types.Id, primary_key=True),
    Column("organisation_code", types.Code, ForeignKey("organisations.code"), nullable=False),
    Column("local_id_index", types.Digest, nullable=False),
    Column("nhs_number_index", types.Digest),
    Column("name_and_birth_index", types.Digest),
    Column("sealed", types.Sealed),
    Column("version", types.Whole, nullable=False),
    Column("state", types.Code, nullable=False),
    Column("restrictions", types.Json, nullable=False),
    Column("created_at", types.Utc, nullable=False),
    Column("entry_id", types.Id, ForeignKey("ledger_entries.id"), nullable=False),
    Column("merged_into", types.Id, ForeignKey("children.id")),
    Column("adult_in", types.Code),
    UniqueConstraint("organisation_code", "local_id_index"),
    Index("ix_children_merged_into", "merged_into", postgresql_where=_MERGED, sqlite_where=_MERGED),
    Index("ix_children_adult_in_id", "adult_in", "id", postgresql_where=_IN_CARE, sqlite_where=_IN_CARE),
    Index("ix_children_in_care", "organisation_code", "id", postgresql_where=_IN_CARE, sqlite_where=_IN_CARE),
    by_hash("children"),
    Index("ix_children_nhs_number_index", "nhs_number_index", postgresql_using="hash", postgresql_with=ROOMY),
    Index("ix_children_name_and_birth_index", "name_and_birth_index", postgresql_using="hash", postgresql_with=ROOMY),
)
"""``sealed`` is the identity document under the placing authority's key; the indexes are keyed digests.

``merged_into`` is the record of the same authority that is kept in its place. ``adult_in`` is the year in which the
child turns 18, so that the calendar need not open every record each day; the day stands nowhere in the clear.
"""

child_keys = Table(
    "child_keys",
    metadata,
    Column("child_id", types.Id, ForeignKey("children.id"), primary_key=True),
    Column("organisation_code", types.Code, ForeignKey("organisations.code"), primary_key=True),
    Column("wrapped", types.Sealed),
    Column("master_key_id", types.Code, nullable=False),
    Column("created_at", types.Utc, nullable=False),
    Column("destroyed_at", types.Utc),
)
"""One key per child and controlling organisation. Destroying it erases what that organisation said."""

child_corrections = Table(
    "child_corrections",
    metadata,
    Column("id", types.Id, primary_key=True),
    Column("child_id", types.Id, ForeignKey("children.id"), nullable=False),
    Column("organisation_code", types.Code, ForeignKey("organisations.code"), nullable=False),
    Column("practitioner_id", types.Id, ForeignKey("practitioners.id"), nullable=False),
    Column("version", types.Whole, nullable=False),
    Column("facts", types.Json, nullable=False),
    Column("sealed", types.Sealed, nullable=False),
    Column("corrected_at", types.Utc, nullable=False),
    Column("entry_id", types.Id, ForeignKey("ledger_entries.id"), nullable=False),
    Index("ix_child_corrections_child_id_id", "child_id", "id"),
)
"""``facts`` names the corrected fields; ``sealed`` keeps the old values, as wrong, and the reason."""

child_restrictions = Table(
    "child_restrictions",
    metadata,
    Column("id", types.Id, primary_key=True),
    Column("child_id", types.Id, ForeignKey("children.id"), nullable=False),
    Column("organisation_code", types.Code, ForeignKey("organisations.code"), nullable=False),
    Column("kind", types.Code, nullable=False),
    Column("sealed", types.Sealed, nullable=False),
    Column("review_on", types.Day, nullable=False),
    Column("set_at", types.Utc, nullable=False),
    Column("set_by", types.Id, ForeignKey("practitioners.id"), nullable=False),
    Column("lifted_at", types.Utc),
    Column("lifted_by", types.Id, ForeignKey("practitioners.id")),
    Column("entry_id", types.Id, ForeignKey("ledger_entries.id"), nullable=False),
    Index("ix_child_restrictions_child_id_id", "child_id", "id"),
)

openings = Table(
    "openings",
    metadata,
    Column("id", types.Id, primary_key=True),
    Column("child_id", types.Id, ForeignKey("children.id"), nullable=False),
    Column("placement_id", types.Id, ForeignKey("placements.id")),
    Column("notification_id", types.Id, ForeignKey("notifications.id")),
    Column("organisation_code", types.Code, ForeignKey("organisations.code"), nullable=False),
    Column("client_organisation_code", types.Code, ForeignKey("organisations.code"), nullable=False),
    Column("function", types.Code, nullable=False),
    Column("practitioner_id", types.Id, ForeignKey("practitioners.id")),
    Column("how", types.Code, nullable=False),
    Column("why", types.Code, nullable=False),
    Column("purpose", types.Code),
    Column("version", types.Whole, nullable=False),
    Column("sections", types.Json, nullable=False),
    Column("at", types.Utc, nullable=False),
    Column("entry_id", types.Id, ForeignKey("ledger_entries.id"), nullable=False),
    Index("ix_openings_child_id_id", "child_id", "id"),
    Index("ix_openings_placement_id_id", "placement_id", "id"),
    Index("ix_openings_seen_again", "placement_id", "organisation_code", "function", "practitioner_id", "id"),
    Index(
        "ix_openings_passport_seen_again",
        "child_id",
        "organisation_code",
        "function",
        "practitioner_id",
        "id",
        postgresql_where=_OF_A_PASSPORT,
        sqlite_where=_OF_A_PASSPORT,
    ),
)
"""What was shown of a child, to whom, when and why. Without a placement: the child's own record or papers, an
assessment, or the health passport.

``how`` is opened (released to a named person) or retrieved (their system has it): never the same thing."""
