"""The referee's side of the suspect: start it, have it run cells, have it forked for each check. Believes nothing that it says."""

import logging
import os
import signal
import socket
import struct
import time
from contextlib import suppress

from sandbox import processes
from sandbox.deaths import cause_of
from sandbox.errors import Death, StartFailed
from sandbox.forkserver import ForkServer
from sandbox.inside.messages import HELLO, CellDone, Fork, FromSuspect, Ready, RunCell, Serve
from sandbox.trial_channel import Broken, RefereeChannel, is_readable
from sandbox.trial_types import Cell, CellRun, CellStatus, TrialPlan

log = logging.getLogger(__name__)
LONGEST_MESSAGE = 1 << 20
LONGEST_ERROR = 2_000
LONGEST_TEXT = 20_000
INTERRUPT_SECONDS = 2.0
FORK_SECONDS = 10.0
GONE_SECONDS = 1.0
CREDENTIALS = struct.Struct("3i")
TICKS = os.sysconf("SC_CLK_TCK")


class NoCopy(Exception):
    """The suspect no longer makes copies of itself: it is gone, stalled, or out of processes."""


class Copy:
    """A forked copy of the finished suspect. `sock` is the judge's end, kept here too: to cut it ends every reading on it."""

    def __init__(self, sock: socket.socket, pid: int) -> None:
        self.sock, self.pid = sock, pid
        self.pidfd = -1
        with suppress(OSError):
            self.pidfd = os.pidfd_open(pid)

    def cpu_seconds(self) -> float:
        return sum(map(computed_seconds, processes.tree_of(self.pid)))

    def cut(self) -> None:
        """Whoever holds an end of the socket, in whatever process, gets nothing through it any more."""
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


class Suspect:
    def __init__(self, forkserver: ForkServer, plan: TrialPlan) -> None:
        self.limits = plan.limits
        self.asked: socket.socket | None = None  # the judge's end of the copy that was asked for
        self.settled: frozenset[int] = frozenset()  # what the notebook itself left running
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                self.child = forkserver.spawn("suspect", {"seed": plan.seed}, [theirs.fileno()], plan.limits, plan.files)
            except BaseException:
                ours.close()
                raise
        self.channel = RefereeChannel(ours, FromSuspect, LONGEST_MESSAGE)
        self.expect_ready()

    def expect_ready(self) -> None:
        try:
            ready = self.channel.receive_within(self.limits.start_seconds)
        except Broken:
            ready = None
        if not isinstance(ready, Ready):
            self.close()
            raise StartFailed("The process for the notebook did not come up. The log of the fork-server says more.")

    # Cells

    def run(self, cell: Cell) -> CellRun:
        began = time.monotonic()
        try:
            self.channel.send(RunCell(cell.source))
            status, done = self.await_cell()
        except Broken:
            return CellRun(cell.id, "died", self.why_it_died(), seconds=time.monotonic() - began)
        seconds = time.monotonic() - began
        if status == "timed_out":
            error = f"The cell ran for more than {self.limits.cell_seconds:g} seconds and was stopped."
            return CellRun(cell.id, status, error, done.text[:LONGEST_TEXT] if done else "", seconds)
        assert done is not None
        return CellRun(cell.id, "error" if done.error else "ok", done.error[:LONGEST_ERROR], done.text[:LONGEST_TEXT], seconds)

    def await_cell(self) -> tuple[CellStatus, CellDone | None]:
        """Asks it to stop when the time is over, then stops it."""
        done = self.channel.receive_within(self.limits.cell_seconds)
        if done is not None:
            return "ok", expect_done(done)
        self.child.signal(signal.SIGINT)
        done = self.channel.receive_within(INTERRUPT_SECONDS)
        if done is not None:
            return "timed_out", expect_done(done)
        self.child.kill(Death.time)
        return "timed_out", None

    def why_it_died(self) -> str:
        death = self.death()
        if death is Death.memory:
            return f"The notebook used more than {self.limits.memory_mb} MB of memory and was stopped."
        return "The notebook's process ended in this cell."

    def death(self) -> Death | None:
        """Why it is gone; None while it lives. One that left the protocol is stopped here."""
        if not self.child.wait(GONE_SECONDS):
            self.child.kill(Death.crashed)
        return cause_of(self.child.why, self.child.ending(), self.limits)[0]

    def alive(self) -> bool:
        return self.child.alive()

    # Copies of the finished notebook

    def settle(self) -> None:
        """To be called after the last cell: what runs now belongs to the notebook and is left alone."""
        self.settled = frozenset(processes.tree_of(self.child.pid))

    def ask_for_copy(self) -> None:
        """Returns at once: the fork goes on while the judge works on another check."""
        if self.asked is None:
            self.asked = self.hand_over(Fork())

    def take_copy(self) -> Copy:
        self.ask_for_copy()
        copy = Copy(*self.await_hello())
        self.sweep(copy.pid)
        return copy

    def serve_itself(self) -> Copy:
        """The notebook's own process answers the judge, once and to its end."""
        self.drop_asked()
        self.asked = self.hand_over(Serve())
        return Copy(*self.await_hello())

    def hand_over(self, order: Fork | Serve) -> socket.socket:
        ours, theirs = socket.socketpair()
        ours.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
        with theirs:
            try:
                self.channel.send(order, [theirs.fileno()])
            except Broken as error:
                ours.close()
                raise NoCopy(str(error)) from error
        return ours

    def await_hello(self) -> tuple[socket.socket, int]:
        """-> (the judge's end, who answers on it: Linux itself says that, not the one who answers)."""
        assert self.asked is not None
        sock, self.asked = self.asked, None
        try:
            if not is_readable(sock, FORK_SECONDS):
                raise NoCopy("no copy in time")
            data, beside, _, _ = sock.recvmsg(len(HELLO), socket.CMSG_LEN(CREDENTIALS.size))
            if data != HELLO:
                raise NoCopy("no greeting")
            pid = CREDENTIALS.unpack(beside[0][2])[0]
            if pid not in processes.tree_of(self.child.pid):
                raise NoCopy("a greeting from somewhere else")
        except (OSError, LookupError, struct.error) as error:
            sock.close()
            raise NoCopy(str(error)) from error
        except NoCopy:
            sock.close()
            raise
        return sock, pid

    def await_asked(self) -> None:
        """So that the fork's own work is not taken for the learner's."""
        if self.asked is not None:
            is_readable(self.asked, FORK_SECONDS)

    def drop_asked(self) -> None:
        if self.asked is not None:
            self.asked.close()
            self.asked = None

    def sweep(self, spared: int) -> None:
        """What earlier copies left running must not reach into the next check."""
        strangers = set(processes.tree_of(self.child.pid)) - self.settled - set(processes.tree_of(spared))
        for pid in strangers:
            kill_below(self.child.pid, pid)

    def cpu_seconds(self) -> float:
        """Of everything that the notebook's code could have computed with: its process, what runs below, and what ended there."""
        return sum(map(computed_seconds, processes.tree_of(self.child.pid)))

    def close(self) -> None:
        self.drop_asked()
        self.channel.close()
        self.child.close()


def computed_seconds(pid: int) -> float:
    """Of one process, and of its children that ended and were waited for."""
    return processes.cpu_seconds(pid) + waited_seconds(pid)


def waited_seconds(pid: int) -> float:
    """In steps of 10 ms: Linux tells no more about processes that are gone."""
    try:
        with open(f"/proc/{pid}/stat", "rb") as stat:
            fields = stat.read().rpartition(b")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[13]) + int(fields[14])) / TICKS


def expect_done(message: object) -> CellDone:
    if not isinstance(message, CellDone):
        raise Broken("an answer out of turn")
    return message


def kill_below(root: int, pid: int) -> None:
    """By its pidfd, after a second look: the number may have been given to somebody else meanwhile."""
    try:
        pidfd = os.pidfd_open(pid)
    except OSError:
        return
    try:
        if pid in processes.tree_of(root):
            signal.pidfd_send_signal(pidfd, signal.SIGKILL)
    except OSError:
        log.debug("process %s was gone before it could be ended", pid)
    finally:
        os.close(pidfd)
