"""Who looked at whose work, and at whose names, in the log: one line for a person, a thing and an hour."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from server.assessments.tables.blueprints import HiringJob
from server.assessments.tables.sittings import Sitting
from server.assessments.teams.seats import Seat
from server.audit.log import record
from server.audit.tables import AuditRow

LOOK, NAMES, ONCE_IN = "sitting.look", "invitations.look", timedelta(hours=1)


def note_look(session: Session, seat: Seat, sitting: Sitting, now: datetime) -> bool:
    """Whether a line was written; the caller commits."""
    return _note(session, seat, LOOK, "sitting", sitting.id, now)


def note_names(session: Session, seat: Seat, job: HiringJob, now: datetime) -> bool:
    """A look at who was invited: names and addresses. Whether a line was written; the caller commits."""
    return _note(session, seat, NAMES, "job", job.id, now)


def _note(session: Session, seat: Seat, act: str, kind: str, thing: str, now: datetime) -> bool:
    me, subject = seat.member.person_id, f"team:{seat.team.id}"
    mine = select(AuditRow.details).where(AuditRow.act == act, AuditRow.subject == subject, AuditRow.actor == me)
    lately = session.exec(mine.where(col(AuditRow.at) > now - ONCE_IN))
    if any(details.get(kind) == thing for details in lately):
        return False
    record(session, me, act, subject, {kind: thing}, now)
    return True
