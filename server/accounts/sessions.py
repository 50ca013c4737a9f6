"""Server-side sessions: opened, found by their token, ended."""

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import update
from sqlmodel import Session, col, select

from server.accounts import tables
from server.accounts.tables import Person
from server.accounts.tokens import new_token, token_hash
from server.database.changed import changed_rows

LIFE = timedelta(days=90)
# A visit is noted at most this often, so that ordinary pages write nothing.
NOTED_EVERY = timedelta(hours=6)


class Visit(NamedTuple):
    """`unnoted`: the last visit that was noted is some hours ago; only then `note_visit` has something to do."""

    person: Person
    unnoted: bool


def open_session(session: Session, person: Person, now: datetime) -> str:
    """A new session of this person; returns the token for the cookie."""
    token = new_token()
    row = tables.Session(
        token_hash=token_hash(token), person_id=person.id, created_at=now, last_seen_at=now, expires_at=now + LIFE
    )
    session.add(row)
    session.flush()
    return token


def find_by_token(session: Session, token: str, now: datetime) -> Person | None:
    """Whose session this is; None when it is unknown, over or ended."""
    visit = find_visit(session, token, now)
    return visit.person if visit else None


def find_visit(session: Session, token: str, now: datetime) -> Visit | None:
    """Who comes with this token, and whether the visit is to be noted; None when the session is unknown, over or ended."""
    found = (
        select(Person, tables.Session.last_seen_at)
        .join(tables.Session, col(tables.Session.person_id) == col(Person.id))
        .where(tables.Session.token_hash == token_hash(token))
        .where(col(tables.Session.ended_at).is_(None), col(tables.Session.expires_at) > now)
    )
    row = session.exec(found).first()
    return Visit(row[0], row[1] <= now - NOTED_EVERY) if row else None


def note_visit(session: Session, token: str, now: datetime) -> bool:
    """Prolong the session if it was last noted some hours ago; True when it was.

    Looks before it writes: even an UPDATE that changes nothing takes SQLite's only write lock, until the request ends.
    """
    overdue = (
        col(tables.Session.token_hash) == token_hash(token),
        col(tables.Session.ended_at).is_(None),
        col(tables.Session.last_seen_at) <= now - NOTED_EVERY,
    )
    if session.exec(select(tables.Session.token_hash).where(*overdue)).first() is None:
        return False
    due = update(tables.Session).where(*overdue)
    return changed_rows(session, due.values(last_seen_at=now, expires_at=now + LIFE)) == 1


def end_session(session: Session, token: str, now: datetime) -> None:
    open_one = (col(tables.Session.token_hash) == token_hash(token), col(tables.Session.ended_at).is_(None))
    changed_rows(session, update(tables.Session).where(*open_one).values(ended_at=now))


def end_all_sessions(session: Session, person: Person, now: datetime) -> int:
    open_ones = (col(tables.Session.person_id) == person.id, col(tables.Session.ended_at).is_(None))
    return changed_rows(session, update(tables.Session).where(*open_ones).values(ended_at=now))
