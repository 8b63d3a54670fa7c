"""Oversight."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

BYTEWISE = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
POSITION = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

_TOLD_BEFORE = (
    """
    UPDATE placements SET
        concern = 'setting_of_concern',
        concern_since = (
            SELECT min(substr(clocks.starts_at, 1, 10)) FROM clocks
            WHERE clocks.placement_id = placements.id AND clocks.code = 'unregistered-review'
        )
    WHERE EXISTS (
        SELECT 1 FROM clocks WHERE clocks.placement_id = placements.id AND clocks.code = 'unregistered-review'
    )
    """,
    """
    UPDATE placements SET distance = 'out_of_area'
    WHERE host_area <> organisation_code AND state IN ('active', 'ended')
    """,
)
"""What is known of placements told before: that a clock was started. Their next update says it more exactly."""


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table("children", schema=None) as batch_op:
        batch_op.drop_index("ix_children_organisation_code_nhs_number_index")
        batch_op.drop_index("ix_children_organisation_code_name_and_birth_index")
        batch_op.create_index(
            "ix_children_nhs_number_index_organisation_code", ["nhs_number_index", "organisation_code"], unique=False
        )
        batch_op.create_index(
            "ix_children_name_and_birth_index_organisation_code",
            ["name_and_birth_index", "organisation_code"],
            unique=False,
        )

    op.create_table(
        "oversight_place",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("position", POSITION, nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_oversight_place_only_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_oversight_place")),
    )
    op.create_table(
        "oversight_counts",
        sa.Column("organisation_code", BYTEWISE, nullable=False),
        sa.Column("side", BYTEWISE, nullable=False),
        sa.Column("month", BYTEWISE, nullable=False),
        sa.Column("partner_code", BYTEWISE, nullable=False),
        sa.Column("function", BYTEWISE, nullable=False),
        sa.Column("sender_code", BYTEWISE, nullable=False),
        sa.Column("told", sa.Integer(), nullable=False),
        sa.Column("starts", sa.Integer(), nullable=False),
        sa.Column("within_24_hours", sa.Integer(), nullable=False),
        sa.Column("emergencies", sa.Integer(), nullable=False),
        sa.Column("within_5_working_days", sa.Integer(), nullable=False),
        sa.Column("retrieved", sa.Integer(), nullable=False),
        sa.Column("opened", sa.Integer(), nullable=False),
        sa.Column("acknowledged", sa.Integer(), nullable=False),
        sa.Column("in_time", sa.Integer(), nullable=False),
        sa.Column("open_median", sa.Integer(), nullable=True),
        sa.Column("open_p90", sa.Integer(), nullable=True),
        sa.Column("acknowledge_median", sa.Integer(), nullable=True),
        sa.Column("acknowledge_p90", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_code"], ["organisations.code"], name=op.f("fk_oversight_counts_organisation_code")
        ),
        sa.ForeignKeyConstraint(
            ["partner_code"], ["organisations.code"], name=op.f("fk_oversight_counts_partner_code")
        ),
        sa.ForeignKeyConstraint(["sender_code"], ["organisations.code"], name=op.f("fk_oversight_counts_sender_code")),
        sa.PrimaryKeyConstraint(
            "organisation_code", "side", "month", "partner_code", "function", name=op.f("pk_oversight_counts")
        ),
    )
    with op.batch_alter_table("oversight_counts", schema=None) as batch_op:
        batch_op.create_index("ix_oversight_counts_sender_code_month", ["sender_code", "month"], unique=False)

    op.create_table(
        "oversight_months",
        sa.Column("organisation_code", BYTEWISE, nullable=False),
        sa.Column("month", BYTEWISE, nullable=False),
        sa.Column("told", POSITION, nullable=False),
        sa.Column("counted", POSITION, nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_code"], ["organisations.code"], name=op.f("fk_oversight_months_organisation_code")
        ),
        sa.PrimaryKeyConstraint("organisation_code", "month", name=op.f("pk_oversight_months")),
    )
    with op.batch_alter_table("oversight_months", schema=None) as batch_op:
        batch_op.create_index(
            "ix_oversight_months_due",
            ["organisation_code", "month"],
            unique=False,
            postgresql_where=sa.text("told > counted"),
            sqlite_where=sa.text("told > counted"),
        )

    op.create_table(
        "searches",
        sa.Column("id", BYTEWISE, nullable=False),
        sa.Column("organisation_code", BYTEWISE, nullable=False),
        sa.Column("function", BYTEWISE, nullable=False),
        sa.Column("practitioner_id", BYTEWISE, nullable=False),
        sa.Column("criterion", BYTEWISE, nullable=False),
        sa.Column("at", BYTEWISE, nullable=False),
        sa.Column("entry_id", BYTEWISE, nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["ledger_entries.id"], name=op.f("fk_searches_entry_id")),
        sa.ForeignKeyConstraint(
            ["organisation_code"], ["organisations.code"], name=op.f("fk_searches_organisation_code")
        ),
        sa.ForeignKeyConstraint(["practitioner_id"], ["practitioners.id"], name=op.f("fk_searches_practitioner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_searches")),
    )
    with op.batch_alter_table("searches", schema=None) as batch_op:
        batch_op.create_index("ix_searches_organisation_code_at", ["organisation_code", "at"], unique=False)
        batch_op.create_index("ix_searches_practitioner_id_at", ["practitioner_id", "at"], unique=False)

    with op.batch_alter_table("clocks", schema=None) as batch_op:
        batch_op.add_column(sa.Column("marked_at", BYTEWISE, nullable=True))
        batch_op.add_column(sa.Column("marked_by", BYTEWISE, nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_clocks_marked_by"), "practitioners", ["marked_by"], ["id"])

    with op.batch_alter_table("placements", schema=None) as batch_op:
        batch_op.add_column(sa.Column("concern", BYTEWISE, nullable=True))
        batch_op.add_column(sa.Column("concern_since", BYTEWISE, nullable=True))
        batch_op.add_column(sa.Column("distance", BYTEWISE, nullable=True))
        batch_op.create_index(
            "ix_placements_concern_in_area",
            ["host_area", "id"],
            unique=False,
            postgresql_where=sa.text("concern IS NOT NULL AND state = 'active'"),
            sqlite_where=sa.text("concern IS NOT NULL AND state = 'active'"),
        )
        batch_op.create_index(
            "ix_placements_concern_of_sender",
            ["organisation_code", "id"],
            unique=False,
            postgresql_where=sa.text("concern IS NOT NULL AND state = 'active'"),
            sqlite_where=sa.text("concern IS NOT NULL AND state = 'active'"),
        )
        batch_op.create_index(
            "ix_placements_away",
            ["organisation_code", "id"],
            unique=False,
            postgresql_where=sa.text("distance IS NOT NULL AND state = 'active'"),
            sqlite_where=sa.text("distance IS NOT NULL AND state = 'active'"),
        )

    for statement in _TOLD_BEFORE:
        op.execute(statement)


def downgrade() -> None:
    """Undo."""
    with op.batch_alter_table("children", schema=None) as batch_op:
        batch_op.drop_index("ix_children_name_and_birth_index_organisation_code")
        batch_op.drop_index("ix_children_nhs_number_index_organisation_code")
        batch_op.create_index(
            "ix_children_organisation_code_name_and_birth_index",
            ["organisation_code", "name_and_birth_index"],
            unique=False,
        )
        batch_op.create_index(
            "ix_children_organisation_code_nhs_number_index", ["organisation_code", "nhs_number_index"], unique=False
        )

    with op.batch_alter_table("placements", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_placements_away",
            postgresql_where=sa.text("distance IS NOT NULL AND state = 'active'"),
            sqlite_where=sa.text("distance IS NOT NULL AND state = 'active'"),
        )
        batch_op.drop_index(
            "ix_placements_concern_of_sender",
            postgresql_where=sa.text("concern IS NOT NULL AND state = 'active'"),
            sqlite_where=sa.text("concern IS NOT NULL AND state = 'active'"),
        )
        batch_op.drop_index(
            "ix_placements_concern_in_area",
            postgresql_where=sa.text("concern IS NOT NULL AND state = 'active'"),
            sqlite_where=sa.text("concern IS NOT NULL AND state = 'active'"),
        )
        batch_op.drop_column("distance")
        batch_op.drop_column("concern_since")
        batch_op.drop_column("concern")

    with op.batch_alter_table("clocks", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_clocks_marked_by"), type_="foreignkey")
        batch_op.drop_column("marked_by")
        batch_op.drop_column("marked_at")

    with op.batch_alter_table("searches", schema=None) as batch_op:
        batch_op.drop_index("ix_searches_practitioner_id_at")
        batch_op.drop_index("ix_searches_organisation_code_at")

    op.drop_table("searches")
    with op.batch_alter_table("oversight_months", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_oversight_months_due",
            postgresql_where=sa.text("told > counted"),
            sqlite_where=sa.text("told > counted"),
        )

    op.drop_table("oversight_months")
    with op.batch_alter_table("oversight_counts", schema=None) as batch_op:
        batch_op.drop_index("ix_oversight_counts_sender_code_month")

    op.drop_table("oversight_counts")
    op.drop_table("oversight_place")
