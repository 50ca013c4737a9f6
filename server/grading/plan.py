"""What the sandbox is asked to run for one grading. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from sandbox.limits import Limits
from sandbox.trials.trial import Cell, TrialPlan
from sandbox.trials.trial import Check as TrialCheck
from server.exercise_format.exercise import Exercise
from server.grading.handed_in.repairs import Reimposed
from server.grading.seeds import check_seed

TAKEHOME_SECONDS = 300  # of one cell: take-homes train models
MEMORY_MB = 1_024


def plan_trial(
    exercise: Exercise, notebook: Reimposed, seed: int, key: bytes, visible_only: bool, ceilings: Mapping[str, int] | None = None
) -> TrialPlan:
    """The person's cells for the suspect; given code, checks and private files for the judge."""
    for_both = [setup.source for setup in exercise.setups if not setup.judge_only and not setup.notebook_only]
    judge_only = [setup.source for setup in exercise.setups if setup.judge_only]
    return TrialPlan(
        cells=tuple(Cell(cell.id, cell.source) for cell in notebook.cells),
        judge_setup=(*for_both, *judge_only),
        checks=tuple(
            TrialCheck(name=check.name, source=check.source, hidden=check.hidden, needs=check.needs, seconds=check.seconds)
            for check in exercise.checks
            if not (visible_only and check.hidden)
        ),
        remote_names=exercise.remote_names(),
        object_names=exercise.object_names(),
        sources=dict(notebook.sources),
        seed=seed,
        check_seed=check_seed(key, exercise.slug, seed),
        files=dict(exercise.public_files),
        private_files={**exercise.public_files, **exercise.private_files},  # given cells that read a file run in the judge too
        limits=kernel_limits(exercise, ceilings),
    )


def kernel_limits(exercise: Exercise, ceilings: Mapping[str, int] | None = None) -> Limits:
    """The limits that an exercise's code runs under: what it asks for, and no more than the site allows."""
    asked = dict(exercise.front.limits)
    if exercise.front.kind == "takehome":
        asked.setdefault("cell_seconds", TAKEHOME_SECONDS)
    minutes = asked.pop("session_minutes", None)
    usual = Limits(memory_mb=MEMORY_MB) if minutes is None else Limits(memory_mb=MEMORY_MB, session_seconds=minutes * 60)
    return replace(usual, **asked).within(ceilings or {})
