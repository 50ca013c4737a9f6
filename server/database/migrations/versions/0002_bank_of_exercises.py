"""The bank of exercises."""

import sqlalchemy as sa
from alembic import op

from server.database import columns

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "exercise_versions",
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("notebook", sa.LargeBinary(), nullable=False),
        sa.Column("public_files", sa.JSON(), nullable=False),
        sa.Column("private_files", sa.JSON(), nullable=False),
        sa.Column("created_at", columns.Moment(), nullable=False),
        sa.PrimaryKeyConstraint("slug", "digest", name=op.f("pk_exercise_versions")),
    )
    op.create_table(
        "exercises",
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("form", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("summary", sa.String(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("topics", sa.JSON(), nullable=False),
        sa.Column("roles", sa.JSON(), nullable=False),
        sa.Column("needs", sa.JSON(), nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("points", sa.Float(), nullable=False),
        sa.Column("checks_visible", sa.Integer(), nullable=False),
        sa.Column("checks_hidden", sa.Integer(), nullable=False),
        sa.Column("questions", sa.Integer(), nullable=False),
        sa.Column("published_at", columns.Moment(), nullable=False),
        sa.Column("retired_at", columns.Moment(), nullable=True),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_exercises")),
    )
    op.create_index("ix_exercises_kind", "exercises", ["retired_at", "kind", "level", "minutes", "slug"], unique=False)
    op.create_index("ix_exercises_order", "exercises", ["retired_at", "level", "minutes", "title", "slug"], unique=False)
    op.create_table(
        "exercise_roles",
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["slug"], ["exercises.slug"], name=op.f("fk_exercise_roles_slug"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("role", "slug", name=op.f("pk_exercise_roles")),
    )
    op.create_index(op.f("ix_exercise_roles_slug"), "exercise_roles", ["slug"], unique=False)
    op.create_table(
        "exercise_topics",
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["slug"], ["exercises.slug"], name=op.f("fk_exercise_topics_slug"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("topic", "slug", name=op.f("pk_exercise_topics")),
    )
    op.create_index(op.f("ix_exercise_topics_slug"), "exercise_topics", ["slug"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_exercise_topics_slug"), table_name="exercise_topics")
    op.drop_table("exercise_topics")
    op.drop_index(op.f("ix_exercise_roles_slug"), table_name="exercise_roles")
    op.drop_table("exercise_roles")
    op.drop_index("ix_exercises_order", table_name="exercises")
    op.drop_index("ix_exercises_kind", table_name="exercises")
    op.drop_table("exercises")
    op.drop_table("exercise_versions")
