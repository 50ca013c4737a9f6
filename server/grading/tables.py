"""Rows of the grading domain: frozen submissions and their results."""

from __future__ import annotations

from datetime import datetime
from typing import Any

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
    """What grading found. One for each submission, exercise version, environment and seed: grading again changes nothing, except
    by a regrade that was reviewed and applied. Of several results of one submission the newest counts; all are kept."""

    __tablename__ = "results"
    __table_args__ = (
        UniqueConstraint("submission_id", "exercise_digest", "environment", "seed", "regrade_id", name="uq_results_once"),
    )

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
    regrade_id: str = Field(default="", sa_column_kwargs={"server_default": ""})  # empty: graded when it was handed in
    created_at: datetime = Field(sa_column=Column(Moment, nullable=False))


class Regrade(SQLModel, table=True):
    """A proposal to grade submissions again, with another version of their exercise. Nothing counts before it is applied."""

    __tablename__ = "regrades"

    id: str = Field(default_factory=new_id, primary_key=True)
    exercise_slug: str = Field(index=True)
    exercise_digest: str
    environment: str  # digest
    reason: str
    state: str = "trying"  # trying, proposed, applied, withdrawn
    proposed_by: str
    settled_by: str = ""
    created_at: datetime = Field(sa_column=Column(Moment, nullable=False))
    settled_at: datetime | None = Field(default=None, sa_column=Column(Moment, nullable=True))


class RegradeRow(SQLModel, table=True):
    """One submission of a regrade: the result that counted when it was proposed, and what grading again found."""

    __tablename__ = "regrade_rows"

    regrade_id: str = Field(sa_column=Column(ForeignKey("regrades.id", ondelete="CASCADE"), primary_key=True))
    submission_id: str = Field(sa_column=Column(ForeignKey("submissions.id", ondelete="CASCADE"), primary_key=True, index=True))
    result_id: str
    grade: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))  # empty: not tried yet
    fault: str = ""  # why it could not be graded: ours or the author's


class ResultSeal(SQLModel, table=True):
    """One link of the chain over all results. It names its result without a foreign key: it stays when that is deleted."""

    __tablename__ = "result_seals"

    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})  # 1, 2, 3 and so on, without a gap
    result_id: str = Field(unique=True)
    digest: str
    link: str
    created_at: datetime = Field(sa_column=Column(Moment, nullable=False))
