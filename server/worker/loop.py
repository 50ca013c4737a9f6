"""Threads that claim jobs and run them. Several processes may do so beside each other; the rows decide who has which job.

1. Claim the next job that is due (conditional UPDATE); none: wait for the bell, at most a second.
2. Keep its lease alive in the background while it runs.
3. Run it. What it stores and its end are one transaction.
4. It raised: give it back, to be tried again later; after the last try its owner is told that it was our fault.
"""

from __future__ import annotations

import logging
import os
import socket
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import col, select

from server import clock
from server.accounts.reset import JOB_KIND as RESET_MAIL
from server.assessments.incidents.regrade_mail import JOB_KIND as REGRADE_MAIL
from server.assessments.incidents.team_regrades import JOB_KIND as REGRADE
from server.assessments.invitations.mail import JOB_KIND as CANDIDATE_MAIL
from server.assessments.teams.members import JOB_KIND as MEMBER_MAIL
from server.queue.jobs import MOST_TRIES, claim, extend, give_back, held
from server.queue.tables import Job, JobState
from server.wiring import House
from server.worker.grading import grade_submission, mark_our_fault
from server.worker.mails import (
    candidate_mail_given_up,
    mail_given_up,
    send_candidate_mail,
    send_member_mail,
    send_regrade_mail,
    send_reset_mail,
)
from server.worker.regrading import regrade_given_up, try_regrade
from server.workspaces.hand_in import GRADE

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=45)
KEEP_EVERY = 10.0  # seconds
LOOK_EVERY = 1.0  # seconds, when no bell rings

Handler = Callable[[House, Job, Callable[[str], None]], None]
HANDLERS: dict[str, Handler] = {
    GRADE: grade_submission,
    RESET_MAIL: send_reset_mail,
    MEMBER_MAIL: send_member_mail,
    CANDIDATE_MAIL: send_candidate_mail,
    REGRADE: try_regrade,
    REGRADE_MAIL: send_regrade_mail,
}
GIVEN_UP: dict[str, Callable[[House, Job], None]] = {
    GRADE: mark_our_fault,
    RESET_MAIL: mail_given_up,
    MEMBER_MAIL: mail_given_up,
    CANDIDATE_MAIL: candidate_mail_given_up,
    REGRADE: regrade_given_up,
    REGRADE_MAIL: mail_given_up,
}


class Workers:
    """The queue's threads of this process."""

    def __init__(self, house: House, count: int) -> None:
        self._house = house
        self._stopping = threading.Event()
        self._threads = [
            threading.Thread(target=self._work, args=(f"{_here()}/{n}",), name=f"worker-{n}", daemon=True) for n in range(count)
        ]

    def start(self) -> None:
        release_orphans(self._house)
        for thread in self._threads:
            thread.start()

    def stop(self, seconds: float = 5.0) -> None:
        """Ask the threads to end after their current job, and wait a little. An unfinished job is claimed again later."""
        self._stopping.set()
        self._house.bell.ring()
        for thread in self._threads:
            thread.join(seconds)

    def _work(self, name: str) -> None:
        while not self._stopping.is_set():
            try:
                heard = self._house.bell.rings
                if not run_next(self._house, name):
                    self._house.bell.wait(heard, LOOK_EVERY)
            except Exception:  # the thread's door: a database that is away for a moment must not end the queue
                log.exception("the queue could not be read")
                self._stopping.wait(LOOK_EVERY)


def run_next(house: House, worker: str) -> bool:
    """Claim and run one job; False when none was due."""
    with house.sessions() as session:
        job = claim(session, worker, clock.now(), LEASE, tuple(HANDLERS))
        session.commit()
    if job is None:
        return False
    with _KeptLease(house, job):
        try:
            HANDLERS[job.kind](house, job, lambda step: log.debug("job %s: %s", job.id, step))
        except Exception as error:  # a job's door: whatever it raises, the job goes back to the queue
            log.exception("job %s (%s) failed", job.id, job.kind)
            _give_back(house, job, repr(error))
    return True


def _give_back(house: House, job: Job, error: str) -> None:
    with house.sessions() as session:
        give_back(session, held(session, job), clock.now(), error)
        session.commit()
    if job.tries >= MOST_TRIES:
        GIVEN_UP[job.kind](house, job)


def tell_owners(house: House, since: datetime) -> int:
    """Owners of jobs that failed for good since then hear of it, also where no thread saw the end: its process died each time.

    Telling twice does no harm. Returns how many jobs there were.
    """
    with house.sessions() as session:
        recent = (Job.state == JobState.FAILED, col(Job.finished_at) >= since)
        failed = list(session.exec(select(Job).where(*recent, col(Job.kind).in_(GIVEN_UP))))
    for job in failed:
        GIVEN_UP[job.kind](house, job)
    return len(failed)


class _KeptLease:
    """Extends a job's lease while it runs."""

    def __init__(self, house: House, job: Job) -> None:
        self._house, self._job, self._over = house, job, threading.Event()
        self._thread = threading.Thread(target=self._keep, name=f"lease-{job.id[:8]}", daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._over.set()

    def _keep(self) -> None:
        while not self._over.wait(KEEP_EVERY):
            try:
                with self._house.sessions() as session:
                    extend(session, held(session, self._job), clock.now(), LEASE)
                    session.commit()
            except SQLAlchemyError:  # a database that is busy for a moment: the lease lasts for several tries
                log.warning("the lease of job %s could not be extended; trying again", self._job.id, exc_info=True)


def release_orphans(house: House) -> int:
    """At start: jobs whose worker was a process of this machine that is gone are due at once, not after their lease."""
    released = 0
    with house.sessions() as session:
        for job in session.exec(select(Job).where(Job.state == JobState.RUNNING, col(Job.claimed_by).is_not(None))):
            if _is_gone(job.claimed_by or ""):
                job.lease_until = clock.now()
                released += 1
        session.commit()
    return released


def _here() -> str:
    return f"{socket.gethostname()}/{os.getpid()}/{_started_at(os.getpid())}"


def _is_gone(worker: str) -> bool:
    host, _, rest = worker.partition("/")
    pid, _, started_and_thread = rest.partition("/")
    started = started_and_thread.partition("/")[0]
    return host == socket.gethostname() and pid.isdigit() and _started_at(int(pid)) != started


def _started_at(pid: int) -> str:
    """When a process started, in the kernel's ticks: tells a process from a later one with the same number."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
    except OSError:
        return ""
