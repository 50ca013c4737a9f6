"""What the referee reads and does about processes of a learner's code: from outside, whatever they say about themselves."""

import logging
import os
import signal

from sandbox.processes import proc

log = logging.getLogger(__name__)
PASSES = 5


def tree_cpu_seconds(root: int) -> float:
    """Of everything that the code could have computed with: its process, what runs below, and what ended there."""
    return sum(map(proc.all_cpu_seconds, proc.tree_of(root)))


def start_memory(root: int) -> int:
    """-> bytes that the process and those below it hold; from now on Linux notes the most. Below 0: not possible here."""
    tree = proc.tree_of(root)
    if not all(proc.forget_peak(pid) for pid in tree):
        return -1
    return sum(proc.memory_line(pid, "VmRSS") for pid in tree)


def most_memory(root: int) -> int:
    return sum(proc.memory_line(pid, "VmHWM") for pid in proc.tree_of(root))


def kill_all_below(root: int) -> None:
    """Again, as what is being ended may fork meanwhile; but not for ever."""
    for _ in range(PASSES):
        below = proc.tree_of(root)[1:]
        if not below:
            return
        for pid in below:
            kill_below(root, pid)


def kill_below(root: int, pid: int) -> None:
    """By its pidfd, after a second look: the number may have been given to somebody else meanwhile."""
    try:
        pidfd = os.pidfd_open(pid)
    except OSError:
        return
    try:
        if pid in proc.tree_of(root):
            signal.pidfd_send_signal(pidfd, signal.SIGKILL)
    except OSError:
        log.debug("process %s was gone before it could be ended", pid)
    finally:
        os.close(pidfd)
