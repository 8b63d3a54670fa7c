"""Health passports."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

BYTEWISE = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
POSITION = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "passport_teams",
        sa.Column("id", BYTEWISE, nullable=False),
        sa.Column("child_id", BYTEWISE, nullable=False),
        sa.Column("organisation_code", BYTEWISE, nullable=False),
        sa.Column("function", BYTEWISE, nullable=False),
        sa.Column("side", BYTEWISE, nullable=False),
        sa.Column("by_right", BYTEWISE, nullable=False),
        sa.Column("holds", sa.SmallInteger(), nullable=False),
        sa.Column("since_at", BYTEWISE, nullable=False),
        sa.Column("until_at", BYTEWISE, nullable=True),
        sa.Column("until_why", BYTEWISE, nullable=True),
        sa.Column("entry_id", BYTEWISE, nullable=False),
        sa.ForeignKeyConstraint(["child_id"], ["children.id"], name=op.f("fk_passport_teams_child_id")),
        sa.ForeignKeyConstraint(["entry_id"], ["ledger_entries.id"], name=op.f("fk_passport_teams_entry_id")),
        sa.ForeignKeyConstraint(
            ["organisation_code"], ["organisations.code"], name=op.f("fk_passport_teams_organisation_code")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passport_teams")),
    )
    with op.batch_alter_table("passport_teams", schema=None) as batch_op:
        batch_op.create_index(
            "ix_passport_teams_in_force",
            ["child_id", "organisation_code", "function"],
            unique=True,
            postgresql_where=sa.text("until_at IS NULL"),
            sqlite_where=sa.text("until_at IS NULL"),
        )
        batch_op.create_index(
            "ix_passport_teams_organisation_code_function_id", ["organisation_code", "function", "id"], unique=False
        )

    op.create_table(
        "passports",
        sa.Column("child_id", BYTEWISE, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sections", sa.Text(), nullable=False),
        sa.Column("created_at", BYTEWISE, nullable=False),
        sa.Column("changed_at", BYTEWISE, nullable=False),
        sa.ForeignKeyConstraint(["child_id"], ["children.id"], name=op.f("fk_passports_child_id")),
        sa.PrimaryKeyConstraint("child_id", name=op.f("pk_passports")),
    )
    op.create_table(
        "passport_confirmations",
        sa.Column("id", BYTEWISE, nullable=False),
        sa.Column("child_id", BYTEWISE, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sections", sa.Text(), nullable=False),
        sa.Column("organisation_code", BYTEWISE, nullable=False),
        sa.Column("function", BYTEWISE, nullable=False),
        sa.Column("practitioner_id", BYTEWISE, nullable=False),
        sa.Column("at", BYTEWISE, nullable=False),
        sa.Column("entry_id", BYTEWISE, nullable=False),
        sa.ForeignKeyConstraint(["child_id"], ["passports.child_id"], name=op.f("fk_passport_confirmations_child_id")),
        sa.ForeignKeyConstraint(["entry_id"], ["ledger_entries.id"], name=op.f("fk_passport_confirmations_entry_id")),
        sa.ForeignKeyConstraint(
            ["organisation_code"], ["organisations.code"], name=op.f("fk_passport_confirmations_organisation_code")
        ),
        sa.ForeignKeyConstraint(
            ["practitioner_id"], ["practitioners.id"], name=op.f("fk_passport_confirmations_practitioner_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passport_confirmations")),
    )
    with op.batch_alter_table("passport_confirmations", schema=None) as batch_op:
        batch_op.create_index("ix_passport_confirmations_child_id_id", ["child_id", "id"], unique=False)

    op.create_table(
        "passport_sections",
        sa.Column("child_id", BYTEWISE, nullable=False),
        sa.Column("section", BYTEWISE, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("until_version", sa.Integer(), nullable=True),
        sa.Column("organisation_code", BYTEWISE, nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["child_id"], ["passports.child_id"], name=op.f("fk_passport_sections_child_id")),
        sa.ForeignKeyConstraint(
            ["organisation_code"], ["organisations.code"], name=op.f("fk_passport_sections_organisation_code")
        ),
        sa.PrimaryKeyConstraint("child_id", "section", "version", name=op.f("pk_passport_sections")),
    )
    with op.batch_alter_table("passport_sections", schema=None) as batch_op:
        batch_op.create_index(
            "ix_passport_sections_current",
            ["child_id"],
            unique=False,
            postgresql_where=sa.text("until_version IS NULL"),
            sqlite_where=sa.text("until_version IS NULL"),
        )

    op.create_table(
        "passport_versions",
        sa.Column("child_id", BYTEWISE, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("organisation_code", BYTEWISE, nullable=False),
        sa.Column("function", BYTEWISE, nullable=False),
        sa.Column("practitioner_id", BYTEWISE, nullable=True),
        sa.Column("changed", sa.Text(), nullable=False),
        sa.Column("sections", sa.Text(), nullable=False),
        sa.Column("at", BYTEWISE, nullable=False),
        sa.Column("entry_id", BYTEWISE, nullable=False),
        sa.ForeignKeyConstraint(["child_id"], ["passports.child_id"], name=op.f("fk_passport_versions_child_id")),
        sa.ForeignKeyConstraint(["entry_id"], ["ledger_entries.id"], name=op.f("fk_passport_versions_entry_id")),
        sa.ForeignKeyConstraint(
            ["organisation_code"], ["organisations.code"], name=op.f("fk_passport_versions_organisation_code")
        ),
        sa.ForeignKeyConstraint(
            ["practitioner_id"], ["practitioners.id"], name=op.f("fk_passport_versions_practitioner_id")
        ),
        sa.PrimaryKeyConstraint("child_id", "version", name=op.f("pk_passport_versions")),
    )
    with op.batch_alter_table("openings", schema=None) as batch_op:
        batch_op.alter_column("placement_id", existing_type=sa.TEXT(), nullable=True)
        batch_op.create_index(
            "ix_openings_passport_seen_again",
            ["child_id", "organisation_code", "function", "practitioner_id", "id"],
            unique=False,
            postgresql_where=sa.text("placement_id IS NULL"),
            sqlite_where=sa.text("placement_id IS NULL"),
        )

    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.add_column(sa.Column("child_id", BYTEWISE, nullable=True))


def downgrade() -> None:
    """Undo."""
    op.execute("DELETE FROM openings WHERE placement_id IS NULL")
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_column("child_id")

    with op.batch_alter_table("openings", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_openings_passport_seen_again",
            postgresql_where=sa.text("placement_id IS NULL"),
            sqlite_where=sa.text("placement_id IS NULL"),
        )
        batch_op.alter_column("placement_id", existing_type=sa.TEXT(), nullable=False)

    op.drop_table("passport_versions")
    with op.batch_alter_table("passport_sections", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_passport_sections_current",
            postgresql_where=sa.text("until_version IS NULL"),
            sqlite_where=sa.text("until_version IS NULL"),
        )

    op.drop_table("passport_sections")
    with op.batch_alter_table("passport_confirmations", schema=None) as batch_op:
        batch_op.drop_index("ix_passport_confirmations_child_id_id")

    op.drop_table("passport_confirmations")
    op.drop_table("passports")
    with op.batch_alter_table("passport_teams", schema=None) as batch_op:
        batch_op.drop_index("ix_passport_teams_organisation_code_function_id")
        batch_op.drop_index(
            "ix_passport_teams_in_force",
            postgresql_where=sa.text("until_at IS NULL"),
            sqlite_where=sa.text("until_at IS NULL"),
        )

    op.drop_table("passport_teams")
