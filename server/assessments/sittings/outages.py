"""Times in which this site was down, known from its own beats: whoever sat a take-home gets them back without asking.

The server beats every few seconds. A beat that comes long after the one before tells of an outage in between; at the start that
is found before the first request is answered.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import update
from sqlmodel import Session, col

from server.assessments.tables.sittings import Beat, Outage
from server.database.changed import changed_rows
from server.database.insert import insert_once

LONGEST_SILENCE = timedelta(seconds=30)
ONLY = 1


def last_beat(session: Session) -> datetime | None:
    """None before the first one."""
    found = session.get(Beat, ONLY, populate_existing=True)
    return found.at if found else None


def beat(session: Session, now: datetime) -> Outage | None:
    """A sign of life; the outage that it ends, if the last one is too long ago. A clock that was set back is no outage."""
    insert_once(session, Beat(id=ONLY, at=now))
    last = session.get_one(Beat, ONLY, populate_existing=True).at
    mine = update(Beat).where(col(Beat.id) == ONLY, col(Beat.at) == last)
    if not changed_rows(session, mine.values(at=now)) or now - last <= LONGEST_SILENCE:
        return None
    outage = Outage(since=last, until=now)
    session.add(outage)
    session.flush()
    return outage
