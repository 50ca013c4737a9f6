"""The row of whoever is invited.

Names of a candidate stand here only: whoever marks works with the code of the sitting.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, ForeignKey, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from server.database.columns import Moment
from server.database.ids import new_id


class Candidate(SQLModel, table=True):
    """A person who is invited, or a member who previews. The only place with a name and a mail address."""

    __tablename__ = "candidates"
    __table_args__ = (UniqueConstraint("job_id", "code"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    team_id: str = Field(sa_column=Column(ForeignKey("teams.id", ondelete="CASCADE"), nullable=False, index=True))
    job_id: str = Field(sa_column=Column(ForeignKey("hiring_jobs.id", ondelete="CASCADE"), nullable=False, index=True))
    blueprint_id: str = Field(sa_column=Column(ForeignKey("blueprints.id", ondelete="CASCADE"), nullable=False, index=True))
    code: str  # a mineral and a number
    name: str = ""
    email: str = Field(default="", index=True)
    source: str = ""  # where the team found them
    notes: str = Field(
        default="", sa_column=Column(Text, nullable=False)
    )  # school, degree: for whoever invites, never for markers
    preview: bool = False
    person_id: str | None = Field(
        default=None, sa_column=Column(ForeignKey("persons.id", ondelete="SET NULL"), nullable=True, index=True)
    )  # the hidden person whose workspaces are this candidate's; made when the link is opened
    token_hash: str = Field(default="", index=True)  # empty until the mail leaves, and again when the link is taken back
    opens_at: datetime = Field(sa_column=Column(Moment, nullable=False))
    closes_at: datetime = Field(sa_column=Column(Moment, nullable=False))
    extra_percent: int = 0
    adjustment: str = Field(default="", sa_column=Column(Text, nullable=False))  # asked for by the candidate
    adjustment_answer: str = Field(default="", sa_column=Column(Text, nullable=False))
    invited_by: str
    created_at: datetime = Field(sa_column=Column(Moment, nullable=False))
    sent_at: datetime | None = Field(default=None, sa_column=Column(Moment, nullable=True))
    opened_at: datetime | None = Field(default=None, sa_column=Column(Moment, nullable=True))
    bounced_at: datetime | None = Field(default=None, sa_column=Column(Moment, nullable=True))
    bounce: str = ""
    declined_at: datetime | None = Field(default=None, sa_column=Column(Moment, nullable=True))
    withdrawn_at: datetime | None = Field(default=None, sa_column=Column(Moment, nullable=True))
    kept_days: int | None = None  # as it was promised, where the team keeps later candidates for longer
    erased_at: datetime | None = Field(
        default=None, sa_column=Column(Moment, nullable=True)
    )  # what is left is an empty row, so that the round still counts right
    reached: str = Field(default="", sa_column_kwargs={"server_default": ""})  # last step of the round, when it was erased
