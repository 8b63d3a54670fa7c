"""Refused transfers stay open."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

INDEX, COLUMNS = "ix_passport_transfers_open", ["child_id", "to_organisation_code", "id"]


def upgrade() -> None:
    """Apply."""
    _indexed_where("state IN ('offered', 'queried', 'declined')")


def downgrade() -> None:
    """Undo."""
    _indexed_where("state IN ('offered', 'queried')")


def _indexed_where(states: str) -> None:
    with op.batch_alter_table("passport_transfers", schema=None) as batch_op:
        batch_op.drop_index(INDEX)
        batch_op.create_index(
            INDEX, COLUMNS, unique=False, postgresql_where=sa.text(states), sqlite_where=sa.text(states)
        )
