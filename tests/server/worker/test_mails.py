"""The worker's part in a forgotten password: a mail that arrives, comes later, or never can."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlmodel import select

from server import clock
from server.accounts.reset import JOB_KIND, ask_reset
from server.accounts.sign_up import sign_up
from server.database.engine import session_factory
from server.mail.mailer import MailError
from server.mail.message import Message
from server.queue.tables import Job, JobState
from server.worker.loop import run_next
from tests.people import MIRA, PASSWORD, KeptMail, PlainHouse, plain_house


@dataclass
class RefusingMail:
    """A mailer whose server refuses everything."""

    permanent: bool
    asked: list[Message] = field(default_factory=list)

    def send(self, message: Message) -> None:
        self.asked.append(message)
        raise MailError("refused", self.permanent)


@dataclass
class CuriousMail(KeptMail):
    """A mailer that looks whether somebody else could write to the database meanwhile."""

    engine: Engine
    sent: list[Message] = field(default_factory=list)

    def send(self, message: Message) -> None:
        with self.engine.begin() as connection:
            connection.exec_driver_sql("PRAGMA busy_timeout = 0")
            connection.execute(text("UPDATE persons SET name = 'written meanwhile'"))
        self.sent.append(message)


@pytest.fixture
def house(sqlite_engine: Engine, tmp_path: Path) -> PlainHouse:
    """A site where Mira has just asked for a new password."""
    house = plain_house(sqlite_engine, tmp_path)
    with session_factory(sqlite_engine)() as session:
        sign_up(session, None, "Mira", MIRA, PASSWORD, clock.now())
        ask_reset(session, MIRA, clock.now())
        session.commit()
    return house


def work(house: Any) -> str:
    """Run what is due; the state of the job afterwards."""
    assert run_next(house, "worker")
    with house.sessions() as session:
        return str(session.exec(select(Job).where(Job.kind == JOB_KIND)).one().state)


def test_the_mail_leaves_and_the_job_is_done(house: PlainHouse) -> None:
    assert work(house) == JobState.DONE
    assert [message.to for message in house.mailer.sent] == [MIRA]


def test_an_address_without_an_account_is_done_without_a_mail(house: PlainHouse) -> None:
    with house.sessions() as session:
        session.execute(text("DELETE FROM persons"))
        session.commit()
    assert work(house) == JobState.DONE
    assert house.mailer.sent == []


def test_a_mail_server_that_is_busy_is_asked_again_later(house: PlainHouse) -> None:
    house.mailer = RefusingMail(permanent=False)  # type: ignore[assignment]
    assert work(house) == JobState.QUEUED
    assert not run_next(house, "worker")  # type: ignore[arg-type]


def test_a_mail_that_can_never_arrive_is_not_tried_again(house: PlainHouse) -> None:
    house.mailer = RefusingMail(permanent=True)  # type: ignore[assignment]
    assert work(house) == JobState.DONE


def test_the_database_is_free_while_the_mail_is_on_its_way(house: PlainHouse, sqlite_engine: Engine) -> None:
    house.mailer = CuriousMail(sqlite_engine)
    assert work(house) == JobState.DONE
    assert len(house.mailer.sent) == 1
