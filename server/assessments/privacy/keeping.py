"""What of a person this domain keeps: their seats, and invitations into teams that went to their address. And whom it holds:
the hidden persons of candidates."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import Session, col, delete, select

from server.accounts.keeping import Keeper
from server.accounts.tables import Person
from server.assessments.invitations.opening import hidden_persons
from server.assessments.privacy.erasing import forget_work
from server.assessments.tables.invitations import Candidate
from server.assessments.tables.teams import Member, MemberInvite, Team
from server.assessments.teams.rights import Role

SEAT, INVITE = {"role", "joined_at"}, {"role", "created_at", "expires_at"}


def team_keeper(of_work: Sequence[Keeper] = ()) -> Keeper:
    """`of_work`: the keepers of what candidates work on."""
    return Keeper(
        "teams", export_teams, forget=lambda session, person: leave_teams(session, person, of_work), holds=hidden_persons
    )


def export_teams(session: Session, person: Person) -> object:
    seats = select(Team, Member).join(Member, col(Member.team_id) == col(Team.id)).where(Member.person_id == person.id)
    invites = select(MemberInvite).where(MemberInvite.email == (person.email or ""))
    return {
        "seats": [{"team": team.name, **member.model_dump(mode="json", include=SEAT)} for team, member in session.exec(seats)],
        "invites": [invite.model_dump(mode="json", include=INVITE) for invite in session.exec(invites)],
    }


def leave_teams(session: Session, person: Person, of_work: Sequence[Keeper] = ()) -> None:
    """A team whose only owner goes gets the next one in rank; a team that nobody is left in goes too, with its candidates."""
    owned = select(Member.team_id).where(Member.person_id == person.id, Member.role == Role.owner)
    for team_id in session.exec(owned).all():
        _hand_over(session, team_id, person.id, of_work)
    session.exec(delete(MemberInvite).where(col(MemberInvite.email) == (person.email or "")))


def _hand_over(session: Session, team_id: str, leaving: str, of_work: Sequence[Keeper]) -> None:
    others = select(Member).where(Member.team_id == team_id, Member.person_id != leaving)
    rank = [role.value for role in Role]
    left = sorted(session.exec(others), key=lambda member: (rank.index(member.role), member.joined_at))
    if not left:
        for candidate in session.exec(select(Candidate).where(Candidate.team_id == team_id)).all():
            forget_work(session, candidate, candidate.person_id, of_work)
        session.exec(delete(Team).where(col(Team.id) == team_id))
    elif left[0].role != Role.owner:
        left[0].role = Role.owner
        session.add(left[0])
