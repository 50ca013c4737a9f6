"""One running kernel: run a cell, stream its outputs, interrupt it, close it."""

import logging
import secrets
import select
import signal
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import replace
from typing import Any, Literal

from sandbox.errors import Death, KernelBusy, KernelDied, StartFailed
from sandbox.kernels import messages
from sandbox.kernels.channels import Channel
from sandbox.kernels.messages import Message
from sandbox.kernels.outputs import CellOutputs, Event, clean, cut
from sandbox.kernels.patience import Patience
from sandbox.kernels.zmtp import BrokenStream
from sandbox.limits import Limits
from sandbox.limits_met import limit_behind
from sandbox.processes.child import Child
from sandbox.processes.deaths import cause_of
from sandbox.processes.forkserver import ForkServer
from sandbox.sentences import time_is_over, why_it_died

__all__ = ["Event", "Kernel", "start_kernel"]

log = logging.getLogger(__name__)
CHANNELS = {"shell": "DEALER", "iopub": "SUB"}  # -> the kind of our end
AGAIN_SECONDS = 0.2  # in which a stop that was heard shows
DYING_SECONDS = 1.0  # a broken connection is followed by the end of the process
ASK_SECONDS = 2.0  # for names and help, which are no more than that
INSPECTED_BYTES = 20_000
STOPPED = ("KeyboardInterrupt", "CancelledError")  # the second from a cell with `await`
LONGEST_WAIT = 0.5  # an interrupt from another thread is noticed at the latest then


def start_kernel(forkserver: ForkServer, limits: Limits, files: Mapping[str, bytes]) -> "Kernel":
    """Returns when the kernel listens to its first cell; raises SandboxError when it did not come up."""
    key = secrets.token_hex(16)
    request: dict[str, object] = {"key": key, "output_kb": limits.output_kb, "channels": list(CHANNELS)}
    with ExitStack() as undo:
        child = forkserver.spawn("kernel", request, [], limits, files, channels=list(CHANNELS))
        undo.callback(child.close)
        shell, iopub = (Channel(end, kind) for end, kind in zip(child.connections, CHANNELS.values(), strict=True))
        for channel in (shell, iopub):
            undo.callback(channel.close)
        kernel = Kernel(child, shell, iopub, key.encode(), limits, confined=forkserver.mode != "open")
        kernel.wait_until_ready()
        undo.pop_all()
        return kernel


class Kernel:
    """`run` belongs to one thread at a time; `interrupt` and `close` may come from any."""

    def __init__(self, child: Child, shell: Channel, iopub: Channel, key: bytes, limits: Limits, confined: bool) -> None:
        self.child, self.limits, self.confined = child, limits, confined
        self.shell, self.iopub, self.key = shell, iopub, key
        self.why: Death | None = None
        self.sentence = ""
        self.strange = 0  # messages that were dropped: not signed, not whole, of nobody's cell
        self._session = secrets.token_hex(8)
        self._running = threading.Lock()
        self._asking = threading.Lock()  # an interrupt is for the cell that runs, never for the next one
        self._stop_asked_at: float | None = None
        self._poll = select.poll()
        for source in (shell, iopub, child.pidfd):
            self._poll.register(source, select.POLLIN)

    @property
    def alive(self) -> bool:
        return self.why is None and self.child.alive()

    @property
    def state(self) -> Literal["idle", "busy", "died"]:
        if not self.alive:
            return "died"
        return "busy" if self._running.locked() else "idle"

    def wait_until_ready(self) -> None:
        """The subscription to outputs is answered: from now on no output can be lost."""
        until = time.monotonic() + self.limits.start_seconds
        while time.monotonic() < until:
            try:
                self.wait(until)
                self.read(self.shell)
                if any(message.kind == "iopub_welcome" for message in self.read(self.iopub)):
                    return
            except BrokenStream:
                break
            if not self.child.alive():
                break
        raise StartFailed(f"The kernel did not start. {self.child.ending().failure or 'It gave no reason.'}")

    def run(self, source: str, cell_seconds: float | None = None) -> Iterator[Event]:
        """Whatever the code does, the last event is `done` and nothing is raised (KernelBusy: another cell is running)."""
        if not self._running.acquire(blocking=False):
            raise KernelBusy("A cell is running in this kernel already: wait for it or interrupt it.")
        finished = False
        try:
            cell = Run(self, source, cell_seconds or self.limits.cell_seconds)
            yield from cell.events()
            finished = True
        finally:
            if not finished:  # nobody listens any more
                self.child.signal(signal.SIGINT)
            with self._asking:
                self._stop_asked_at = None
                self._running.release()

    def interrupt(self) -> None:
        """Does nothing between cells. A cell that does not react is stopped with its kernel after some seconds."""
        with self._asking:
            if self._running.locked():
                self._stop_asked_at = self._stop_asked_at or time.monotonic()
                self.child.signal(signal.SIGINT)

    def close(self) -> None:
        self.child.kill(Death.closed)
        if self.why is None:
            self.note_death()
        self.child.close()
        self.shell.close()
        self.iopub.close()

    def note_death(self, cell_seconds: float | None = None) -> KernelDied:
        if self.why is None:
            limits = replace(self.limits, cell_seconds=cell_seconds or self.limits.cell_seconds)
            self.why, detail = cause_of(self.child.why, self.child.ending(), limits)
            self.sentence = why_it_died(self.why, limits, detail)
        return KernelDied(self.why, self.sentence)

    def complete(self, code: str, cursor: int) -> list[str]:
        """Names that could stand at the cursor (counted in characters); empty while a cell runs."""
        matches = self._ask("complete_request", {"code": code, "cursor_pos": cursor}).get("matches")
        return [match for match in matches if isinstance(match, str)] if isinstance(matches, list) else []

    def inspect(self, code: str, cursor: int, detail: int = 0) -> str:
        """Signature and documentation of the name at the cursor, with `detail` 1 its source too; may hold ANSI colours.

        Empty when the kernel knows nothing of it, and while a cell runs."""
        data = self._ask("inspect_request", {"code": code, "cursor_pos": cursor, "detail_level": detail}).get("data")
        text = clean(data.get("text/plain")) if isinstance(data, dict) else ""
        kept = cut(text, INSPECTED_BYTES)
        return text if kept == text else f"{kept}\n… (the rest is left out)"

    def _ask(self, kind: str, content: dict[str, object]) -> dict[str, Any]:
        """The answer to a question between cells; empty when a cell runs or no answer comes in time."""
        if not self._running.acquire(blocking=False):
            return {}
        try:
            return self._answer(self.request(kind, content))
        except BrokenStream:
            return {}
        finally:
            self._running.release()

    def _answer(self, identity: str) -> dict[str, Any]:
        until = time.monotonic() + ASK_SECONDS
        while time.monotonic() < until and self.child.alive():
            for message in self._receive(self.shell, until):
                if message.parent == identity:
                    return message.content
        return {}

    def request(self, kind: str, content: dict[str, object]) -> str:
        identity, frames = messages.request(kind, content, self.key, self._session)
        self.shell.send(frames)
        return identity

    def wait(self, until: float) -> bool:
        """Until something has come or the moment is reached; True when something has come."""
        seconds = min(max(until - time.monotonic(), 0), LONGEST_WAIT)
        return bool(self._poll.poll(seconds * 1000))

    def read(self, channel: Channel) -> list[Message]:
        found = [messages.read(frames, self.key) for frames in channel.receive()]
        self.strange += found.count(None)
        return [message for message in found if message is not None]

    def _receive(self, channel: Channel, until: float) -> list[Message]:
        self.wait(until)
        return self.read(channel)


class Run:
    """One cell from its request to its end."""

    def __init__(self, kernel: Kernel, source: str, cell_seconds: float) -> None:
        self.kernel, self.source, self.cell_seconds = kernel, source, cell_seconds
        self.began = time.monotonic()
        self.outputs = CellOutputs(kernel.limits)
        self.patience = Patience(self.began + cell_seconds)
        self.identity = ""
        self.status, self.count = "", None  # status: of the reply
        self.ename = ""
        self.idle = False

    def events(self) -> Iterator[Event]:
        try:
            self.ask()
            while not self.finished():
                self.kernel.wait(self.patience.next_moment())
                yield from self.read_outputs()
                self.read_reply()
                if not self.kernel.child.alive():
                    raise BrokenStream("the process ended")
                yield from self.keep_time()
        except BrokenStream:
            yield self.died()
        yield self.done()

    def ask(self) -> None:
        self.kernel.read(self.kernel.iopub)  # what came between cells belongs to none
        self.kernel.read(self.kernel.shell)
        self.identity = self.kernel.request("execute_request", {
            "code": self.source, "silent": False, "store_history": True, "user_expressions": {}, "allow_stdin": False,
            "stop_on_error": False,
        })  # fmt: skip

    def finished(self) -> bool:
        return (self.idle and bool(self.status)) or self.patience.gave_up_waiting(time.monotonic())

    def read_outputs(self) -> Iterator[Event]:
        now = time.monotonic()
        skipped = self.kernel.iopub.reader.skipped_bytes
        for message in self.kernel.read(self.kernel.iopub):
            if message.parent != self.identity:
                self.kernel.strange += 1
            elif message.kind == "status":
                self.note_status(message, now)
            else:
                yield from self.note(self.outputs.accept(message, now))
        if self.kernel.iopub.reader.skipped_bytes > skipped:
            yield from self.outputs.exceed(now)

    def note_status(self, message: Message, now: float) -> None:
        if message.content.get("execution_state") == "idle":
            self.idle = True
            self.patience.answered_at = self.patience.answered_at or now

    def note(self, events: list[Event]) -> Iterator[Event]:
        for event in events:
            if event.kind == "started":
                self.count = event.data["count"]
                if self.kernel._stop_asked_at is not None:  # before the cell began nobody listened to the signal
                    self.patience.ask_again_at = time.monotonic() + AGAIN_SECONDS
            if event.kind == "error":
                yield from self.note_error(event)
            else:
                yield event

    def note_error(self, error: Event) -> Iterator[Event]:
        self.ename = error.data["ename"]
        self.patience.ask_again_at = None  # a second signal would hit whoever is telling of the first
        if self.patience.flooded_at is not None and self.ename in STOPPED:
            return  # we stopped it, and the note on its limit has said so
        yield error
        met = limit_behind(error.data, self.kernel.limits, self.kernel.confined)
        if met is not None:
            yield Event("limit", met)

    def read_reply(self) -> None:
        for message in self.kernel.read(self.kernel.shell):
            if message.parent == self.identity and message.kind == "execute_reply" and not self.status:
                self.patience.answered_at = self.patience.answered_at or time.monotonic()
                self.status = "ok" if message.content.get("status") == "ok" else "error"
                self.ename = self.ename or str(message.content.get("ename", ""))  # an error that IPython failed to show

    def keep_time(self) -> Iterator[Event]:
        now, patience = time.monotonic(), self.patience
        patience.stopped_at = self.kernel._stop_asked_at
        if patience.time_is_over(now):
            patience.time_over_at = now
            yield Event("limit", {"what": "time", "sentence": time_is_over(self.cell_seconds)})
            self.kernel.child.signal(signal.SIGINT)
        if self.outputs.floods() and patience.flooded_at is None and patience.answered_at is None:
            patience.flooded_at = now
            self.kernel.child.signal(signal.SIGINT)
        if patience.asks_again(now):
            patience.ask_again_at = None
            self.kernel.child.signal(signal.SIGINT)
        why = patience.kill(now)
        if why is not None:
            self.kernel.child.kill(why)
            raise BrokenStream(f"stopped: {why}")

    def died(self) -> Event:
        if not self.kernel.child.wait(DYING_SECONDS):
            self.kernel.child.kill(Death.crashed)  # it closed its connections and lives on
        died = self.kernel.note_death(self.cell_seconds)
        return Event("died", {"why": died.reason, "sentence": str(died)})

    def done(self) -> Event:
        return Event("done", {"status": self.how_it_ended(), "count": self.count, "seconds": time.monotonic() - self.began})

    def how_it_ended(self) -> str:
        if self.patience.time_over_at is not None:
            return "timed_out"
        if self.kernel.why is not None:
            return "died"
        asked = self.patience.stopped_at or self.patience.flooded_at
        if asked and (not self.status or (self.status == "error" and self.ename in STOPPED)):
            return "interrupted"
        return self.status or "error"
