"""What grading costs over the notebook's own run time: ten cells, eight checks."""

from __future__ import annotations

import time

from sandbox.forkserver import ForkServer
from sandbox.limits import Limits
from sandbox.trial import Cell, Check, TrialPlan, run_trial
from server.cli.figures import milliseconds

CELLS = (
    "import numpy as np",
    "import pandas as pd",
    "rng = np.random.default_rng(0)",
    "table = pd.DataFrame({'x': rng.normal(size=500), 'g': rng.integers(5, size=500)})",
    "means = table.groupby('g')['x'].mean()",
    "def standardise(a):\n    return (a - a.mean(axis=0)) / a.std(axis=0)",
    "def softmax(z):\n    e = np.exp(z - z.max(axis=1, keepdims=True))\n    return e / e.sum(axis=1, keepdims=True)",
    "def ranks(a):\n    return np.argsort(np.argsort(a))",
    "scaled = standardise(table[['x']].to_numpy())",
    "print(softmax(np.zeros((2, 3))))",
)
CHECK = """
a = rng.normal(size=(50, 4))
assert np.allclose(standardise(a).mean(axis=0), 0)
assert np.allclose(softmax(a).sum(axis=1), 1)
assert sorted(ranks(a[:, 0])) == list(range(50))
"""


def plan(seed: int) -> TrialPlan:
    return TrialPlan(
        cells=tuple(Cell(f"cell-{number}", source) for number, source in enumerate(CELLS)),
        judge_setup=("import numpy as np",),
        checks=tuple(Check(f"check-{number}", CHECK, hidden=number >= 3) for number in range(8)),
        remote_names=("standardise", "softmax", "ranks"),
        sources={},
        seed=seed,
        files={},
        private_files={},
        limits=Limits(),
    )


def measure_grading(forkserver: ForkServer, runs: int) -> dict[str, object]:
    """`over_own` is the grading's wall time less the time that the cells themselves ran."""
    forkserver.start()
    run_trial(forkserver, plan(0))
    whole, over = [], []
    for seed in range(runs):
        began = time.perf_counter()
        report = run_trial(forkserver, plan(seed))
        seconds = time.perf_counter() - began
        wrong = [check.name for check in report.checks if check.outcome != "passed"]
        if wrong:
            raise RuntimeError(f"the benchmark's own checks did not pass: {wrong}")
        whole.append(seconds)
        over.append(seconds - report.notebook_seconds)
    return {
        "cells": len(CELLS),
        "checks": 8,
        "runs": runs,
        "whole": milliseconds(whole),
        "over_own": milliseconds(over),
        "goal_over_own_ms": 50,
    }
