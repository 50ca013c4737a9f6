"""One grading run: a suspect and a judge, both confined, joined by sockets; this side is the referee between them.

The suspect runs the submitted notebook. For each check it is forked, and the check runs in the judge against that copy. The
referee starts both, keeps the time, measures from outside and ends what does not end by itself."""

import threading
import time
from contextlib import closing

from sandbox.errors import SandboxError
from sandbox.limits import Limits
from sandbox.processes.forkserver import ForkServer
from sandbox.trials.cells import Notebook, total_seconds
from sandbox.trials.checks import Checks
from sandbox.trials.judge import Judge, Judges
from sandbox.trials.types import Cell, CellRun, Check, CheckRun, Progress, TrialPlan, TrialReport

__all__ = [
    "Cell", "CellRun", "Check", "CheckRun", "FunctionFailed", "TrialPlan", "TrialReport", "run_function", "run_trial",
]  # fmt: skip
FUNCTION_SECONDS = 60.0
CLOSING = "trial-close"  # name of the threads that take processes down


class FunctionFailed(SandboxError):
    """An author's function raised, took too long or returned something else than plain data."""


def run_trial(forkserver: ForkServer, plan: TrialPlan, on_progress: Progress | None = None) -> TrialReport:
    """Never raises for what a notebook or a check does; SandboxError is our own trouble, and then nothing was graded."""
    began = time.monotonic()
    progress = on_progress or (lambda _: None)
    judges = Judges(forkserver, plan)
    notebook = Notebook(forkserver, plan, progress, on_start=judges.start if plan.checks else lambda: None)
    try:
        notebook.run(wanted=len(plan.checks))
        runs = tuple(notebook.runs)
        checks = Checks(plan.checks, notebook, judges, progress).run()
        return TrialReport(runs, checks, time.monotonic() - began, total_seconds(runs))
    finally:
        close_later(notebook, judges)


def close_later(*parts: Notebook | Judges) -> None:
    """To take processes down costs milliseconds for which nobody has to wait."""
    for part in parts:
        threading.Thread(target=part.close, name=CLOSING).start()


def run_function(forkserver: ForkServer, source: str, name: str, arguments: list[list[object]], limits: Limits) -> list[object]:
    """Runs an author's function, such as variant(seed), confined, once for each list of arguments; plain data comes back."""
    with closing(Judge(forkserver, TrialPlan((), (source,), (), (), limits=limits))) as judge:
        if judge.setup_fault():
            raise FunctionFailed(judge.setup_fault())
        done = judge.call(name, arguments, FUNCTION_SECONDS)
    if done.error:
        raise FunctionFailed(done.error)
    return done.results
