"""Confirmations and clock marks."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

BYTEWISE = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
POSITION = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "placement_confirmations",
        sa.Column("id", BYTEWISE, nullable=False),
        sa.Column("placement_id", BYTEWISE, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sections", sa.Text(), nullable=False),
        sa.Column("standing", sa.Text(), nullable=False),
        sa.Column("organisation_code", BYTEWISE, nullable=False),
        sa.Column("function", BYTEWISE, nullable=False),
        sa.Column("practitioner_id", BYTEWISE, nullable=False),
        sa.Column("at", BYTEWISE, nullable=False),
        sa.Column("entry_id", BYTEWISE, nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["ledger_entries.id"], name=op.f("fk_placement_confirmations_entry_id")),
        sa.ForeignKeyConstraint(
            ["organisation_code"], ["organisations.code"], name=op.f("fk_placement_confirmations_organisation_code")
        ),
        sa.ForeignKeyConstraint(
            ["placement_id"], ["placements.id"], name=op.f("fk_placement_confirmations_placement_id")
        ),
        sa.ForeignKeyConstraint(
            ["practitioner_id"], ["practitioners.id"], name=op.f("fk_placement_confirmations_practitioner_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_placement_confirmations")),
        sa.UniqueConstraint("placement_id", "number", name=op.f("uq_placement_confirmations_placement_id_number")),
    )
    with op.batch_alter_table("placement_confirmations", schema=None) as batch_op:
        batch_op.create_index("ix_placement_confirmations_placement_id_id", ["placement_id", "id"], unique=False)

    op.create_table(
        "clock_marks",
        sa.Column("id", BYTEWISE, nullable=False),
        sa.Column("clock_id", BYTEWISE, nullable=False),
        sa.Column("placement_id", BYTEWISE, nullable=False),
        sa.Column("organisation_code", BYTEWISE, nullable=False),
        sa.Column("function", BYTEWISE, nullable=False),
        sa.Column("practitioner_id", BYTEWISE, nullable=False),
        sa.Column("code", BYTEWISE, nullable=False),
        sa.Column("due_at", BYTEWISE, nullable=False),
        sa.Column("done_at", BYTEWISE, nullable=False),
        sa.Column("at", BYTEWISE, nullable=False),
        sa.Column("entry_id", BYTEWISE, nullable=False),
        sa.ForeignKeyConstraint(["clock_id"], ["clocks.id"], name=op.f("fk_clock_marks_clock_id")),
        sa.ForeignKeyConstraint(["entry_id"], ["ledger_entries.id"], name=op.f("fk_clock_marks_entry_id")),
        sa.ForeignKeyConstraint(
            ["organisation_code"], ["organisations.code"], name=op.f("fk_clock_marks_organisation_code")
        ),
        sa.ForeignKeyConstraint(["placement_id"], ["placements.id"], name=op.f("fk_clock_marks_placement_id")),
        sa.ForeignKeyConstraint(["practitioner_id"], ["practitioners.id"], name=op.f("fk_clock_marks_practitioner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clock_marks")),
    )
    with op.batch_alter_table("clock_marks", schema=None) as batch_op:
        batch_op.create_index("ix_clock_marks_placement_id_id", ["placement_id", "id"], unique=False)


def downgrade() -> None:
    """Undo."""
    with op.batch_alter_table("clock_marks", schema=None) as batch_op:
        batch_op.drop_index("ix_clock_marks_placement_id_id")

    op.drop_table("clock_marks")
    with op.batch_alter_table("placement_confirmations", schema=None) as batch_op:
        batch_op.drop_index("ix_placement_confirmations_placement_id_id")

    op.drop_table("placement_confirmations")
