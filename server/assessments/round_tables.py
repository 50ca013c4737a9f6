"""Rows of a round of hiring: the blueprint, invitations, sittings, marks, decisions. Each is looked up through its team.

Names of a candidate stand in one place only, `Candidate`: whoever marks works with the code of the sitting.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, ForeignKey, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from server.database.columns import Moment
from server.database.ids import new_id


class BlueprintRow(SQLModel, table=True):
    """One version of what a job needs and the exercises that show it. Once it is published, only its state changes."""

    __tablename__ = "blueprints"
    __table_args__ = (UniqueConstraint("job_id", "version"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    team_id: str = Field(sa_column=Column(ForeignKey("teams.id", ondelete="CASCADE"), nullable=False, index=True))
    job_id: str = Field(sa_column=Column(ForeignKey("hiring_jobs.id", ondelete="CASCADE"), nullable=False, index=True))
    version: int  # of its job, from 1
    state: str = "draft"  # draft, published, replaced
    stated_minutes: int
    ai_policy: str = "disclosed"  # forbidden, disclosed, verified, required
    answer_days: int = 7  # until when the team answers
    appeal_days: int = 14
    markers: int = 2  # people who mark each sitting
    hard_window: bool = False  # the end of the window ends what runs, too
    about: str = Field(default="", sa_column=Column(Text, nullable=False))  # the team and the work, for candidates
    contact: str = ""  # whom candidates can ask
    tasks: list[dict[str, str]] = Field(
        default_factory=list, sa_column=Column(JSON, nullable=False)
    )  # slug, and digest when frozen
    created_by: str
    created_at: datetime = Field(sa_column=Column(Moment, nullable=False))
    changed_at: datetime = Field(sa_column=Column(Moment, nullable=False))
    previewed_at: datetime | None = Field(default=None, sa_column=Column(Moment, nullable=True))
    published_at: datetime | None = Field(default=None, sa_column=Column(Moment, nullable=True))


class NeedRow(SQLModel, table=True):
    """A hypothesis of strength, or a floor. `written_at` is when it got its present wording; a new version keeps it."""

    __tablename__ = "blueprint_needs"

    id: str = Field(default_factory=new_id, primary_key=True)
    blueprint_id: str = Field(sa_column=Column(ForeignKey("blueprints.id", ondelete="CASCADE"), nullable=False, index=True))
    position: int
    floor: bool
    kind: str
    topics: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    minutes: int
    level: int
    share: float  # of the points, 0 to 1
    words: str = ""  # what would convince, or what the level looks like
    must: str = ""  # the must-have of the advert that a floor is needed for
    written_at: datetime = Field(sa_column=Column(Moment, nullable=False))


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


class Sitting(SQLModel, table=True):
    """One timed take-home being sat. Its candidate's terms and its own course decide its phase: see deadline.py."""

    __tablename__ = "sittings"

    id: str = Field(default_factory=new_id, primary_key=True)
    team_id: str = Field(sa_column=Column(ForeignKey("teams.id", ondelete="CASCADE"), nullable=False, index=True))
    candidate_id: str = Field(sa_column=Column(ForeignKey("candidates.id", ondelete="CASCADE"), nullable=False, unique=True))
    stated_minutes: int  # as promised; a later change of the blueprint changes nothing here
    started_at: datetime = Field(sa_column=Column(Moment, nullable=False))
    granted_minutes: int = 0
    reopened_until: datetime | None = Field(default=None, sa_column=Column(Moment, nullable=True))
    handed_in_at: datetime | None = Field(default=None, sa_column=Column(Moment, nullable=True, index=True))
    handed_in_by: str = ""  # candidate, or time
    fingerprint: str = ""  # sha256 over the fingerprints of its notebooks
    disclosure: str = Field(default="", sa_column=Column(Text, nullable=False))
    disclosed_at: datetime | None = Field(default=None, sa_column=Column(Moment, nullable=True))
    survey: dict[str, str] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))


class SittingTask(SQLModel, table=True):
    """One exercise of a sitting."""

    __tablename__ = "sitting_tasks"

    sitting_id: str = Field(sa_column=Column(ForeignKey("sittings.id", ondelete="CASCADE"), primary_key=True))
    position: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})  # from 1
    exercise_slug: str
    exercise_digest: str
    workspace_id: str = Field(sa_column=Column(ForeignKey("workspaces.id", ondelete="CASCADE"), nullable=False, unique=True))
    submission_id: str | None = Field(
        default=None, sa_column=Column(ForeignKey("submissions.id", ondelete="SET NULL"), nullable=True, index=True)
    )


class SittingPause(SQLModel, table=True):
    """A time in which a sitting's clock stands still, given by a person of the team."""

    __tablename__ = "sitting_pauses"

    id: str = Field(default_factory=new_id, primary_key=True)
    sitting_id: str = Field(sa_column=Column(ForeignKey("sittings.id", ondelete="CASCADE"), nullable=False, index=True))
    since: datetime = Field(sa_column=Column(Moment, nullable=False))
    until: datetime | None = Field(default=None, sa_column=Column(Moment, nullable=True))


class Outage(SQLModel, table=True):
    """A time in which this site was down, known from its own beats. The clocks of all sittings stood still in it."""

    __tablename__ = "outages"

    id: int | None = Field(default=None, primary_key=True)
    since: datetime = Field(sa_column=Column(Moment, nullable=False, unique=True))
    until: datetime = Field(sa_column=Column(Moment, nullable=False))


class Beat(SQLModel, table=True):
    """The last sign of life of this site: one row."""

    __tablename__ = "beats"

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    at: datetime = Field(sa_column=Column(Moment, nullable=False))


class ProblemReport(SQLModel, table=True):
    """A candidate says that something is wrong with a task."""

    __tablename__ = "problem_reports"

    id: str = Field(default_factory=new_id, primary_key=True)
    sitting_id: str = Field(sa_column=Column(ForeignKey("sittings.id", ondelete="CASCADE"), nullable=False, index=True))
    exercise_slug: str
    text: str = Field(sa_column=Column(Text, nullable=False))
    at: datetime = Field(sa_column=Column(Moment, nullable=False))
    answer: str = Field(default="", sa_column=Column(Text, nullable=False))
    answered_at: datetime | None = Field(default=None, sa_column=Column(Moment, nullable=True))


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


class Decision(SQLModel, table=True):
    """What the team decided, with the evidence as it stood."""

    __tablename__ = "decisions"

    sitting_id: str = Field(sa_column=Column(ForeignKey("sittings.id", ondelete="CASCADE"), primary_key=True))
    outcome: str  # go-on, decline, hold
    notes: str = Field(default="", sa_column=Column(Text, nullable=False))  # for the team
    feedback: str = Field(default="", sa_column=Column(Text, nullable=False))  # for the candidate
    evidence: list[dict[str, Any]] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    by: str
    at: datetime = Field(sa_column=Column(Moment, nullable=False))


class CandidateReport(SQLModel, table=True):
    """The signed report that belongs to the candidate. The newest of a sitting counts; earlier ones are kept."""

    __tablename__ = "candidate_reports"

    id: str = Field(default_factory=new_id, primary_key=True)
    sitting_id: str = Field(sa_column=Column(ForeignKey("sittings.id", ondelete="CASCADE"), nullable=False, index=True))
    document: str = Field(sa_column=Column(Text, nullable=False))  # the signed bytes, as JSON text
    signature: str
    issued_at: datetime = Field(sa_column=Column(Moment, nullable=False))


class Appeal(SQLModel, table=True):
    """A candidate asks for a second look."""

    __tablename__ = "appeals"

    sitting_id: str = Field(sa_column=Column(ForeignKey("sittings.id", ondelete="CASCADE"), primary_key=True))
    text: str = Field(sa_column=Column(Text, nullable=False))
    at: datetime = Field(sa_column=Column(Moment, nullable=False))
    answer: str = Field(default="", sa_column=Column(Text, nullable=False))
    answered_by: str = ""
    answered_at: datetime | None = Field(default=None, sa_column=Column(Moment, nullable=True))


class Quarantine(SQLModel, table=True):
    """An exercise that a team takes out of use: its points count for nobody until it is lifted."""

    __tablename__ = "quarantines"

    id: str = Field(default_factory=new_id, primary_key=True)
    team_id: str = Field(sa_column=Column(ForeignKey("teams.id", ondelete="CASCADE"), nullable=False, index=True))
    exercise_slug: str
    reason: str = Field(sa_column=Column(Text, nullable=False))
    by: str
    at: datetime = Field(sa_column=Column(Moment, nullable=False))
    lifted_at: datetime | None = Field(default=None, sa_column=Column(Moment, nullable=True))


class TeamRegrade(SQLModel, table=True):
    """A regrade of one team's take-homes, proposed on its page of incidents: other teams do not find it."""

    __tablename__ = "team_regrades"

    regrade_id: str = Field(sa_column=Column(ForeignKey("regrades.id", ondelete="CASCADE"), primary_key=True))
    team_id: str = Field(sa_column=Column(ForeignKey("teams.id", ondelete="CASCADE"), nullable=False, index=True))
