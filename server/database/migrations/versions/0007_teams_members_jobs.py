"""Teams, their members and invitations into them, and the jobs that they hire for."""

import sqlalchemy as sa
from alembic import op

from server.database import columns

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "teams",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("archetype", sa.String(), nullable=False),
        sa.Column("sliders", sa.JSON(), nullable=False),
        sa.Column("created_at", columns.Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_teams")),
    )
    op.create_table(
        "members",
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("joined_at", columns.Moment(), nullable=False),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_members_team_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_members_person_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("team_id", "person_id", name=op.f("pk_members")),
    )
    op.create_index(op.f("ix_members_person_id"), "members", ["person_id"], unique=False)
    op.create_table(
        "member_invites",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("invited_by", sa.String(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("created_at", columns.Moment(), nullable=False),
        sa.Column("expires_at", columns.Moment(), nullable=False),
        sa.Column("settled_at", columns.Moment(), nullable=True),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_member_invites_team_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["invited_by"], ["persons.id"], name=op.f("fk_member_invites_invited_by"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member_invites")),
    )
    for column in ("team_id", "invited_by", "token_hash"):
        op.create_index(op.f(f"ix_member_invites_{column}"), "member_invites", [column], unique=False)
    op.create_table(
        "hiring_jobs",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("advert", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("composed_of", sa.String(), nullable=False),
        sa.Column("musts", sa.JSON(), nullable=False),
        sa.Column("wishes", sa.JSON(), nullable=False),
        sa.Column("created_at", columns.Moment(), nullable=False),
        sa.Column("changed_at", columns.Moment(), nullable=False),
        sa.Column("closed_at", columns.Moment(), nullable=True),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_hiring_jobs_team_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hiring_jobs")),
    )
    op.create_index(op.f("ix_hiring_jobs_team_id"), "hiring_jobs", ["team_id"], unique=False)


def downgrade() -> None:
    for table in ("hiring_jobs", "member_invites", "members", "teams"):
        op.drop_table(table)
