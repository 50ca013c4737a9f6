"""A forgotten password: one link, by mail, for one use, and no word about who has an account."""

from datetime import datetime, timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from server.accounts.reset import JOB_KIND, LIFE, ask_reset, reset_is_open, reset_message, reset_password
from server.accounts.sessions import find_by_token
from server.accounts.sign_in import sign_in
from server.accounts.sign_up import sign_up
from server.accounts.tables import Link
from server.database.engine import session_factory
from server.errors import Conflict, Invalid
from server.queue.tables import Job
from tests.people import MIRA, PASSWORD

BASE = "https://practice.example.org"
NEW = "four quite random words"


def mailed_token(session: Session, moment: datetime, email: str = MIRA) -> str:
    message = reset_message(session, BASE, email, moment)
    assert message is not None
    return message.text.split("/reset/")[1].split()[0]


def test_asking_does_the_same_for_every_address(session: Session, moment: datetime) -> None:
    sign_up(session, None, "Mira", MIRA, PASSWORD, moment)
    for email in (MIRA, "nobody@example.org"):
        ask_reset(session, email, moment)
    assert [(job.kind, job.payload) for job in session.exec(select(Job).order_by(Job.payload["email"].as_string()))] == [
        (JOB_KIND, {"email": MIRA}),
        (JOB_KIND, {"email": "nobody@example.org"}),
    ]


def test_the_mail_holds_a_link_of_the_configured_address(session: Session, moment: datetime) -> None:
    sign_up(session, None, "Mira", MIRA, PASSWORD, moment)
    message = reset_message(session, BASE, MIRA.upper(), moment)
    assert message is not None
    assert message.to == MIRA
    assert f"{BASE}/reset/" in message.text


def test_nobody_without_an_account_gets_mail(session: Session, moment: datetime) -> None:
    assert reset_message(session, BASE, "nobody@example.org", moment) is None


def test_the_database_holds_no_link_that_could_be_used(session: Session, moment: datetime) -> None:
    sign_up(session, None, "Mira", MIRA, PASSWORD, moment)
    ask_reset(session, MIRA, moment)
    token = mailed_token(session, moment)
    rows = [*session.exec(select(Link)), *session.exec(select(Job))]
    assert token not in str([row.model_dump() for row in rows])


def test_the_link_sets_a_new_password_and_ends_all_sessions(session: Session, moment: datetime) -> None:
    account, old = sign_up(session, None, "Mira", MIRA, PASSWORD, moment)
    token = mailed_token(session, moment)
    assert reset_password(session, token, NEW, (), moment) == account
    assert find_by_token(session, old, moment) is None
    sign_in(session, MIRA, NEW, None, (), moment)


def test_looking_at_the_link_uses_nothing(session: Session, moment: datetime) -> None:
    sign_up(session, None, "Mira", MIRA, PASSWORD, moment)
    token = mailed_token(session, moment)
    assert all(reset_is_open(session, token, moment) for _ in range(3))
    reset_password(session, token, NEW, (), moment)
    assert not reset_is_open(session, token, moment)


def test_a_password_that_is_refused_leaves_the_link_usable(session: Session, moment: datetime) -> None:
    sign_up(session, None, "Mira", MIRA, PASSWORD, moment)
    token = mailed_token(session, moment)
    with pytest.raises(Invalid):
        reset_password(session, token, "short", (), moment)
    reset_password(session, token, NEW, (), moment)


@pytest.mark.parametrize("when", ["too late", "used", "unknown", "superseded"])
def test_a_link_that_is_over_says_the_same_whatever_the_reason(session: Session, moment: datetime, when: str) -> None:
    sign_up(session, None, "Mira", MIRA, PASSWORD, moment)
    token = mailed_token(session, moment)
    if when == "used":
        reset_password(session, token, NEW, (), moment)
    if when == "superseded":
        mailed_token(session, moment + timedelta(minutes=1))
    later = moment + (LIFE if when == "too late" else timedelta(minutes=2))
    with pytest.raises(Conflict, match="This link was used already or is too old"):
        reset_password(session, "unknown" if when == "unknown" else token, NEW, (), later)


def test_of_two_uses_at_the_same_moment_one_wins(engine: Engine, moment: datetime) -> None:
    sessions = session_factory(engine)
    with sessions() as session:
        sign_up(session, None, "Mira", MIRA, PASSWORD, moment)
        token = mailed_token(session, moment)
        session.commit()
    barrier, outcomes = Barrier(2), []

    def use(password: str) -> None:
        with sessions() as session:
            barrier.wait()
            try:
                reset_password(session, token, password, (), moment)
                session.commit()
                outcomes.append("set")
            except Conflict:
                outcomes.append("refused")

    threads = [Thread(target=use, args=(f"{NEW} {number}",)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert sorted(outcomes) == ["refused", "set"]
