"""One row per job; the row is the truth, whoever runs it."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Column, Index
from sqlmodel import Field, SQLModel

from server.database.columns import Moment
from server.database.ids import new_id


class JobState(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Job(SQLModel, table=True):
    __tablename__ = "jobs"
    __table_args__ = (Index("ix_jobs_next", "state", "run_after"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    kind: str
    payload: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    state: str = JobState.QUEUED
    run_after: datetime = Field(sa_type=Moment)
    claimed_by: str | None = None
    lease_until: datetime | None = Field(default=None, sa_type=Moment)
    tries: int = 0
    created_at: datetime = Field(sa_type=Moment)
    finished_at: datetime | None = Field(default=None, sa_type=Moment)
    error: str | None = None
