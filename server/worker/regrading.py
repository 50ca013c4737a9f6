"""The job `regrade`: grade some take-homes of a team's proposal again for trial, then put another job for the rest.

Few at a time, so that whoever submits meanwhile need not wait for all of them. Each try is stored by itself: a worker that ends
loses one at most.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from server import clock
from server.assessments.incidents.team_regrades import put_tries
from server.bank.versions import exercise_version
from server.grading.regrading.regrades import end_trying, store_try, untouched
from server.grading.regrading.tries import grader, try_one
from server.grading.seeds import seeds_key
from server.grading.tables import Regrade
from server.queue.jobs import finish, held
from server.queue.tables import Job
from server.wiring import House

log = logging.getLogger(__name__)

AT_A_TIME, ALL = 5, 100_000
OTHER_LIBRARIES = "The libraries of the candidates' environment have changed since. Withdraw this, and propose it anew."


def try_regrade(house: House, job: Job, on_progress: Callable[[str], None]) -> None:
    regrade_id = str(job.payload["regrade"])
    with house.sessions() as session:
        regrade = session.get(Regrade, regrade_id)
        todo = untouched(session, regrade, AT_A_TIME) if regrade is not None and regrade.state == "trying" else []
    if regrade is not None and todo:
        _try(house, regrade, todo, on_progress)
    _end(house, job, regrade_id)


def _try(house: House, regrade: Regrade, todo: list[str], on_progress: Callable[[str], None]) -> None:
    with house.sessions() as session:
        exercise = exercise_version(session, regrade.exercise_slug, regrade.exercise_digest)
    name = exercise.front.environment
    if house.forkservers.digest(name) != regrade.environment:
        _refuse_all(house, regrade)
        return
    grade_one = grader(exercise, house.forkservers.of(name), seeds_key(house.settings.secret), house.settings.limits)
    for submission_id in todo:
        on_progress(f"grading {submission_id} again")
        try_one(house.sessions, regrade.id, submission_id, grade_one)


def _refuse_all(house: House, regrade: Regrade) -> None:
    """Results from two environments must not stand beside each other in one proposal."""
    with house.sessions() as session:
        for submission_id in untouched(session, regrade, ALL):
            store_try(session, regrade, submission_id, OTHER_LIBRARIES)
        session.commit()


def _end(house: House, job: Job, regrade_id: str) -> None:
    """This job's end and the next one are one transaction. Whoever withdrew meanwhile has ended it."""
    with house.sessions() as session:
        if not finish(session, held(session, job), clock.now()):
            return
        regrade = session.get(Regrade, regrade_id)
        if regrade is not None and regrade.state == "trying":
            if untouched(session, regrade, 1):
                put_tries(session, regrade, clock.now())
            else:
                end_trying(session, regrade)
        session.commit()
    house.queue_wake()


def regrade_given_up(_house: House, job: Job) -> None:
    """The team sees on its page that it stands still, and can have it gone on with."""
    log.error("job %s: the regrade %s could not be tried", job.id, job.payload.get("regrade"))
