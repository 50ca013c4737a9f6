"""Rows of take-homes being sat, and of this site's own silences."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, Column, ForeignKey, Text
from sqlmodel import Field, SQLModel

from server.database.columns import Moment
from server.database.ids import new_id

BY_CANDIDATE, BY_TIME = "candidate", "time"  # who hands a sitting in


class Sitting(SQLModel, table=True):
    """One timed take-home being sat. Its candidate's terms and its own course decide its phase: see sittings/deadline.py."""

    __tablename__ = "sittings"

    id: str = Field(default_factory=new_id, primary_key=True)
    team_id: str = Field(sa_column=Column(ForeignKey("teams.id", ondelete="CASCADE"), nullable=False, index=True))
    candidate_id: str = Field(sa_column=Column(ForeignKey("candidates.id", ondelete="CASCADE"), nullable=False, unique=True))
    stated_minutes: int  # as promised; a later change of the blueprint changes nothing here
    started_at: datetime = Field(sa_column=Column(Moment, nullable=False))
    granted_minutes: int = 0
    reopened_until: datetime | None = Field(default=None, sa_column=Column(Moment, nullable=True))
    handed_in_at: datetime | None = Field(default=None, sa_column=Column(Moment, nullable=True, index=True))
    handed_in_by: str = ""  # candidate, or time
    fingerprint: str = ""  # sha256 over the fingerprints of its notebooks
    disclosure: str = Field(default="", sa_column=Column(Text, nullable=False))
    disclosed_at: datetime | None = Field(default=None, sa_column=Column(Moment, nullable=True))
    survey: dict[str, str] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))


class SittingTask(SQLModel, table=True):
    """One exercise of a sitting."""

    __tablename__ = "sitting_tasks"

    sitting_id: str = Field(sa_column=Column(ForeignKey("sittings.id", ondelete="CASCADE"), primary_key=True))
    position: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})  # from 1
    exercise_slug: str
    exercise_digest: str
    workspace_id: str = Field(sa_column=Column(ForeignKey("workspaces.id", ondelete="CASCADE"), nullable=False, unique=True))
    submission_id: str | None = Field(
        default=None, sa_column=Column(ForeignKey("submissions.id", ondelete="SET NULL"), nullable=True, index=True)
    )


class SittingPause(SQLModel, table=True):
    """A time in which a sitting's clock stands still, given by a person of the team."""

    __tablename__ = "sitting_pauses"

    id: str = Field(default_factory=new_id, primary_key=True)
    sitting_id: str = Field(sa_column=Column(ForeignKey("sittings.id", ondelete="CASCADE"), nullable=False, index=True))
    since: datetime = Field(sa_column=Column(Moment, nullable=False))
    until: datetime | None = Field(default=None, sa_column=Column(Moment, nullable=True))


class Outage(SQLModel, table=True):
    """A time in which this site was down, known from its own beats. The clocks of all sittings stood still in it."""

    __tablename__ = "outages"

    id: int | None = Field(default=None, primary_key=True)
    since: datetime = Field(sa_column=Column(Moment, nullable=False, unique=True))
    until: datetime = Field(sa_column=Column(Moment, nullable=False))


class Beat(SQLModel, table=True):
    """The last sign of life of this site: one row."""

    __tablename__ = "beats"

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    at: datetime = Field(sa_column=Column(Moment, nullable=False))


class ProblemReport(SQLModel, table=True):
    """A candidate says that something is wrong with a task."""

    __tablename__ = "problem_reports"

    id: str = Field(default_factory=new_id, primary_key=True)
    sitting_id: str = Field(sa_column=Column(ForeignKey("sittings.id", ondelete="CASCADE"), nullable=False, index=True))
    exercise_slug: str
    text: str = Field(sa_column=Column(Text, nullable=False))
    at: datetime = Field(sa_column=Column(Moment, nullable=False))
    answer: str = Field(default="", sa_column=Column(Text, nullable=False))
    answered_at: datetime | None = Field(default=None, sa_column=Column(Moment, nullable=True))
