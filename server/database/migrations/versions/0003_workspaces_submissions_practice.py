"""Workspaces, submissions and practice."""

import sqlalchemy as sa
from alembic import op

from server.database import columns

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "progress",
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("exercise_slug", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("tried_at", columns.Moment(), nullable=False),
        sa.Column("solved_at", columns.Moment(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_progress_person_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("person_id", "exercise_slug", name=op.f("pk_progress")),
    )
    op.create_table(
        "workspaces",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("exercise_slug", sa.String(), nullable=False),
        sa.Column("exercise_digest", sa.String(), nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_at", columns.Moment(), nullable=False),
        sa.Column("updated_at", columns.Moment(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_workspaces_person_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workspaces")),
        sa.UniqueConstraint("person_id", "exercise_slug", name=op.f("uq_workspaces_person_id_exercise_slug")),
    )
    op.create_index(op.f("ix_workspaces_exercise_slug"), "workspaces", ["exercise_slug"], unique=False)
    op.create_index(op.f("ix_workspaces_person_id"), "workspaces", ["person_id"], unique=False)
    op.create_table(
        "attempts",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("hints_shown", sa.Integer(), nullable=False),
        sa.Column("gave_up_at", columns.Moment(), nullable=True),
        sa.Column("solved_at", columns.Moment(), nullable=True),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_attempts_workspace_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("workspace_id", name=op.f("pk_attempts")),
    )
    op.create_table(
        "self_marks",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("marks", sa.JSON(), nullable=False),
        sa.Column("at", columns.Moment(), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_self_marks_workspace_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("workspace_id", "question", name=op.f("pk_self_marks")),
    )
    op.create_table(
        "submissions",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("request", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("exercise_slug", sa.String(), nullable=False),
        sa.Column("exercise_digest", sa.String(), nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.Column("notebook", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("job_id", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("created_at", columns.Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name=op.f("fk_submissions_workspace_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submissions")),
        sa.UniqueConstraint("workspace_id", "request", name=op.f("uq_submissions_workspace_id_request")),
    )
    op.create_index(op.f("ix_submissions_workspace_id"), "submissions", ["workspace_id"], unique=False)
    op.create_table(
        "workspace_cells",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("position", sa.Float(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("starter", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("outputs", sa.JSON(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=True),
        sa.Column("updated_at", columns.Moment(), nullable=False),
        sa.Column("removed_at", columns.Moment(), nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name=op.f("fk_workspace_cells_workspace_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_workspace_cells")),
    )
    op.create_index("ix_workspace_cells_order", "workspace_cells", ["workspace_id", "position"], unique=False)
    op.create_table(
        "workspace_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("cell_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("at", columns.Moment(), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name=op.f("fk_workspace_events_workspace_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workspace_events")),
    )
    op.create_index("ix_workspace_events_order", "workspace_events", ["workspace_id", "id"], unique=False)
    op.create_table(
        "results",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("submission_id", sa.String(), nullable=False),
        sa.Column("exercise_digest", sa.String(), nullable=False),
        sa.Column("environment", sa.String(), nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("points", sa.Float(), nullable=False),
        sa.Column("possible", sa.Float(), nullable=False),
        sa.Column("solved", sa.Boolean(), nullable=False),
        sa.Column("outcomes", sa.JSON(), nullable=False),
        sa.Column("repairs", sa.JSON(), nullable=False),
        sa.Column("cells", sa.JSON(), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("created_at", columns.Moment(), nullable=False),
        sa.ForeignKeyConstraint(["submission_id"], ["submissions.id"], name=op.f("fk_results_submission_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_results")),
        sa.UniqueConstraint(
            "submission_id",
            "exercise_digest",
            "environment",
            "seed",
            name=op.f("uq_results_submission_id_exercise_digest_environment_seed"),
        ),
    )
    op.create_index(op.f("ix_results_submission_id"), "results", ["submission_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_results_submission_id"), table_name="results")
    op.drop_table("results")
    op.drop_index("ix_workspace_events_order", table_name="workspace_events")
    op.drop_table("workspace_events")
    op.drop_index("ix_workspace_cells_order", table_name="workspace_cells")
    op.drop_table("workspace_cells")
    op.drop_index(op.f("ix_submissions_workspace_id"), table_name="submissions")
    op.drop_table("submissions")
    op.drop_table("self_marks")
    op.drop_table("attempts")
    op.drop_index(op.f("ix_workspaces_person_id"), table_name="workspaces")
    op.drop_index(op.f("ix_workspaces_exercise_slug"), table_name="workspaces")
    op.drop_table("workspaces")
    op.drop_table("progress")
