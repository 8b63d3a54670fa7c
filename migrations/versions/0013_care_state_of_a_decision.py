"""Care state of a decision."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

BYTEWISE = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
POSITION = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table("child_proposals", schema=None) as batch_op:
        batch_op.add_column(sa.Column("care_state", BYTEWISE, nullable=True))


def downgrade() -> None:
    """Undo."""
    with op.batch_alter_table("child_proposals", schema=None) as batch_op:
        batch_op.drop_column("care_state")
