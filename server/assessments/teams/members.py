"""Who is in a team: invited by mail, with a role, and never without an owner."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import update
from sqlmodel import Session, col, delete, func, select

from server.accounts.people import plain_email, problem_of_email
from server.accounts.tables import Person
from server.accounts.tokens import new_token, token_hash
from server.assessments.tables.teams import Member, MemberInvite, Team
from server.assessments.teams.rights import Right, Role
from server.assessments.teams.seats import Seat
from server.audit.log import record
from server.database.changed import changed_rows
from server.errors import Conflict, Invalid, NotFound
from server.mail.message import Message
from server.queue import jobs

JOB_KIND = "member-mail"
LIFE = timedelta(days=7)
MOST_MEMBERS = 200
LINK_OVER = "This invitation was used already, was taken back, or is too old. Ask for a new one."
NO_OWNER = "A team needs an owner. Make somebody else an owner first."
SUBJECT = "{inviter} invites you into the team {team}"
TEXT = """{inviter} invites you into the team {team} at {base_url}, as {role}.

Open this link within seven days, sign in or create an account, and say yes or no:

{base_url}/join/{token}

Opening the link changes nothing yet. If you do not know {inviter}, ignore this mail.
"""


@dataclass(frozen=True, slots=True)
class Seated:
    """A member, as the team's page shows them."""

    person_id: str
    name: str
    email: str
    role: Role
    joined_at: datetime


def list_members(session: Session, seat: Seat) -> list[Seated]:
    wanted = select(Member, Person).join(Person, col(Person.id) == col(Member.person_id)).where(Member.team_id == seat.team.id)
    rows = session.exec(wanted.order_by(col(Member.joined_at), col(Person.name)))
    return [Seated(p.id, p.name, p.email or "", Role(member.role), member.joined_at) for member, p in rows]


def list_invites(session: Session, seat: Seat, now: datetime) -> list[MemberInvite]:
    """Those that can still be answered."""
    wanted = select(MemberInvite).where(MemberInvite.team_id == seat.team.id, col(MemberInvite.settled_at).is_(None))
    return list(session.exec(wanted.where(col(MemberInvite.expires_at) > now).order_by(col(MemberInvite.created_at))))


def invite_member(session: Session, seat: Seat, email: str, role: str, now: datetime) -> MemberInvite:
    """Put the mail into the queue. An earlier invitation of the same address is taken back. Raises Invalid, NotAllowed."""
    seat.require(Right.manage_members)
    problem = problem_of_email(email) or _role_problem(role)
    email = plain_email(email)
    if not problem and any(member.email == email for member in list_members(session, seat)):
        problem = "This person is in the team already"
    if not problem and len(list_members(session, seat)) >= MOST_MEMBERS:
        problem = f"A team has at most {MOST_MEMBERS} members"
    if problem:
        raise Invalid.fields({"email": problem})
    _settle_earlier(session, seat, email, now)
    made = MemberInvite(
        team_id=seat.team.id, email=email, role=role, invited_by=seat.member.person_id, created_at=now, expires_at=now + LIFE
    )
    session.add(made)
    session.flush()
    jobs.put(session, JOB_KIND, {"invite": made.id}, now)
    record(session, seat.member.person_id, "member.invite", f"team:{seat.team.id}", {"invite": made.id, "role": role}, now)
    return made


def _role_problem(role: str) -> str:
    return "" if role in set(Role) else "Choose a role"


def _settle_earlier(session: Session, seat: Seat, email: str, now: datetime) -> None:
    earlier = update(MemberInvite).where(
        col(MemberInvite.team_id) == seat.team.id, col(MemberInvite.email) == email, col(MemberInvite.settled_at).is_(None)
    )
    changed_rows(session, earlier.values(settled_at=now))


def take_back(session: Session, seat: Seat, invite_id: str, now: datetime) -> None:
    """Its link stops working. Raises NotFound, NotAllowed."""
    seat.require(Right.manage_members)
    mine = update(MemberInvite).where(
        col(MemberInvite.id) == invite_id, col(MemberInvite.team_id) == seat.team.id, col(MemberInvite.settled_at).is_(None)
    )
    if not changed_rows(session, mine.values(settled_at=now)):
        raise NotFound("There is no such invitation, or it was answered by now.")
    record(session, seat.member.person_id, "member.take_back", f"team:{seat.team.id}", {"invite": invite_id}, now)


def invite_message(session: Session, base_url: str, invite_id: str, now: datetime) -> Message | None:
    """The mail with a new link; None when the invitation is over. The caller commits before it sends."""
    invite = session.get(MemberInvite, invite_id, populate_existing=True)
    if invite is None or invite.settled_at is not None or invite.expires_at <= now:
        return None
    team, inviter = session.get_one(Team, invite.team_id), session.get_one(Person, invite.invited_by)
    token = new_token()
    invite.token_hash = token_hash(token)
    session.add(invite)
    words = {"inviter": inviter.name, "team": team.name, "role": invite.role, "base_url": base_url, "token": token}
    return Message(invite.email, SUBJECT.format(**words), TEXT.format(**words))


def find_invite(session: Session, token: str, now: datetime) -> tuple[MemberInvite, Team]:
    """Looking uses nothing. Raises Conflict."""
    wanted = select(MemberInvite, Team).join(Team, col(Team.id) == col(MemberInvite.team_id))
    open_ones = wanted.where(col(MemberInvite.settled_at).is_(None), col(MemberInvite.expires_at) > now)
    found = session.exec(open_ones.where(MemberInvite.token_hash == token_hash(token))).first()
    if found is None or not token:
        raise Conflict(LINK_OVER, code="link_over")
    return found[0], found[1]


def answer_invite(session: Session, token: str, person: Person, accept: bool, now: datetime) -> Team:
    """Works for one answer only. Whoever is in the team already keeps their seat. Raises Conflict."""
    invite, team = find_invite(session, token, now)
    unanswered = update(MemberInvite).where(col(MemberInvite.id) == invite.id, col(MemberInvite.settled_at).is_(None))
    if not changed_rows(session, unanswered.values(settled_at=now)):
        raise Conflict(LINK_OVER, code="link_over")
    if accept and session.get(Member, (team.id, person.id)) is None:
        session.add(Member(team_id=team.id, person_id=person.id, role=invite.role, joined_at=now))
    act = "member.join" if accept else "member.decline"
    record(session, person.id, act, f"team:{team.id}", {"invite": invite.id, "role": invite.role}, now)
    return team


def change_role(session: Session, seat: Seat, person_id: str, role: str, now: datetime) -> None:
    """Raises Invalid, NotFound, Conflict, NotAllowed."""
    seat.require(Right.manage_members)
    if _role_problem(role):
        raise Invalid.fields({"role": _role_problem(role)})
    member = _member(session, seat, person_id)
    if member.role == Role.owner and role != Role.owner:
        _keep_an_owner(session, seat)
    before, member.role = member.role, role
    session.add(member)
    details = {"person": person_id, "from": before, "to": role}
    record(session, seat.member.person_id, "member.role", f"team:{seat.team.id}", details, now)


def remove_member(session: Session, seat: Seat, person_id: str, now: datetime) -> None:
    """Oneself too: that is how one leaves. Raises NotFound, Conflict, NotAllowed."""
    if person_id != seat.member.person_id:
        seat.require(Right.manage_members)
    member = _member(session, seat, person_id)
    if member.role == Role.owner:
        _keep_an_owner(session, seat)
    session.exec(delete(Member).where(col(Member.team_id) == seat.team.id, col(Member.person_id) == person_id))
    record(session, seat.member.person_id, "member.remove", f"team:{seat.team.id}", {"person": person_id}, now)


def _member(session: Session, seat: Seat, person_id: str) -> Member:
    found = session.get(Member, (seat.team.id, person_id))
    if found is None:
        raise NotFound("There is nobody like that in this team.")
    return found


def _keep_an_owner(session: Session, seat: Seat) -> None:
    session.exec(select(Team.id).where(Team.id == seat.team.id).with_for_update())  # two owners may let go of it at once
    owners = select(func.count()).select_from(Member).where(Member.team_id == seat.team.id, Member.role == Role.owner)
    if session.exec(owners).one() <= 1:
        raise Conflict(NO_OWNER)
