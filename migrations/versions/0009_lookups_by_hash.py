"""Lookups by hash."""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

DIGESTS = ("nhs_number_index", "name_and_birth_index")
BY_HASH = (
    ("children", "id"),
    ("placements", "id"),
    ("notifications", "id"),
    ("ledger_entries", "id"),
    ("recipients", "notification_id"),
)
ROOMY = {"fillfactor": 40}


def upgrade() -> None:
    """Apply."""
    for digest in DIGESTS:
        op.drop_index(f"ix_children_{digest}_organisation_code", "children")
        op.create_index(f"ix_children_{digest}", "children", [digest], postgresql_using="hash", postgresql_with=ROOMY)
    if op.get_context().dialect.name == "postgresql":
        for table, column in BY_HASH:
            op.create_index(
                f"ix_{table}_{column}_hash", table, [column], postgresql_using="hash", postgresql_with=ROOMY
            )


def downgrade() -> None:
    """Undo."""
    if op.get_context().dialect.name == "postgresql":
        for table, column in BY_HASH:
            op.drop_index(f"ix_{table}_{column}_hash", table)
    for digest in DIGESTS:
        op.drop_index(f"ix_children_{digest}", "children")
        op.create_index(f"ix_children_{digest}_organisation_code", "children", [digest, "organisation_code"])
