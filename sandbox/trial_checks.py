"""All checks of one run, each against its own copy of the finished notebook.

1. Take the first check whose needs are decided; a check whose needs did not all pass is blocked.
2. Take the copy that was asked for during the check before; without one, run the notebook anew in a fresh process.
3. Hand check and copy to the judge, ask for the next copy, wait for the verdict within the check's time.
4. A check whose copy hung without computing waits for the end: then the notebook's own process answers it.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

from sandbox.trial_blame import Ended, decide, deserves_second_run
from sandbox.trial_cells import Notebook
from sandbox.trial_judge import Judges
from sandbox.trial_suspect import Copy, NoCopy, Suspect
from sandbox.trial_types import Check, CheckRun, Progress

NO_COPY = "After its last cell the notebook's process ended or stopped answering, so this check could not ask it anything."


class Checks:
    def __init__(self, checks: Sequence[Check], notebook: Notebook, judges: Judges, progress: Progress) -> None:
        self.checks, self.notebook, self.judges, self.progress = checks, notebook, judges, progress
        self.todo = list(checks)
        self.hung: list[Check] = []
        self.runs: dict[str, CheckRun] = {}

    def run(self) -> tuple[CheckRun, ...]:
        names = {check.name for check in self.checks}
        while self.todo or self.hung:
            check = next((check for check in self.todo if all(need in self.runs for need in check.needs if need in names)), None)
            if check is not None:
                self.todo.remove(check)
                self.progress(f"Check {len(self.runs) + 1} of {len(self.checks)}")
                self.runs_or_waits(check, names)
            elif self.hung:
                check = self.hung.pop(0)
                self.record(check, self.run_in_suspect(check))
            else:
                self.block_all()
        return tuple(self.runs[check.name] for check in self.checks)

    def runs_or_waits(self, check: Check, names: set[str]) -> None:
        if any(self.runs[need].outcome != "passed" for need in check.needs if need in names):
            self.runs[check.name] = CheckRun(check.name, "blocked")
            return
        ended = self.run_in_copy(check)
        if isinstance(ended, Ended) and deserves_second_run(ended):
            self.hung.append(check)
        else:
            self.record(check, ended)

    def block_all(self) -> None:
        """What is left needs one another in a circle."""
        for check in self.todo:
            self.runs[check.name] = CheckRun(check.name, "blocked")
        self.todo = []

    def record(self, check: Check, ended: Ended | CheckRun) -> None:
        self.runs[check.name] = ended if isinstance(ended, CheckRun) else as_run(check, ended)

    # One check

    def run_in_copy(self, check: Check) -> Ended | CheckRun:
        return self.run_with(check, lambda suspect: suspect.take_copy(), ask_next=bool(self.todo))

    def run_in_suspect(self, check: Check) -> Ended | CheckRun:
        return self.run_with(check, lambda suspect: suspect.serve_itself(), ask_next=False)

    def run_with(self, check: Check, take: Callable[[Suspect], Copy], ask_next: bool) -> Ended | CheckRun:
        judge = self.judges.get()
        fault = judge.setup_fault()
        if fault:
            return CheckRun(check.name, "our_fault", text=fault)
        taken = self.take(take)
        if taken is None:
            return CheckRun(check.name, "crashed", text=NO_COPY)
        suspect, copy = taken
        try:
            return with_death(judge.run(check, copy, lambda: self.ask_next(suspect, ask_next), measure_of(suspect)), suspect)
        finally:
            copy.close()

    def take(self, take: Callable[[Suspect], Copy]) -> tuple[Suspect, Copy] | None:
        """From the process that ran the notebook, or else from a new one."""
        for suspect in (self.notebook.suspect, None):
            try:
                usable = suspect if suspect is not None and suspect.alive() else self.notebook.run()
                return usable, take(usable)
            except NoCopy:
                self.notebook.close()
        return None

    def ask_next(self, suspect: Suspect, wanted: bool) -> None:
        if wanted:
            try:
                suspect.ask_for_copy()
            except NoCopy:
                self.notebook.close()


def measure_of(suspect: Suspect) -> Callable[[bool], float]:
    def measure(opens: bool) -> float:
        if opens:
            suspect.await_asked()
        return suspect.cpu_seconds()

    return measure


def with_death(ended: Ended, suspect: Suspect) -> Ended:
    if ended.verdict is not None and ended.verdict.outcome == "gone" and not ended.over_time and not suspect.alive():
        return replace(ended, death=suspect.death())
    return ended


def as_run(check: Check, ended: Ended) -> CheckRun:
    outcome, text = decide(ended)
    verdict = ended.verdict
    whole = verdict is not None and outcome == verdict.outcome
    return CheckRun(
        check.name,
        outcome,
        fraction=verdict.fraction if verdict is not None and whole and outcome in ("passed", "failed") else 0.0,
        text=text,
        note=verdict.note if verdict is not None and whole else "",
        reported=verdict is not None and verdict.reported,
        seconds=ended.seconds,
    )
