"""Signing in and out. What a guest did before goes along into the account."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from server.accounts import passwords
from server.accounts.keeping import Keeper
from server.accounts.people import find_by_email
from server.accounts.sessions import end_all_sessions, end_session, open_session
from server.accounts.tables import Person
from server.errors import Invalid, Refusal


class WrongPassword(Refusal):
    """Says the same for an unknown address and a wrong password."""

    code = "wrong_password"

    def __init__(self) -> None:
        super().__init__("The e-mail address or the password is not right")


def sign_in(
    session: Session, email: str, password: str, asking: Person | None, keepers: Sequence[Keeper], now: datetime
) -> tuple[Person, str]:
    """The account and the token of its new session."""
    account = find_by_email(session, email)
    if not passwords.matches(account.password_hash if account else None, password) or account is None:
        raise WrongPassword
    _refresh_hash(session, account, password)
    if asking is not None and asking.is_guest:
        _adopt(session, asking, account, keepers)
    return account, open_session(session, account, now)


def sign_out(session: Session, person: Person, token: str, keepers: Sequence[Keeper], now: datetime) -> None:
    """The session ends, and with it what runs for the person."""
    end_session(session, token, now)
    _rest(session, person, keepers)


def change_password(session: Session, person: Person, current: str, new: str, keepers: Sequence[Keeper], now: datetime) -> str:
    """Every session of the person ends; returns the token of a new one for this browser."""
    errors = {}
    if not passwords.matches(person.password_hash, current):
        errors["current"] = "This is not your current password"
    problem = passwords.problem_of(new, person.email or "")
    if problem:
        errors["new"] = problem
    if errors:
        raise Invalid.fields(errors)
    set_password(session, person, new, keepers, now)
    return open_session(session, person, now)


def set_password(session: Session, person: Person, password: str, keepers: Sequence[Keeper], now: datetime) -> None:
    """Whoever knew the old one is out, in every browser."""
    person.password_hash = passwords.hash_password(password)
    session.add(person)
    session.flush()
    end_all_sessions(session, person, now)
    _rest(session, person, keepers)


def _rest(session: Session, person: Person, keepers: Sequence[Keeper]) -> None:
    for keeper in keepers:
        keeper.rest(session, person)


def _refresh_hash(session: Session, account: Person, password: str) -> None:
    if account.password_hash and passwords.is_outdated(account.password_hash):
        account.password_hash = passwords.hash_password(password)
        session.add(account)


def _adopt(session: Session, guest: Person, account: Person, keepers: Sequence[Keeper]) -> None:
    for keeper in keepers:
        keeper.adopt(session, guest, account)
    session.flush()
    session.delete(guest)
    session.flush()
