"""The queue's threads: leases, orphans of a dead process, and jobs that fail."""

import os
import socket
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import sessionmaker
from sqlmodel import Session

from server import clock
from server.database.engine import session_factory
from server.queue.jobs import MOST_TRIES, put
from server.queue.tables import Job, JobState
from server.worker import loop


@dataclass
class BareHouse:
    """Sessions, and nothing that a job of these tests would need."""

    sessions: sessionmaker[Session]


@pytest.fixture
def house(engine: Engine) -> BareHouse:
    return BareHouse(session_factory(engine))


def put_job(house: BareHouse, moment: datetime, **changes: object) -> str:
    with house.sessions() as session:
        job = put(session, "grade", {"submission": "x"}, moment)
        for name, value in changes.items():
            setattr(job, name, value)
        session.commit()
        return job.id


def job_of(house: BareHouse, job_id: str) -> Job:
    with house.sessions() as session:
        job = session.get(Job, job_id)
        assert job is not None
        return job


def test_nothing_to_do_is_said(house: BareHouse) -> None:
    assert not loop.run_next(house, "me")  # type: ignore[arg-type]


def test_a_job_that_raises_goes_back_with_its_error_and_a_wait(
    house: BareHouse, moment: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("no kernel today")

    monkeypatch.setitem(loop.HANDLERS, "grade", broken)
    job_id = put_job(house, moment)
    assert loop.run_next(house, "me")  # type: ignore[arg-type]
    job = job_of(house, job_id)
    assert (job.state, job.tries, job.claimed_by) == (JobState.QUEUED, 1, None)
    assert "no kernel today" in (job.error or "")
    assert job.run_after > clock.now()


def test_after_the_last_try_the_owner_is_told(house: BareHouse, moment: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []

    def broken(*_: object) -> None:
        raise RuntimeError("still none")

    monkeypatch.setitem(loop.HANDLERS, "grade", broken)
    monkeypatch.setitem(loop.GIVEN_UP, "grade", lambda _house, job: told.append(job.id))
    job_id = put_job(house, moment, tries=MOST_TRIES - 1)
    assert loop.run_next(house, "me")  # type: ignore[arg-type]
    assert told == [job_id]
    assert job_of(house, job_id).state == JobState.FAILED


@pytest.mark.parametrize(
    ("worker", "released"),
    [
        (f"{socket.gethostname()}/999999999/123/0", 1),
        (f"{socket.gethostname()}/{os.getpid()}/not-when-it-started/0", 1),
        (f"{loop._here()}/0", 0),
        ("another-host/1/1/0", 0),
    ],
    ids=["gone", "its pid is somebody else's", "ourselves", "another machine"],
)
def test_jobs_of_a_process_that_is_gone_are_due_at_once(house: BareHouse, moment: datetime, worker: str, released: int) -> None:
    lease = clock.now() + timedelta(hours=1)
    job_id = put_job(house, moment, state=JobState.RUNNING, claimed_by=worker, lease_until=lease, tries=1)
    assert loop.release_orphans(house) == released  # type: ignore[arg-type]
    assert (job_of(house, job_id).lease_until <= clock.now()) is bool(released)  # type: ignore[operator]
