"""Without a pid namespace, what a process started outlives it: it falls to the next ancestor that adopts
orphans, which ends it."""

import os
import signal

from ..confinement import linux

PASSES = 200  # what is being ended may fork meanwhile; its number is limited, and each pass leaves less


def adopt_orphans() -> None:
    linux.prctl(linux.PR_SET_CHILD_SUBREAPER, 1)


def end_all_but(living: set[int]) -> None:
    for _ in range(PASSES):
        found = [pid for pid in own_children() if pid not in living]
        if not found:
            return
        for pid in found:
            os.kill(pid, signal.SIGKILL)
        for pid in found:
            os.waitpid(pid, 0)


def own_children() -> list[int]:
    """Also those that ended and were not waited for."""
    found: list[int] = []
    for task in os.listdir("/proc/self/task"):
        with open(f"/proc/self/task/{task}/children") as children:
            found += map(int, children.read().split())
    return found
