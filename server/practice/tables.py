"""Rows of the practice domain: how far a person is with an exercise."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, Column, ForeignKey
from sqlmodel import Field, SQLModel

from server.database.columns import Moment


class Progress(SQLModel, table=True):
    """The state of one exercise for one person, as the bank shows it: tried or solved."""

    __tablename__ = "progress"

    person_id: str = Field(sa_column=Column(ForeignKey("persons.id", ondelete="CASCADE"), primary_key=True))
    exercise_slug: str = Field(primary_key=True)
    state: str
    tried_at: datetime = Field(sa_column=Column(Moment, nullable=False))
    solved_at: datetime | None = Field(default=None, sa_column=Column(Moment, nullable=True))


class Attempt(SQLModel, table=True):
    """What a person used of an exercise's help."""

    __tablename__ = "attempts"

    workspace_id: str = Field(sa_column=Column(ForeignKey("workspaces.id", ondelete="CASCADE"), primary_key=True))
    hints_shown: int = 0
    gave_up_at: datetime | None = Field(default=None, sa_column=Column(Moment, nullable=True))
    solved_at: datetime | None = Field(default=None, sa_column=Column(Moment, nullable=True))


class SelfMark(SQLModel, table=True):
    """A person's own mark of a written answer, line by line of the rubric (1 to 5)."""

    __tablename__ = "self_marks"

    workspace_id: str = Field(sa_column=Column(ForeignKey("workspaces.id", ondelete="CASCADE"), primary_key=True))
    question: str = Field(primary_key=True)
    marks: dict[str, int] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    at: datetime = Field(sa_column=Column(Moment, nullable=False))
