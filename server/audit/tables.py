"""Rows of the audit log. They are only ever added."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, Column
from sqlmodel import Field, SQLModel

from server.database.columns import Moment


class AuditRow(SQLModel, table=True):
    """One act. It names its actor and its subject without foreign keys: it stays when these are gone."""

    __tablename__ = "audit_log"

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(sa_column=Column(Moment, nullable=False))
    actor: str
    act: str = Field(index=True)
    subject: str = Field(index=True)
    details: dict[str, object] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
