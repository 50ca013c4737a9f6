"""Copies of the finished suspect, one for each check, made ahead of need: a fork takes longer than most checks do.

They are all the learner's: who answers on a socket is told by Linux, and whatever else earlier copies left running below the
suspect is ended before the next check begins."""

import os
import signal
import socket
import struct
from collections import deque
from contextlib import suppress

from sandbox import processes
from sandbox.inside.messages import HELLO, Fork, Serve
from sandbox.trial_channel import Broken, RefereeChannel, is_readable
from sandbox.trial_processes import kill_below, tree_cpu_seconds
from sandbox.trial_suspect import Suspect

FORK_SECONDS = 5.0
AHEAD = 2
CREDENTIALS = struct.Struct("3i")


class NoCopy(Exception):
    """The suspect no longer makes copies of itself: it is gone, stalled, or out of processes."""


class Copy:
    """`sock` is the judge's end, kept here too: to cut it ends every reading on it, whoever holds the other end."""

    def __init__(self, sock: socket.socket, pid: int) -> None:
        self.sock, self.pid = sock, pid
        self.pidfd = -1
        with suppress(OSError):
            self.pidfd = os.pidfd_open(pid)

    def cpu_seconds(self) -> float:
        return tree_cpu_seconds(self.pid)

    def cut(self) -> None:
        with suppress(OSError):
            self.sock.shutdown(socket.SHUT_RDWR)
        if self.pidfd >= 0:
            with suppress(OSError):
                signal.pidfd_send_signal(self.pidfd, signal.SIGKILL)

    def close(self) -> None:
        self.cut()
        self.sock.close()
        if self.pidfd >= 0:
            os.close(self.pidfd)
            self.pidfd = -1


class Ordered:
    """A process that was asked for: our end of its socket, and who answers there as soon as it greeted."""

    def __init__(self, maker: RefereeChannel, order: Fork | Serve) -> None:
        self.pid = 0
        self.sock, theirs = socket.socketpair()
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
        with theirs:
            try:
                maker.send(order, [theirs.fileno()])
            except Broken as error:
                self.sock.close()
                raise NoCopy(str(error)) from error

    def await_hello(self, root: int, seconds: float = FORK_SECONDS) -> int:
        """-> its pid, from Linux and not from its own mouth. No descriptor is taken from it: the room for one is missing."""
        if self.pid == 0:
            try:
                if not is_readable(self.sock, seconds):
                    raise NoCopy("no greeting in time")
                data, beside, _, _ = self.sock.recvmsg(len(HELLO), socket.CMSG_LEN(CREDENTIALS.size))
                pid = CREDENTIALS.unpack(beside[0][2])[0]
            except (OSError, LookupError, struct.error) as error:
                raise NoCopy(str(error)) from error
            if data != HELLO or pid not in processes.tree_of(root):
                raise NoCopy("no greeting of a copy")
            self.pid = pid
        return self.pid


class Copies:
    def __init__(self, suspect: Suspect, wanted: int) -> None:
        self.root = suspect.child.pid
        self.maker = suspect.channel
        self.left_alone = set(processes.tree_of(self.root))  # what the notebook itself left running, later also copies in use
        self.wanted = wanted
        self.ordered: deque[Ordered] = deque()

    def order(self) -> None:
        """Returns at once: the forks go on while the judge works."""
        while self.wanted > 0 and len(self.ordered) < AHEAD:
            self.ordered.append(Ordered(self.maker, Fork()))
            self.wanted -= 1

    def take(self) -> Copy:
        if not self.ordered:
            self.wanted = max(self.wanted, 1)
            self.order()
        pid = self.ordered[0].await_hello(self.root)
        self.sweep()
        self.left_alone.add(pid)
        return Copy(self.ordered.popleft().sock, pid)

    def take_suspect_itself(self) -> Copy:
        """The notebook's own process answers the judge, and ends after that."""
        self.close()
        self.ordered.append(Ordered(self.maker, Serve()))
        pid = self.ordered[0].await_hello(self.root)
        return Copy(self.ordered.popleft().sock, pid)

    def sweep(self) -> None:
        """What earlier copies left running must not reach into the next check."""
        if len(self.strangers()) > sum(ordered.pid == 0 for ordered in self.ordered):
            self.await_all()
            for pid in self.strangers():
                kill_below(self.root, pid)

    def strangers(self) -> set[int]:
        return set(processes.tree_of(self.root)) - self.left_alone - {ordered.pid for ordered in self.ordered}

    def await_all(self) -> None:
        """From here on none of them is a stranger, and none of their forks is taken for the learner's computing."""
        for ordered in self.ordered:
            with suppress(NoCopy):  # whoever takes it will find out
                ordered.await_hello(self.root)

    def cpu_seconds(self) -> float:
        return tree_cpu_seconds(self.root)

    def close(self) -> None:
        while self.ordered:
            self.ordered.pop().sock.close()
