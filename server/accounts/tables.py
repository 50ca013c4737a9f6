"""Rows of the accounts domain. A guest is a person without a mail address."""

from datetime import datetime
from enum import StrEnum

from sqlmodel import Field, SQLModel

from server.database.columns import Moment
from server.database.ids import new_id


class Theme(StrEnum):
    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class Person(SQLModel, table=True):
    __tablename__ = "persons"

    id: str = Field(default_factory=new_id, primary_key=True)
    name: str = ""
    email: str | None = Field(default=None, unique=True)
    password_hash: str | None = None
    is_operator: bool = False
    theme: str = Theme.SYSTEM
    created_at: datetime = Field(sa_type=Moment)

    @property
    def is_guest(self) -> bool:
        return self.email is None


class Session(SQLModel, table=True):
    """One browser of one person. Only the hash of its token is stored, so a copy of the database opens no session."""

    __tablename__ = "sessions"

    token_hash: str = Field(primary_key=True)
    person_id: str = Field(foreign_key="persons.id", ondelete="CASCADE", index=True)
    created_at: datetime = Field(sa_type=Moment)
    last_seen_at: datetime = Field(sa_type=Moment)
    expires_at: datetime = Field(sa_type=Moment)
    ended_at: datetime | None = Field(default=None, sa_type=Moment)


class LinkPurpose(StrEnum):
    RESET = "reset"
    SETUP = "setup"


class Link(SQLModel, table=True):
    """A link that works once. A set-up link belongs to nobody yet."""

    __tablename__ = "links"

    token_hash: str = Field(primary_key=True)
    purpose: str
    person_id: str | None = Field(default=None, foreign_key="persons.id", ondelete="CASCADE", index=True)
    created_at: datetime = Field(sa_type=Moment)
    expires_at: datetime = Field(sa_type=Moment)
    used_at: datetime | None = Field(default=None, sa_type=Moment)
