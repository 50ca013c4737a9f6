"""The job `grade`: run a frozen submission through the graders and store the result."""

from __future__ import annotations

import logging
from collections.abc import Callable

from server import clock
from server.bank.versions import exercise_version
from server.errors import NotFound
from server.grading.grade import grade_cells
from server.grading.handed_in.submitted import read_submitted
from server.grading.outcome import Grade
from server.grading.seals import seal, seal_key
from server.grading.seeds import seeds_key
from server.grading.tables import Submission
from server.practice.record import record_result
from server.queue.jobs import finish, held
from server.queue.tables import Job
from server.wiring import House

log = logging.getLogger(__name__)


class OurFault(Exception):
    """Our machinery failed for at least one check; the job is tried again and nothing is stored."""


def grade_submission(house: House, job: Job, on_progress: Callable[[str], None]) -> None:
    """Grade and store. Result, progress and the job's end are one transaction, or none of it happens."""
    submission_id = str(job.payload["submission"])
    if not _is_there(house, submission_id):
        _end(house, job)
        return
    grade, environment = _grade(house, submission_id, on_progress)
    if grade.our_fault and job.tries < 3:
        raise OurFault(", ".join(row.check for row in grade.outcomes if row.outcome == "our_fault"))
    with house.sessions() as session:
        now = clock.now()
        submission = _submission(session.get(Submission, submission_id))
        if grade.our_fault:
            submission.state = "our_fault"
        else:
            result = record_result(session, submission, grade, environment, now)
            seal(session, result, seal_key(house.settings.secret), now)
        if finish(session, held(session, job), now):
            session.commit()
        else:
            session.rollback()
            log.info("job %s belongs to another worker by now; its result stands", job.id)


def _is_there(house: House, submission_id: str) -> bool:
    """People delete their work; then there is nothing to grade, and nothing went wrong."""
    with house.sessions() as session:
        return session.get(Submission, submission_id) is not None


def _end(house: House, job: Job) -> None:
    with house.sessions() as session:
        finish(session, held(session, job), clock.now())
        session.commit()


def _grade(house: House, submission_id: str, on_progress: Callable[[str], None]) -> tuple[Grade, str]:
    """-> the grade, and the digest of the environment that it was made in"""
    with house.sessions() as session:
        submission = _submission(session.get(Submission, submission_id))
        exercise = exercise_version(session, submission.exercise_slug, submission.exercise_digest)
        submission.state = "running"
        session.commit()
    name = exercise.front.environment
    grade = grade_cells(
        exercise,
        read_submitted(submission.notebook).cells,
        submission.seed,
        house.forkservers.of(name),
        key=seeds_key(house.settings.secret),
        visible_only=submission.kind == "check",
        values=submission.values,
        on_progress=on_progress,
        ceilings=house.settings.limits,
    )
    return grade, house.forkservers.digest(name)


def _submission(found: Submission | None) -> Submission:
    if found is None:
        raise NotFound("The submission of this job was deleted.")
    return found


def mark_our_fault(house: House, job: Job) -> None:
    """The last try failed: the person is told that it was us."""
    with house.sessions() as session:
        submission = session.get(Submission, str(job.payload["submission"]))
        if submission is not None and submission.state != "graded":
            submission.state = "our_fault"
            session.commit()
