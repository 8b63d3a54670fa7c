"""Lives of a child's record: merges, the end of care, transfers of responsibility."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

BYTEWISE = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")

_MERGED = sa.text("merged_into IS NOT NULL")
_IN_CARE = sa.text("state = 'active'")
_PROPOSED = sa.text("state = 'proposed'")
_OFFERED = sa.text("state = 'offered'")


def upgrade() -> None:
    """Apply."""
    # Written out: a rebuilt table would take the rows that point at it along.
    collation = ' COLLATE "C"' if op.get_bind().dialect.name == "postgresql" else ""
    op.execute(
        f"ALTER TABLE children ADD COLUMN merged_into TEXT{collation} "
        "CONSTRAINT fk_children_merged_into_children REFERENCES children (id)"
    )
    op.add_column("children", sa.Column("adult_in", BYTEWISE, nullable=True))
    # The year of records that are there already is sealed with them: the calendar opens each until it is written anew.
    op.execute("UPDATE children SET adult_in = '0000'")
    op.create_index(
        "ix_children_merged_into", "children", ["merged_into"], postgresql_where=_MERGED, sqlite_where=_MERGED
    )
    op.create_index(
        "ix_children_adult_in_id", "children", ["adult_in", "id"], postgresql_where=_IN_CARE, sqlite_where=_IN_CARE
    )
    op.add_column("placements", sa.Column("ended_why", BYTEWISE, nullable=True))
    op.add_column("clocks", sa.Column("stopped_at", BYTEWISE, nullable=True))
    op.create_table(
        "child_proposals",
        sa.Column("id", BYTEWISE, nullable=False),
        sa.Column("child_id", BYTEWISE, nullable=False),
        sa.Column("other_child_id", BYTEWISE, nullable=True),
        sa.Column("organisation_code", BYTEWISE, nullable=False),
        sa.Column("proposal", BYTEWISE, nullable=False),
        sa.Column("state", BYTEWISE, nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("proposed_at", BYTEWISE, nullable=False),
        sa.Column("proposed_by", BYTEWISE, nullable=False),
        sa.Column("decided_at", BYTEWISE, nullable=True),
        sa.Column("decided_by", BYTEWISE, nullable=True),
        sa.Column("entry_id", BYTEWISE, nullable=False),
        *_keys("child_proposals", "child_id", "children"),
        *_keys("child_proposals", "other_child_id", "children"),
        *_keys("child_proposals", "organisation_code", "organisations", "code"),
        *_keys("child_proposals", "proposed_by", "practitioners"),
        *_keys("child_proposals", "decided_by", "practitioners"),
        *_keys("child_proposals", "entry_id", "ledger_entries"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_child_proposals")),
    )
    op.create_index("ix_child_proposals_child_id_id", "child_proposals", ["child_id", "id"])
    op.create_index(
        "ix_child_proposals_open",
        "child_proposals",
        ["child_id"],
        unique=True,
        postgresql_where=_PROPOSED,
        sqlite_where=_PROPOSED,
    )
    op.create_table(
        "responsibility_transfers",
        sa.Column("id", BYTEWISE, nullable=False),
        sa.Column("child_id", BYTEWISE, nullable=False),
        sa.Column("organisation_code", BYTEWISE, nullable=False),
        sa.Column("to_organisation_code", BYTEWISE, nullable=False),
        sa.Column("state", BYTEWISE, nullable=False),
        sa.Column("basis", BYTEWISE, nullable=False),
        sa.Column("transfer_on", BYTEWISE, nullable=False),
        sa.Column("age_band", BYTEWISE, nullable=False),
        sa.Column("host_area", BYTEWISE, nullable=True),
        sa.Column("placement_id", BYTEWISE, nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("offered_at", BYTEWISE, nullable=False),
        sa.Column("offered_by", BYTEWISE, nullable=False),
        sa.Column("answer_by", BYTEWISE, nullable=False),
        sa.Column("answered_at", BYTEWISE, nullable=True),
        sa.Column("answered_by", BYTEWISE, nullable=True),
        sa.Column("decline_reason", BYTEWISE, nullable=True),
        sa.Column("answer_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("new_child_id", BYTEWISE, nullable=True),
        sa.Column("new_placement_id", BYTEWISE, nullable=True),
        sa.Column("entry_id", BYTEWISE, nullable=False),
        *_keys("responsibility_transfers", "child_id", "children"),
        *_keys("responsibility_transfers", "organisation_code", "organisations", "code"),
        *_keys("responsibility_transfers", "to_organisation_code", "organisations", "code"),
        *_keys("responsibility_transfers", "placement_id", "placements"),
        *_keys("responsibility_transfers", "offered_by", "practitioners"),
        *_keys("responsibility_transfers", "answered_by", "practitioners"),
        *_keys("responsibility_transfers", "new_child_id", "children"),
        *_keys("responsibility_transfers", "new_placement_id", "placements"),
        *_keys("responsibility_transfers", "entry_id", "ledger_entries"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_responsibility_transfers")),
    )
    for name, columns in _TRANSFER_INDEXES.items():
        op.create_index(name, "responsibility_transfers", columns)
    op.create_index(
        "ix_responsibility_transfers_open",
        "responsibility_transfers",
        ["child_id"],
        unique=True,
        postgresql_where=_OFFERED,
        sqlite_where=_OFFERED,
    )


_TRANSFER_INDEXES = {
    "ix_responsibility_transfers_child_id_id": ["child_id", "id"],
    "ix_responsibility_transfers_new_child_id": ["new_child_id"],
    "ix_responsibility_transfers_from": ["organisation_code", "id"],
    "ix_responsibility_transfers_to": ["to_organisation_code", "id"],
}


def _keys(table: str, column: str, other: str, key: str = "id") -> list[sa.ForeignKeyConstraint]:
    return [sa.ForeignKeyConstraint([column], [f"{other}.{key}"], name=op.f(f"fk_{table}_{column}_{other}"))]


def downgrade() -> None:
    """Take back."""
    op.drop_table("responsibility_transfers")
    op.drop_table("child_proposals")
    with op.batch_alter_table("clocks", schema=None) as batch_op:
        batch_op.drop_column("stopped_at")
    with op.batch_alter_table("placements", schema=None) as batch_op:
        batch_op.drop_column("ended_why")
    with op.batch_alter_table("children", schema=None) as batch_op:
        batch_op.drop_index("ix_children_adult_in_id")
        batch_op.drop_index("ix_children_merged_into")
    with op.batch_alter_table("children", schema=None) as batch_op:
        batch_op.drop_column("adult_in")
        batch_op.drop_column("merged_into")
