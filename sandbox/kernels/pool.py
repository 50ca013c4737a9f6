"""The one entry for everybody who needs a kernel: `with kernels.borrow(limits) as kernel`."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from sandbox.environments import BASE
from sandbox.errors import GaveUp, NoRoom
from sandbox.kernels.kernel import Kernel, start_kernel
from sandbox.kernels.line import Line, Ticket
from sandbox.limits import Limits
from sandbox.processes.forkserver import ForkServer
from sandbox.processes.forkservers import ForkServers

DEFAULT = Limits()
LOOK_SECONDS = 0.5  # how often those who wait look again when nobody has called them


def nothing() -> None:
    pass


@dataclass(frozen=True, slots=True)
class InLine:
    """Somebody who waits for a turn when as many kernels are running as are allowed."""

    owner: str  # owners take turns
    told: Callable[[int], None]  # of the place, from 1, whenever it changes
    given_up: Callable[[], bool]  # asked often; `look_again` has it asked at once
    make_room: Callable[[], object] = nothing  # asked often of whoever is next: can a kernel be spared?


class Kernels:
    """`waiting_room`: how many may wait in line; each of them holds a thread."""

    def __init__(self, forkservers: ForkServer | ForkServers, ceiling: int = 100, waiting_room: int = 100) -> None:
        self.forkservers, self.ceiling, self.waiting_room = forkservers, ceiling, waiting_room
        self._running: set[Kernel] = set()
        self._taken = 0  # places of kernels that run, come up or go down
        self._line = Line()
        self._news = threading.Condition()
        self._closed = False

    @property
    def running(self) -> int:
        return len(self._running)

    @property
    def waiting(self) -> int:
        return len(self._line)

    @property
    def full(self) -> bool:
        """A kernel asked for now has to wait."""
        return self._taken >= self.ceiling or len(self._line) > 0

    @contextmanager
    def borrow(
        self,
        limits: Limits = DEFAULT,
        files: Mapping[str, bytes] | None = None,
        line: InLine | None = None,
        environment: str = BASE,
    ) -> Iterator[Kernel]:
        """A fresh kernel, closed at the end of the block whatever happens in it.

        When too many are running: NoRoom. With `line` the caller waits instead; GaveUp when it is given up, NoRoom when too many
        wait already.
        """
        self._take_place(line)
        try:
            with self._started(self.forkservers.of(environment), limits, files or {}) as kernel:
                yield kernel
        finally:
            with self._news:
                self._taken -= 1
                self._news.notify_all()

    def look_again(self) -> None:
        """Whoever waits asks now whether it is given up."""
        with self._news:
            self._news.notify_all()

    def close(self) -> None:
        """End all kernels; those who wait are given up, and nobody gets a place any more."""
        with self._news:
            self._closed = True
            running = list(self._running)
            self._news.notify_all()
        for kernel in running:
            kernel.close()

    @contextmanager
    def _started(self, forkserver: ForkServer, limits: Limits, files: Mapping[str, bytes]) -> Iterator[Kernel]:
        kernel = start_kernel(forkserver, limits, files)
        with self._news:
            self._running.add(kernel)
        try:
            yield kernel
        finally:
            kernel.close()
            with self._news:
                self._running.discard(kernel)

    def _take_place(self, line: InLine | None) -> None:
        with self._news:
            if not self.full:
                self._taken += 1
                return
            if line is None:
                raise NoRoom(f"{self.ceiling} kernels are running, as many as this server allows. Try again in a while.")
            if len(self._line) >= self.waiting_room:
                raise NoRoom(f"{len(self._line)} people are waiting for a kernel already. Try again in a while.")
            ticket = self._line.join(line.owner)
        try:
            self._wait_for_turn(ticket, line)
        finally:
            with self._news:
                self._line.leave(ticket)
                self._news.notify_all()

    def _wait_for_turn(self, ticket: Ticket, line: InLine) -> None:
        """1. Say the place when it is a new one. 2. Whoever is next asks for room. 3. Give up, take a free place, or wait."""
        told = 0
        while True:
            with self._news:
                place = self._line.place(ticket)
            if place != told:
                line.told(place)
                told = place
            if place == 1:
                line.make_room()
            with self._news:
                if self._closed or line.given_up():
                    raise GaveUp("The caller does not wait for a kernel any more.")
                if self._line.place(ticket) == 1 and self._taken < self.ceiling:
                    self._taken += 1
                    self._line.serve(ticket)
                    return
                if self._line.place(ticket) == told:
                    self._news.wait(LOOK_SECONDS)
