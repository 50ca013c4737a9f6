"""What a server and everything below it take of the machine, part by part, as seen from outside.

The server is two processes, for pages and for gradings. Below each are zygotes, below these are kernels and graders. They are the
same program; what tells them apart is how long they live: a grader is gone within seconds, a kernel stays for as long as its
person may come back.
"""

from __future__ import annotations

import os
import threading
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from sandbox.processes import proc

LOOK_SECONDS = 1.0
A_KERNEL_LIVES = 5.0  # seconds; shorter ones are graders
SETTLED_SHARE = 0.05  # of a core
SETTLING_SECONDS = 60.0
TICKS = os.sysconf("SC_CLK_TCK")
MB = 1 << 20
FAR_SIDE = b"inside/start.py"


@dataclass(frozen=True, slots=True)
class Cpu:
    """Seconds of a process itself and of its children that have ended."""

    own: float
    ended: float


@dataclass(slots=True)
class Seen:
    """A process below the zygote: since when it is known, when it was last there, and what it had used by then."""

    since: float
    until: float
    cpu: float

    @property
    def is_kernel(self) -> bool:
        return self.until - self.since >= A_KERNEL_LIVES


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What a server took, by part."""

    kernels_alive_peak: int
    kernels_alive_at_end: int
    memory_mb_at_end: dict[str, float]
    cpu_seconds: dict[str, float]
    machine_cpu_seconds: float  # of everything that ran meanwhile, ours or not

    def shown(self) -> dict[str, object]:
        return asdict(self)


class Machine:
    """Looks at a server that has settled: from now on, whatever is new below its zygote is a kernel or a grader."""

    def __init__(self, server: int) -> None:
        tree = proc.tree_of(server)
        self._server = [pid for pid in tree if not is_far_side(pid)]
        self._zygote = [pid for pid in tree if pid not in self._server]
        self._before = {pid: cpu_of(pid) for pid in self._server + self._zygote}
        self._busy_before = busy_seconds()
        self._seen: dict[int, Seen] = {}
        self._peak = 0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="machine", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> Taken:
        """To be called when all grading is done: what still lives then is a kernel."""
        self._over.set()
        self._thread.join()
        kernels = self._below()
        parts = {"server": self._server, "zygote": self._zygote, "kernels": kernels}
        return Taken(
            kernels_alive_peak=max(self._peak, len(kernels)),
            kernels_alive_at_end=len(kernels),
            memory_mb_at_end={name: memory_mb(pids) for name, pids in parts.items()},
            cpu_seconds=self._cpu(kernels),
            machine_cpu_seconds=round(busy_seconds() - self._busy_before, 2),
        )

    def _watch(self) -> None:
        while not self._over.wait(LOOK_SECONDS):
            self._look(time.monotonic())

    def _look(self, now: float) -> None:
        living = 0
        for pid in self._below():
            cpu = cpu_of(pid)
            seen = self._seen.setdefault(pid, Seen(now, now, 0.0))
            seen.until, seen.cpu = now, cpu.own + cpu.ended
            living += seen.is_kernel
        self._peak = max(self._peak, living)

    def _below(self) -> list[int]:
        """The first processes of kernels and graders."""
        return [pid for parent in self._zygote for pid in proc.children_of(parent) if pid not in self._zygote]

    def _cpu(self, kernels: list[int]) -> dict[str, float]:
        now = {pid: cpu_of(pid) for pid in self._before}
        alive = sum(cpu.own + cpu.ended for cpu in map(cpu_of, kernels))
        gone = sum(seen.cpu for pid, seen in self._seen.items() if seen.is_kernel and pid not in kernels)
        ended = sum(now[pid].ended - self._before[pid].ended for pid in self._zygote)
        seconds = {
            "server": sum(now[pid].own - self._before[pid].own for pid in self._server),
            "zygote": sum(now[pid].own - self._before[pid].own for pid in self._zygote),
            "kernels": alive + gone,
            "graders": max(0.0, ended - gone),
        }
        return {part: round(used, 2) for part, used in seconds.items()}


def is_far_side(pid: int) -> bool:
    """A zygote, or what it made: all have its command line."""
    try:
        return FAR_SIDE in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


def cpu_of(pid: int) -> Cpu:
    """From /proc; a process that is gone has used nothing."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()
    except OSError:
        return Cpu(0.0, 0.0)
    user, system, ended_user, ended_system = map(int, fields[11:15])
    return Cpu((user + system) / TICKS, (ended_user + ended_system) / TICKS)


def busy_seconds() -> float:
    """CPU time that all processes of the machine have used together."""
    user, nice, system, _idle, _wait, interrupts, soft_interrupts, *_ = map(int, Path("/proc/stat").read_text().split()[1:9])
    return (user + nice + system + interrupts + soft_interrupts) / TICKS


def memory_mb(pids: list[int]) -> float:
    """Each shared page divided among those who share it."""
    return round(sum(map(proc.proportional_bytes, pids)) / MB, 1)


def wait_until_settled(server: int) -> None:
    """Until the start's own work (imports, self-test) is done; goes on after a minute in any case."""
    until, before = time.monotonic() + SETTLING_SECONDS, -1.0
    while time.monotonic() < until:
        now = sum(map(proc.cpu_seconds, proc.tree_of(server)))
        if 0 <= now - before < SETTLED_SHARE * LOOK_SECONDS:
            return
        before = now
        time.sleep(LOOK_SECONDS)
