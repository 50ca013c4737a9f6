"""A forgotten password. The request does the same work for every address; whether it is known is found out by the job."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlmodel import Session, col, delete, select

from server.accounts import passwords
from server.accounts.keeping import Keeper
from server.accounts.links import find_link, make_link, use_link
from server.accounts.people import find_by_email, plain_email
from server.accounts.sign_in import set_password
from server.accounts.tables import LinkPurpose, Person
from server.errors import Conflict, Invalid
from server.mail.message import Message
from server.queue import jobs
from server.queue.tables import Job

JOB_KIND = "reset-mail"
LIFE = timedelta(hours=2)
LINK_OVER = "This link was used already or is too old. Ask for a new one."

TEXT = """Somebody, hopefully you, asked for a new password at {base_url}.

Choose a new password here within two hours:

{base_url}/reset/{token}

Opening the link changes nothing yet. If it was not you, ignore this mail; your password stays as it is.
"""


def ask_reset(session: Session, email: str, now: datetime) -> None:
    """Put a job; the link itself is made when the mail is sent, so it never lies in the database."""
    jobs.put(session, JOB_KIND, {"email": plain_email(email)}, now)


def reset_message(session: Session, base_url: str, email: str, now: datetime) -> Message | None:
    """The mail with a new link for the account of this address; None when there is no such account.

    The caller commits before it sends: a slow mail server must not hold the database.
    """
    person = find_by_email(session, email)
    if person is None or person.email is None:
        return None
    token = make_link(session, LinkPurpose.RESET, person.id, LIFE, now)
    return Message(person.email, "Choose a new password", TEXT.format(base_url=base_url, token=token))


def reset_is_open(session: Session, token: str, now: datetime) -> bool:
    return find_link(session, LinkPurpose.RESET, token, now) is not None


def reset_password(session: Session, token: str, password: str, keepers: Sequence[Keeper], now: datetime) -> Person:
    """Use the link: the new password is set and every session of the person ends."""
    link = find_link(session, LinkPurpose.RESET, token, now)
    person = session.get(Person, link.person_id) if link and link.person_id else None
    if link is None or person is None:
        raise Conflict(LINK_OVER, code="link_over")
    problem = passwords.problem_of(password, person.email or "")
    if problem:
        raise Invalid.fields({"password": problem})
    if not use_link(session, link, now):
        raise Conflict(LINK_OVER, code="link_over")
    set_password(session, person, password, keepers, now)
    return person


def forget_requests(session: Session, email: str) -> None:
    """Remove what the queue still knows of this address."""
    rows = session.exec(select(Job).where(Job.kind == JOB_KIND)).all()
    ids = [job.id for job in rows if job.payload.get("email") == email]
    session.exec(delete(Job).where(col(Job.id).in_(ids)))
