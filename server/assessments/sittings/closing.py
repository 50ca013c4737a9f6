"""Sittings whose time is up are handed in as they were saved last.

Nothing but tidiness hangs on when this is done: the deadline is a question of moments, and what came after it is refused already.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlmodel import Session

from server.assessments.sittings.courses import Seated
from server.assessments.sittings.deadline import Phase
from server.assessments.sittings.sitting import hand_in_sitting
from server.assessments.tables.sittings import BY_TIME

GRACE = timedelta(seconds=3)  # what was sent in the last moment may still be on its way into the database


def is_overdue(seated: Seated, now: datetime) -> bool:
    """Over for longer than the grace, and nobody has handed it in."""
    standing = seated.standing(now)
    return standing.phase is Phase.over and standing.ends is not None and now >= standing.ends + GRACE


def close_overdue(session: Session, seated: Seated, now: datetime) -> bool:
    """Hand in what is overdue; False when it is not, or somebody else did it."""
    return is_overdue(seated, now) and hand_in_sitting(session, seated, BY_TIME, now)
