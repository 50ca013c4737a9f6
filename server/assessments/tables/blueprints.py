"""Rows of a job and the versions of its blueprint."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, Column, ForeignKey, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from server.database.columns import Moment
from server.database.ids import new_id


class HiringJob(SQLModel, table=True):
    """A job that a team hires for. `musts` and `wishes` are names of skills, read from the advert and corrected by the team."""

    __tablename__ = "hiring_jobs"

    id: str = Field(default_factory=new_id, primary_key=True)
    team_id: str = Field(sa_column=Column(ForeignKey("teams.id", ondelete="CASCADE"), nullable=False, index=True))
    title: str
    advert: str
    role: str  # of the six templates
    composed_of: str = ""  # what a blanket title stands for
    musts: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    wishes: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    created_at: datetime = Field(sa_column=Column(Moment, nullable=False))
    changed_at: datetime = Field(sa_column=Column(Moment, nullable=False))
    closed_at: datetime | None = Field(default=None, sa_column=Column(Moment, nullable=True))


class BlueprintRow(SQLModel, table=True):
    """One version of what a job needs and the exercises that show it. Once it is published, only its state changes."""

    __tablename__ = "blueprints"
    __table_args__ = (UniqueConstraint("job_id", "version"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    team_id: str = Field(sa_column=Column(ForeignKey("teams.id", ondelete="CASCADE"), nullable=False, index=True))
    job_id: str = Field(sa_column=Column(ForeignKey("hiring_jobs.id", ondelete="CASCADE"), nullable=False, index=True))
    version: int  # of its job, from 1
    state: str = "draft"  # draft, published, replaced
    stated_minutes: int
    ai_policy: str = "disclosed"  # forbidden, disclosed, verified, required
    answer_days: int = 7  # until when the team answers
    appeal_days: int = 14
    markers: int = 2  # people who mark each sitting
    hard_window: bool = False  # the end of the window ends what runs, too
    about: str = Field(default="", sa_column=Column(Text, nullable=False))  # the team and the work, for candidates
    contact: str = ""  # whom candidates can ask
    tasks: list[dict[str, str]] = Field(
        default_factory=list, sa_column=Column(JSON, nullable=False)
    )  # slug, and digest when frozen
    created_by: str
    created_at: datetime = Field(sa_column=Column(Moment, nullable=False))
    changed_at: datetime = Field(sa_column=Column(Moment, nullable=False))
    previewed_at: datetime | None = Field(default=None, sa_column=Column(Moment, nullable=True))
    published_at: datetime | None = Field(default=None, sa_column=Column(Moment, nullable=True))


class NeedRow(SQLModel, table=True):
    """A hypothesis of strength, or a floor. `written_at` is when it got its present wording; a new version keeps it."""

    __tablename__ = "blueprint_needs"

    id: str = Field(default_factory=new_id, primary_key=True)
    blueprint_id: str = Field(sa_column=Column(ForeignKey("blueprints.id", ondelete="CASCADE"), nullable=False, index=True))
    position: int
    floor: bool
    kind: str
    topics: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    minutes: int
    level: int
    share: float  # of the points, 0 to 1
    words: str = ""  # what would convince, or what the level looks like
    must: str = ""  # the must-have of the advert that a floor is needed for
    written_at: datetime = Field(sa_column=Column(Moment, nullable=False))
