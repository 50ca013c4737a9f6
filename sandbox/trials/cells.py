"""The submitted notebook's cells, top to bottom. A cell that ends the process costs only itself: the rest runs without it."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from sandbox.processes.forkserver import ForkServer
from sandbox.trials.copies import Copies, NoCopy
from sandbox.trials.suspect import Suspect
from sandbox.trials.types import CellRun, Progress, TrialPlan

MAX_STARTS = 4  # with all cells but those that ended it; after that nothing below the last such cell runs


@dataclass
class Notebook:
    """The submitted notebook and the process in which it was run; a new one is made when that ends."""

    forkserver: ForkServer
    plan: TrialPlan
    progress: Progress
    on_start: Callable[[], None] = lambda: None  # called when the first process is there
    runs: list[CellRun] = field(default_factory=list)
    fatal: dict[int, CellRun] = field(default_factory=dict)  # position of a cell that ended the process -> its run
    suspect: Suspect | None = None
    copies: Copies | None = None

    def run(self, wanted: int) -> Copies:
        """Runs all cells in a new process; `wanted` copies of it will be asked for."""
        self.close()
        for attempt in range(len(self.plan.cells) + 1):
            last = len(self.plan.cells) if attempt < MAX_STARTS else max(self.fatal)
            self.suspect = Suspect(self.forkserver, self.plan)
            self.on_start()
            if self.run_cells(self.suspect, last):
                break
            self.suspect.close()
        assert self.suspect is not None
        self.copies = Copies(self.suspect, wanted)
        with suppress(NoCopy):  # whoever takes the first copy will find out
            self.copies.order()
        return self.copies

    def run_cells(self, suspect: Suspect, last: int) -> bool:
        """False when a cell ended the process."""
        self.runs = []
        for position, cell in enumerate(self.plan.cells):
            if position in self.fatal:
                self.runs.append(self.fatal[position])
            elif position >= last:
                self.runs.append(CellRun(cell.id, "not_run"))
            elif total_seconds(self.runs) > self.plan.notebook_seconds:
                self.runs.append(CellRun(cell.id, "not_run", over_time(self.plan.notebook_seconds)))
            else:
                self.progress(f"Running cell {position + 1} of {len(self.plan.cells)}")
                self.runs.append(suspect.run(cell))
                if not suspect.alive():
                    self.fatal[position] = self.runs[-1]
                    return False
        return True

    def close(self) -> None:
        if self.copies is not None:
            self.copies.close()
        if self.suspect is not None:
            self.suspect.close()
        self.copies = self.suspect = None


def over_time(seconds: float) -> str:
    return f"Not run: the cells before it took the {seconds:g} s that a notebook may take."


def total_seconds(runs: Sequence[CellRun]) -> float:
    return sum(run.seconds for run in runs)
