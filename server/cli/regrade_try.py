"""Grade the submissions of a regrade for trial, some at a time; each is stored by itself, so an interruption loses none."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed

import click
from sqlalchemy.orm import sessionmaker
from sqlmodel import Session

from sandbox.errors import SandboxError
from sandbox.forkservers import ForkServers
from server.bank.versions import exercise_version
from server.cli.progress import progress_bar
from server.errors import Refusal
from server.exercise_format.exercise import Exercise
from server.grading.grade import grade_cells
from server.grading.outcome import Grade
from server.grading.regrades import end_trying, regrade_of, store_try, untried
from server.grading.seeds import seeds_key
from server.grading.submitted import read_submitted
from server.grading.tables import Submission
from server.settings import Settings

log = logging.getLogger(__name__)
Sessions = sessionmaker[Session]
GradeOne = Callable[[Submission], Grade]


def try_all(sessions: Sessions, forkservers: ForkServers, settings: Settings, regrade_id: str, jobs: int) -> None:
    with sessions() as session:
        found = regrade_of(session, regrade_id)
        exercise = exercise_version(session, found.exercise_slug, found.exercise_digest)
        todo = untried(session, found)
    grade_one = _grader(exercise, forkservers, settings)
    with progress_bar(with_rest=True) as progress, ThreadPoolExecutor(jobs, thread_name_prefix="regrade") as pool:
        bar = progress.add_task("Grading again", total=len(todo))
        try:
            for done in as_completed([pool.submit(_try_one, sessions, regrade_id, one, grade_one) for one in todo]):
                done.result()
                progress.advance(bar)
        except KeyboardInterrupt:
            pool.shutdown(cancel_futures=True)
            click.echo(f"Interrupted. `touchstone regrade resume {regrade_id[:8]}` goes on from there.", err=True)
            sys.exit(130)
    with sessions() as session:
        end_trying(session, regrade_of(session, regrade_id))
        session.commit()


def _grader(exercise: Exercise, forkservers: ForkServers, settings: Settings) -> GradeOne:
    forkserver, key = forkservers.of(exercise.front.environment), seeds_key(settings.secret)

    def grade_one(submission: Submission) -> Grade:
        cells = read_submitted(submission.notebook).cells
        return grade_cells(
            exercise, cells, submission.seed, forkserver, key=key, values=submission.values, ceilings=settings.limits
        )

    return grade_one


def _try_one(sessions: Sessions, regrade_id: str, submission_id: str, grade_one: GradeOne) -> None:
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
