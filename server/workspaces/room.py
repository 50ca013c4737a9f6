"""One workspace's kernel and the run that goes on in it."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field

from sandbox.kernels.kernel import Event, Kernel
from server.errors import Conflict

BUSY = "The kernel is still busy with another cell. Wait for it, or stop it first."


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

    def follow(self, silence_seconds: float | None = None) -> Iterator[Event | None]:
        """All events from the first, waiting for those to come; None whenever nothing came for so long."""
        seen, over = 0, False
        while not over:
            with self._news:
                if not self._over and len(self._events) == seen:
                    self._news.wait(silence_seconds)
                fresh, over = self._events[seen:], self._over
            yield from fresh or ((None,) if not over else ())
            seen += len(fresh)


@dataclass(slots=True)
class Room:
    """One workspace's kernel and its current run.

    `turn` counts how often the room was emptied: a kernel that was asked for before comes too late and is ended again.
    """

    owner: str
    lock: threading.Lock = field(default_factory=threading.Lock)
    stack: ExitStack = field(default_factory=ExitStack)
    kernel: Kernel | None = None
    run: Run | None = None
    starting: bool = False
    place: int = 0  # in line for a kernel, from 1; 0: does not wait
    turn: int = 0
    last_used: float = field(default_factory=time.monotonic)
    farewell: KernelState | None = None  # why the last kernel ended

    @property
    def state(self) -> KernelState:
        """What to say of the kernel now."""
        run, place, kernel = self.run, self.place, self.kernel
        if place:
            return KernelState("queued", place=place)
        if self.starting:
            return KernelState("starting")
        if run is not None:
            return KernelState("busy")
        if kernel is None:
            return self.farewell or KernelState("none")
        if kernel.alive:
            return KernelState("idle")
        died = kernel.note_death()  # between two cells, so nobody was told
        return KernelState("died", died.reason, str(died))

    def begin(self, run: Run) -> int:
        """Take the room for one run. Raises Conflict when another one is going on."""
        with self.lock:
            if self.run is not None:
                raise Conflict(BUSY)
            self.run, self.last_used = run, time.monotonic()
            return self.turn

    def end(self) -> None:
        with self.lock:
            self.run, self.last_used = None, time.monotonic()

    def vacate(self, farewell: KernelState | None = None) -> None:
        """End the kernel, also one that is only coming up."""
        with self.lock:
            self.turn += 1
            stack = self._moved_out(farewell)
        stack.close()

    def vacate_if_idle(self, since: float, farewell: KernelState) -> bool:
        """End the kernel unless it runs something or was used after `since`; decided and done under one lock."""
        with self.lock:
            if self.kernel is None or self.run is not None or self.last_used > since:
                return False
            self.turn += 1
            stack = self._moved_out(farewell)
        stack.close()
        return True

    def clear_away(self, turn: int) -> None:
        """A kernel that has died leaves its place, and why it died stays known."""
        with self.lock:
            stack = self._moved_out(self.farewell) if self.turn == turn else ExitStack()
        stack.close()

    def move_in(self, turn: int, kernel: Kernel, stack: ExitStack) -> bool:
        """False: the room was emptied in the meantime, and the caller ends the kernel."""
        with self.lock:
            if self.turn != turn:
                return False
            self.kernel, self.stack, self.farewell = kernel, stack.pop_all(), None
            return True

    def say(self, turn: int, farewell: KernelState) -> None:
        """Why the kernel ended, unless somebody has emptied the room since."""
        with self.lock:
            if self.turn == turn:
                self.farewell = farewell

    def _moved_out(self, farewell: KernelState | None) -> ExitStack:
        stack, self.stack, self.kernel, self.farewell = self.stack, ExitStack(), None, farewell
        return stack


class Emptied(Exception):
    """The room was emptied while its kernel came up."""
