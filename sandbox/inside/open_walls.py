"""No walls: for one person on their own computer. Limits of resources stay, a home of its own stays."""

import os
import shutil
import tempfile
from typing import Any

from .confinement.descriptors import close_all_but
from .confinement.privileges import die_with_parent, forbid_new_privileges
from .confinement.rlimits import limit_resources

PROCESSES = 4_096  # counted over all that the person runs


class OpenWalls:
    def __init__(self) -> None:
        self.place = tempfile.gettempdir()
        self.homes: dict[int, str] = {}
        self.home = self.own_home = ""

    def enter(self) -> None:
        self.own_home = self.new_home()
        settle(self.own_home)

    def finish(self) -> None:
        pass

    def close(self) -> None:
        for home in (self.own_home, *self.homes.values()):
            shutil.rmtree(home, ignore_errors=True)

    def new_home(self) -> str:
        return tempfile.mkdtemp(prefix="touchstone-", dir=self.place)

    def facts(self) -> dict[str, Any]:
        return {"mode": "open"}

    def fork(self) -> int:
        self.home = self.new_home()
        pid = os.fork()
        if pid:
            self.homes[pid] = self.home
        return pid

    def confine(self, limits: dict[str, Any], keep: list[int]) -> None:
        os.setsid()
        die_with_parent()
        settle(self.home)
        close_all_but(keep)
        limit_resources({**limits, "processes": PROCESSES})
        forbid_new_privileges()

    def left(self, pid: int) -> None:
        home = self.homes.pop(pid, None)
        if home is not None:
            shutil.rmtree(home, ignore_errors=True)


def settle(home: str) -> None:
    os.environ.update(HOME=home, TMPDIR=home, MPLCONFIGDIR=f"{home}/.config/matplotlib", IPYTHONDIR=f"{home}/.ipython")
    tempfile.tempdir = None
    os.chdir(home)
