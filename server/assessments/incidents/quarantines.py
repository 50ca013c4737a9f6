"""An exercise turns out to be broken: a team takes it out of use, and its points count for nobody until it puts it back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import update
from sqlmodel import Session, col, func, select

from server.accounts.tables import Person
from server.assessments.decisions.gathering import quarantined
from server.assessments.tables.blueprints import BlueprintRow
from server.assessments.tables.incidents import Quarantine
from server.assessments.tables.invitations import Candidate
from server.assessments.tables.sittings import Sitting, SittingTask
from server.assessments.tables.teams import Team
from server.assessments.teams.rights import Right
from server.assessments.teams.seats import Seat
from server.audit.log import record
from server.bank.tables import Exercise as Listed
from server.database.changed import changed_rows
from server.errors import Conflict, Invalid, NotFound

LONGEST_REASON = 500
NOT_OURS = "Choose an exercise that this team uses"


@dataclass(frozen=True, slots=True)
class Used:
    """An exercise of this team, with how many take-homes it is in."""

    slug: str
    title: str
    sittings: int


@dataclass(frozen=True, slots=True)
class Taken:
    """A quarantine as a page shows it."""

    row: Quarantine
    title: str
    by: str


def list_used(session: Session, seat: Seat) -> list[Used]:
    """Exercises of the team's blueprints and take-homes, by title. Raises NotAllowed."""
    seat.require(Right.hire)
    chosen = session.exec(select(BlueprintRow.tasks).where(BlueprintRow.team_id == seat.team.id))
    found = {task["slug"]: 0 for tasks in chosen for task in tasks}
    counted = select(SittingTask.exercise_slug, func.count()).join(Sitting, col(Sitting.id) == col(SittingTask.sitting_id))
    with_people = counted.join(Candidate, col(Candidate.id) == col(Sitting.candidate_id)).where(
        Sitting.team_id == seat.team.id, col(Candidate.preview).is_(False)
    )
    found |= dict(session.exec(with_people.group_by(col(SittingTask.exercise_slug))).all())
    titles = titles_of(session, found)
    used = (Used(slug, titles.get(slug, slug), count) for slug, count in found.items())
    return sorted(used, key=lambda each: each.title.casefold())


def titles_of(session: Session, slugs: dict[str, int] | set[str]) -> dict[str, str]:
    return dict(session.exec(select(Listed.slug, Listed.title).where(col(Listed.slug).in_(list(slugs)))).all())


def begin_quarantine(session: Session, seat: Seat, slug: str, reason: str, now: datetime) -> Quarantine:
    """Raises NotAllowed; Invalid; Conflict when it is out of use already."""
    refuse(session, seat, slug, reason)
    hold_team(session, seat)
    if slug in quarantined(session, seat.team.id):
        raise Conflict("This exercise is out of use already; the list below says since when and why.")
    made = Quarantine(team_id=seat.team.id, exercise_slug=slug, reason=reason.strip(), by=seat.member.person_id, at=now)
    session.add(made)
    session.flush()
    _record(session, seat, "quarantine.begin", made, now)
    return made


def hold_team(session: Session, seat: Seat) -> None:
    """Until the caller's commit nobody else takes an exercise out of use or proposes to grade again: two who do so at once see
    each other."""
    changed_rows(session, update(Team).where(col(Team.id) == seat.team.id).values(name=Team.name))


def refuse(session: Session, seat: Seat, slug: str, reason: str) -> None:
    """What is wrong with a form about an exercise of the team. Raises NotAllowed, Invalid."""
    problems: dict[str, str] = {}
    if slug not in {used.slug for used in list_used(session, seat)}:
        problems["exercise"] = NOT_OURS
    if not 1 <= len(reason.strip()) <= LONGEST_REASON:
        problems["reason"] = f"Give a reason of at most {LONGEST_REASON} characters"
    if problems:
        raise Invalid.fields(problems)


def lift_quarantine(session: Session, seat: Seat, quarantine_id: str, now: datetime) -> None:
    """Raises NotAllowed; NotFound, for one of another team too; Conflict when it was lifted."""
    seat.require(Right.hire)
    found = session.exec(select(Quarantine).where(Quarantine.id == quarantine_id, Quarantine.team_id == seat.team.id)).first()
    if found is None:
        raise NotFound("There is no such exercise out of use in this team.")
    held = update(Quarantine).where(col(Quarantine.id) == found.id, col(Quarantine.lifted_at).is_(None))
    if not changed_rows(session, held.values(lifted_at=now)):
        raise Conflict("This exercise was put to use again already.")
    session.refresh(found)
    _record(session, seat, "quarantine.lift", found, now)


def list_quarantines(session: Session, seat: Seat) -> list[Taken]:
    """Those that hold first, then the newest. Raises NotAllowed."""
    seat.require(Right.hire)
    rows = session.exec(select(Quarantine).where(Quarantine.team_id == seat.team.id).order_by(col(Quarantine.at).desc())).all()
    titles = titles_of(session, {row.exercise_slug for row in rows})
    people = select(Person.id, Person.name).where(col(Person.id).in_({row.by for row in rows}))
    names = dict(session.exec(people).all())
    taken = [Taken(row, titles.get(row.exercise_slug, row.exercise_slug), names.get(row.by, "somebody")) for row in rows]
    return sorted(taken, key=lambda each: each.row.lifted_at is not None)


def _record(session: Session, seat: Seat, act: str, row: Quarantine, now: datetime) -> None:
    """Not the reason: whoever writes one may name somebody in it."""
    details = {"quarantine": row.id, "exercise": row.exercise_slug}
    record(session, seat.member.person_id, act, f"team:{seat.team.id}", details, now)
