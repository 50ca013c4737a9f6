"""The referee's side of the suspect: start it and have it run cells. Believes nothing that it says."""

import signal
import socket
import time

from sandbox.errors import Death, StartFailed
from sandbox.inside.messages import CellDone, FromSuspect, Ready, RunCell
from sandbox.processes.deaths import cause_of
from sandbox.processes.forkserver import ForkServer
from sandbox.sentences import memory, seconds, time_is_over
from sandbox.trials.channel import Broken, RefereeChannel
from sandbox.trials.types import Cell, CellRun, CellStatus, TrialPlan

LONGEST_MESSAGE = 1 << 20
LONGEST_ERROR = 2_000
LONGEST_TEXT = 20_000
INTERRUPT_SECONDS = 2.0
GONE_SECONDS = 1.0


class Suspect:
    def __init__(self, forkserver: ForkServer, plan: TrialPlan) -> None:
        self.limits = plan.limits
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                self.child = forkserver.spawn(
                    "suspect", {"seed": plan.seed}, [theirs.fileno()], plan.limits, plan.files, stack=plan.stack
                )
            except BaseException:
                ours.close()
                raise
        self.channel = RefereeChannel(ours, FromSuspect, LONGEST_MESSAGE)
        self.expect_ready()

    def expect_ready(self) -> None:
        try:
            ready = self.channel.receive_within(self.limits.start_seconds)
        except Broken:
            ready = None
        if not isinstance(ready, Ready):
            self.child.kill()
            failure = self.child.ending().failure
            self.close()
            raise StartFailed(f"The process for the notebook did not come up. {failure}".strip())

    # Cells

    def run(self, cell: Cell) -> CellRun:
        began = time.monotonic()
        try:
            self.channel.send(RunCell(cell.source))
            status, done = self.await_cell()
        except Broken:
            return CellRun(cell.id, "died", self.why_it_died(), seconds=time.monotonic() - began)
        seconds = time.monotonic() - began
        if status == "timed_out":
            error = time_is_over(self.limits.cell_seconds)
            return CellRun(cell.id, status, error, done.text[:LONGEST_TEXT] if done else "", seconds)
        assert done is not None
        return CellRun(cell.id, "error" if done.error else "ok", done.error[:LONGEST_ERROR], done.text[:LONGEST_TEXT], seconds)

    def await_cell(self) -> tuple[CellStatus, CellDone | None]:
        """Asks it to stop when the time is over, then stops it."""
        done = self.channel.receive_within(self.limits.cell_seconds)
        if done is not None:
            return "ok", expect_done(done)
        self.child.signal(signal.SIGINT)
        done = self.channel.receive_within(INTERRUPT_SECONDS)
        if done is not None:
            return "timed_out", expect_done(done)
        self.child.kill(Death.time)
        return "timed_out", None

    def why_it_died(self) -> str:
        death, detail = self.cause()
        if death is Death.memory:
            return f"The notebook used more than {memory(self.limits)} of memory and was stopped."
        if death is Death.cpu:
            return f"The notebook used more than {seconds(self.limits.cpu_seconds)} of computing time and was stopped."
        return f"The notebook's process ended in this cell{f' ({detail})' if detail else ''}."

    def death(self) -> Death | None:
        """Why it is gone. One that left the protocol is stopped here."""
        return self.cause()[0]

    def cause(self) -> tuple[Death, str]:
        if not self.child.wait(GONE_SECONDS):
            self.child.kill(Death.crashed)
        return cause_of(self.child.why, self.child.ending(), self.limits)

    def alive(self) -> bool:
        return self.child.alive()

    def close(self) -> None:
        self.channel.close()
        self.child.close()


def expect_done(message: object) -> CellDone:
    if not isinstance(message, CellDone):
        raise Broken("an answer out of turn")
    return message
