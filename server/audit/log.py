"""Write the audit log, in the transaction of the act itself, and read it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlmodel import Session, col, select

from server.audit.seals import note
from server.audit.tables import AuditRow


def record(session: Session, actor: str, act: str, subject: str, details: Mapping[str, object], now: datetime) -> AuditRow:
    """`act` is `noun.verb`, `subject` is `noun:id`. Nothing of a candidate's work belongs into `details`.
    It is sealed when the transaction commits."""
    row = AuditRow(at=now, actor=actor, act=act, subject=subject, details=dict(details))
    session.add(row)
    session.flush()
    note(session, row)
    return row


def entries(session: Session, subject: str) -> list[AuditRow]:
    """All that was done with one thing, oldest first."""
    return list(session.exec(select(AuditRow).where(AuditRow.subject == subject).order_by(col(AuditRow.id))))
