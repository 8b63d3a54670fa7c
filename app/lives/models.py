"""What is proposed for a child's record and takes a second person, and responsibility offered to another authority."""

from sqlalchemy import Column, ForeignKey, Index, Table, text

from app.db import types
from app.db.base import metadata

_OPEN = text("state = 'proposed'")
_OFFERED = text("state = 'offered'")

child_proposals = Table(
    "child_proposals",
    metadata,
    Column("id", types.Id, primary_key=True),
    Column("child_id", types.Id, ForeignKey("children.id"), nullable=False),
    Column("other_child_id", types.Id, ForeignKey("children.id")),
    Column("organisation_code", types.Code, ForeignKey("organisations.code"), nullable=False),
    Column("proposal", types.Code, nullable=False),
    Column("state", types.Code, nullable=False),
    Column("sealed", types.Sealed, nullable=False),
    Column("proposed_at", types.Utc, nullable=False),
    Column("proposed_by", types.Id, ForeignKey("practitioners.id"), nullable=False),
    Column("decided_at", types.Utc),
    Column("decided_by", types.Id, ForeignKey("practitioners.id")),
    Column("care_state", types.Code),
    Column("entry_id", types.Id, ForeignKey("ledger_entries.id"), nullable=False),
    Index("ix_child_proposals_child_id_id", "child_id", "id"),
    Index("ix_child_proposals_open", "child_id", unique=True, postgresql_where=_OPEN, sqlite_where=_OPEN),
)
"""``child_id`` is the record that is kept, ``other_child_id`` the duplicate; ``sealed`` holds the reasons.
``care_state`` is the state of the child when it was decided: two that are parted may have been in care before.

One proposal of a child is open at a time: two that cross could not both be confirmed as they were meant.
"""

responsibility_transfers = Table(
    "responsibility_transfers",
    metadata,
    Column("id", types.Id, primary_key=True),
    Column("child_id", types.Id, ForeignKey("children.id"), nullable=False),
    Column("organisation_code", types.Code, ForeignKey("organisations.code"), nullable=False),
    Column("to_organisation_code", types.Code, ForeignKey("organisations.code"), nullable=False),
    Column("state", types.Code, nullable=False),
    Column("basis", types.Code, nullable=False),
    Column("transfer_on", types.Day, nullable=False),
    Column("age_band", types.Code, nullable=False),
    Column("host_area", types.Code),
    Column("placement_id", types.Id, ForeignKey("placements.id")),
    Column("sealed", types.Sealed, nullable=False),
    Column("offered_at", types.Utc, nullable=False),
    Column("offered_by", types.Id, ForeignKey("practitioners.id"), nullable=False),
    Column("answer_by", types.Utc, nullable=False),
    Column("answered_at", types.Utc),
    Column("answered_by", types.Id, ForeignKey("practitioners.id")),
    Column("decline_reason", types.Code),
    Column("answer_sealed", types.Sealed),
    Column("new_child_id", types.Id, ForeignKey("children.id")),
    Column("new_placement_id", types.Id, ForeignKey("placements.id")),
    Column("entry_id", types.Id, ForeignKey("ledger_entries.id"), nullable=False),
    Index("ix_responsibility_transfers_child_id_id", "child_id", "id"),
    Index("ix_responsibility_transfers_new_child_id", "new_child_id"),
    Index("ix_responsibility_transfers_from", "organisation_code", "id"),
    Index("ix_responsibility_transfers_to", "to_organisation_code", "id"),
    Index(
        "ix_responsibility_transfers_open", "child_id", unique=True, postgresql_where=_OFFERED, sqlite_where=_OFFERED
    ),
)
"""Each side is shown its own child's id alone; this row is all that joins the two records.

``sealed`` is the offer in the words of the one authority, ``answer_sealed`` the answer in those of the other, each
under that authority's own key: the erasure of one leaves the other. One offer of a child is open at a time.
"""
