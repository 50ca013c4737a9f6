"""Run by Alembic: applies migrations on the connection that server.database.migrate hands over."""

from typing import Any, Literal

from alembic import context
from sqlmodel import AutoString

from server.database.columns import Moment


def render_item(_kind: str, item: Any, _autogenerate: object) -> str | Literal[False]:
    """Our own column types by their plain names in new migrations."""
    if isinstance(item, AutoString):
        return "sa.String()"
    if isinstance(item, Moment):
        return "columns.Moment()"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=context.config.attributes["metadata"],
    transactional_ddl=True,
    render_item=render_item,
)
with context.begin_transaction():
    context.run_migrations()
