"""Grade one submission of a regrade for trial, and store what was found; whoever calls decides how many at a time."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping

from sqlalchemy.orm import sessionmaker
from sqlmodel import Session

from sandbox.errors import SandboxError
from sandbox.processes.forkserver import ForkServer
from server.errors import Refusal
from server.exercise_format.exercise import Exercise
from server.grading.grade import grade_cells
from server.grading.handed_in.submitted import read_submitted
from server.grading.outcome import Grade
from server.grading.regrading.regrades import regrade_of, store_try
from server.grading.tables import Submission

log = logging.getLogger(__name__)
Sessions = sessionmaker[Session]
GradeOne = Callable[[Submission], Grade]


def grader(exercise: Exercise, forkserver: ForkServer, key: bytes, ceilings: Mapping[str, int]) -> GradeOne:
    """With this version of the exercise. `key`: of the site, for the checks' draws; `ceilings`: the most that the site allows."""

    def grade_one(submission: Submission) -> Grade:
        cells = read_submitted(submission.notebook).cells
        return grade_cells(exercise, cells, submission.seed, forkserver, key=key, values=submission.values, ceilings=ceilings)

    return grade_one


def try_one(sessions: Sessions, regrade_id: str, submission_id: str, grade_one: GradeOne) -> None:
    """In transactions of its own, so that an interruption loses one try at most."""
    with sessions() as session:
        submission = session.get(Submission, submission_id)
    if submission is None:
        return  # deleted meanwhile: the row went with it
    found = _graded_or_why(submission, grade_one)
    with sessions() as session:
        store_try(session, regrade_of(session, regrade_id), submission_id, found)
        session.commit()


def _graded_or_why(submission: Submission, grade_one: GradeOne) -> Grade | str:
    try:
        found = grade_one(submission)
    except (Refusal, SandboxError) as error:
        return str(error)
    except Exception as error:  # one submission's door: the others are graded
        log.exception("submission %s could not be graded again", submission.id)
        return f"Grading met trouble of its own: {error!r}."
    faulty = [row.check for row in found.outcomes if row.outcome == "our_fault"]
    return f"These checks could not be run: {', '.join(faulty)}." if faulty else found
