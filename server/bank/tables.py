"""Rows of the bank: an index of the exercises on disk, and every version that was ever published here."""

from datetime import datetime

from sqlalchemy import JSON, Column, Index, LargeBinary, Text
from sqlmodel import Field, SQLModel

from server.database.columns import Moment


class Exercise(SQLModel, table=True):
    """The newest version of one exercise, as lists and search need it. Retired when its file is gone."""

    __tablename__ = "exercises"
    __table_args__ = (
        Index("ix_exercises_kind", "retired_at", "kind", "level", "minutes", "slug"),  # counts are read from it alone
        Index("ix_exercises_order", "retired_at", "level", "minutes", "title", "slug"),  # pages come in its order
    )

    slug: str = Field(primary_key=True)
    digest: str
    version: int
    kind: str
    form: str
    title: str
    summary: str
    level: int
    minutes: int
    topics: list[str] = Field(sa_column=Column(JSON, nullable=False))
    roles: list[str] = Field(sa_column=Column(JSON, nullable=False))
    needs: list[str] = Field(sa_column=Column(JSON, nullable=False))
    search_text: str = Field(sa_column=Column(Text, nullable=False))
    points: float
    checks_visible: int
    checks_hidden: int
    questions: int
    published_at: datetime = Field(sa_type=Moment)
    retired_at: datetime | None = Field(default=None, sa_type=Moment)


class ExerciseTopic(SQLModel, table=True):
    __tablename__ = "exercise_topics"

    topic: str = Field(primary_key=True)
    slug: str = Field(primary_key=True, foreign_key="exercises.slug", ondelete="CASCADE", index=True)


class ExerciseRole(SQLModel, table=True):
    __tablename__ = "exercise_roles"

    role: str = Field(primary_key=True)
    slug: str = Field(primary_key=True, foreign_key="exercises.slug", ondelete="CASCADE", index=True)


class ExerciseVersion(SQLModel, table=True):
    """The bytes of one version, kept for good: attempts pin the version that they began with."""

    __tablename__ = "exercise_versions"

    slug: str = Field(primary_key=True)
    digest: str = Field(primary_key=True)
    notebook: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    public_files: dict[str, str] = Field(sa_column=Column(JSON, nullable=False))
    private_files: dict[str, str] = Field(sa_column=Column(JSON, nullable=False))
    created_at: datetime = Field(sa_type=Moment)
