"""Rows of marks by people, and of names that were shown to them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, ForeignKey, Text
from sqlmodel import Field, SQLModel

from server.database.columns import Moment


class Marking(SQLModel, table=True):
    """One member's marking of one sitting. `done_at`: its marks stand, and the disclosure may be read."""

    __tablename__ = "markings"

    sitting_id: str = Field(sa_column=Column(ForeignKey("sittings.id", ondelete="CASCADE"), primary_key=True))
    person_id: str = Field(primary_key=True)
    notes: str = Field(default="", sa_column=Column(Text, nullable=False))
    begun_at: datetime = Field(sa_column=Column(Moment, nullable=False))
    done_at: datetime | None = Field(default=None, sa_column=Column(Moment, nullable=True))


class Mark(SQLModel, table=True):
    """A level for one line of a rubric: 1 to 5, or 0 for "cannot judge"."""

    __tablename__ = "marks"

    sitting_id: str = Field(sa_column=Column(ForeignKey("sittings.id", ondelete="CASCADE"), primary_key=True))
    person_id: str = Field(primary_key=True)
    exercise_slug: str = Field(primary_key=True)
    question: str = Field(primary_key=True)
    line: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    level: int
    evidence: str = Field(default="", sa_column=Column(Text, nullable=False))
    at: datetime = Field(sa_column=Column(Moment, nullable=False))


class Agreement(SQLModel, table=True):
    """The level that counts for a line where two markers differed by more than one."""

    __tablename__ = "agreements"

    sitting_id: str = Field(sa_column=Column(ForeignKey("sittings.id", ondelete="CASCADE"), primary_key=True))
    exercise_slug: str = Field(primary_key=True)
    question: str = Field(primary_key=True)
    line: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    level: int
    reason: str = Field(sa_column=Column(Text, nullable=False))
    by: str
    at: datetime = Field(sa_column=Column(Moment, nullable=False))


class Unblinding(SQLModel, table=True):
    """A member was shown who a candidate is, before a decision. The log has the same act."""

    __tablename__ = "unblindings"

    sitting_id: str = Field(sa_column=Column(ForeignKey("sittings.id", ondelete="CASCADE"), primary_key=True))
    person_id: str = Field(primary_key=True)
    reason: str = Field(sa_column=Column(Text, nullable=False))
    at: datetime = Field(sa_column=Column(Moment, nullable=False))
