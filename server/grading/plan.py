"""What the sandbox is asked to run for one grading. Pure."""

from __future__ import annotations

from sandbox.limits import Limits
from sandbox.trial import Cell, TrialPlan
from sandbox.trial import Check as TrialCheck
from server.exercise_format.exercise import Exercise
from server.grading.repairs import Reimposed

NOTEBOOK_SECONDS = 300  # a cell of a submitted notebook; take-homes train models


def plan_trial(exercise: Exercise, notebook: Reimposed, seed: int, visible_only: bool) -> TrialPlan:
    """The person's cells for the suspect; given code, checks and private files for the judge."""
    judge_only = [setup.source for setup in exercise.setups if setup.judge_only]
    return TrialPlan(
        cells=tuple(Cell(cell.id, cell.source) for cell in notebook.cells),
        judge_setup=tuple([setup.source for setup in exercise.setups if not setup.judge_only] + judge_only),
        checks=tuple(
            TrialCheck(name=check.name, source=check.source, hidden=check.hidden, needs=check.needs, seconds=check.seconds)
            for check in exercise.checks
            if not (visible_only and check.hidden)
        ),
        remote_names=exercise.remote_names(),
        sources=dict(notebook.sources),
        seed=seed,
        files=dict(exercise.public_files),
        private_files={**exercise.public_files, **exercise.private_files},  # given cells that read a file run in the judge too
        limits=kernel_limits(exercise),
    )


def kernel_limits(exercise: Exercise) -> Limits:
    """The limits that an exercise's code runs under."""
    return Limits(
        memory_mb=exercise.front.limits.memory_mb, cell_seconds=NOTEBOOK_SECONDS if exercise.front.kind == "takehome" else 60
    )
