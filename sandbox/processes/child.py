"""One process from the zygote, as the server holds it: by its pidfd, so that a pid used again can never be hit."""

from __future__ import annotations

import logging
import os
import select
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from sandbox.errors import Death
from sandbox.inside import wire
from sandbox.limits import Limits
from sandbox.processes import proc
from sandbox.processes.cgroups import Group

log = logging.getLogger(__name__)
KILL_SECONDS = 1.0
REPORT_SECONDS = 0.5  # the zygote tells how a process ended a moment after the end


@dataclass(frozen=True, slots=True)
class Ending:
    """What the zygote saw when the process was gone."""

    code: int | None = None
    signal: int | None = None
    cpu_seconds: float = 0.0
    failure: str = ""  # our own trouble before the role began


class Child:
    def __init__(self, pidfd: int, report: socket.socket, limits: Limits, group: Group) -> None:
        self.pidfd, self.limits, self.group = pidfd, limits, group
        self.pid = proc.pid_of(pidfd)
        self.home = -1  # descriptor of its home folder, opened before its code began
        self.connections: list[socket.socket] = []  # to the channels it was asked to listen on; whoever asked closes them
        self.on_close: Callable[[Child], None] | None = None
        self.why: Death | None = None  # who ended it, when we did
        self._report = report
        self._ending: Ending | None = None
        self._lock = threading.RLock()

    def alive(self) -> bool:
        return not self.wait(0)

    def wait(self, timeout: float | None = None) -> bool:
        """True when the process is gone."""
        with self._lock:
            if self.pidfd < 0:
                return True
            descriptor = os.dup(self.pidfd)
        try:
            poll = select.poll()
            poll.register(descriptor, select.POLLIN)
            return bool(poll.poll(None if timeout is None else timeout * 1000))
        finally:
            os.close(descriptor)

    def signal(self, number: signal.Signals) -> None:
        with self._lock, suppress(ProcessLookupError):
            if self.pidfd >= 0:
                signal.pidfd_send_signal(self.pidfd, number)

    def kill(self, why: Death = Death.closed) -> None:
        """Everything below goes with it: it is the first process of its pid namespace."""
        with self._lock:
            if self.why is None and self.alive():
                self.why = why
            self.signal(signal.SIGKILL)
        if not self.wait(KILL_SECONDS):
            log.error("process %s is still there %s s after SIGKILL", self.pid, KILL_SECONDS)

    def close(self) -> None:
        """Kill it if need be and give the descriptors back."""
        self.kill()
        with self._lock:
            if self.pidfd >= 0:
                self.ending()
                os.close(self.pidfd)
                self.pidfd = -1
                self._report.close()
                self._give_back()

    @contextmanager
    def open_home(self) -> Iterator[int]:
        """Its home folder, which stays as it is while it is looked at. Raises OSError when the process was closed."""
        with self._lock:
            descriptor = os.dup(self.home)
        try:
            yield descriptor
        finally:
            os.close(descriptor)

    def _give_back(self) -> None:
        if self.home >= 0:
            os.close(self.home)
            self.home = -1
        if self.on_close is not None:
            self.on_close(self)

    def ending(self) -> Ending:
        """How it ended; to be asked when it is gone."""
        with self._lock:
            if self._ending is None:
                self._ending = read_ending(self._report)
            return self._ending

    def descendants(self) -> list[int]:
        return proc.tree_of(self.pid)[1:] if self.alive() else []

    def cpu_seconds(self) -> float:
        """Of the process and all that run below it."""
        return sum(map(proc.cpu_seconds, proc.tree_of(self.pid))) if self.alive() else 0.0


def read_ending(report: socket.socket) -> Ending:
    report.settimeout(REPORT_SECONDS)
    failure = ""
    with suppress(OSError):
        while True:
            message, _ = wire.receive(report)
            if message is None:
                break
            if "failed" in message:
                failure = describe_failure(message["failed"])
            if "exited" in message:
                return Ending(failure=failure, **message["exited"])
    return Ending(failure=failure)


def describe_failure(failed: dict[str, Any]) -> str:
    return f"{failed.get('layer') or failed.get('step')}: {failed['why']}"
