"""Rows of a team and its members."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, Column, ForeignKey
from sqlmodel import Field, SQLModel

from server.database.columns import Moment
from server.database.ids import new_id


class Team(SQLModel, table=True):
    """People who hire together. Everything of hiring is looked up through its team."""

    __tablename__ = "teams"

    id: str = Field(default_factory=new_id, primary_key=True)
    name: str
    answers: dict[str, str] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))  # of the organisation's profile
    archetype: str = ""  # empty until the profile is filled in
    sliders: dict[str, int] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    retention_days: int = Field(default=180, sa_column_kwargs={"server_default": "180"})  # of candidates, after they handed in
    created_at: datetime = Field(sa_column=Column(Moment, nullable=False))


class Member(SQLModel, table=True):
    """A person's seat in a team."""

    __tablename__ = "members"

    team_id: str = Field(sa_column=Column(ForeignKey("teams.id", ondelete="CASCADE"), primary_key=True))
    person_id: str = Field(sa_column=Column(ForeignKey("persons.id", ondelete="CASCADE"), primary_key=True, index=True))
    role: str
    joined_at: datetime = Field(sa_column=Column(Moment, nullable=False))


class MemberInvite(SQLModel, table=True):
    """An invitation into a team. Its link is made when the mail leaves; only the hash of it is kept."""

    __tablename__ = "member_invites"

    id: str = Field(default_factory=new_id, primary_key=True)
    team_id: str = Field(sa_column=Column(ForeignKey("teams.id", ondelete="CASCADE"), nullable=False, index=True))
    email: str
    role: str
    invited_by: str = Field(sa_column=Column(ForeignKey("persons.id", ondelete="CASCADE"), nullable=False, index=True))
    token_hash: str = Field(default="", index=True)  # empty until the mail leaves
    created_at: datetime = Field(sa_column=Column(Moment, nullable=False))
    expires_at: datetime = Field(sa_column=Column(Moment, nullable=False))
    settled_at: datetime | None = Field(default=None, sa_column=Column(Moment, nullable=True))  # accepted or taken back
