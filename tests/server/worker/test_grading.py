"""The job `grade` with real graders: what was deleted meanwhile, what another worker has by now, and faults of ours."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, delete
from sqlmodel import select

from server import clock
from server.accounts.guests import become_guest
from server.bank.load import load_bundled
from server.bank.versions import exercise_version, listed_exercise
from server.errors import NotFound
from server.grading.seals import seal_key, verify
from server.grading.tables import Result, Submission
from server.practice.start import start_exercise
from server.queue.jobs import MOST_TRIES, claim
from server.queue.tables import Job, JobState
from server.wiring import House
from server.worker.grading import grade_submission
from server.worker.loop import run_next, tell_owners
from server.workspaces.cells import save_source
from server.workspaces.hand_in import hand_in
from tests.people import whole_house
from tests.server.bank.notebooks import write_exercise

SLUG = "small-task"
LEASE = timedelta(minutes=1)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "exercises"
    write_exercise(folder, SLUG)
    return folder


@pytest.fixture
def house(engine: Engine, tmp_path: Path, folder: Path) -> Iterator[House]:
    house = whole_house(engine, tmp_path)
    yield house
    house.close()


@pytest.fixture
def submission(house: House, folder: Path) -> str:
    return submit(house, folder)


def submit(house: House, folder: Path) -> str:
    """Mira submits the right answer."""
    with house.sessions() as session:
        now = clock.now()
        load_bundled(session, folder, now)
        guest, _ = become_guest(session, now)
        digest = listed_exercise(session, SLUG).digest
        workspace = start_exercise(session, guest.id, exercise_version(session, SLUG), digest, 7, {}, now)
        save_source(session, workspace, "answer", "def answer():\n    return 1", 1, now)
        submission = hand_in(session, workspace, "submit", "request-1", now)
        session.commit()
        return submission.id


def state(house: House) -> tuple[str, str | None, int]:
    """Of the job, of the submission if there is one, and how many results there are."""
    with house.sessions() as session:
        submission = session.exec(select(Submission)).first()
        return (
            session.exec(select(Job)).one().state,
            submission.state if submission else None,
            len(session.exec(select(Result)).all()),
        )


def change_job(house: House, **changes: object) -> None:
    with house.sessions() as session:
        job = session.exec(select(Job)).one()
        for name, value in changes.items():
            setattr(job, name, value)
        session.commit()


def delete_submission(house: House) -> None:
    with house.sessions() as session:
        session.execute(delete(Submission))
        session.commit()


def claimed(house: House, worker: str) -> Job:
    with house.sessions() as session:
        job = claim(session, worker, clock.now(), LEASE)
        assert job is not None
        session.commit()
        return job


def test_a_submission_is_graded_once(house: House, submission: str) -> None:
    assert run_next(house, "worker")
    assert state(house) == (JobState.DONE, "graded", 1)
    assert not run_next(house, "worker")
    with house.sessions() as session:
        found = verify(session, seal_key(house.settings.secret))
    assert (found.sealed, found.faults) == (1, ())


def test_a_job_whose_submission_was_deleted_is_done(house: House, submission: str, caplog: pytest.LogCaptureFixture) -> None:
    delete_submission(house)
    assert run_next(house, "worker")
    assert state(house) == (JobState.DONE, None, 0)
    assert caplog.records == []


def test_a_submission_that_is_deleted_while_it_is_graded_leaves_nothing_behind(house: House, submission: str) -> None:
    job = claimed(house, "worker")
    with pytest.raises(NotFound, match="was deleted"):
        grade_submission(house, job, lambda _step: delete_submission(house))
    change_job(house, lease_until=clock.now())
    assert run_next(house, "worker")
    assert state(house) == (JobState.DONE, None, 0)


def test_a_worker_whose_lease_ran_out_stores_nothing_over_the_next_ones_result(house: House, submission: str) -> None:
    late = claimed(house, "late")
    change_job(house, lease_until=clock.now())
    in_time = claimed(house, "in time")
    grade_submission(house, late, lambda _step: None)
    assert state(house) == (JobState.RUNNING, "running", 0)
    grade_submission(house, in_time, lambda _step: None)
    assert state(house) == (JobState.DONE, "graded", 1)


def test_a_check_that_is_broken_is_tried_again_and_then_told_as_our_fault(house: House, folder: Path) -> None:
    path = write_exercise(folder, SLUG)
    path.write_text(path.read_text().replace("assert answer() == 1", "assert answer() == one"))
    submit(house, folder)
    for tries in (1, 2, 3):
        change_job(house, run_after=clock.now())
        assert run_next(house, "worker")
        assert state(house) == ((JobState.QUEUED, "running", 0) if tries < 3 else (JobState.DONE, "our_fault", 0))


def lose(house: House, ago: timedelta = timedelta()) -> None:
    """The worker's process died each time, and the last lease ran out: no thread of ours sees the end."""
    change_job(house, state=JobState.RUNNING, tries=MOST_TRIES, claimed_by="gone", lease_until=clock.now())
    assert not run_next(house, "worker")
    change_job(house, finished_at=clock.now() - ago)
    assert state(house)[0] == JobState.FAILED


def test_the_owner_of_a_job_whose_worker_vanished_each_time_hears_that_it_was_our_fault(house: House, submission: str) -> None:
    began = clock.now()
    lose(house)
    assert state(house)[1] == "queued"
    for _ in range(2):
        assert tell_owners(house, began) == 1
        assert state(house) == (JobState.FAILED, "our_fault", 0)


def test_what_failed_before_is_not_told_again(house: House, submission: str) -> None:
    lose(house, ago=timedelta(minutes=1))
    assert tell_owners(house, clock.now() - timedelta(seconds=30)) == 0
    assert state(house)[1] == "queued"


def test_nobody_is_told_of_a_job_that_goes_on_or_of_a_result_that_is_there(house: House, submission: str) -> None:
    began = clock.now()
    assert tell_owners(house, began) == 0
    assert run_next(house, "worker")
    assert tell_owners(house, began) == 0
    change_job(house, state=JobState.FAILED)
    assert tell_owners(house, began) == 1
    assert state(house)[1:] == ("graded", 1)


def test_a_failed_job_of_a_submission_that_was_deleted_is_nobodys(house: House, submission: str) -> None:
    lose(house)
    delete_submission(house)
    assert tell_owners(house, clock.now() - timedelta(minutes=1)) == 1
    assert state(house) == (JobState.FAILED, None, 0)
