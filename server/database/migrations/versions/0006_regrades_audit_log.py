"""Regrades, and a log of who did what."""

import sqlalchemy as sa
from alembic import op

from server.database import columns

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

KEY = ("submission_id", "exercise_digest", "environment", "seed")
ONE_EACH = "uq_results_submission_id_exercise_digest_environment_seed"


def upgrade() -> None:
    op.create_table(
        "audit_log",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", columns.Moment(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_log")),
    )
    op.create_index(op.f("ix_audit_log_act"), "audit_log", ["act"], unique=False)
    op.create_index(op.f("ix_audit_log_subject"), "audit_log", ["subject"], unique=False)
    op.create_table(
        "regrades",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("exercise_slug", sa.String(), nullable=False),
        sa.Column("exercise_digest", sa.String(), nullable=False),
        sa.Column("environment", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("proposed_by", sa.String(), nullable=False),
        sa.Column("settled_by", sa.String(), nullable=False),
        sa.Column("created_at", columns.Moment(), nullable=False),
        sa.Column("settled_at", columns.Moment(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_regrades")),
    )
    op.create_index(op.f("ix_regrades_exercise_slug"), "regrades", ["exercise_slug"], unique=False)
    op.create_table(
        "regrade_rows",
        sa.Column("regrade_id", sa.String(), nullable=False),
        sa.Column("submission_id", sa.String(), nullable=False),
        sa.Column("result_id", sa.String(), nullable=False),
        sa.Column("grade", sa.JSON(), nullable=False),
        sa.Column("fault", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["regrade_id"], ["regrades.id"], name=op.f("fk_regrade_rows_regrade_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submissions.id"], name=op.f("fk_regrade_rows_submission_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("regrade_id", "submission_id", name=op.f("pk_regrade_rows")),
    )
    op.create_index(op.f("ix_regrade_rows_submission_id"), "regrade_rows", ["submission_id"], unique=False)
    with op.batch_alter_table("results") as results:
        results.add_column(sa.Column("regrade_id", sa.String(), server_default="", nullable=False))
        results.drop_constraint(ONE_EACH, type_="unique")
        results.create_unique_constraint("uq_results_once", [*KEY, "regrade_id"])


def downgrade() -> None:
    op.execute("DELETE FROM results WHERE regrade_id <> ''")
    with op.batch_alter_table("results") as results:
        results.drop_constraint("uq_results_once", type_="unique")
        results.create_unique_constraint(ONE_EACH, list(KEY))
        results.drop_column("regrade_id")
    op.drop_table("regrade_rows")
    op.drop_table("regrades")
    op.drop_table("audit_log")
