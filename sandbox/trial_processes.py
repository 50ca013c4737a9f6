"""What the referee reads and does about processes of a learner's code: from outside, whatever they say about themselves."""

import logging
import os
import signal
from pathlib import Path

from sandbox import processes

log = logging.getLogger(__name__)
PASSES = 5
TICKS = os.sysconf("SC_CLK_TCK")


def tree_cpu_seconds(root: int) -> float:
    """Of everything that the code could have computed with: its process, what runs below, and what ended there."""
    return sum(processes.cpu_seconds(pid) + waited_seconds(pid) for pid in processes.tree_of(root))


def waited_seconds(pid: int) -> float:
    """Of its children that ended, in steps of 10 ms: Linux tells no more about processes that are gone."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[13]) + int(fields[14])) / TICKS


def kill_all_below(root: int) -> None:
    """Again, as what is being ended may fork meanwhile; but not for ever."""
    for _ in range(PASSES):
        below = processes.tree_of(root)[1:]
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
        if pid in processes.tree_of(root):
            signal.pidfd_send_signal(pidfd, signal.SIGKILL)
    except OSError:
        log.debug("process %s was gone before it could be ended", pid)
    finally:
        os.close(pidfd)
