"""Passports move between teams."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

BYTEWISE = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
POSITION = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "passport_transfers",
        sa.Column("id", BYTEWISE, nullable=False),
        sa.Column("child_id", BYTEWISE, nullable=False),
        sa.Column("authority_code", BYTEWISE, nullable=False),
        sa.Column("placement_id", BYTEWISE, nullable=True),
        sa.Column("previous_id", BYTEWISE, nullable=True),
        sa.Column("opened_by", BYTEWISE, nullable=False),
        sa.Column("urgency", BYTEWISE, nullable=False),
        sa.Column("from_organisation_code", BYTEWISE, nullable=True),
        sa.Column("to_organisation_code", BYTEWISE, nullable=False),
        sa.Column("originating_code", BYTEWISE, nullable=True),
        sa.Column("commissioner_code", BYTEWISE, nullable=True),
        sa.Column("commissioner_basis", BYTEWISE, nullable=True),
        sa.Column("provider_code", BYTEWISE, nullable=True),
        sa.Column("state", BYTEWISE, nullable=False),
        sa.Column("waits_for", BYTEWISE, nullable=False),
        sa.Column("due_at", BYTEWISE, nullable=True),
        sa.Column("settled", sa.SmallInteger(), nullable=False),
        sa.Column("decline_reason", BYTEWISE, nullable=True),
        sa.Column("offered_at", BYTEWISE, nullable=False),
        sa.Column("decided_at", BYTEWISE, nullable=True),
        sa.Column("confirm_by", BYTEWISE, nullable=False),
        sa.Column("confirmed_at", BYTEWISE, nullable=True),
        sa.Column("confirmed_by", BYTEWISE, nullable=True),
        sa.Column("confirmed_version", sa.Integer(), nullable=True),
        sa.Column("entry_id", BYTEWISE, nullable=False),
        sa.ForeignKeyConstraint(
            ["authority_code"], ["organisations.code"], name=op.f("fk_passport_transfers_authority_code")
        ),
        sa.ForeignKeyConstraint(["child_id"], ["children.id"], name=op.f("fk_passport_transfers_child_id")),
        sa.ForeignKeyConstraint(
            ["commissioner_code"], ["organisations.code"], name=op.f("fk_passport_transfers_commissioner_code")
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_by"], ["practitioners.id"], name=op.f("fk_passport_transfers_confirmed_by")
        ),
        sa.ForeignKeyConstraint(["entry_id"], ["ledger_entries.id"], name=op.f("fk_passport_transfers_entry_id")),
        sa.ForeignKeyConstraint(
            ["from_organisation_code"],
            ["organisations.code"],
            name=op.f("fk_passport_transfers_from_organisation_code"),
        ),
        sa.ForeignKeyConstraint(
            ["originating_code"], ["organisations.code"], name=op.f("fk_passport_transfers_originating_code")
        ),
        sa.ForeignKeyConstraint(["placement_id"], ["placements.id"], name=op.f("fk_passport_transfers_placement_id")),
        sa.ForeignKeyConstraint(
            ["previous_id"], ["passport_transfers.id"], name=op.f("fk_passport_transfers_previous_id")
        ),
        sa.ForeignKeyConstraint(
            ["provider_code"], ["organisations.code"], name=op.f("fk_passport_transfers_provider_code")
        ),
        sa.ForeignKeyConstraint(
            ["to_organisation_code"], ["organisations.code"], name=op.f("fk_passport_transfers_to_organisation_code")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passport_transfers")),
    )
    with op.batch_alter_table("passport_transfers", schema=None) as batch_op:
        batch_op.create_index(
            "ix_passport_transfers_authority",
            ["authority_code", "id"],
            unique=False,
            postgresql_where=sa.text("settled = 0"),
            sqlite_where=sa.text("settled = 0"),
        )
        batch_op.create_index("ix_passport_transfers_child_id_id", ["child_id", "id"], unique=False)
        batch_op.create_index(
            "ix_passport_transfers_from",
            ["from_organisation_code", "id"],
            unique=False,
            postgresql_where=sa.text("settled = 0"),
            sqlite_where=sa.text("settled = 0"),
        )
        batch_op.create_index(
            "ix_passport_transfers_open",
            ["child_id", "to_organisation_code", "id"],
            unique=False,
            postgresql_where=sa.text("state IN ('offered', 'queried')"),
            sqlite_where=sa.text("state IN ('offered', 'queried')"),
        )
        batch_op.create_index("ix_passport_transfers_placement_id", ["placement_id"], unique=False)
        batch_op.create_index(
            "ix_passport_transfers_to",
            ["to_organisation_code", "id"],
            unique=False,
            postgresql_where=sa.text("settled = 0"),
            sqlite_where=sa.text("settled = 0"),
        )

    op.create_table(
        "passport_transfer_steps",
        sa.Column("id", BYTEWISE, nullable=False),
        sa.Column("transfer_id", BYTEWISE, nullable=False),
        sa.Column("child_id", BYTEWISE, nullable=False),
        sa.Column("act", BYTEWISE, nullable=False),
        sa.Column("organisation_code", BYTEWISE, nullable=False),
        sa.Column("function", BYTEWISE, nullable=False),
        sa.Column("practitioner_id", BYTEWISE, nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("at", BYTEWISE, nullable=False),
        sa.Column("entry_id", BYTEWISE, nullable=False),
        sa.ForeignKeyConstraint(["child_id"], ["children.id"], name=op.f("fk_passport_transfer_steps_child_id")),
        sa.ForeignKeyConstraint(["entry_id"], ["ledger_entries.id"], name=op.f("fk_passport_transfer_steps_entry_id")),
        sa.ForeignKeyConstraint(
            ["organisation_code"], ["organisations.code"], name=op.f("fk_passport_transfer_steps_organisation_code")
        ),
        sa.ForeignKeyConstraint(
            ["practitioner_id"], ["practitioners.id"], name=op.f("fk_passport_transfer_steps_practitioner_id")
        ),
        sa.ForeignKeyConstraint(
            ["transfer_id"], ["passport_transfers.id"], name=op.f("fk_passport_transfer_steps_transfer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passport_transfer_steps")),
    )
    with op.batch_alter_table("passport_transfer_steps", schema=None) as batch_op:
        batch_op.create_index("ix_passport_transfer_steps_transfer_id_id", ["transfer_id", "id"], unique=False)


def downgrade() -> None:
    """Undo."""
    with op.batch_alter_table("passport_transfer_steps", schema=None) as batch_op:
        batch_op.drop_index("ix_passport_transfer_steps_transfer_id_id")

    op.drop_table("passport_transfer_steps")
    with op.batch_alter_table("passport_transfers", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_passport_transfers_to", postgresql_where=sa.text("settled = 0"), sqlite_where=sa.text("settled = 0")
        )
        batch_op.drop_index("ix_passport_transfers_placement_id")
        batch_op.drop_index(
            "ix_passport_transfers_open",
            postgresql_where=sa.text("state IN ('offered', 'queried')"),
            sqlite_where=sa.text("state IN ('offered', 'queried')"),
        )
        batch_op.drop_index(
            "ix_passport_transfers_from", postgresql_where=sa.text("settled = 0"), sqlite_where=sa.text("settled = 0")
        )
        batch_op.drop_index("ix_passport_transfers_child_id_id")
        batch_op.drop_index(
            "ix_passport_transfers_authority",
            postgresql_where=sa.text("settled = 0"),
            sqlite_where=sa.text("settled = 0"),
        )

    op.drop_table("passport_transfers")
