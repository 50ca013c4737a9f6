"""Facts about running processes, read from /proc and from their clocks."""

import os
import signal
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
TICKS = os.sysconf("SC_CLK_TCK")


def pid_of(pidfd: int) -> int:
    """The pid as this process sees it, or -1 when it is gone."""
    for line in Path(f"/proc/self/fdinfo/{pidfd}").read_text().splitlines():
        if line.startswith("Pid:"):
            return int(line.split()[1])
    return -1


def children_of(pid: int) -> list[int]:
    found: list[int] = []
    with suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            with suppress(OSError):
                found += map(int, (task / "children").read_text().split())
    return found


def tree_of(pid: int) -> list[int]:
    """The process and all below it. In a pid namespace nothing can leave the tree: orphans come back to its first process."""
    tree = [pid]
    for member in tree:
        tree += children_of(member)
    return tree


def family_of(pid: int) -> list[int]:
    """The process, those it came from and all below it."""
    ancestors: list[int] = []
    parent = pid
    while parent > 1 and (entry := read_process(str(parent))) is not None:
        parent = entry.parent
        ancestors.append(parent)
    return [*ancestors, *tree_of(pid)]


def cpu_seconds(pid: int) -> float:
    """From the process's own clock: precise, where /proc counts in steps of 10 ms. Gone processes count nothing."""
    with suppress(OSError):
        return time.clock_gettime((~pid << 3) | 2)
    return 0.0


def all_cpu_seconds(pid: int) -> float:
    """Also of its children that ended and were waited for."""
    entry = read_process(str(pid))
    return cpu_seconds(pid) + (entry.waited_seconds if entry else 0.0)


@dataclass(frozen=True, slots=True)
class Process:
    parent: int
    resident_bytes: int  # counts shared pages in full
    waited_seconds: float  # computing time of its children that ended, in steps of 10 ms


Table = dict[int, Process]


def process_table() -> Table:
    """All processes that can be seen, in one pass."""
    names = os.listdir("/proc")  # noqa: PTH208 - a Path for each process costs more than reading it
    return {int(name): entry for name in names if name.isdigit() and (entry := read_process(name)) is not None}


def read_process(name: str) -> Process | None:
    try:
        with open(f"/proc/{name}/stat", "rb") as stat:  # noqa: PTH123 - as above
            fields = stat.read().rpartition(b")")[2].split()
    except OSError:
        return None  # gone meanwhile
    return Process(int(fields[1]), int(fields[21]) * PAGE_BYTES, (int(fields[13]) + int(fields[14])) / TICKS)


def tree_in(table: Table, root: int) -> list[int]:
    """As `tree_of`, from one picture of all processes."""
    below: dict[int, list[int]] = {}
    for pid, entry in table.items():
        below.setdefault(entry.parent, []).append(pid)
    tree = [root] if root in table else []
    for member in tree:
        tree += below.get(member, [])
    return tree


def forget_peak(pid: int) -> bool:
    """Linux notes the process's largest memory from now on; False where that is not allowed."""
    try:
        Path(f"/proc/{pid}/clear_refs").write_text("5")
    except OSError:
        return False
    return True


def memory_line(pid: int, name: str) -> int:
    """Bytes of a line of the process's status, such as VmRSS (memory held) and VmHWM (the most held)."""
    with suppress(OSError, ValueError, IndexError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith(f"{name}:"):
                return int(line.split()[1]) * 1024
    return 0


def is_being_killed(pid: int) -> bool:
    """Whether a SIGKILL waits for it: on a busy machine it may answer for some milliseconds after that was sent."""
    with suppress(OSError, ValueError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith(("SigPnd:", "ShdPnd:")) and int(line.split()[1], 16) & 1 << signal.SIGKILL - 1:
                return True
    return False


def sockets_of(pid: int) -> int:
    """How many sockets are open in the network that the process sees."""
    with suppress(OSError, ValueError, IndexError):
        return int(Path(f"/proc/{pid}/net/sockstat").read_text().split()[2])
    return 0


def proportional_bytes(pid: int) -> int:
    """Exact (each shared page is divided among those who share it), costs milliseconds. A process may close itself to such looks:
    then all that it holds is its own."""
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    except PermissionError:
        entry = read_process(str(pid))
        return entry.resident_bytes if entry else 0
    except OSError:
        pass  # gone meanwhile
    return 0
