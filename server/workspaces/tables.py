"""Rows of the workspaces domain: the copy, its cells, and every edit, run and output ever made in it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, Column, ForeignKey, Index, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from server.database.columns import Moment
from server.database.ids import new_id


class Workspace(SQLModel, table=True):
    """One person's working copy of one exercise. Pins the exercise's version and the seed of its numbers."""

    __tablename__ = "workspaces"
    __table_args__ = (UniqueConstraint("person_id", "exercise_slug"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    person_id: str = Field(sa_column=Column(ForeignKey("persons.id", ondelete="CASCADE"), nullable=False, index=True))
    exercise_slug: str = Field(index=True)
    exercise_digest: str
    environment: str = ""  # digest of what its code ran with at the start
    seed: int
    values: dict[str, object] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    revision: int = 1
    created_at: datetime = Field(sa_column=Column(Moment, nullable=False))
    updated_at: datetime = Field(sa_column=Column(Moment, nullable=False))


class WorkspaceCell(SQLModel, table=True):
    """One cell of a workspace. `version` counts its texts; a save names the version that it was based on."""

    __tablename__ = "workspace_cells"
    __table_args__ = (Index("ix_workspace_cells_order", "workspace_id", "position"),)

    workspace_id: str = Field(sa_column=Column(ForeignKey("workspaces.id", ondelete="CASCADE"), primary_key=True))
    id: str = Field(primary_key=True)
    position: float
    type: str
    role: str
    name: str = ""
    source: str = Field(default="", sa_column=Column(Text, nullable=False))
    starter: str = Field(default="", sa_column=Column(Text, nullable=False))
    version: int = 1
    outputs: list[dict[str, object]] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    count: int | None = None
    updated_at: datetime = Field(sa_column=Column(Moment, nullable=False))
    removed_at: datetime | None = Field(default=None, sa_column=Column(Moment, nullable=True))


class WorkspaceEvent(SQLModel, table=True):
    """Something that happened in a workspace, in order: nothing that a person wrote is ever only overwritten."""

    __tablename__ = "workspace_events"
    __table_args__ = (Index("ix_workspace_events_order", "workspace_id", "id"),)

    id: int | None = Field(default=None, primary_key=True)
    workspace_id: str = Field(sa_column=Column(ForeignKey("workspaces.id", ondelete="CASCADE"), nullable=False))
    cell_id: str = ""
    kind: str
    at: datetime = Field(sa_column=Column(Moment, nullable=False))
    payload: dict[str, object] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
