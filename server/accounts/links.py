"""Links that work once: made, looked at, used."""

from datetime import datetime, timedelta

from sqlalchemy import update
from sqlmodel import Session, col, select

from server.accounts.tables import Link, LinkPurpose
from server.accounts.tokens import new_token, token_hash
from server.database.changed import changed_rows


def make_link(session: Session, purpose: LinkPurpose, person_id: str | None, life: timedelta, now: datetime) -> str:
    """The token of a new link; earlier ones of the same kind for the same person stop working."""
    _void(session, purpose, person_id, now)
    token = new_token()
    link = Link(token_hash=token_hash(token), purpose=purpose, person_id=person_id, created_at=now, expires_at=now + life)
    session.add(link)
    session.flush()
    return token


def find_link(session: Session, purpose: LinkPurpose, token: str, now: datetime) -> Link | None:
    """The link, if it could be used now. Looking uses nothing."""
    found = select(Link).where(Link.token_hash == token_hash(token), Link.purpose == purpose)
    return session.exec(found.where(col(Link.used_at).is_(None), col(Link.expires_at) > now)).first()


def use_link(session: Session, link: Link, now: datetime) -> bool:
    """True for exactly one of those who use it at the same moment."""
    unused = update(Link).where(col(Link.token_hash) == link.token_hash, col(Link.used_at).is_(None))
    return changed_rows(session, unused.values(used_at=now)) == 1


def _void(session: Session, purpose: LinkPurpose, person_id: str | None, now: datetime) -> None:
    same = col(Link.person_id).is_(None) if person_id is None else col(Link.person_id) == person_id
    unused = update(Link).where(col(Link.purpose) == purpose, same, col(Link.used_at).is_(None))
    changed_rows(session, unused.values(used_at=now))
