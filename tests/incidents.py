"""A round whose exercise is mended after people sat it."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from sqlmodel import Session

from server.assessments.sittings.sitting import tasks_of
from server.bank.load import load_bundled
from server.bank.versions import newest_digest
from server.grading.outcome import Grade, Outcome, State
from server.grading.regrading.regrades import end_trying, store_try, untouched
from server.grading.results import store_result
from server.grading.seals import seal, seal_key
from server.grading.tables import Regrade, Submission
from tests import rounds
from tests.rounds import Round
from tests.server.bank.notebooks import write_exercise

SLUG = "small-task"
ENVIRONMENT = "an-environment"
REASON = "A check was wrong."
WRONG = Outcome("one", False, State.failed, 0, 2, "no")
RIGHT = Outcome("one", False, State.passed, 2, 2, "")


def grade(outcome: Outcome) -> Grade:
    return Grade((outcome,), outcome.points, outcome.possible, (), (), 0.5, 0.1)


def make_incident(session: Session, folder: Path, now: datetime, codes: tuple[str, ...], name: str = "Northwind ML") -> Round:
    """Everybody was marked down by a faulty check; the mended version of the exercise is in the bank since."""
    write_exercise(folder, SLUG)
    load_bundled(session, folder, now)
    here = rounds.make_round(session, now, slugs=(SLUG,), name=name)
    for number, code in enumerate(codes):
        address = f"{code[:4].lower()}{number}@example.org"
        sitting = rounds.sat(session, here, code, now + timedelta(minutes=number), email=address)
        for task in tasks_of(session, sitting):
            submission = session.get_one(Submission, task.submission_id)
            result, _ = store_result(session, submission, grade(WRONG), ENVIRONMENT, now + timedelta(hours=2))
            seal(session, result, seal_key("s" * 40), now)
    mend(session, folder, now)
    return here


def mend(session: Session, folder: Path, now: datetime, version: int = 2) -> str:
    write_exercise(folder, SLUG, version=version)
    load_bundled(session, folder, now)
    return newest_digest(session, SLUG)


def tried(session: Session, regrade: Regrade, *found: Outcome | str) -> Regrade:
    """As the worker stores it: for each submission an outcome, or why there is none."""
    todo = untouched(session, regrade, 100)
    for submission_id, each in zip(todo, found, strict=True):
        store_try(session, regrade, submission_id, each if isinstance(each, str) else grade(each))
    end_trying(session, regrade)
    session.flush()
    return regrade
