"""Who looked at whose work, in the log: one line for a person, a sitting and an hour."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from server.assessments.round_tables import Sitting
from server.assessments.teams import Seat
from server.audit.log import record
from server.audit.tables import AuditRow

LOOK, ONCE_IN = "sitting.look", timedelta(hours=1)


def note_look(session: Session, seat: Seat, sitting: Sitting, now: datetime) -> bool:
    """Whether a line was written; the caller commits."""
    me, subject = seat.member.person_id, f"team:{seat.team.id}"
    mine = select(AuditRow.details).where(AuditRow.act == LOOK, AuditRow.subject == subject, AuditRow.actor == me)
    lately = session.exec(mine.where(col(AuditRow.at) > now - ONCE_IN))
    if any(details.get("sitting") == sitting.id for details in lately):
        return False
    record(session, me, LOOK, subject, {"sitting": sitting.id}, now)
    return True
