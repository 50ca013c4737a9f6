"""No walls: for one person on their own computer. Limits of resources stay, a home of its own stays."""

import os
from collections.abc import Callable
from typing import Any

from ..confinement.descriptors import close_all_but
from ..confinement.privileges import die_with_parent, forbid_new_privileges
from ..confinement.rlimits import limit_resources
from .homes import Homes, settle
from .leftovers import Leftovers
from .stragglers import adopt_orphans, end_all_but

PROCESSES = 4_096  # counted over all that the person runs


class OpenWalls:
    def __init__(self, leftovers: Leftovers) -> None:
        self.leftovers = leftovers
        self.homes = Homes()

    def enter(self) -> None:
        adopt_orphans()
        settle(self.homes.open())

    def finish(self) -> None:
        pass

    def close(self) -> None:
        end_all_but(set())
        self.homes.close()
        self.leftovers.clear_if_orphaned()

    def facts(self) -> dict[str, Any]:
        return {"mode": "open"}

    def fork(self) -> int:
        return self.homes.fork()

    def confine(self, limits: dict[str, Any], keep: list[int], show_home: Callable[[], None]) -> None:
        os.setsid()
        adopt_orphans()
        die_with_parent()
        settle(self.homes.next)
        show_home()
        close_all_but(keep)
        limit_resources({**limits, "processes": PROCESSES})
        forbid_new_privileges()

    def left(self, pid: int, living: set[int]) -> None:
        end_all_but(living)
        self.homes.drop(pid)
