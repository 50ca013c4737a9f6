"""A member sits the team's own take-home, as a candidate would."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlmodel import Session, func, select

from server.accounts.sessions import open_session
from server.accounts.tables import Person
from server.assessments.tables.blueprints import BlueprintRow
from server.assessments.tables.invitations import Candidate
from server.assessments.teams.rights import Right
from server.assessments.teams.seats import Seat
from server.audit.log import record
from server.errors import Invalid

WINDOW = timedelta(days=2)


def begin_preview(session: Session, seat: Seat, blueprint: BlueprintRow, now: datetime) -> tuple[Candidate, str]:
    """A candidate who counts nowhere, and the token of its session. Raises NotAllowed, Invalid."""
    seat.require(Right.hire)
    if not blueprint.tasks or blueprint.stated_minutes <= 0:
        raise Invalid("Choose at least one exercise and say how long candidates have; then there is something to preview.")
    earlier = select(func.count()).select_from(Candidate).where(Candidate.job_id == blueprint.job_id, Candidate.preview)
    hidden = Person(created_at=now)
    session.add(hidden)
    session.flush()
    candidate = Candidate(
        team_id=seat.team.id,
        job_id=blueprint.job_id,
        blueprint_id=blueprint.id,
        code=f"Preview {session.exec(earlier).one() + 1}",
        name="Preview",
        preview=True,
        person_id=hidden.id,
        opens_at=now,
        closes_at=now + WINDOW,
        invited_by=seat.member.person_id,
        created_at=now,
        sent_at=now,
        opened_at=now,
    )
    session.add(candidate)
    session.flush()
    record(session, seat.member.person_id, "blueprint.preview", f"team:{seat.team.id}", {"blueprint": blueprint.id}, now)
    return candidate, open_session(session, hidden, now)
