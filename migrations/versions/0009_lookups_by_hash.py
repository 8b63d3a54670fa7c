"""Lookups by hash."""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

DIGESTS = ("nhs_number_index", "name_and_birth_index")
BY_ID = ("children", "placements", "notifications", "ledger_entries")
ROOMY = {"fillfactor": 40}


def upgrade() -> None:
    """Apply."""
    for digest in DIGESTS:
        op.drop_index(f"ix_children_{digest}_organisation_code", "children")
        op.create_index(f"ix_children_{digest}", "children", [digest], postgresql_using="hash", postgresql_with=ROOMY)
    if op.get_context().dialect.name == "postgresql":
        for table in BY_ID:
            op.create_index(f"ix_{table}_id_hash", table, ["id"], postgresql_using="hash", postgresql_with=ROOMY)


def downgrade() -> None:
    """Undo."""
    if op.get_context().dialect.name == "postgresql":
        for table in BY_ID:
            op.drop_index(f"ix_{table}_id_hash", table)
    for digest in DIGESTS:
        op.drop_index(f"ix_children_{digest}", "children")
        op.create_index(f"ix_children_{digest}_organisation_code", "children", [digest, "organisation_code"])
