"""Making an account: a guest becomes one and keeps their work, because the row stays the same."""

from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from server.accounts import passwords
from server.accounts.people import find_by_email, plain_email, plain_name, problem_of_email, problem_of_name
from server.accounts.sessions import end_all_sessions, open_session
from server.accounts.tables import Person
from server.errors import Invalid

TAKEN = "There is an account with this address already; sign in, or ask for a new password"


def sign_up(session: Session, asking: Person | None, name: str, email: str, password: str, now: datetime) -> tuple[Person, str]:
    """The account and the token of its new session. The guest's old session ends: rights have changed."""
    _refuse_wrong(session, name, email, password)
    account = asking if asking is not None and asking.is_guest else Person(created_at=now)
    account.name, account.email = plain_name(name), plain_email(email)
    account.password_hash = passwords.hash_password(password)
    _store(session, account)
    end_all_sessions(session, account, now)
    return account, open_session(session, account, now)


def _refuse_wrong(session: Session, name: str, email: str, password: str) -> None:
    problems = {
        "name": problem_of_name(name),
        "email": problem_of_email(email) or (TAKEN if find_by_email(session, email) else None),
        "password": passwords.problem_of(password, plain_email(email)),
    }
    errors = {field: problem for field, problem in problems.items() if problem}
    if errors:
        raise Invalid.fields(errors)


def _store(session: Session, account: Person) -> None:
    """The unique column decides when two people take the same address at the same moment."""
    session.add(account)
    try:
        session.flush()
    except IntegrityError as error:
        session.rollback()
        raise Invalid.fields({"email": TAKEN}) from error
