"""Sittings whose time is up are handed in as they were saved last.

Nothing but tidiness hangs on when this is done: the deadline is a question of moments, and what came after it is refused already.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from server.assessments.courses import Seated, seat_candidate
from server.assessments.deadline import Phase
from server.assessments.round_tables import Candidate, Sitting
from server.assessments.sittings import BY_TIME, hand_in_sitting

GRACE = timedelta(seconds=3)  # what was sent in the last moment may still be on its way into the database


def close_overdue(session: Session, seated: Seated, now: datetime) -> bool:
    """Hand in what is over for longer than the grace; False when it is not, or somebody else did it."""
    standing = seated.standing(now)
    if standing.phase is not Phase.over or standing.ends is None or now < standing.ends + GRACE:
        return False
    return hand_in_sitting(session, seated, BY_TIME, now)


def list_running(session: Session) -> list[Candidate]:
    """All whose sitting began and is not handed in."""
    wanted = select(Candidate).join(Sitting, col(Sitting.candidate_id) == col(Candidate.id))
    return list(session.exec(wanted.where(col(Sitting.handed_in_at).is_(None))))


def is_overdue(session: Session, candidate: Candidate, now: datetime) -> bool:
    """A look that writes nothing."""
    standing = seat_candidate(session, candidate).standing(now)
    return standing.phase is Phase.over and standing.ends is not None and now >= standing.ends + GRACE
