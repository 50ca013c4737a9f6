"""Blueprints, candidates, sittings with their tasks and clocks, marks, decisions and reports."""

import sqlalchemy as sa
from alembic import op

from server.database import columns

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_blueprints()
    _create_candidates()
    _create_sittings()
    _create_marking()
    _create_decisions()


def _create_blueprints() -> None:
    op.create_table(
        "blueprints",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("job_id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("stated_minutes", sa.Integer(), nullable=False),
        sa.Column("ai_policy", sa.String(), nullable=False),
        sa.Column("answer_days", sa.Integer(), nullable=False),
        sa.Column("appeal_days", sa.Integer(), nullable=False),
        sa.Column("markers", sa.Integer(), nullable=False),
        sa.Column("hard_window", sa.Boolean(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("contact", sa.String(), nullable=False),
        sa.Column("tasks", sa.JSON(), nullable=False),
        sa.Column("created_by", sa.String(), nullable=False),
        sa.Column("created_at", columns.Moment(), nullable=False),
        sa.Column("changed_at", columns.Moment(), nullable=False),
        sa.Column("previewed_at", columns.Moment(), nullable=True),
        sa.Column("published_at", columns.Moment(), nullable=True),
        sa.ForeignKeyConstraint(["job_id"], ["hiring_jobs.id"], name=op.f("fk_blueprints_job_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_blueprints_team_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_blueprints")),
        sa.UniqueConstraint("job_id", "version", name=op.f("uq_blueprints_job_id_version")),
    )
    op.create_index(op.f("ix_blueprints_job_id"), "blueprints", ["job_id"], unique=False)
    op.create_index(op.f("ix_blueprints_team_id"), "blueprints", ["team_id"], unique=False)
    op.create_table(
        "blueprint_needs",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("blueprint_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("floor", sa.Boolean(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("topics", sa.JSON(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("share", sa.Float(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("must", sa.String(), nullable=False),
        sa.Column("written_at", columns.Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["blueprint_id"], ["blueprints.id"], name=op.f("fk_blueprint_needs_blueprint_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_blueprint_needs")),
    )
    op.create_index(op.f("ix_blueprint_needs_blueprint_id"), "blueprint_needs", ["blueprint_id"], unique=False)


def _create_candidates() -> None:
    op.create_table(
        "candidates",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("job_id", sa.String(), nullable=False),
        sa.Column("blueprint_id", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("preview", sa.Boolean(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=True),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("opens_at", columns.Moment(), nullable=False),
        sa.Column("closes_at", columns.Moment(), nullable=False),
        sa.Column("extra_percent", sa.Integer(), nullable=False),
        sa.Column("adjustment", sa.Text(), nullable=False),
        sa.Column("adjustment_answer", sa.Text(), nullable=False),
        sa.Column("invited_by", sa.String(), nullable=False),
        sa.Column("created_at", columns.Moment(), nullable=False),
        sa.Column("sent_at", columns.Moment(), nullable=True),
        sa.Column("opened_at", columns.Moment(), nullable=True),
        sa.Column("bounced_at", columns.Moment(), nullable=True),
        sa.Column("bounce", sa.String(), nullable=False),
        sa.Column("declined_at", columns.Moment(), nullable=True),
        sa.Column("withdrawn_at", columns.Moment(), nullable=True),
        sa.ForeignKeyConstraint(["blueprint_id"], ["blueprints.id"], name=op.f("fk_candidates_blueprint_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["job_id"], ["hiring_jobs.id"], name=op.f("fk_candidates_job_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_candidates_person_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_candidates_team_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_candidates")),
        sa.UniqueConstraint("job_id", "code", name=op.f("uq_candidates_job_id_code")),
    )
    op.create_index(op.f("ix_candidates_blueprint_id"), "candidates", ["blueprint_id"], unique=False)
    op.create_index(op.f("ix_candidates_email"), "candidates", ["email"], unique=False)
    op.create_index(op.f("ix_candidates_job_id"), "candidates", ["job_id"], unique=False)
    op.create_index(op.f("ix_candidates_person_id"), "candidates", ["person_id"], unique=False)
    op.create_index(op.f("ix_candidates_team_id"), "candidates", ["team_id"], unique=False)
    op.create_index(op.f("ix_candidates_token_hash"), "candidates", ["token_hash"], unique=False)


def _create_sittings() -> None:
    op.create_table(
        "sittings",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("candidate_id", sa.String(), nullable=False),
        sa.Column("stated_minutes", sa.Integer(), nullable=False),
        sa.Column("started_at", columns.Moment(), nullable=False),
        sa.Column("granted_minutes", sa.Integer(), nullable=False),
        sa.Column("reopened_until", columns.Moment(), nullable=True),
        sa.Column("handed_in_at", columns.Moment(), nullable=True),
        sa.Column("handed_in_by", sa.String(), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("disclosure", sa.Text(), nullable=False),
        sa.Column("disclosed_at", columns.Moment(), nullable=True),
        sa.Column("survey", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["candidate_id"], ["candidates.id"], name=op.f("fk_sittings_candidate_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_sittings_team_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sittings")),
        sa.UniqueConstraint("candidate_id", name=op.f("uq_sittings_candidate_id")),
    )
    op.create_index(op.f("ix_sittings_handed_in_at"), "sittings", ["handed_in_at"], unique=False)
    op.create_index(op.f("ix_sittings_team_id"), "sittings", ["team_id"], unique=False)
    op.create_table(
        "sitting_tasks",
        sa.Column("sitting_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("exercise_slug", sa.String(), nullable=False),
        sa.Column("exercise_digest", sa.String(), nullable=False),
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("submission_id", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["sitting_id"], ["sittings.id"], name=op.f("fk_sitting_tasks_sitting_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submissions.id"], name=op.f("fk_sitting_tasks_submission_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name=op.f("fk_sitting_tasks_workspace_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("sitting_id", "position", name=op.f("pk_sitting_tasks")),
        sa.UniqueConstraint("workspace_id", name=op.f("uq_sitting_tasks_workspace_id")),
    )
    op.create_index(op.f("ix_sitting_tasks_submission_id"), "sitting_tasks", ["submission_id"], unique=False)
    op.create_table(
        "sitting_pauses",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("sitting_id", sa.String(), nullable=False),
        sa.Column("since", columns.Moment(), nullable=False),
        sa.Column("until", columns.Moment(), nullable=True),
        sa.ForeignKeyConstraint(["sitting_id"], ["sittings.id"], name=op.f("fk_sitting_pauses_sitting_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sitting_pauses")),
    )
    op.create_index(op.f("ix_sitting_pauses_sitting_id"), "sitting_pauses", ["sitting_id"], unique=False)
    op.create_table(
        "outages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("since", columns.Moment(), nullable=False),
        sa.Column("until", columns.Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outages")),
        sa.UniqueConstraint("since", name=op.f("uq_outages_since")),
    )
    op.create_table(
        "beats",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", columns.Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_beats")),
    )
    op.create_table(
        "problem_reports",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("sitting_id", sa.String(), nullable=False),
        sa.Column("exercise_slug", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", columns.Moment(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_at", columns.Moment(), nullable=True),
        sa.ForeignKeyConstraint(["sitting_id"], ["sittings.id"], name=op.f("fk_problem_reports_sitting_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_problem_reports")),
    )
    op.create_index(op.f("ix_problem_reports_sitting_id"), "problem_reports", ["sitting_id"], unique=False)


def _create_marking() -> None:
    op.create_table(
        "markings",
        sa.Column("sitting_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("begun_at", columns.Moment(), nullable=False),
        sa.Column("done_at", columns.Moment(), nullable=True),
        sa.ForeignKeyConstraint(["sitting_id"], ["sittings.id"], name=op.f("fk_markings_sitting_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("sitting_id", "person_id", name=op.f("pk_markings")),
    )
    op.create_table(
        "marks",
        sa.Column("sitting_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("exercise_slug", sa.String(), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("line", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("at", columns.Moment(), nullable=False),
        sa.ForeignKeyConstraint(["sitting_id"], ["sittings.id"], name=op.f("fk_marks_sitting_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("sitting_id", "person_id", "exercise_slug", "question", "line", name=op.f("pk_marks")),
    )
    op.create_table(
        "agreements",
        sa.Column("sitting_id", sa.String(), nullable=False),
        sa.Column("exercise_slug", sa.String(), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("line", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", columns.Moment(), nullable=False),
        sa.ForeignKeyConstraint(["sitting_id"], ["sittings.id"], name=op.f("fk_agreements_sitting_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("sitting_id", "exercise_slug", "question", "line", name=op.f("pk_agreements")),
    )
    op.create_table(
        "unblindings",
        sa.Column("sitting_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", columns.Moment(), nullable=False),
        sa.ForeignKeyConstraint(["sitting_id"], ["sittings.id"], name=op.f("fk_unblindings_sitting_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("sitting_id", "person_id", name=op.f("pk_unblindings")),
    )


def _create_decisions() -> None:
    op.create_table(
        "decisions",
        sa.Column("sitting_id", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("feedback", sa.Text(), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", columns.Moment(), nullable=False),
        sa.ForeignKeyConstraint(["sitting_id"], ["sittings.id"], name=op.f("fk_decisions_sitting_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("sitting_id", name=op.f("pk_decisions")),
    )
    op.create_table(
        "candidate_reports",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("sitting_id", sa.String(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("signature", sa.String(), nullable=False),
        sa.Column("issued_at", columns.Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["sitting_id"], ["sittings.id"], name=op.f("fk_candidate_reports_sitting_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_candidate_reports")),
    )
    op.create_index(op.f("ix_candidate_reports_sitting_id"), "candidate_reports", ["sitting_id"], unique=False)
    op.create_table(
        "appeals",
        sa.Column("sitting_id", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", columns.Moment(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_by", sa.String(), nullable=False),
        sa.Column("answered_at", columns.Moment(), nullable=True),
        sa.ForeignKeyConstraint(["sitting_id"], ["sittings.id"], name=op.f("fk_appeals_sitting_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("sitting_id", name=op.f("pk_appeals")),
    )
    op.create_table(
        "quarantines",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("exercise_slug", sa.String(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", columns.Moment(), nullable=False),
        sa.Column("lifted_at", columns.Moment(), nullable=True),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_quarantines_team_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quarantines")),
    )
    op.create_index(op.f("ix_quarantines_team_id"), "quarantines", ["team_id"], unique=False)
    op.add_column("teams", sa.Column("retention_days", sa.Integer(), server_default="180", nullable=False))


def downgrade() -> None:
    for table in (
        "quarantines",
        "appeals",
        "candidate_reports",
        "decisions",
        "unblindings",
        "agreements",
        "marks",
        "markings",
        "problem_reports",
        "beats",
        "outages",
        "sitting_pauses",
        "sitting_tasks",
        "sittings",
        "candidates",
        "blueprint_needs",
        "blueprints",
    ):
        op.drop_table(table)
    op.drop_column("teams", "retention_days")
