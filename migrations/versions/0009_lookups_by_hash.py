"""Lookups by hash."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

DIGESTS = ("nhs_number_index", "name_and_birth_index")
BY_ID = ("children", "placements", "notifications", "ledger_entries")
ROOMY = {"fillfactor": 40}


PARTY = ("organisation_code", "function")
RECIPIENTS_BY = ("placement_id", "notification_id")
WAITING = sa.text("acknowledged_at IS NULL AND access_ended_at IS NULL")


def _waiting_goes_last() -> None:
    """SQLite builds the table anew with its indexes in any order, and of two that serve alike it takes the younger."""
    if op.get_context().dialect.name == "sqlite":
        op.drop_index("ix_recipients_waiting", "recipients")
        columns = ["organisation_code", "function", "id"]
        op.create_index("ix_recipients_waiting", "recipients", columns, sqlite_where=WAITING)


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table("recipients", schema=None) as batch_op:
        batch_op.drop_index("ix_recipients_placement_id_organisation_code_function")
        batch_op.drop_constraint("uq_recipients_notification_id_organisation_code_function", type_="unique")
        batch_op.create_unique_constraint(
            op.f("uq_recipients_organisation_code_function_notification_id"), [*PARTY, "notification_id"]
        )
    op.create_index(
        "ix_recipients_organisation_code_placement_id_function",
        "recipients",
        ["organisation_code", "placement_id", "function"],
    )
    _waiting_goes_last()
    for column in RECIPIENTS_BY:
        op.create_index(
            f"ix_recipients_{column}", "recipients", [column], postgresql_using="hash", postgresql_with=ROOMY
        )
    for digest in DIGESTS:
        op.drop_index(f"ix_children_{digest}_organisation_code", "children")
        op.create_index(f"ix_children_{digest}", "children", [digest], postgresql_using="hash", postgresql_with=ROOMY)
    if op.get_context().dialect.name == "postgresql":
        for table in BY_ID:
            op.create_index(f"ix_{table}_id_hash", table, ["id"], postgresql_using="hash", postgresql_with=ROOMY)


def downgrade() -> None:
    """Undo."""
    for column in RECIPIENTS_BY:
        op.drop_index(f"ix_recipients_{column}", "recipients")
    op.drop_index("ix_recipients_organisation_code_placement_id_function", "recipients")
    with op.batch_alter_table("recipients", schema=None) as batch_op:
        batch_op.drop_constraint("uq_recipients_organisation_code_function_notification_id", type_="unique")
        batch_op.create_unique_constraint(
            op.f("uq_recipients_notification_id_organisation_code_function"), ["notification_id", *PARTY]
        )
        batch_op.create_index("ix_recipients_placement_id_organisation_code_function", ["placement_id", *PARTY])
    _waiting_goes_last()
    if op.get_context().dialect.name == "postgresql":
        for table in BY_ID:
            op.drop_index(f"ix_{table}_id_hash", table)
    for digest in DIGESTS:
        op.drop_index(f"ix_children_{digest}", "children")
        op.create_index(f"ix_children_{digest}_organisation_code", "children", [digest, "organisation_code"])
