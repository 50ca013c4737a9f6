"""Things of a round, looked up through the team of whoever asks."""

from __future__ import annotations

from sqlmodel import Session, col, select

from server.assessments.tables.invitations import Candidate
from server.assessments.tables.sittings import Sitting
from server.assessments.teams.seats import Seat
from server.errors import NotFound

NO_SITTING = "There is no such take-home in this team."


def sitting_of(session: Session, seat: Seat, sitting_id: str, job_id: str | None = None) -> Sitting:
    """`job_id`: it has to be of this job, too. Previews are nobody's work, so they are not found. Raises NotFound."""
    wanted = select(Sitting).join(Candidate, col(Candidate.id) == col(Sitting.candidate_id))
    mine = wanted.where(Sitting.id == sitting_id, Sitting.team_id == seat.team.id, col(Candidate.preview).is_(False))
    found = session.exec(mine if job_id is None else mine.where(Candidate.job_id == job_id)).first()
    if found is None:
        raise NotFound(NO_SITTING)
    return found
