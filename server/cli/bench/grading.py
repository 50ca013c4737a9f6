"""What grading costs over the notebook's own run time: ten cells, eight checks."""

from __future__ import annotations

import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Any

import nbformat
from jupyter_client.manager import AsyncKernelManager

from sandbox.benches.stock import stock_manager
from sandbox.limits import Limits
from sandbox.processes.forkserver import ForkServer
from sandbox.processes.proc import proportional_bytes, tree_of
from sandbox.trials.trial import Cell, Check, TrialPlan, TrialReport, run_trial
from server.cli.bench.figures import milliseconds
from server.cli.bench.others import Task, measure_others

CHECKS, STOCK_RUNS = 8, 3
NOTEBOOK = {"nbformat": 4, "nbformat_minor": 4, "metadata": {}}
CELL: dict[str, object] = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
AT_ONCE = os.cpu_count() or 1
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


OPEN_CHECK = CHECK.strip().replace("rng", "np.random.default_rng(7)")  # others lend a test no generator
LAST, LOOK_SECONDS, SETTLE_SECONDS, LONGEST_SECONDS = "waits", 2.0, 0.5, 60.0


def plan(seed: int) -> TrialPlan:
    return TrialPlan(
        cells=tuple(Cell(f"cell-{number}", source) for number, source in enumerate(CELLS)),
        judge_setup=("import numpy as np",),
        checks=tuple(Check(f"check-{number}", CHECK, hidden=number >= 3) for number in range(CHECKS)),
        remote_names=("standardise", "softmax", "ranks"),
        sources={},
        seed=seed,
        files={},
        private_files={},
        limits=Limits(),
    )


def measure_grading(forkserver: ForkServer, runs: int, others: Path | None = None) -> dict[str, object]:
    """`over_own` is the grading's wall time less the time that the cells themselves ran; `nbclient` is what stock Jupyter takes
    to run the same cells, without any check; nbgrader and otter grade them with the same checks (`others`: their folder)."""
    forkserver.start(plan(0).stack)
    graded(forkserver, 0)
    found = [timed(forkserver, seed) for seed in range(runs)]
    whole, over = [seconds for seconds, _ in found], [seconds - own for seconds, own in found]
    stock = nbclient_seconds(forkserver.python, STOCK_RUNS)
    a_second = rate(forkserver, runs * 2)
    return {
        "cells": len(CELLS),
        "checks": CHECKS,
        "runs": runs,
        "whole": milliseconds(whole),
        "over_own": milliseconds(over),
        "goal_over_own_ms": 50,
        "a_second": round(a_second, 1),
        "at_once": AT_ONCE,
        "goal_a_second": 40,
        "nbclient": milliseconds(stock) if stock else "not installed",
        "times_faster_than_nbclient": round(median(stock) / median(whole), 1) if stock else None,
        "memory_mb_of_a_slot": round(slot_megabytes(forkserver), 1),
        "others": compared(measure_others(Task(CELLS, OPEN_CHECK, CHECKS), others), median(whole), a_second) or "not installed",
    }


def compared(others: dict[str, dict[str, Any]], whole: float, a_second: float) -> dict[str, dict[str, Any]]:
    """Beside each tool's figures, how many times faster ours are: for one submission, and in submissions a second."""
    for found in others.values():
        found["times_faster_for_one"] = round(found["one_seconds"] / whole, 1)
        found["times_as_many_a_second"] = round(a_second / found["many_a_second"], 1)
    return others


def slot_megabytes(forkserver: ForkServer) -> float:
    """What one grading adds to the machine's memory in its last check: what its processes hold alone, and their share of the
    rest. That check waits until all of them were looked at, one after the other."""
    before, reached = tree_bytes(), threading.Event()
    waiting = replace(plan(0), checks=(*plan(0).checks, Check(LAST, f"import time\ntime.sleep({LOOK_SECONDS})", hidden=True)))

    def note(step: str) -> None:
        if step.endswith(f"{CHECKS + 1} of {CHECKS + 1}"):
            reached.set()

    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(run_trial, forkserver, waiting, note)
        reached.wait(LONGEST_SECONDS)
        time.sleep(SETTLE_SECONDS)
        held = tree_bytes()
        running.result()
    return (held - before) / (1 << 20)


def tree_bytes() -> int:
    return sum(map(proportional_bytes, tree_of(os.getpid())))


def graded(forkserver: ForkServer, seed: int) -> TrialReport:
    report = run_trial(forkserver, plan(seed))
    wrong = [check.name for check in report.checks if check.outcome != "passed"]
    if wrong:
        raise RuntimeError(f"the benchmark's own checks did not pass: {wrong}")
    return report


def timed(forkserver: ForkServer, seed: int) -> tuple[float, float]:
    """-> seconds of the whole grading, and of the cells alone"""
    began = time.perf_counter()
    report = graded(forkserver, seed)
    return time.perf_counter() - began, report.notebook_seconds


def rate(forkserver: ForkServer, count: int) -> float:
    """Gradings a second, as many at once as there are processors."""
    began = time.perf_counter()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for _ in pool.map(lambda seed: graded(forkserver, seed), range(count)):
            pass
    return count / (time.perf_counter() - began)


def nbclient_seconds(python: Path, runs: int) -> list[float]:
    """Of running the same cells in a stock kernel of the same environment, its start included. Empty without nbclient."""
    try:
        from nbclient import NotebookClient  # no part of the product: there only where its tests are
    except ImportError:
        return []
    found = []
    for _ in range(runs):
        notebook = nbformat.from_dict({**NOTEBOOK, "cells": [{**CELL, "source": source} for source in CELLS]})  # type: ignore[no-untyped-call]
        with stock_manager(AsyncKernelManager, python) as manager:
            began = time.perf_counter()
            NotebookClient(notebook, km=manager).execute()
            found.append(time.perf_counter() - began)
    return found
