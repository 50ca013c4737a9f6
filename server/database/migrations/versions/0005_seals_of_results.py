"""A chain of seals over all results."""

import sqlalchemy as sa
from alembic import op

from server.database import columns

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "result_seals",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("result_id", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("link", sa.String(), nullable=False),
        sa.Column("created_at", columns.Moment(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_result_seals")),
        sa.UniqueConstraint("result_id", name=op.f("uq_result_seals_result_id")),
    )


def downgrade() -> None:
    op.drop_table("result_seals")
