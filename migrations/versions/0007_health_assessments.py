"""Health assessments."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

BYTEWISE = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
POSITION = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "assessments_place",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("position", POSITION, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessments_place")),
    )
    op.create_table(
        "assessments",
        sa.Column("id", BYTEWISE, nullable=False),
        sa.Column("child_id", BYTEWISE, nullable=False),
        sa.Column("authority_code", BYTEWISE, nullable=False),
        sa.Column("kind", BYTEWISE, nullable=False),
        sa.Column("series", BYTEWISE, nullable=True),
        sa.Column("state", BYTEWISE, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("owner_organisation_code", BYTEWISE, nullable=False),
        sa.Column("owner_function", BYTEWISE, nullable=False),
        sa.Column("owner_side", BYTEWISE, nullable=False),
        sa.Column("commissioner_code", BYTEWISE, nullable=True),
        sa.Column("asked_organisation_code", BYTEWISE, nullable=True),
        sa.Column("asked_function", BYTEWISE, nullable=True),
        sa.Column("asked_side", BYTEWISE, nullable=True),
        sa.Column("asked_at", BYTEWISE, nullable=True),
        sa.Column("due_at", BYTEWISE, nullable=False),
        sa.Column("due_rule", BYTEWISE, nullable=False),
        sa.Column("next_on", BYTEWISE, nullable=True),
        sa.Column("next_at", BYTEWISE, nullable=True),
        sa.Column("tell_at", BYTEWISE, nullable=True),
        sa.Column("done_on", BYTEWISE, nullable=True),
        sa.Column("closed_at", BYTEWISE, nullable=True),
        sa.Column("report_id", BYTEWISE, nullable=True),
        sa.Column("report_organisation_code", BYTEWISE, nullable=True),
        sa.Column("report_at", BYTEWISE, nullable=True),
        sa.Column("created_at", BYTEWISE, nullable=False),
        sa.Column("entry_id", BYTEWISE, nullable=False),
        sa.ForeignKeyConstraint(
            ["asked_organisation_code"], ["organisations.code"], name=op.f("fk_assessments_asked_organisation_code")
        ),
        sa.ForeignKeyConstraint(["authority_code"], ["organisations.code"], name=op.f("fk_assessments_authority_code")),
        sa.ForeignKeyConstraint(["child_id"], ["children.id"], name=op.f("fk_assessments_child_id")),
        sa.ForeignKeyConstraint(
            ["commissioner_code"], ["organisations.code"], name=op.f("fk_assessments_commissioner_code")
        ),
        sa.ForeignKeyConstraint(["entry_id"], ["ledger_entries.id"], name=op.f("fk_assessments_entry_id")),
        sa.ForeignKeyConstraint(
            ["owner_organisation_code"], ["organisations.code"], name=op.f("fk_assessments_owner_organisation_code")
        ),
        sa.ForeignKeyConstraint(["report_id"], ["documents.id"], name=op.f("fk_assessments_report_id")),
        sa.ForeignKeyConstraint(
            ["report_organisation_code"], ["organisations.code"], name=op.f("fk_assessments_report_organisation_code")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessments")),
        sa.UniqueConstraint("child_id", "kind", "series", name=op.f("uq_assessments_child_id_kind_series")),
    )
    with op.batch_alter_table("assessments", schema=None) as batch_op:
        batch_op.create_index("ix_assessments_child_id_id", ["child_id", "id"], unique=False)
        batch_op.create_index(
            "ix_assessments_open",
            ["child_id", "due_at", "id"],
            unique=False,
            postgresql_where=sa.text("closed_at IS NULL"),
            sqlite_where=sa.text("closed_at IS NULL"),
        )
        batch_op.create_index(
            "ix_assessments_to_tell",
            ["tell_at"],
            unique=False,
            postgresql_where=sa.text("tell_at IS NOT NULL"),
            sqlite_where=sa.text("tell_at IS NOT NULL"),
        )

    op.create_table(
        "assessment_events",
        sa.Column("id", BYTEWISE, nullable=False),
        sa.Column("assessment_id", BYTEWISE, nullable=False),
        sa.Column("child_id", BYTEWISE, nullable=False),
        sa.Column("event", BYTEWISE, nullable=False),
        sa.Column("state", BYTEWISE, nullable=False),
        sa.Column("organisation_code", BYTEWISE, nullable=True),
        sa.Column("function", BYTEWISE, nullable=True),
        sa.Column("side", BYTEWISE, nullable=True),
        sa.Column("practitioner_id", BYTEWISE, nullable=True),
        sa.Column("owner_organisation_code", BYTEWISE, nullable=False),
        sa.Column("owner_function", BYTEWISE, nullable=False),
        sa.Column("owner_side", BYTEWISE, nullable=False),
        sa.Column("due_at", BYTEWISE, nullable=False),
        sa.Column("next_on", BYTEWISE, nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("at", BYTEWISE, nullable=False),
        sa.Column("entry_id", BYTEWISE, nullable=False),
        sa.ForeignKeyConstraint(["assessment_id"], ["assessments.id"], name=op.f("fk_assessment_events_assessment_id")),
        sa.ForeignKeyConstraint(["child_id"], ["children.id"], name=op.f("fk_assessment_events_child_id")),
        sa.ForeignKeyConstraint(["entry_id"], ["ledger_entries.id"], name=op.f("fk_assessment_events_entry_id")),
        sa.ForeignKeyConstraint(
            ["organisation_code"], ["organisations.code"], name=op.f("fk_assessment_events_organisation_code")
        ),
        sa.ForeignKeyConstraint(
            ["owner_organisation_code"],
            ["organisations.code"],
            name=op.f("fk_assessment_events_owner_organisation_code"),
        ),
        sa.ForeignKeyConstraint(
            ["practitioner_id"], ["practitioners.id"], name=op.f("fk_assessment_events_practitioner_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment_events")),
    )
    with op.batch_alter_table("assessment_events", schema=None) as batch_op:
        batch_op.create_index("ix_assessment_events_assessment_id_id", ["assessment_id", "id"], unique=False)

    op.create_table(
        "assessment_readers",
        sa.Column("assessment_id", BYTEWISE, nullable=False),
        sa.Column("organisation_code", BYTEWISE, nullable=False),
        sa.Column("function", BYTEWISE, nullable=False),
        sa.Column("child_id", BYTEWISE, nullable=False),
        sa.Column("side", BYTEWISE, nullable=False),
        sa.Column("rule", BYTEWISE, nullable=False),
        sa.Column("told_at", BYTEWISE, nullable=False),
        sa.Column("read_by", BYTEWISE, nullable=False),
        sa.Column("opened_at", BYTEWISE, nullable=True),
        sa.Column("opened_by", BYTEWISE, nullable=True),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessments.id"], name=op.f("fk_assessment_readers_assessment_id")
        ),
        sa.ForeignKeyConstraint(["child_id"], ["children.id"], name=op.f("fk_assessment_readers_child_id")),
        sa.ForeignKeyConstraint(["opened_by"], ["practitioners.id"], name=op.f("fk_assessment_readers_opened_by")),
        sa.ForeignKeyConstraint(
            ["organisation_code"], ["organisations.code"], name=op.f("fk_assessment_readers_organisation_code")
        ),
        sa.PrimaryKeyConstraint("assessment_id", "organisation_code", "function", name=op.f("pk_assessment_readers")),
    )
    with op.batch_alter_table("assessment_readers", schema=None) as batch_op:
        batch_op.create_index(
            "ix_assessment_readers_unread",
            ["child_id", "read_by"],
            unique=False,
            postgresql_where=sa.text("opened_at IS NULL"),
            sqlite_where=sa.text("opened_at IS NULL"),
        )

    op.create_table(
        "assessment_recommendations",
        sa.Column("id", BYTEWISE, nullable=False),
        sa.Column("assessment_id", BYTEWISE, nullable=False),
        sa.Column("child_id", BYTEWISE, nullable=False),
        sa.Column("organisation_code", BYTEWISE, nullable=False),
        sa.Column("owner_organisation_code", BYTEWISE, nullable=False),
        sa.Column("owner_function", BYTEWISE, nullable=False),
        sa.Column("owner_side", BYTEWISE, nullable=False),
        sa.Column("due_on", BYTEWISE, nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("outcome", BYTEWISE, nullable=True),
        sa.Column("done_at", BYTEWISE, nullable=True),
        sa.Column("done_organisation_code", BYTEWISE, nullable=True),
        sa.Column("done_function", BYTEWISE, nullable=True),
        sa.Column("done_by", BYTEWISE, nullable=True),
        sa.Column("done_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("entry_id", BYTEWISE, nullable=False),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessments.id"], name=op.f("fk_assessment_recommendations_assessment_id")
        ),
        sa.ForeignKeyConstraint(["child_id"], ["children.id"], name=op.f("fk_assessment_recommendations_child_id")),
        sa.ForeignKeyConstraint(["done_by"], ["practitioners.id"], name=op.f("fk_assessment_recommendations_done_by")),
        sa.ForeignKeyConstraint(
            ["done_organisation_code"],
            ["organisations.code"],
            name=op.f("fk_assessment_recommendations_done_organisation_code"),
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["ledger_entries.id"], name=op.f("fk_assessment_recommendations_entry_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_code"], ["organisations.code"], name=op.f("fk_assessment_recommendations_organisation_code")
        ),
        sa.ForeignKeyConstraint(
            ["owner_organisation_code"],
            ["organisations.code"],
            name=op.f("fk_assessment_recommendations_owner_organisation_code"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment_recommendations")),
    )
    with op.batch_alter_table("assessment_recommendations", schema=None) as batch_op:
        batch_op.create_index("ix_assessment_recommendations_assessment_id_id", ["assessment_id", "id"], unique=False)
        batch_op.create_index(
            "ix_assessment_recommendations_undone",
            ["child_id", "due_on", "id"],
            unique=False,
            postgresql_where=sa.text("done_at IS NULL"),
            sqlite_where=sa.text("done_at IS NULL"),
        )

    with op.batch_alter_table("children", schema=None) as batch_op:
        batch_op.create_index(
            "ix_children_in_care",
            ["organisation_code", "id"],
            unique=False,
            postgresql_where=sa.text("state = 'active'"),
            sqlite_where=sa.text("state = 'active'"),
        )

    op.add_column("passports", sa.Column("review_due_on", BYTEWISE, nullable=True))
    _say_when_reviews_are_due()


def _say_when_reviews_are_due() -> None:
    """The day stands in the clear inside each passport's row already: what was published before is listed too."""
    passports = sa.table("passports", sa.column("child_id"), sa.column("sections"), sa.column("review_due_on"))
    connection = op.get_bind()
    for child_id, sections in connection.execute(sa.select(passports.c.child_id, passports.c.sections)).all():
        days = [each["review_due_on"] for each in json.loads(sections).values() if each.get("review_due_on")]
        if days:
            changed = sa.update(passports).where(passports.c.child_id == child_id)
            connection.execute(changed.values(review_due_on=min(days)))


def downgrade() -> None:
    """Undo."""
    op.drop_column("passports", "review_due_on")

    with op.batch_alter_table("children", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_children_in_care",
            postgresql_where=sa.text("state = 'active'"),
            sqlite_where=sa.text("state = 'active'"),
        )

    with op.batch_alter_table("assessment_recommendations", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_assessment_recommendations_undone",
            postgresql_where=sa.text("done_at IS NULL"),
            sqlite_where=sa.text("done_at IS NULL"),
        )
        batch_op.drop_index("ix_assessment_recommendations_assessment_id_id")

    op.drop_table("assessment_recommendations")
    with op.batch_alter_table("assessment_readers", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_assessment_readers_unread",
            postgresql_where=sa.text("opened_at IS NULL"),
            sqlite_where=sa.text("opened_at IS NULL"),
        )

    op.drop_table("assessment_readers")
    with op.batch_alter_table("assessment_events", schema=None) as batch_op:
        batch_op.drop_index("ix_assessment_events_assessment_id_id")

    op.drop_table("assessment_events")
    with op.batch_alter_table("assessments", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_assessments_to_tell",
            postgresql_where=sa.text("tell_at IS NOT NULL"),
            sqlite_where=sa.text("tell_at IS NOT NULL"),
        )
        batch_op.drop_index(
            "ix_assessments_open",
            postgresql_where=sa.text("closed_at IS NULL"),
            sqlite_where=sa.text("closed_at IS NULL"),
        )
        batch_op.drop_index("ix_assessments_child_id_id")

    op.drop_table("assessments")
    op.drop_table("assessments_place")
