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


class AuditSeal(SQLModel, table=True):
    """One link of the chain over the log. It names its row without a foreign key: a row that is deleted is missed."""

    __tablename__ = "audit_seals"

    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})  # 1, 2, 3 and so on, without a gap
    row_id: int = Field(index=True)
    digest: str
    link: str
