"""The mail of an invitation over a real SMTP server: it arrives in both forms, bounces, or is tried again and given up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from server import clock
from server.assessments.invitations.candidates import Invitee, invite
from server.assessments.invitations.mail import JOB_KIND, NOT_SENT
from server.assessments.invitations.opening import find_invitation
from server.assessments.tables.invitations import Candidate
from server.mail.smtp import Smtp
from server.queue.jobs import MOST_TRIES
from server.queue.tables import Job, JobState
from server.settings import SmtpServer
from server.worker.loop import run_next, tell_owners
from tests import rounds
from tests.people import PlainHouse, plain_house
from tests.postbox import Postbox, free_port, link_in, part, postbox_on


@dataclass
class Post:
    """A team that invites, and the mail server of its candidates."""

    house: PlainHouse
    box: Postbox

    def invite(self, email: str) -> str:
        with self.house.sessions() as session:
            here = rounds.make_round(session, clock.now())
            made = invite(session, here.owner, here.job, here.blueprint, Invitee(email=email, name="Mira"), clock.now())
            session.commit()
            return made.id

    def work(self) -> Job:
        house: Any = self.house
        assert run_next(house, "worker")
        with self.house.sessions() as session:
            return session.exec(select(Job).where(Job.kind == JOB_KIND)).one()

    def due(self) -> None:
        """The wait until the next try is over."""
        with self.house.sessions() as session:
            job = session.exec(select(Job).where(Job.kind == JOB_KIND)).one()
            job.run_after = clock.now() - timedelta(seconds=1)
            session.add(job)
            session.commit()

    def candidate(self, candidate_id: str) -> Candidate:
        with self.house.sessions() as session:
            return session.get_one(Candidate, candidate_id)

    def session(self) -> Session:
        return self.house.sessions()


@pytest.fixture
def post(sqlite_engine: Engine, tmp_path: Path) -> Iterator[Post]:
    box, port = Postbox(), free_port()
    controller = postbox_on(port, box)
    controller.start()
    house: Any = plain_house(sqlite_engine, tmp_path)
    house.mailer = Smtp(SmtpServer("127.0.0.1", port, None, None, "none"), "touchstone@example.org")
    yield Post(house, box)
    controller.stop()


def test_it_arrives_in_both_forms_with_a_link_that_works(post: Post) -> None:
    made = post.invite("mira@example.org")
    assert post.work().state == JobState.DONE
    mail = post.box.mails()[0]
    assert (mail["To"], mail["Subject"]) == ("mira@example.org", "Northwind ML invites you to a take-home: ML engineer")
    link = link_in(mail, "invitation")
    assert mail.get_content_type() == "multipart/alternative"
    assert f'href="http://localhost{link}"' in part(mail, "html")
    assert "src=" not in part(mail, "html")  # nothing that would tell when the mail is read
    row = post.candidate(made)
    assert row.sent_at is not None and row.bounced_at is None
    with post.session() as session:
        assert find_invitation(session, link.rpartition("/")[2])[0].id == made
        job = session.exec(select(Job)).one()
        assert "mira@example.org" not in str(job.payload)


def test_an_address_that_the_server_refuses_bounces_with_its_reason(post: Post) -> None:
    made = post.invite("nobody@example.org")
    assert post.work().state == JobState.DONE
    row = post.candidate(made)
    assert (row.sent_at, row.bounce) == (None, "550 no such person")
    assert row.bounced_at is not None
    assert post.box.mails() == []


def test_a_server_that_is_busy_is_asked_again_and_then_it_works(post: Post) -> None:
    made = post.invite("later@example.org")
    job = post.work()
    assert (job.state, post.candidate(made).bounced_at) == (JobState.QUEUED, None)
    with post.session() as session:
        row = session.get_one(Candidate, made)
        row.email = "mira@example.org"
        session.add(row)
        session.commit()
    post.due()
    assert post.work().state == JobState.DONE
    assert post.candidate(made).sent_at is not None


def test_a_mail_that_was_given_up_is_shown_as_such_also_after_a_restart(post: Post) -> None:
    made = post.invite("later@example.org")
    for _ in range(MOST_TRIES):
        post.due()
        job = post.work()
    assert job.state == JobState.FAILED
    assert post.candidate(made).bounce == NOT_SENT
    bounced_at = post.candidate(made).bounced_at
    house: Any = post.house
    assert tell_owners(house, clock.now() - timedelta(days=1)) == 1
    assert post.candidate(made).bounced_at == bounced_at


def test_the_log_has_neither_link_nor_address(
    post: Post, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(0)
    post.invite("nobody@example.org")
    post.work()
    with post.session() as session:
        candidate = session.exec(select(Candidate)).one()
        candidate.email = "mira@example.org"
        session.add(candidate)
        session.exec(select(Job)).one().state = JobState.QUEUED
        session.commit()
    post.work()
    token = link_in(post.box.mails()[0], "invitation").rpartition("/")[2]
    captured = capfd.readouterr()
    ours = [record.getMessage() for record in caplog.records if record.name != "mail.log"]  # that is the other end's
    logged = "\n".join([*ours, captured.out, captured.err])
    assert "will never arrive" in logged
    assert token not in logged
    assert "nobody@" not in logged and "mira@" not in logged
