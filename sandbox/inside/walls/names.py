"""Folders that stand for a process while it lives, `touchstone-<pid>-<start>`: whoever finds one can tell whether that is so."""

import os

NAME = "touchstone"


def own_name() -> str:
    return f"{NAME}-{os.getpid()}-{started(os.getpid())}"


def is_of_the_dead(name: str) -> bool:
    """The pid may belong to somebody else by now; with its start it names a process for good."""
    parts = name.split("-")
    if len(parts) != 3 or parts[0] != NAME or not parts[1].isdigit():
        return False
    return str(started(int(parts[1]))) != parts[2]


def started(pid: int) -> int:
    """When it began, in ticks since the machine started; -1 when it is gone."""
    try:
        with open(f"/proc/{pid}/stat", "rb") as stream:
            return int(stream.read().rpartition(b")")[2].split()[19])
    except OSError:
        return -1
