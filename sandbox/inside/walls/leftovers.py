"""The folders of a server's control groups, made and cleared away by its zygote: it outlives a server that was killed."""

import os
import time
from contextlib import suppress
from dataclasses import dataclass

PATIENCE_SECONDS = 2.0
PAUSE_SECONDS = 0.02


@dataclass(frozen=True)
class Leftovers:
    parents: list[int]  # folders in which the server has one of control groups
    name: str  # of that one
    server: int  # its pid

    def make(self) -> None:
        """Several zygotes of one server share them."""
        for parent in self.parents:
            with suppress(FileExistsError):
                os.mkdir(self.name, dir_fd=parent)

    def clear_if_orphaned(self) -> None:
        if os.getppid() != self.server and self.name:
            clear_groups(self.parents, self.name)


def clear_groups(parents: list[int], name: str) -> None:
    """Remove the folder `name` in each of `parents` with the groups in it; the processes in them are gone or going."""
    until = time.monotonic() + PATIENCE_SECONDS
    while (parents := [each for each in parents if not clear(each, name)]) and time.monotonic() < until:
        time.sleep(PAUSE_SECONDS)


def clear(parent: int, name: str) -> bool:
    try:
        folder = os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=parent)
    except OSError:
        return True
    try:
        for each in os.listdir(folder):
            with suppress(OSError):  # one of Linux's own files, or a group that is not empty yet
                os.rmdir(each, dir_fd=folder)
    finally:
        os.close(folder)
    try:
        os.rmdir(name, dir_fd=parent)
    except OSError:
        return False
    return True
