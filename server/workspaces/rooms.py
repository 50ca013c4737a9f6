"""The kernels of workspaces that are in use: one room per workspace, opened on the first run.

A run goes on when the page that asked for it goes away; a page that comes back finds its events so far. The room, not the
request, owns the run:

1. `start_run` takes the room (one run at a time) and starts a thread that feeds the kernel's events into a `Run`.
2. Readers iterate over the `Run`; each sees all its events from the first.
3. At the end `keep` (given by the door) stores what the cell now shows, then the run is marked as over.

A run that needs a kernel when all are in use first has the longest idle one make room, then waits in line: its `Run` tells the
place whenever it changes. Stop, restart and leaving give the place up.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass

from sandbox.environments import BASE
from sandbox.errors import GaveUp, NoRoom, SandboxUnavailable
from sandbox.kernels.kernel import Event, Kernel
from sandbox.kernels.pool import InLine, Kernels
from sandbox.limits import Limits
from server.errors import TooMany
from server.workspaces.room import Emptied, KernelState, Room, Run

log = logging.getLogger(__name__)

IDLE_SECONDS = 45 * 60
SETTLED_SECONDS = 5.0  # before that an idle kernel makes no room: it is idle between two cells of one "Run all", too
OURS = "The kernel could not be started. This is our fault, not yours; your cells are safe. Try again in a moment."
NO_WALLS = (
    "Code is not run on this server at the moment, because not every wall around it stands. Your cells are safe. "
    "Whoever runs the site finds the reason and what to do with `touchstone doctor`."
)
TOO_LATE = "The kernel was ended before this cell began. Run it again."
MADE_ROOM = "The kernel was ended to make room for another one. Your cells are safe; run them again to get the variables back."
MOST_RUNS_EACH = 3  # a run holds one of the server's threads
MOST_KERNELS_EACH = 6
PAUSED = "The kernel was ended after a long pause. Your cells are safe; run them again to get the variables back."


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a workspace's kernel is to be like."""

    limits: Limits
    files: Mapping[str, bytes]
    environment: str = BASE


class Rooms:
    """All rooms of this process."""

    def __init__(self, kernels: Kernels, settled_seconds: float = SETTLED_SECONDS) -> None:
        self._kernels, self._settled_seconds = kernels, settled_seconds
        self._rooms: dict[str, Room] = {}
        self._lock = threading.Lock()

    def start_run(
        self,
        workspace_id: str,
        cell_id: str,
        source: str,
        *,
        owner: str,
        wanted: Wanted,
        keep: Callable[[Run], None],
    ) -> Run:
        """Begin to run a cell. Raises Conflict when the kernel is busy with another one, TooMany when the owner runs too many."""
        room = self._room(workspace_id, owner)
        self._must_not_crowd(owner)
        run = Run(cell_id)
        work = (room, room.begin(run), run, source, wanted, keep)
        threading.Thread(target=self._work, args=work, name=f"run-{workspace_id[:8]}", daemon=True).start()
        return run

    def _must_not_crowd(self, owner: str) -> None:
        busy = sum(room.owner == owner and room.run is not None for room in list(self._rooms.values()))
        if busy >= MOST_RUNS_EACH:
            raise TooMany(f"{busy} of your notebooks are running cells. Wait for one of them, or stop it.", wait_seconds=5)

    def running(self, workspace_id: str) -> Run | None:
        """The run that is going on now, if any."""
        room = self._rooms.get(workspace_id)
        return room.run if room else None

    def state(self, workspace_id: str) -> KernelState:
        """How the workspace's kernel is now."""
        room = self._rooms.get(workspace_id)
        return room.state if room else KernelState("none")

    def interrupt(self, workspace_id: str) -> None:
        """Ask the running cell to stop, or take it out of the line; nothing happens when none runs."""
        room = self._rooms.get(workspace_id)
        if room and room.kernel and room.run:
            room.kernel.interrupt()
        elif room and room.place:
            self._vacate(room, room.farewell)

    def restart(self, workspace_id: str) -> None:
        """End the kernel; the next run starts a fresh one."""
        room = self._rooms.get(workspace_id)
        if room is not None:
            self._vacate(room)

    def complete(self, workspace_id: str, code: str, cursor: int) -> list[str]:
        """Names that could stand at the cursor; empty when no kernel is idle."""
        kernel = self._idle_kernel(workspace_id)
        return kernel.complete(code, cursor) if kernel else []

    def inspect(self, workspace_id: str, code: str, cursor: int, detail: int = 0) -> str | None:
        """Signature and documentation of the name at the cursor; empty when there is none, None when no kernel is idle."""
        kernel = self._idle_kernel(workspace_id)
        return kernel.inspect(code, cursor, detail) if kernel else None

    def _idle_kernel(self, workspace_id: str) -> Kernel | None:
        room = self._rooms.get(workspace_id)
        kernel = room.kernel if room and room.run is None else None
        return kernel if kernel and kernel.alive else None

    def close_idle(self, idle_seconds: float = IDLE_SECONDS) -> int:
        """End kernels that nobody used for so long. Returns how many."""
        since = time.monotonic() - idle_seconds
        return sum(room.vacate_if_idle(since, KernelState("none", "idle", PAUSED)) for room in list(self._rooms.values()))

    def leave(self, workspace_id: str) -> None:
        """End the kernel and forget the room."""
        room = self._rooms.pop(workspace_id, None)
        if room is not None:
            self._vacate(room)

    def close(self) -> None:
        """End all kernels."""
        for workspace_id in list(self._rooms):
            self.leave(workspace_id)

    def _vacate(self, room: Room, farewell: KernelState | None = None) -> None:
        room.vacate(farewell)
        self._kernels.look_again()

    def _room(self, workspace_id: str, owner: str) -> Room:
        with self._lock:
            room = self._rooms.setdefault(workspace_id, Room(owner))
            room.owner = owner  # a guest's workspace keeps its kernel when it becomes an account's
            return room

    def _work(
        self,
        room: Room,
        turn: int,
        run: Run,
        source: str,
        wanted: Wanted,
        keep: Callable[[Run], None],
    ) -> None:
        try:
            kernel = self._kernel(room, turn, wanted, run)
            for event in self._events(room, turn, kernel, source):
                run.add(event)
            keep(run)
        except NoRoom as full:
            self._fail(run, str(full))
        except GaveUp:
            run.add(Event("done", {"status": "interrupted", "count": None, "seconds": 0.0}))
        except Emptied:
            self._fail(run, TOO_LATE)
        except SandboxUnavailable:
            self._fail(run, NO_WALLS)
        except Exception:  # the thread's door: whatever happens, the page must hear that the run is over
            log.exception("a run could not be finished")
            self._fail(run, OURS)
        finally:
            room.end()
            run.finish()

    def _fail(self, run: Run, sentence: str) -> None:
        run.add(Event("limit", {"what": "ours", "sentence": sentence}))
        run.add(Event("done", {"status": "died", "count": None, "seconds": 0.0}))

    def _events(self, room: Room, turn: int, kernel: Kernel, source: str) -> Iterator[Event]:
        for event in kernel.run(source):
            if event.kind == "died":
                room.say(turn, KernelState("died", str(event.data.get("why", "")), str(event.data.get("sentence", ""))))
            yield event
        if not kernel.alive:
            room.clear_away(turn)

    def _kernel(self, room: Room, turn: int, wanted: Wanted, run: Run) -> Kernel:
        kernel = room.kernel
        if kernel is not None and kernel.alive:
            return kernel
        room.clear_away(turn)
        room.starting = True
        try:
            self._make_place(room.owner)
            with ExitStack() as stack:
                line = self._line_of(room, turn, run)
                kernel = stack.enter_context(self._kernels.borrow(wanted.limits, wanted.files, line, wanted.environment))
                if not room.move_in(turn, kernel, stack):
                    raise Emptied
            return kernel
        finally:
            room.starting, room.place = False, 0

    def _line_of(self, room: Room, turn: int, run: Run) -> InLine:
        def told(place: int) -> None:
            room.place = place
            run.add(Event("queued", {"place": place}))

        return InLine(room.owner, told, given_up=lambda: room.turn != turn, make_room=self._spare_longest_idle)

    def _make_place(self, owner: str) -> None:
        """The kernel that has been idle for longest makes room: the owner's own beyond some, anybody's when all are taken."""
        own = [room for room in list(self._rooms.values()) if room.kernel is not None and room.owner == owner]
        if len(own) >= MOST_KERNELS_EACH:
            self._end_longest_idle(own, time.monotonic())
        elif self._kernels.full:
            self._spare_longest_idle()

    def _spare_longest_idle(self) -> None:
        self._end_longest_idle(list(self._rooms.values()), time.monotonic() - self._settled_seconds)

    def _end_longest_idle(self, rooms: list[Room], since: float) -> None:
        for room in sorted(rooms, key=lambda room: room.last_used):
            if room.vacate_if_idle(since, KernelState("none", "idle", MADE_ROOM)):
                return
