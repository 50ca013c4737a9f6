"""Jobs: each is done once, by one worker, and none gets lost."""

from datetime import datetime, timedelta
from threading import Barrier, Thread

from sqlalchemy import Engine
from sqlmodel import Session, select

from server.database.engine import session_factory
from server.queue import jobs
from server.queue.tables import Job, JobState

LEASE = timedelta(minutes=1)


def test_a_job_is_claimed_and_finished(session: Session, moment: datetime) -> None:
    jobs.put(session, "grade", {"submission": "s"}, moment)
    job = jobs.claim(session, "worker", moment, LEASE)
    assert job is not None
    assert (job.state, job.claimed_by, job.tries, job.payload) == (JobState.RUNNING, "worker", 1, {"submission": "s"})
    assert jobs.finish(session, job, moment)
    assert (job.state, job.finished_at) == (JobState.DONE, moment)
    assert jobs.claim(session, "worker", moment, LEASE) is None


def test_the_oldest_job_comes_first(session: Session, moment: datetime) -> None:
    jobs.put(session, "grade", {"number": 2}, moment + timedelta(seconds=1))
    jobs.put(session, "grade", {"number": 1}, moment)
    later = moment + timedelta(seconds=2)
    claimed = [jobs.claim(session, "worker", later, LEASE) for _ in range(2)]
    assert [job.payload["number"] for job in claimed if job] == [1, 2]


def test_a_worker_takes_only_the_kinds_it_knows(session: Session, moment: datetime) -> None:
    jobs.put(session, "grade", {}, moment)
    assert jobs.claim(session, "worker", moment, LEASE, kinds=["mail"]) is None
    assert jobs.claim(session, "worker", moment, LEASE, kinds=["grade"]) is not None


def test_a_running_job_is_nobody_elses_until_its_lease_ends(session: Session, moment: datetime) -> None:
    jobs.put(session, "grade", {}, moment)
    jobs.claim(session, "first", moment, LEASE)
    assert jobs.claim(session, "second", moment + LEASE / 2, LEASE) is None
    job = jobs.claim(session, "second", moment + LEASE, LEASE)
    assert job is not None
    assert (job.claimed_by, job.tries) == ("second", 2)


def test_a_worker_that_lost_its_lease_cannot_finish(engine: Engine, moment: datetime) -> None:
    sessions = session_factory(engine)
    with sessions() as slow, sessions() as fast:
        jobs.put(slow, "grade", {}, moment)
        slow.commit()
        job = jobs.claim(slow, "slow", moment, LEASE)
        slow.commit()
        assert job is not None
        assert jobs.claim(fast, "fast", moment + LEASE, LEASE) is not None
        fast.commit()
        assert not jobs.finish(slow, job, moment + LEASE)


def test_a_lease_can_be_extended(session: Session, moment: datetime) -> None:
    jobs.put(session, "grade", {}, moment)
    job = jobs.claim(session, "worker", moment, LEASE)
    assert job is not None
    assert jobs.extend(session, job, moment + LEASE / 2, LEASE)
    assert jobs.claim(session, "other", moment + LEASE, LEASE) is None


def test_a_job_that_did_not_work_is_tried_again_after_a_longer_wait_each_time(session: Session, moment: datetime) -> None:
    jobs.put(session, "mail", {}, moment)
    waits, now = [], moment
    for _ in range(jobs.MOST_TRIES - 1):
        job = jobs.claim(session, "worker", now, LEASE)
        assert job is not None
        assert jobs.give_back(session, job, now, "the server did not answer")
        waits.append((job.run_after - now).total_seconds())
        assert jobs.claim(session, "worker", now, LEASE) is None
        now = job.run_after
    assert waits == [2, 8, 32, 128]


def test_after_five_tries_a_job_has_failed_with_its_reason(session: Session, moment: datetime) -> None:
    jobs.put(session, "mail", {}, moment)
    now = moment
    for _ in range(jobs.MOST_TRIES):
        job = jobs.claim(session, "worker", now, LEASE)
        assert job is not None
        jobs.give_back(session, job, now, "the server did not answer")
        now += timedelta(hours=1)
    failed = session.exec(select(Job)).one()
    assert (failed.state, failed.error, failed.tries) == (JobState.FAILED, "the server did not answer", 5)


def test_a_job_that_kills_every_worker_is_given_up(session: Session, moment: datetime) -> None:
    jobs.put(session, "grade", {}, moment)
    for attempt in range(jobs.MOST_TRIES):
        assert jobs.claim(session, "doomed", moment + attempt * LEASE, LEASE) is not None
    assert jobs.claim(session, "doomed", moment + jobs.MOST_TRIES * LEASE, LEASE) is None
    assert session.exec(select(Job)).one().state == JobState.FAILED


def test_the_place_in_the_queue_counts_earlier_jobs_of_the_kind(session: Session, moment: datetime) -> None:
    first = jobs.put(session, "grade", {}, moment)
    jobs.put(session, "mail", {}, moment)
    second = jobs.put(session, "grade", {}, moment + timedelta(seconds=1))
    assert [jobs.place(session, job) for job in (first, second)] == [0, 1]
    assert jobs.waiting(session, moment + timedelta(seconds=1), kinds=["grade"]) == 2
    jobs.claim(session, "worker", moment, LEASE, kinds=["grade"])
    assert jobs.place(session, second) == 0


def test_two_workers_at_the_same_moment_never_get_the_same_job(engine: Engine, moment: datetime) -> None:
    sessions = session_factory(engine)
    with sessions() as session:
        for _ in range(20):
            jobs.put(session, "grade", {}, moment)
        session.commit()
    barrier, claimed = Barrier(4), []

    def work(name: str) -> None:
        barrier.wait()
        while True:
            with sessions() as session:
                job = jobs.claim(session, name, moment, LEASE)
                session.commit()
            if job is None:
                return
            claimed.append(job.id)

    workers = [Thread(target=work, args=(f"worker {number}",)) for number in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(timeout=30)
    assert len(claimed) == len(set(claimed)) == 20


def test_old_jobs_are_forgotten_done_ones_sooner_than_failed_ones(session: Session, moment: datetime) -> None:
    done, waiting = jobs.put(session, "grade", {}, moment), jobs.put(session, "mail", {}, moment + timedelta(seconds=1))
    claimed = jobs.claim(session, "worker", moment, LEASE)
    assert claimed is not None
    assert claimed.id == done.id
    jobs.finish(session, claimed, moment)
    assert jobs.forget_old(session, moment + timedelta(hours=23)) == 0
    assert jobs.forget_old(session, moment + timedelta(hours=24)) == 1
    assert [job.id for job in session.exec(select(Job))] == [waiting.id]
