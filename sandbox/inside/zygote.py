"""The zygote: imports the data-science stack once, then forks one confined process for each request.

It only imports, it never computes (OpenMP pools do not survive a fork), and it holds nothing of the server: its environment is
built by the fork-server, its file tree is the candidates' own."""

import gc
import os
import resource
import select
import signal
import socket
from typing import Any

from . import child, stack, wire
from .large_pages import use_large_pages
from .walls.confined import ConfinedWalls
from .walls.leftovers import Leftovers
from .walls.missing import LayerMissing, layer
from .walls.open import OpenWalls
from .walls.reduced import ReducedWalls
from .walls.walls import Walls

GROUPS = "The folder of control groups changed while the server started: start it again."


def main(control_descriptor: int) -> None:
    control = socket.socket(fileno=control_descriptor)
    orders, folders = wire.receive(control)
    if orders is None:
        return
    allow_many_descriptors()
    leftovers = Leftovers(folders, orders["groups"], orders["server"])
    walls = build(orders, leftovers, control)
    try:
        with layer("control groups", GROUPS):
            leftovers.make()
        walls.enter()
        roles = stack.load(orders["stack"])
        walls.finish()
    except LayerMissing as missing:
        wire.send(control, {"failed": missing.told()})
        return
    except ImportError as error:
        wire.send(control, {"failed": {"step": "environment", "why": str(error)}})
        return
    Zygote(control, walls, roles).serve()
    walls.close()


def allow_many_descriptors() -> None:
    """What candidates of the same user have on their way must not keep us from handing over ours."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def build(orders: dict[str, Any], leftovers: Leftovers, control: socket.socket) -> Walls:
    if orders["mode"] == "open":
        return OpenWalls(leftovers)
    given = (leftovers, orders["hide"], orders["serial"], frozenset(orders["counted"]))
    return ConfinedWalls(control, *given) if orders["mode"] == "full" else ReducedWalls(*given)


class Zygote:
    def __init__(self, control: socket.socket, walls: Walls, roles: dict[str, Any]) -> None:
        self.control, self.walls, self.roles = control, walls, roles
        self.reports: dict[int, socket.socket] = {}  # pid -> where to tell how it ended

    def serve(self) -> None:
        wake = watch_children()
        settle_memory()
        wire.send(self.control, {"ready": {**self.walls.facts(), "roles": sorted(self.roles), "resident_kb": resident_kb()}})
        poll = select.poll()
        poll.register(self.control, select.POLLIN)
        poll.register(wake, select.POLLIN)
        while True:
            for descriptor, _ in poll.poll():
                if descriptor == wake:
                    os.read(wake, 4096)
                    self.reap()
                elif not self.take_order():
                    return

    def take_order(self) -> bool:
        """False when the server is gone: then every process below goes with us."""
        order, descriptors = wire.receive(self.control)
        if order is None:
            return False
        report, given = socket.socket(fileno=descriptors[0]), descriptors[1:]
        try:
            listeners, ends = open_channels(order["channels"])
            given += listeners
            pid = self.walls.fork()
        except OSError as error:
            wire.send(report, {"failed": {"step": "fork", "why": str(error)}})
            close_all(given)
            report.close()
            return True
        if pid == 0:
            self.control.close()
            child.live(order, report, given, self.walls, self.roles)
        self.announce(pid, report, ends)
        close_all([*given, *ends])
        return True

    def announce(self, pid: int, report: socket.socket, ends: list[int]) -> None:
        pidfd = os.pidfd_open(pid)
        try:
            wire.send(report, {"forked": True}, [pidfd, *ends])
        except OSError:
            signal.pidfd_send_signal(pidfd, signal.SIGKILL)  # the one who asked is gone
        os.close(pidfd)
        self.reports[pid] = report

    def reap(self) -> None:
        while True:
            try:
                pid, status, usage = os.wait4(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            self.walls.left(pid, set(self.reports))
            report = self.reports.pop(pid, None)
            if report is not None:
                tell_exit(report, status, usage.ru_utime + usage.ru_stime)


def tell_exit(report: socket.socket, status: int, cpu_seconds: float) -> None:
    exited: dict[str, Any] = {"cpu_seconds": cpu_seconds}
    if os.WIFSIGNALED(status):
        exited["signal"] = os.WTERMSIG(status)
    else:
        exited["code"] = os.WEXITSTATUS(status)
    try:
        report.setblocking(False)
        wire.send(report, {"exited": exited})
    except OSError:
        pass  # nobody waits for it any more
    report.close()


def open_channels(names: list[str]) -> tuple[list[int], list[int]]:
    """-> (listening sockets, for each one that is connected to it). Their names stand for a moment in our own home and nowhere
    else: nobody else can connect, and nothing has to be cleared away."""
    listeners: list[int] = []
    ends: list[int] = []
    for name in names:
        with socket.socket(socket.AF_UNIX) as listener, socket.socket(socket.AF_UNIX) as end:
            listener.bind(name)
            listener.listen(8)
            end.connect(name)
            os.unlink(name)
            listeners.append(listener.detach())
            ends.append(end.detach())
    return listeners, ends


def watch_children() -> int:
    """-> descriptor that can be read when a child ended."""
    wake, told = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
    signal.set_wakeup_fd(told)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    return wake


def settle_memory() -> None:
    """What is shared with the children must not be touched by their garbage collectors."""
    gc.collect()
    gc.freeze()
    gc.disable()
    use_large_pages()


def resident_kb() -> int:
    with open("/proc/self/statm") as statm:
        return int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") // 1024


def close_all(descriptors: list[int]) -> None:
    for descriptor in descriptors:
        os.close(descriptor)
