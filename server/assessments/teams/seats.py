"""Teams, and a person's seat in one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlmodel import Session, col, func, select

from server.assessments.tables.teams import Member, Team
from server.assessments.teams.organisation import DEFAULTS, QUESTIONS, Archetype, Sliders, archetype_of
from server.assessments.teams.rights import Right, Role, require
from server.audit.log import record
from server.errors import Invalid, NotFound

LONGEST_NAME, MOST_TEAMS = 80, 20
NO_TEAM = "There is no such team, or you are not in it."


@dataclass(frozen=True, slots=True)
class Seat:
    """A person in a team: whoever does something there does it from a seat."""

    team: Team
    member: Member

    def require(self, right: Right) -> None:
        require(self.member.role, right)


def create_team(session: Session, person_id: str, name: str, now: datetime) -> Team:
    """Whoever makes it owns it. Raises Invalid."""
    name = _checked_name(name)
    if len(teams_of(session, person_id)) >= MOST_TEAMS:
        raise Invalid.fields({"name": f"You are in {MOST_TEAMS} teams already; leave one first"})
    team = Team(name=name, created_at=now)
    session.add(team)
    session.flush()
    session.add(Member(team_id=team.id, person_id=person_id, role=Role.owner, joined_at=now))
    record(session, person_id, "team.create", f"team:{team.id}", {}, now)
    return team


def teams_of(session: Session, person_id: str) -> list[Seat]:
    """By name."""
    wanted = select(Team, Member).join(Member, col(Member.team_id) == col(Team.id)).where(Member.person_id == person_id)
    return [Seat(team, member) for team, member in session.exec(wanted.order_by(func.lower(Team.name)))]


def seat_of(session: Session, team_id: str, person_id: str) -> Seat:
    """Raises NotFound, for a team of others as for one that does not exist."""
    wanted = select(Team, Member).join(Member, col(Member.team_id) == col(Team.id))
    found = session.exec(wanted.where(Team.id == team_id, Member.person_id == person_id)).first()
    if found is None:
        raise NotFound(NO_TEAM)
    return Seat(*found)


def answer_profile(session: Session, seat: Seat, answers: Mapping[str, str], now: datetime) -> Archetype:
    """Place the team by its answers; the sliders begin anew where that archetype has them. Raises Invalid, NotAllowed."""
    seat.require(Right.edit_team)
    missing = {question.key: "Choose one" for question in QUESTIONS if question.key not in answers}
    if missing:
        raise Invalid.fields(missing)
    try:
        found = archetype_of(answers)
    except ValueError as error:
        raise Invalid(str(error)) from error
    seat.team.answers = {question.key: answers[question.key] for question in QUESTIONS}
    _place(session, seat, found, DEFAULTS[found], now)
    return found


def set_profile(session: Session, seat: Seat, archetype: str, sliders: Mapping[str, int], now: datetime) -> None:
    """What the team thinks of itself counts more than its answers. Raises Invalid, NotAllowed."""
    seat.require(Right.edit_team)
    try:
        _place(session, seat, Archetype(archetype), Sliders(**sliders), now)
    except (ValueError, TypeError) as error:
        raise Invalid("Choose one of the five archetypes, and a place from 0 to 4 on each line.") from error


def _place(session: Session, seat: Seat, archetype: Archetype, sliders: Sliders, now: datetime) -> None:
    seat.team.archetype, seat.team.sliders = archetype.value, asdict(sliders)
    session.add(seat.team)
    record(session, seat.member.person_id, "team.profile", f"team:{seat.team.id}", {"archetype": archetype.value}, now)


def rename_team(session: Session, seat: Seat, name: str, now: datetime) -> None:
    """Raises Invalid, NotAllowed."""
    seat.require(Right.edit_team)
    seat.team.name = _checked_name(name)
    session.add(seat.team)
    record(session, seat.member.person_id, "team.rename", f"team:{seat.team.id}", {}, now)


def _checked_name(name: str) -> str:
    name = " ".join(name.split())
    if not 1 <= len(name) <= LONGEST_NAME:
        raise Invalid.fields({"name": f"Give the team a name of at most {LONGEST_NAME} characters"})
    return name
