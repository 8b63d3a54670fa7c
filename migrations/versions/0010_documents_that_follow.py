"""Documents that follow."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

BYTEWISE = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
POSITION = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table("document_versions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("stream", sa.Text(), nullable=True))
        batch_op.drop_constraint(batch_op.f("uq_document_versions_blob"), type_="unique")
        batch_op.create_index("ix_document_versions_blob", ["blob"], unique=False)


def downgrade() -> None:
    """Undo."""
    with op.batch_alter_table("document_versions", schema=None) as batch_op:
        batch_op.drop_index("ix_document_versions_blob")
        batch_op.create_unique_constraint(batch_op.f("uq_document_versions_blob"), ["blob"])
        batch_op.drop_column("stream")
