"""All checks of one run, each against its own copy of the finished notebook.

1. Take the first check whose needs are decided; a check whose needs did not all pass is blocked.
2. Take the copy that was asked for during the check before; without one, run the notebook anew in a fresh process.
3. Hand check and copy to the judge, ask for the next copy, wait for the verdict within the check's time.
4. A check whose copy hung without computing is asked again at once, and the notebook's own process answers it. Not later: a
   copy could have been told meanwhile what the notebook's code learns from the checks between.
"""

import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace

from sandbox.inside.messages import Usage
from sandbox.trials.blame import Ended, decide, deserves_second_run
from sandbox.trials.cells import Notebook
from sandbox.trials.copies import Copies, Copy, NoCopy
from sandbox.trials.judge import Judges
from sandbox.trials.processes import most_memory, start_memory
from sandbox.trials.types import Check, CheckRun, Progress

log = logging.getLogger(__name__)
GONE_SECONDS = 0.1
NO_COPY = "After its last cell the notebook's process ended or stopped answering, so this check could not ask it anything."


class Checks:
    def __init__(self, checks: Sequence[Check], notebook: Notebook, judges: Judges, progress: Progress) -> None:
        self.checks, self.notebook, self.judges, self.progress = checks, notebook, judges, progress
        self.todo = list(checks)
        self.runs: dict[str, CheckRun] = {}
        self.gave_up = False

    def run(self) -> tuple[CheckRun, ...]:
        names = {check.name for check in self.checks}
        while self.todo:
            check = next((check for check in self.todo if all(need in self.runs for need in check.needs if need in names)), None)
            if check is not None:
                self.todo.remove(check)
                self.progress(f"Check {len(self.runs) + 1} of {len(self.checks)}")
                self.runs[check.name] = self.run_one(check, names)
            else:
                self.block_all()
        return tuple(self.runs[check.name] for check in self.checks)

    def run_one(self, check: Check, names: set[str]) -> CheckRun:
        if any(self.runs[need].outcome != "passed" for need in check.needs if need in names):
            return CheckRun(check.name, "blocked")
        ended = self.run_in_copy(check)
        if isinstance(ended, Ended) and deserves_second_run(ended):
            ended = self.run_in_suspect(check)
        return ended if isinstance(ended, CheckRun) else as_run(check, ended)

    def block_all(self) -> None:
        """What is left needs one another in a circle."""
        for check in self.todo:
            self.runs[check.name] = CheckRun(check.name, "blocked")
        self.todo = []

    # One check

    def run_in_copy(self, check: Check) -> Ended | CheckRun:
        return self.run_with(check, Copies.take)

    def run_in_suspect(self, check: Check) -> Ended | CheckRun:
        return self.run_with(check, Copies.take_suspect_itself)

    def run_with(self, check: Check, take: Callable[[Copies], Copy]) -> Ended | CheckRun:
        judge = self.judges.get()
        fault = judge.setup_fault()
        if fault:
            return CheckRun(check.name, "our_fault", text=fault)
        taken = self.take(take)
        if taken is None:
            return CheckRun(check.name, "crashed", text=NO_COPY)
        copies, copy = taken
        try:
            ended = judge.run(check, copy, lambda: order_next(copies), measure_of(copies))
        finally:
            copy.close()
        return self.with_death(ended)

    def take(self, take: Callable[[Copies], Copy]) -> tuple[Copies, Copy] | None:
        """From the process that ran the notebook, or else from a new one. When a new one makes no copy, none will."""
        while not self.gave_up:
            copies = self.notebook.copies
            try:
                usable = copies or self.notebook.run(wanted=len(self.todo) + 1)
                return usable, take(usable)
            except NoCopy as error:
                log.info("the notebook's process makes no more copies: %s", error)
                self.gave_up = copies is None
                self.notebook.close()
        return None

    def with_death(self, ended: Ended) -> Ended:
        suspect = self.notebook.suspect
        gone = ended.verdict is not None and ended.verdict.outcome == "gone" and not ended.over_time
        if not gone or suspect is None or suspect.child.wait(GONE_SECONDS) is False:
            return ended
        return replace(ended, death=suspect.death())


def order_next(copies: Copies) -> None:
    with suppress(NoCopy):  # whoever takes the next copy will find out
        copies.order()


def measure_of(copies: Copies) -> Callable[[bool], Usage]:
    def measure(opens: bool) -> Usage:
        if opens:
            copies.await_order()
        held = start_memory(copies.root) if opens else most_memory(copies.root)
        return Usage(copies.cpu_seconds(), held)

    return measure


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
