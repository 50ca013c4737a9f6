"""The zygote: imports the data-science stack once, then forks one confined process for each request.

It only imports, it never computes (OpenMP pools do not survive a fork), and it holds nothing of the server: its environment is
built by the fork-server, its file tree is the candidates' own."""

import gc
import os
import select
import signal
import socket
from typing import Any

from . import child, stack, wire
from .confined_walls import ConfinedWalls
from .large_pages import use_large_pages
from .missing import LayerMissing
from .open_walls import OpenWalls
from .walls import Walls


def main(control_descriptor: int) -> None:
    control = socket.socket(fileno=control_descriptor)
    orders, _ = wire.receive(control)
    if orders is None:
        return
    walls: Walls = OpenWalls() if orders["mode"] == "open" else ConfinedWalls(control, orders["hide"], orders["serial"])
    try:
        walls.enter()
        roles = stack.load()
        walls.finish()
    except LayerMissing as missing:
        wire.send(control, {"failed": missing.told()})
        return
    Zygote(control, walls, roles).serve()
    walls.close()


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
        report = socket.socket(fileno=descriptors[0])
        try:
            pid = self.walls.fork()
        except OSError as error:
            wire.send(report, {"failed": {"step": "fork", "why": str(error)}})
            close_all(descriptors[1:])
            report.close()
            return True
        if pid == 0:
            self.control.close()
            child.live(order, report, descriptors[1:], self.walls, self.roles)
        self.announce(pid, report)
        close_all(descriptors[1:])
        return True

    def announce(self, pid: int, report: socket.socket) -> None:
        pidfd = os.pidfd_open(pid)
        try:
            wire.send(report, {"forked": True}, [pidfd])
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
            self.walls.left(pid)
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
