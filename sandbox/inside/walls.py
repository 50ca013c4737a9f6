"""How processes are walled in: the zygote asks, `ConfinedWalls` or `OpenWalls` answer."""

import os
import shutil
import tempfile
from typing import Any, Protocol

from .confinement.rlimits import limit_resources

HOME_VARIABLES = ("HOME", "TMPDIR", "MPLCONFIGDIR", "IPYTHONDIR")


class Walls(Protocol):
    def enter(self) -> None: ...  # the zygote itself, before it imports anything large
    def finish(self) -> None: ...  # the zygote, after its imports
    def prepare_place(self) -> Any: ...  # for one process to come
    def fork(self) -> int: ...
    def confine(self, limits: dict, place: Any, keep: list[int]) -> None: ...  # in the child
    def leave_place(self, pid: int) -> None: ...  # a child ended


def make_walls(orders: dict) -> Walls:
    return OpenWalls()


class OpenWalls:
    """No wall: for one person on their own computer."""

    def __init__(self) -> None:
        self.homes: dict[int, str] = {}

    def enter(self) -> None:
        pass

    def finish(self) -> None:
        pass

    def prepare_place(self) -> str:
        self.next_home = tempfile.mkdtemp(prefix="touchstone-home-")
        return self.next_home

    def fork(self) -> int:
        pid = os.fork()
        if pid:
            self.homes[pid] = self.next_home
        return pid

    def confine(self, limits: dict, place: str, keep: list[int]) -> None:
        os.setsid()
        os.environ.update(HOME=place, TMPDIR=place, MPLCONFIGDIR=f"{place}/.config/matplotlib", IPYTHONDIR=f"{place}/.ipython")
        os.chdir(place)
        limit_resources({**limits, "processes": 4096})

    def leave_place(self, pid: int) -> None:
        home = self.homes.pop(pid, None)
        if home:
            shutil.rmtree(home, ignore_errors=True)
