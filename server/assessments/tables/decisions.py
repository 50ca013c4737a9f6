"""Rows of what a team decided, of the report, and of the second look."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, ForeignKey, Text
from sqlmodel import Field, SQLModel

from server.database.columns import Moment
from server.database.ids import new_id


class Decision(SQLModel, table=True):
    """What the team decided, with the evidence as it stood."""

    __tablename__ = "decisions"

    sitting_id: str = Field(sa_column=Column(ForeignKey("sittings.id", ondelete="CASCADE"), primary_key=True))
    outcome: str  # go-on, decline, hold
    notes: str = Field(default="", sa_column=Column(Text, nullable=False))  # for the team
    feedback: str = Field(default="", sa_column=Column(Text, nullable=False))  # for the candidate
    evidence: list[dict[str, Any]] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    by: str
    at: datetime = Field(sa_column=Column(Moment, nullable=False))


class CandidateReport(SQLModel, table=True):
    """The signed report that belongs to the candidate. The newest of a sitting counts; earlier ones are kept."""

    __tablename__ = "candidate_reports"

    id: str = Field(default_factory=new_id, primary_key=True)
    sitting_id: str = Field(sa_column=Column(ForeignKey("sittings.id", ondelete="CASCADE"), nullable=False, index=True))
    document: str = Field(sa_column=Column(Text, nullable=False))  # the signed bytes, as JSON text
    signature: str
    issued_at: datetime = Field(sa_column=Column(Moment, nullable=False))


class Appeal(SQLModel, table=True):
    """A candidate asks for a second look."""

    __tablename__ = "appeals"

    sitting_id: str = Field(sa_column=Column(ForeignKey("sittings.id", ondelete="CASCADE"), primary_key=True))
    text: str = Field(sa_column=Column(Text, nullable=False))
    at: datetime = Field(sa_column=Column(Moment, nullable=False))
    answer: str = Field(default="", sa_column=Column(Text, nullable=False))
    answered_by: str = ""
    answered_at: datetime | None = Field(default=None, sa_column=Column(Moment, nullable=True))
