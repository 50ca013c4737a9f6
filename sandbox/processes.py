"""Facts about running processes, read from /proc and from their clocks."""

import os
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


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


def cpu_seconds(pid: int) -> float:
    """From the process's own clock: precise, where /proc counts in steps of 10 ms. Gone processes count nothing."""
    with suppress(OSError):
        return time.clock_gettime((~pid << 3) | 2)
    return 0.0


@dataclass(frozen=True, slots=True)
class Process:
    parent: int
    resident_bytes: int  # counts shared pages in full


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
    return Process(int(fields[1]), int(fields[21]) * PAGE_BYTES)


def tree_in(table: Table, root: int) -> list[int]:
    """As `tree_of`, from one picture of all processes."""
    below: dict[int, list[int]] = {}
    for pid, entry in table.items():
        below.setdefault(entry.parent, []).append(pid)
    tree = [root] if root in table else []
    for member in tree:
        tree += below.get(member, [])
    return tree


def proportional_bytes(pid: int) -> int:
    """Exact (each shared page is divided among those who share it), costs milliseconds."""
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0
