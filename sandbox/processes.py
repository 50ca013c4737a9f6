"""Facts about running processes, read from /proc and from their clocks."""

import os
import time
from contextlib import suppress
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
        for task in os.listdir(f"/proc/{pid}/task"):
            with suppress(OSError):
                found += map(int, Path(f"/proc/{pid}/task/{task}/children").read_text().split())
    return found


def tree_of(pid: int) -> list[int]:
    """The process and everything below it. In a pid namespace nothing can leave the tree: orphans come back to its first process."""
    tree = [pid]
    for member in tree:
        tree += children_of(member)
    return tree


def cpu_seconds(pid: int) -> float:
    """From the process's own clock: precise, where /proc counts in steps of 10 ms. Gone processes count nothing."""
    with suppress(OSError):
        return time.clock_gettime((~pid << 3) | 2)
    return 0.0


def resident_bytes(pid: int) -> int:
    """Cheap, counts shared pages in full."""
    with suppress(OSError):
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE_BYTES
    return 0


def proportional_bytes(pid: int) -> int:
    """Exact (each shared page is divided among those who share it), costs milliseconds."""
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0
