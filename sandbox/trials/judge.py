"""The referee's side of the judge: start it, give it one check and one copy of the suspect at a time, and keep the time."""

import logging
import os
import socket
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace

from sandbox.errors import StartFailed
from sandbox.inside.board import make_board
from sandbox.inside.messages import AskUsage, CallFunction, FromJudge, FunctionDone, Prepare, Prepared, RunCheck, Usage, Verdict
from sandbox.limits import Limits
from sandbox.processes.forkserver import ForkServer
from sandbox.trials.blame import Ended
from sandbox.trials.channel import Broken, RefereeChannel
from sandbox.trials.copies import Copy
from sandbox.trials.types import Check, TrialPlan

log = logging.getLogger(__name__)
LONGEST_MESSAGE = 64 << 20
SETUP_SECONDS = 60.0
GRACE_SECONDS = 2.0
IDLE_SHARE = 0.1
PRIVATE = "private"
MEMORY_MB, DISK_MB = 4_096, 512  # the author's code; what a learner sends is bounded by the codec

Measure = Callable[[bool], Usage]


class Judge:
    def __init__(self, forkserver: ForkServer, plan: TrialPlan) -> None:
        ours, theirs = socket.socketpair()
        descriptor, self.board = make_board()
        files = {**plan.files, **{f"{PRIVATE}/{name}": data for name, data in plan.private_files.items()}}
        try:
            with theirs:
                given = [theirs.fileno(), descriptor]
                self.child = forkserver.spawn("judge", {}, given, judge_limits(plan.limits), files, stack=plan.stack)
        except BaseException:
            ours.close()
            self.board.close()
            raise
        finally:
            os.close(descriptor)
        self.channel = RefereeChannel(ours, FromJudge, LONGEST_MESSAGE)
        self.fault: str | None = None  # what is wrong with the setup; "" when nothing is, None when not yet known
        self.send_setup(plan)

    def send_setup(self, plan: TrialPlan) -> None:
        try:
            self.channel.send(
                Prepare(
                    setup=list(plan.judge_setup),
                    remote_names=list(plan.remote_names),
                    object_names=sorted(plan.object_names),
                    sources=dict(plan.sources),
                    seed=plan.check_seed,
                    private_folder=PRIVATE,
                )
            )
        except Broken as error:
            self.close()
            raise StartFailed(f"The judge did not come up: {error}. The log of the fork-server says more.") from error

    def setup_fault(self) -> str:
        """Waits for the setup; what is wrong with it is the author's to repair."""
        if self.fault is None:
            try:
                prepared = self.channel.receive_within(SETUP_SECONDS)
                late = f"The setup takes more than {SETUP_SECONDS:g} seconds."
                self.fault = prepared.error if isinstance(prepared, Prepared) else late
            except Broken as error:
                self.fault = f"The judge's process ended during the setup: {error}."
        return self.fault

    def run(self, check: Check, copy: Copy, started: Callable[[], None], measure: Measure) -> Ended:
        """`started` is called when the judge has begun: what can go on meanwhile."""
        began = time.monotonic()
        try:
            self.channel.send(RunCheck(check.name, check.source, check.hidden), [copy.sock.fileno()])
            started()
            verdict = self.await_verdict(began + check.seconds, measure)
        except Broken as error:
            log.warning("the judge ended during check %s: %s", check.name, error)
            self.child.kill()
            return Ended(None, check.seconds, time.monotonic() - began)
        if verdict is not None:
            return Ended(verdict, check.seconds, time.monotonic() - began)
        return self.end_by_force(check, copy, began, measure)

    def end_by_force(self, check: Check, copy: Copy, began: float, measure: Measure) -> Ended:
        waited, in_flight = self.board.read(time.monotonic())
        idle = copy.cpu_seconds() < waited * IDLE_SHARE
        copy.cut()
        try:
            verdict = self.await_verdict(time.monotonic() + GRACE_SECONDS, measure)
        except Broken:
            verdict = None
        if verdict is None:
            self.child.kill()
        return Ended(verdict, check.seconds, time.monotonic() - began, True, waited, in_flight, idle)

    def await_verdict(self, ends: float, measure: Measure) -> Verdict | None:
        message = self.channel.receive_within(ends - time.monotonic())
        while isinstance(message, AskUsage):
            self.channel.send(measure(message.opens))
            left = ends - time.monotonic()
            message = self.channel.receive_within(left) if left > 0 else None
        if message is not None and not isinstance(message, Verdict):
            raise Broken("an answer out of turn")
        return message

    def call(self, name: str, arguments: list[list[object]], seconds: float) -> FunctionDone:
        try:
            self.channel.send(CallFunction(name, arguments))
            done = self.channel.receive_within(seconds)
        except Broken as error:
            return FunctionDone([], f"The process ended in `{name}`: {error}.")
        if done is None:
            return FunctionDone([], f"`{name}` takes more than {seconds:g} seconds for {len(arguments)} calls.")
        return done if isinstance(done, FunctionDone) else FunctionDone([], "An answer out of turn.")

    def alive(self) -> bool:
        return self.child.alive()

    def close(self) -> None:
        self.channel.close()
        self.child.close()
        self.board.close()


class Judges:
    """The judge of this run, started beside the notebook; another takes its place when it ended."""

    def __init__(self, forkserver: ForkServer, plan: TrialPlan) -> None:
        self.forkserver, self.plan = forkserver, plan
        self.thread = ThreadPoolExecutor(1, thread_name_prefix="judge")
        self.started: Future[Judge] | None = None

    def start(self) -> None:
        """Returns at once."""
        if self.started is None:
            self.started = self.thread.submit(Judge, self.forkserver, self.plan)

    def get(self) -> Judge:
        self.start()
        assert self.started is not None
        judge = self.started.result()
        if not judge.alive():
            judge.close()
            self.started = None
            return self.get()
        return judge

    def close(self) -> None:
        self.thread.shutdown(wait=True)
        if self.started is not None and self.started.exception() is None:
            self.started.result().close()


def judge_limits(limits: Limits) -> Limits:
    return replace(limits, memory_mb=max(limits.memory_mb, MEMORY_MB), disk_mb=max(limits.disk_mb, DISK_MB), file_mb=DISK_MB)
