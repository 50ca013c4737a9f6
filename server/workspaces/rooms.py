"""The kernels of workspaces that are in use: one room per workspace, opened on the first run.

A run goes on when the page that asked for it goes away; a page that comes back finds its events so far. The room, not the
request, owns the run:

1. `start_run` takes the room (one run at a time) and starts a thread that feeds the kernel's events into a `Run`.
2. Readers iterate over the `Run`; each sees all its events from the first.
3. At the end `keep` (given by the door) stores what the cell now shows, then the run is marked as over.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field

from sandbox.errors import NoRoom
from sandbox.kernel import Event, Kernel
from sandbox.limits import Limits
from sandbox.pool import Kernels
from server.errors import Conflict

log = logging.getLogger(__name__)

IDLE_SECONDS = 45 * 60
OURS = "The kernel could not be started. This is our fault, not yours; your cells are safe. Try again in a moment."
PAUSED = "The kernel was ended after a long pause. Your cells are safe; run them again to get the variables back."


@dataclass(frozen=True, slots=True)
class KernelState:
    """What the page says of a kernel: none, starting, queued, idle, busy or died."""

    state: str
    why: str = ""
    sentence: str = ""
    place: int = 0


class Run:
    """The events of one run of one cell, readable by several pages while they happen."""

    def __init__(self, cell_id: str) -> None:
        self.cell_id = cell_id
        self.started = time.monotonic()
        self._events: list[Event] = []
        self._news = threading.Condition()
        self._over = False

    @property
    def events(self) -> list[Event]:
        with self._news:
            return list(self._events)

    def add(self, event: Event) -> None:
        with self._news:
            self._events.append(event)
            self._news.notify_all()

    def finish(self) -> None:
        with self._news:
            self._over = True
            self._news.notify_all()

    def follow(self) -> Iterator[Event]:
        """All events from the first, waiting for those to come."""
        seen, over = 0, False
        while not over:
            with self._news:
                while not self._over and len(self._events) == seen:
                    self._news.wait()
                fresh, over = self._events[seen:], self._over
            yield from fresh
            seen += len(fresh)


@dataclass(slots=True)
class Room:
    """One workspace's kernel and its current run."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    stack: ExitStack = field(default_factory=ExitStack)
    kernel: Kernel | None = None
    run: Run | None = None
    starting: bool = False
    last_used: float = field(default_factory=time.monotonic)
    farewell: KernelState | None = None  # why the last kernel ended

    def close(self) -> None:
        kernel, self.kernel = self.kernel, None
        if kernel is not None:
            kernel.close()
        self.stack.close()
        self.stack = ExitStack()


class Rooms:
    """All rooms of this process."""

    def __init__(self, kernels: Kernels) -> None:
        self._kernels = kernels
        self._rooms: dict[str, Room] = {}
        self._lock = threading.Lock()

    def start_run(
        self,
        workspace_id: str,
        cell_id: str,
        source: str,
        *,
        limits: Limits,
        files: Mapping[str, bytes],
        keep: Callable[[Run], None],
    ) -> Run:
        """Begin to run a cell. Raises Conflict when the kernel is busy with another one."""
        room = self._room(workspace_id)
        run = Run(cell_id)
        with room.lock:
            if room.run is not None:
                raise Conflict("The kernel is still busy with another cell. Wait for it, or stop it first.")
            room.run, room.last_used = run, time.monotonic()
        threading.Thread(
            target=self._work, args=(room, run, source, limits, files, keep), name=f"run-{workspace_id[:8]}", daemon=True
        ).start()
        return run

    def running(self, workspace_id: str) -> Run | None:
        """The run that is going on now, if any."""
        room = self._rooms.get(workspace_id)
        return room.run if room else None

    def state(self, workspace_id: str) -> KernelState:
        """How the workspace's kernel is now."""
        room = self._rooms.get(workspace_id)
        if room is None:
            return KernelState("none")
        if room.starting:
            return KernelState("starting")
        if room.run is not None:
            return KernelState("busy")
        if room.kernel is not None and room.kernel.alive:
            return KernelState("idle")
        return room.farewell or KernelState("none")

    def interrupt(self, workspace_id: str) -> None:
        """Ask the running cell to stop; nothing happens when none runs."""
        room = self._rooms.get(workspace_id)
        if room and room.kernel and room.run:
            room.kernel.interrupt()

    def restart(self, workspace_id: str) -> None:
        """End the kernel; the next run starts a fresh one."""
        room = self._rooms.get(workspace_id)
        if room is not None:
            room.close()
            room.farewell = None

    def complete(self, workspace_id: str, code: str, cursor: int) -> list[str]:
        """Names that could stand at the cursor; empty when no kernel is idle."""
        room = self._rooms.get(workspace_id)
        if room is None or room.kernel is None or room.run is not None:
            return []
        return room.kernel.complete(code, cursor)

    def close_idle(self, idle_seconds: float = IDLE_SECONDS) -> int:
        """End kernels that nobody used for so long. Returns how many."""
        closed = 0
        for room in list(self._rooms.values()):
            if room.kernel is not None and room.run is None and time.monotonic() - room.last_used > idle_seconds:
                room.close()
                room.farewell = KernelState("none", "idle", PAUSED)
                closed += 1
        return closed

    def leave(self, workspace_id: str) -> None:
        """End the kernel and forget the room."""
        room = self._rooms.pop(workspace_id, None)
        if room is not None:
            room.close()

    def close(self) -> None:
        """End all kernels."""
        for workspace_id in list(self._rooms):
            self.leave(workspace_id)

    def _room(self, workspace_id: str) -> Room:
        with self._lock:
            return self._rooms.setdefault(workspace_id, Room())

    def _work(
        self, room: Room, run: Run, source: str, limits: Limits, files: Mapping[str, bytes], keep: Callable[[Run], None]
    ) -> None:
        try:
            for event in self._events(room, source, limits, files):
                run.add(event)
            keep(run)
        except NoRoom as full:
            self._fail(run, str(full))
        except Exception:  # the thread's door: whatever happens, the page must hear that the run is over
            log.exception("a run could not be finished")
            self._fail(run, OURS)
        finally:
            with room.lock:
                room.run, room.last_used = None, time.monotonic()
            run.finish()

    def _fail(self, run: Run, sentence: str) -> None:
        run.add(Event("limit", {"what": "ours", "sentence": sentence}))
        run.add(Event("done", {"status": "died", "count": None, "seconds": 0.0}))

    def _events(self, room: Room, source: str, limits: Limits, files: Mapping[str, bytes]) -> Iterator[Event]:
        kernel = self._kernel(room, limits, files)
        for event in kernel.run(source):
            if event.kind == "died":
                room.farewell = KernelState("died", str(event.data.get("why", "")), str(event.data.get("sentence", "")))
            yield event
        if not kernel.alive:
            room.close()

    def _kernel(self, room: Room, limits: Limits, files: Mapping[str, bytes]) -> Kernel:
        if room.kernel is not None and room.kernel.alive:
            return room.kernel
        room.close()
        room.starting = True
        try:
            self._make_place()
            room.kernel = room.stack.enter_context(self._kernels.borrow(limits, files))
            room.farewell = None
            return room.kernel
        finally:
            room.starting = False

    def _make_place(self) -> None:
        """When every place is taken, the kernel that has been idle for longest makes room."""
        if self._kernels.running < self._kernels.ceiling:
            return
        idle = [(room.last_used, name) for name, room in self._rooms.items() if room.kernel is not None and room.run is None]
        if idle:
            self.leave(min(idle)[1])
