"""The link of an invitation: looked at without any trace, opened by whoever means to. Mail scanners only look."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, update
from sqlmodel import Session, col, select

from server.accounts.sessions import open_session
from server.accounts.tables import Person
from server.accounts.tokens import token_hash
from server.assessments.tables.blueprints import HiringJob
from server.assessments.tables.invitations import Candidate
from server.assessments.tables.teams import Team
from server.audit.log import record
from server.database.changed import changed_rows
from server.errors import Conflict

LINK_OVER = (
    "This link does not lead to an invitation. It may be incomplete, or the team sent a newer one, or took the invitation back. "
    "Look for a later mail, or ask whoever invited you."
)


def find_invitation(session: Session, token: str) -> tuple[Candidate, Team, HiringJob]:
    """Looking uses nothing. A window that is over hides nothing: the page says so. Raises Conflict, always the same one."""
    wanted = (
        select(Candidate, Team, HiringJob)
        .join(Team, col(Team.id) == col(Candidate.team_id))
        .join(HiringJob, col(HiringJob.id) == col(Candidate.job_id))
        .where(Candidate.token_hash == token_hash(token), col(Candidate.withdrawn_at).is_(None))
    )
    found = session.exec(wanted).first() if token else None
    if found is None:
        raise Conflict(LINK_OVER, code="link_over")
    return found[0], found[1], found[2]


def open_invitation(session: Session, token: str, now: datetime) -> tuple[Candidate, str]:
    """The candidate, and the token of a new session of the hidden person whose work it is: the same one in each browser.
    Raises Conflict."""
    candidate, _, _ = find_invitation(session, token)
    still_works = update(Candidate).where(
        col(Candidate.id) == candidate.id,
        col(Candidate.token_hash) == token_hash(token),
        col(Candidate.withdrawn_at).is_(None),
    )
    # Held until the caller's commit, so that two browsers that open it at once find one person.
    if not changed_rows(session, still_works.values(opened_at=func.coalesce(col(Candidate.opened_at), now))):
        raise Conflict(LINK_OVER, code="link_over")
    session.refresh(candidate)
    hidden = _hidden_person(session, candidate, now)
    record(session, f"candidate:{candidate.id}", "candidate.open", f"team:{candidate.team_id}", {"candidate": candidate.id}, now)
    return candidate, open_session(session, hidden, now)


def _hidden_person(session: Session, candidate: Candidate, now: datetime) -> Person:
    """Without name or address: what they work on can be shown to anybody who marks it."""
    if candidate.person_id is not None:
        return session.get_one(Person, candidate.person_id)
    hidden = Person(created_at=now)
    session.add(hidden)
    session.flush()
    candidate.person_id = hidden.id
    session.add(candidate)
    session.flush()
    return hidden


def newest_opened(session: Session, persons: Sequence[str]) -> Candidate | None:
    """The invitation that was opened last by one of these hidden persons, who are given with the newest first."""
    found = session.exec(select(Candidate).where(col(Candidate.person_id).in_(persons))).all()
    return min(found, key=lambda candidate: persons.index(candidate.person_id or ""), default=None)


def hidden_persons(session: Session) -> set[str]:
    """All whose work belongs to a candidate. They stay for as long as the candidate does, in whatever browser they were."""
    return {person_id for person_id in session.exec(select(Candidate.person_id)) if person_id is not None}
