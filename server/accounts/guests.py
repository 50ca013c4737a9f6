"""People without an account: bound to one browser by its session."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from server.accounts import tables
from server.accounts.keeping import Keeper
from server.accounts.sessions import open_session
from server.accounts.tables import Person


def become_guest(session: Session, now: datetime) -> tuple[Person, str]:
    """A new guest and the token of their session."""
    guest = Person(created_at=now)
    session.add(guest)
    session.flush()
    return guest, open_session(session, guest, now)


def forget_lost_guests(session: Session, keepers: Sequence[Keeper], now: datetime) -> int:
    """Delete guests whose last session is over: nobody can come back to their work, unless a keeper holds them.
    Returns how many there were."""
    still_open = select(tables.Session.person_id).where(
        col(tables.Session.ended_at).is_(None), col(tables.Session.expires_at) > now
    )
    without = session.exec(select(Person).where(col(Person.email).is_(None), col(Person.id).not_in(still_open))).all()
    held = {person_id for keeper in keepers for person_id in keeper.holds(session)}
    lost = [guest for guest in without if guest.id not in held]
    for guest in lost:
        for keeper in keepers:
            keeper.forget(session, guest)
        session.delete(guest)
    session.flush()
    return len(lost)
