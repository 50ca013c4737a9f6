"""Rows of the grading domain: frozen submissions and their results."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, Column, ForeignKey, LargeBinary, UniqueConstraint
from sqlmodel import Field, SQLModel

from server.database.columns import Moment
from server.database.ids import new_id


class Submission(SQLModel, table=True):
    """A frozen hand-in. `request` is the sender's own key: sending the same request twice makes one submission."""

    __tablename__ = "submissions"
    __table_args__ = (UniqueConstraint("workspace_id", "request"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    workspace_id: str = Field(sa_column=Column(ForeignKey("workspaces.id", ondelete="CASCADE"), nullable=False, index=True))
    request: str
    kind: str  # check (visible checks only) or submit (all checks)
    exercise_slug: str
    exercise_digest: str
    seed: int
    values: dict[str, object] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    notebook: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    sha256: str
    job_id: str = ""
    state: str = "queued"  # queued, running, graded, our_fault
    created_at: datetime = Field(sa_column=Column(Moment, nullable=False))


class Result(SQLModel, table=True):
    """What grading found. One for each submission, exercise version, environment and seed: grading again changes nothing."""

    __tablename__ = "results"
    __table_args__ = (UniqueConstraint("submission_id", "exercise_digest", "environment", "seed"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    submission_id: str = Field(sa_column=Column(ForeignKey("submissions.id", ondelete="CASCADE"), nullable=False, index=True))
    exercise_digest: str
    environment: str
    seed: int
    points: float
    possible: float
    solved: bool
    outcomes: list[dict[str, object]] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    repairs: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    cells: list[dict[str, object]] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    seconds: float
    created_at: datetime = Field(sa_column=Column(Moment, nullable=False))
