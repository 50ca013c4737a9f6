"""People without an account: bound to one browser by its session."""

from datetime import datetime

from sqlmodel import Session

from server.accounts.sessions import open_session
from server.accounts.tables import Person


def become_guest(session: Session, now: datetime) -> tuple[Person, str]:
    """A new guest and the token of their session."""
    guest = Person(created_at=now)
    session.add(guest)
    session.flush()
    return guest, open_session(session, guest, now)
