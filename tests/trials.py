"""Grades small notebooks in real, confined processes. One fork-server serves all tests of a run."""

import atexit
from collections.abc import Mapping, Sequence
from functools import cache

from sandbox.environments import candidate_python
from sandbox.limits import Limits
from sandbox.processes.forkserver import ForkServer
from sandbox.trials.trial import Cell, Check, CheckRun, TrialPlan, TrialReport, run_trial

NUMPY = "import numpy as np"


@cache
def forkserver() -> ForkServer:
    server = ForkServer(candidate_python())
    atexit.register(server.close)
    return server


def plan(
    cells: Sequence[str],
    checks: Mapping[str, str] | Sequence[Check],
    *,
    remote: str = "f",
    objects: str = "",
    setup: Sequence[str] = (NUMPY,),
    hidden: bool = False,
    seed: int = 7,
    limits: Limits | None = None,
    sources: Mapping[str, str] | None = None,
    files: Mapping[str, bytes] | None = None,
    private_files: Mapping[str, bytes] | None = None,
    notebook_seconds: float = 900,
) -> TrialPlan:
    """Cells are named by their position, checks by their keys; `remote` lists names, `objects` those declared to be objects."""
    made = [Check(name, source, hidden) for name, source in checks.items()] if isinstance(checks, Mapping) else checks
    return TrialPlan(
        cells=tuple(Cell(str(position), source) for position, source in enumerate(cells)),
        judge_setup=tuple(setup),
        checks=tuple(made),
        remote_names=tuple(remote.split()),
        object_names=frozenset(objects.split()),
        sources=sources or {},
        seed=seed,
        check_seed=seed,
        files=files or {},
        private_files=private_files or {},
        limits=limits or Limits(),
        notebook_seconds=notebook_seconds,
    )


def grade(cells: Sequence[str], checks: Mapping[str, str] | Sequence[Check], **more: object) -> TrialReport:
    return run_trial(forkserver(), plan(cells, checks, **more))  # type: ignore[arg-type]


def outcomes(report: TrialReport) -> dict[str, str]:
    return {run.name: run.outcome for run in report.checks}


def check_alone(answer: str, check: str, **more: object) -> CheckRun:
    """One answer cell and one check."""
    return grade([NUMPY, answer], {"check": check}, **more).checks[0]
