"""Copies of the finished suspect, one for each check, made ahead of need: a fork takes longer than most checks do.

They are all the learner's: who answers on a socket is told by Linux, and whatever else earlier copies left running below the
suspect is ended before the next check begins."""

import os
import signal
import socket
import struct
from contextlib import suppress

from sandbox.inside.messages import HELLO, Fork, Serve
from sandbox.processes import proc
from sandbox.trials.channel import Broken, RefereeChannel, is_readable
from sandbox.trials.processes import kill_all_below, kill_below, tree_cpu_seconds
from sandbox.trials.suspect import Suspect

FORK_SECONDS = 5.0
TRIES = 3
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

    def alive(self) -> bool:
        """Not ended, and not about to: a call of the check before may have killed everybody that it could."""
        return self.pidfd >= 0 and not proc.is_being_killed(self.pid) and not is_readable(self.pidfd, 0)

    def cut(self) -> None:
        with suppress(OSError):
            self.sock.shutdown(socket.SHUT_RDWR)
        if self.pidfd >= 0:
            with suppress(OSError):
                signal.pidfd_send_signal(self.pidfd, signal.SIGKILL)

    def close(self) -> None:
        """What it started goes first, as long as it is below it."""
        kill_all_below(self.pid)
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

    def await_hello(self, root: int) -> int:
        """-> its pid, from Linux and not from its own mouth. No descriptor is taken from it: the room for one is missing."""
        if self.pid == 0:
            try:
                if not is_readable(self.sock, FORK_SECONDS):
                    raise NoCopy("no greeting in time")
                data, beside, _, _ = self.sock.recvmsg(len(HELLO), socket.CMSG_LEN(CREDENTIALS.size))
                pid = CREDENTIALS.unpack(beside[0][2])[0]
            except (OSError, LookupError, struct.error) as error:
                raise NoCopy(str(error)) from error
            if data != HELLO or pid not in proc.tree_of(root):
                raise NoCopy("no greeting of a copy")
            self.pid = pid
        return self.pid


class Copies:
    def __init__(self, suspect: Suspect, wanted: int) -> None:
        self.suspect = suspect
        self.root = suspect.child.pid
        self.maker = suspect.channel
        self.left_alone = set(proc.tree_of(self.root))  # what the notebook itself left running, later also copies in use
        self.wanted = wanted
        self.ordered: Ordered | None = None

    def order(self) -> None:
        """Returns at once: the fork goes on while the judge works. Never more than one: strangers must be told from it."""
        if self.ordered is None and self.wanted > 0:
            self.ordered = Ordered(self.maker, Fork())
            self.wanted -= 1

    def take(self) -> Copy:
        for _ in range(TRIES):
            copy = self.take_next()
            self.sweep(copy.pid)
            if proc.is_being_killed(self.root) or not self.suspect.alive():
                copy.close()
                raise NoCopy("the notebook's own process is ending, and its copies with it")
            if copy.alive():
                self.left_alone.add(copy.pid)
                return copy
            copy.close()  # ended by a call of the check before, while it waited
        raise NoCopy("copies end before they are used")

    def take_next(self) -> Copy:
        if self.ordered is None:
            self.wanted = max(self.wanted, 1)
            self.order()
        assert self.ordered is not None
        pid = self.ordered.await_hello(self.root)
        sock, self.ordered = self.ordered.sock, None
        return Copy(sock, pid)

    def take_suspect_itself(self) -> Copy:
        """The notebook's own process answers the judge, and ends after that."""
        self.close()
        self.ordered = Ordered(self.maker, Serve())
        return self.take_next()

    def sweep(self, spared: int) -> None:
        """What earlier copies left running must not reach into the next check."""
        for pid in set(proc.tree_of(self.root)) - self.left_alone - {spared}:
            kill_below(self.root, pid)

    def await_order(self) -> None:
        """So that the fork is not taken for the learner's computing."""
        if self.ordered is not None:
            with suppress(NoCopy):  # whoever takes it will find out
                self.ordered.await_hello(self.root)

    def cpu_seconds(self) -> float:
        """Where Linux counts by control group nothing is lost; elsewhere a process that ended and for which nobody waited is."""
        counted = self.suspect.child.group.cpu_seconds()
        return tree_cpu_seconds(self.root) if counted is None else counted

    def close(self) -> None:
        if self.ordered is not None:
            self.ordered.sock.close()
            self.ordered = None
