"""Quarters as they were counted."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

BYTEWISE = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "oversight_quarters",
        sa.Column("id", BYTEWISE, nullable=False),
        sa.Column("counted_at", BYTEWISE, nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_oversight_quarters")),
    )


def downgrade() -> None:
    """Undo."""
    op.drop_table("oversight_quarters")
