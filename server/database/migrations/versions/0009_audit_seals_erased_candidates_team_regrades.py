"""A chain of seals over the log; candidates that were erased; regrades of a team."""

import sqlalchemy as sa
from alembic import op

from server.database import columns

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit_seals",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("row_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("link", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_audit_seals")),
    )
    op.create_index(op.f("ix_audit_seals_row_id"), "audit_seals", ["row_id"], unique=False)
    op.add_column("candidates", sa.Column("kept_days", sa.Integer(), nullable=True))
    op.add_column("candidates", sa.Column("erased_at", columns.Moment(), nullable=True))
    op.add_column("candidates", sa.Column("reached", sa.String(), server_default="", nullable=False))
    op.create_table(
        "team_regrades",
        sa.Column("regrade_id", sa.String(), nullable=False),
        sa.Column("team_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["regrade_id"], ["regrades.id"], name=op.f("fk_team_regrades_regrade_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_team_regrades_team_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("regrade_id", name=op.f("pk_team_regrades")),
    )
    op.create_index(op.f("ix_team_regrades_team_id"), "team_regrades", ["team_id"], unique=False)


def downgrade() -> None:
    op.drop_table("team_regrades")
    op.drop_column("candidates", "reached")
    op.drop_column("candidates", "erased_at")
    op.drop_column("candidates", "kept_days")
    op.drop_table("audit_seals")
