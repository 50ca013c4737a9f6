"""How long a team keeps candidates. What a candidate was promised holds: a team can shorten it for everybody, and lengthen it for
those whom it invites from then on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, or_, update
from sqlmodel import Session, col, func, select
from sqlmodel.sql.expression import SelectOfScalar

from server.assessments.tables.blueprints import BlueprintRow, HiringJob
from server.assessments.tables.invitations import Candidate
from server.assessments.tables.sittings import Sitting
from server.assessments.tables.teams import Team
from server.assessments.teams.rights import Right
from server.assessments.teams.seats import Seat
from server.audit.log import record
from server.database.changed import changed_rows
from server.errors import Invalid

SHORTEST, LONGEST = 30, 730  # days
PREVIEWS_KEPT = timedelta(days=7)
TOO_SHORT = "A blueprint of this team promises an answer and a second look within {days} days; keep candidates for as long"


@dataclass(frozen=True, slots=True)
class Kept:
    """A candidate who waits to be erased. `ended`: when the work was handed in, or its time ran out without that."""

    candidate: Candidate
    job: str
    handed_in: bool
    ended: datetime
    due: datetime


def kept_for(candidate: Candidate, team: Team) -> timedelta:
    """The shorter of what was promised and what holds now."""
    days = team.retention_days if candidate.kept_days is None else min(candidate.kept_days, team.retention_days)
    return timedelta(days=days)


def ended_at(candidate: Candidate, sitting: Sitting | None) -> datetime:
    """What nobody handed in is over when it cannot be begun or gone on with any more."""
    if sitting is not None and sitting.handed_in_at is not None:
        return sitting.handed_in_at
    reopened = sitting.reopened_until if sitting is not None else None
    return max(candidate.closes_at, reopened or candidate.closes_at)


def due_at(candidate: Candidate, team: Team, sitting: Sitting | None) -> datetime:
    """When the candidate is erased. Members' previews are not kept for long."""
    if candidate.preview:
        return candidate.created_at + PREVIEWS_KEPT
    return ended_at(candidate, sitting) + kept_for(candidate, team)


def set_retention(session: Session, seat: Seat, typed: str, now: datetime) -> None:
    """`typed`: a number of days. Raises NotAllowed, Invalid."""
    seat.require(Right.edit_team)
    days = int(typed) if typed.isdecimal() and len(typed) <= 4 else 0
    if not SHORTEST <= days <= LONGEST:
        raise Invalid.fields({"retention_days": f"Give a number of days from {SHORTEST} to {LONGEST}"})
    before, promised = seat.team.retention_days, days_promised(session, seat.team)
    if days < promised:
        raise Invalid.fields({"retention_days": TOO_SHORT.format(days=promised)})
    if days == before:
        return
    if days > before:
        _keep_promise(session, seat.team, before)
    seat.team.retention_days = days
    session.add(seat.team)
    record(session, seat.member.person_id, "team.retention", f"team:{seat.team.id}", {"days": days, "before": before}, now)


def days_promised(session: Session, team: Team) -> int:
    """The most that a blueprint gives for the answer and for a second look after it: of those that are in use, and of those that
    candidates were invited to who are kept."""
    in_use = or_(col(BlueprintRow.state) != "replaced", col(BlueprintRow.id).in_(_blueprints_of_kept(team)))
    longest = func.max(col(BlueprintRow.answer_days) + col(BlueprintRow.appeal_days))
    return session.exec(select(longest).where(BlueprintRow.team_id == team.id, in_use)).one() or 0


def _blueprints_of_kept(team: Team) -> SelectOfScalar[str]:
    return select(Candidate.blueprint_id).where(Candidate.team_id == team.id, col(Candidate.erased_at).is_(None))


def _keep_promise(session: Session, team: Team, days: int) -> None:
    """For everybody who was told so."""
    longer = or_(col(Candidate.kept_days).is_(None), col(Candidate.kept_days) > days)
    told = update(Candidate).where(col(Candidate.team_id) == team.id, col(Candidate.erased_at).is_(None), longer)
    changed_rows(session, told.values(kept_days=days))


def list_kept(session: Session, seat: Seat) -> list[Kept]:
    """Everybody of the team who is not erased yet, by code; the next one first. Raises NotAllowed."""
    seat.require(Right.hire)
    wanted = select(Candidate, HiringJob.title, Sitting).join(HiringJob, col(HiringJob.id) == col(Candidate.job_id))
    mine = (Candidate.team_id == seat.team.id, col(Candidate.erased_at).is_(None), col(Candidate.preview).is_(False))
    rows = session.exec(wanted.join(Sitting, col(Sitting.candidate_id) == col(Candidate.id), isouter=True).where(*mine))
    kept = [_kept(candidate, title, sitting, seat.team) for candidate, title, sitting in rows]
    return sorted(kept, key=lambda each: (each.due, each.candidate.code))


def _kept(candidate: Candidate, title: str, sitting: Sitting | None, team: Team) -> Kept:
    handed_in = sitting is not None and sitting.handed_in_at is not None
    return Kept(candidate, title, handed_in, ended_at(candidate, sitting), due_at(candidate, team, sitting))


def list_due(session: Session, now: datetime) -> list[str]:
    """Candidates of all teams whose time is over, and previews of members; their ids."""
    old = or_(col(Candidate.preview), col(Candidate.created_at) <= now - timedelta(days=SHORTEST))
    return [candidate.id for candidate in _due(session, old, now)]


def find_due(session: Session, candidate_id: str, now: datetime) -> Candidate | None:
    """One of them, looked at once more: a team may have opened the take-home again."""
    return next(iter(_due(session, col(Candidate.id) == candidate_id, now)), None)


def _due(session: Session, which: ColumnElement[bool], now: datetime) -> list[Candidate]:
    wanted = select(Candidate, Team, Sitting).join(Team, col(Team.id) == col(Candidate.team_id))
    joined = wanted.join(Sitting, col(Sitting.candidate_id) == col(Candidate.id), isouter=True)
    rows = session.exec(joined.where(col(Candidate.erased_at).is_(None), which))
    return [candidate for candidate, team, sitting in rows if due_at(candidate, team, sitting) <= now]
