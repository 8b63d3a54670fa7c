"""The state of care a decision was taken in, and until when a passport offered by name is read."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

BYTEWISE = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table("child_proposals", schema=None) as batch_op:
        batch_op.add_column(sa.Column("care_state", BYTEWISE, nullable=True))
    with op.batch_alter_table("passport_transfers", schema=None) as batch_op:
        batch_op.add_column(sa.Column("reads_until", BYTEWISE, nullable=True))
    # What is open by name was read until its answer was due; the next question does not lengthen that any more.
    op.execute("UPDATE passport_transfers SET reads_until = due_at WHERE settled = 0 AND opened_by <> 'move'")


def downgrade() -> None:
    """Undo."""
    with op.batch_alter_table("passport_transfers", schema=None) as batch_op:
        batch_op.drop_column("reads_until")
    with op.batch_alter_table("child_proposals", schema=None) as batch_op:
        batch_op.drop_column("care_state")
