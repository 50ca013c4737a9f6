"""Rows of what a team does about a broken exercise."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, ForeignKey, Text
from sqlmodel import Field, SQLModel

from server.database.columns import Moment
from server.database.ids import new_id


class Quarantine(SQLModel, table=True):
    """An exercise that a team takes out of use: its points count for nobody until it is lifted."""

    __tablename__ = "quarantines"

    id: str = Field(default_factory=new_id, primary_key=True)
    team_id: str = Field(sa_column=Column(ForeignKey("teams.id", ondelete="CASCADE"), nullable=False, index=True))
    exercise_slug: str
    reason: str = Field(sa_column=Column(Text, nullable=False))
    by: str
    at: datetime = Field(sa_column=Column(Moment, nullable=False))
    lifted_at: datetime | None = Field(default=None, sa_column=Column(Moment, nullable=True))


class TeamRegrade(SQLModel, table=True):
    """A regrade of one team's take-homes, proposed on its page of incidents: other teams do not find it."""

    __tablename__ = "team_regrades"

    regrade_id: str = Field(sa_column=Column(ForeignKey("regrades.id", ondelete="CASCADE"), primary_key=True))
    team_id: str = Field(sa_column=Column(ForeignKey("teams.id", ondelete="CASCADE"), nullable=False, index=True))
