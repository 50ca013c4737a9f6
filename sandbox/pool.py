"""The one entry for everybody who needs a kernel: `with kernels.borrow(limits) as kernel`."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from sandbox.errors import NoRoom
from sandbox.forkserver import ForkServer
from sandbox.kernel import Kernel, start_kernel
from sandbox.limits import Limits

DEFAULT = Limits()


class Kernels:
    def __init__(self, forkserver: ForkServer, ceiling: int = 100) -> None:
        self.forkserver, self.ceiling = forkserver, ceiling
        self._running: set[Kernel] = set()
        self._starting = 0
        self._lock = threading.Lock()

    @property
    def running(self) -> int:
        return len(self._running)

    @contextmanager
    def borrow(self, limits: Limits = DEFAULT, files: Mapping[str, bytes] | None = None) -> Iterator[Kernel]:
        """A fresh kernel, closed at the end of the block whatever happens in it. NoRoom when too many are running."""
        kernel = self._start(limits, files or {})
        try:
            yield kernel
        finally:
            kernel.close()
            with self._lock:
                self._running.discard(kernel)

    def close(self) -> None:
        with self._lock:
            running = list(self._running)
        for kernel in running:
            kernel.close()

    def _start(self, limits: Limits, files: Mapping[str, bytes]) -> Kernel:
        with self._lock:
            if len(self._running) + self._starting >= self.ceiling:
                raise NoRoom(f"{self.ceiling} kernels are running, as many as this server allows. Try again in a while.")
            self._starting += 1
        try:
            kernel = start_kernel(self.forkserver, limits, files)
            with self._lock:
                self._running.add(kernel)
            return kernel
        finally:
            with self._lock:
                self._starting -= 1
