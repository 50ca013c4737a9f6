"""The environment that an attempt began with."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("workspaces") as table:
        table.add_column(sa.Column("environment", sa.String(), nullable=False, server_default=""))
    with op.batch_alter_table("workspaces") as table:
        table.alter_column("environment", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("workspaces") as table:
        table.drop_column("environment")
