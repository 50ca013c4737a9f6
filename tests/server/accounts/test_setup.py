"""The operator's link: printed once, used once, and never again when there is an operator."""

from datetime import datetime, timedelta

import pytest
from sqlmodel import Session, select

from server.accounts.setup import LIFE, make_setup_link, setup_is_open, use_setup_link
from server.accounts.tables import Person
from server.errors import Conflict, Invalid
from tests.people import PASSWORD

BASE = "http://127.0.0.1:8000"


def printed(session: Session, moment: datetime) -> str:
    link = make_setup_link(session, BASE, moment)
    assert link is not None
    return link.removeprefix(f"{BASE}/setup/")


def use(session: Session, token: str, moment: datetime, email: str = "olga@example.org") -> Person:
    return use_setup_link(session, token, None, "Olga", email, PASSWORD, moment)[0]


def test_the_first_account_made_with_the_link_operates_the_site(session: Session, moment: datetime) -> None:
    assert use(session, printed(session, moment), moment).is_operator


def test_no_link_is_printed_once_there_is_an_operator(session: Session, moment: datetime) -> None:
    use(session, printed(session, moment), moment)
    assert make_setup_link(session, BASE, moment) is None


def test_a_second_start_prints_a_new_link_and_the_old_one_stops_working(session: Session, moment: datetime) -> None:
    old = printed(session, moment)
    new = printed(session, moment + timedelta(minutes=1))
    assert not setup_is_open(session, old, moment)
    assert setup_is_open(session, new, moment)


def test_the_link_works_once(session: Session, moment: datetime) -> None:
    token = printed(session, moment)
    use(session, token, moment)
    with pytest.raises(Conflict, match="set-up link was used already"):
        use(session, token, moment, "eve@example.org")


def test_the_link_is_valid_for_a_day(session: Session, moment: datetime) -> None:
    token = printed(session, moment)
    with pytest.raises(Conflict):
        use(session, token, moment + LIFE)


def test_errors_in_the_form_are_told_and_make_nobody(session: Session, moment: datetime) -> None:
    token = printed(session, moment)
    session.commit()
    with pytest.raises(Invalid):
        use(session, token, moment, "olga")
    session.rollback()
    assert session.exec(select(Person)).all() == []
    assert setup_is_open(session, token, moment)
