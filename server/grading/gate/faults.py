"""Why a check could not be run: authors must see what people who sit the exercise never do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sandbox.processes.forkserver import ForkServer
from sandbox.trials.trial import run_trial
from server.exercise_format.exercise import Exercise
from server.grading.handed_in.repairs import reimpose
from server.grading.handed_in.submitted import SubmittedCell
from server.grading.outcome import Grade, State
from server.grading.plan import plan_trial
from server.grading.seeds import OPEN_KEY

UNEXPLAINED = "the check could not be run"


def explain_faults(
    exercise: Exercise, cells: Sequence[SubmittedCell], seed: int, forkserver: ForkServer, grade: Grade
) -> Mapping[str, str]:
    """For each check that could not be run, the error that its own code raised in the judge."""
    faulty = [row.check for row in grade.outcomes if row.outcome is State.our_fault]
    if not faulty:
        return {}
    report = run_trial(forkserver, plan_trial(exercise, reimpose(exercise, cells), seed, OPEN_KEY, visible_only=False))
    texts = {run.name: run.text for run in report.checks}
    return {name: texts.get(name) or UNEXPLAINED for name in faulty}
