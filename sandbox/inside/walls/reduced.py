"""What can be built where no namespaces are given: Landlock, the filter of system calls, resource limits, no privileges.

Weaker than the full walls in what can be seen (the machine's name, load and network addresses), in that disk space is watched and
not sized, and in that the filter and Landlock are single locks. Nothing of a network is given, not even loopback."""

import os
import sys
from collections.abc import Callable
from typing import Any

from ..confinement import landlock, mounts, privileges, seccomp
from ..confinement.descriptors import close_all_but
from ..confinement.rlimits import limit_resources
from ..confinement.standing import stand_back
from ..confinement.tree import Tree, plan_tree, readable_parts
from ..confinement.uids import OwnUsers
from .homes import Homes, settle
from .leftovers import Leftovers
from .missing import OWN_USER, layer
from .stragglers import adopt_orphans, end_all_but

SCOPES = 6  # the first Landlock that keeps signals and abstract sockets inside
PROCESSES = 4_096  # without users or namespaces of their own, Linux counts over all that the user runs
LANDLOCK = "Linux 6.12 or later with `landlock` in its list of security modules (the boot option `lsm=`) is needed for this."
PYTHON = "the candidates' Python"
KERNEL = "Linux 6.12 or later is needed, with seccomp filters and Landlock compiled in."
PYTHON_ADVICE = "Install it where every user may read it, as Debian's python3 is, or start the server as an ordinary user."


class ReducedWalls:
    def __init__(self, leftovers: Leftovers, hide: list[str], serial: int, counted: frozenset[str]) -> None:
        self.leftovers, self.hide, self.serial, self.counted = leftovers, hide, serial, counted
        self.homes = Homes()
        self.users: OwnUsers | None = None  # nobody: everybody is the user that started the server
        self.landlock = 0
        self.filter = b""
        self.tree = Tree([])

    def enter(self) -> None:
        with layer("Landlock", LANDLOCK):
            self.landlock = landlock.version()
            if self.landlock < SCOPES:
                raise OSError(f"version {self.landlock} does not keep signals inside, {SCOPES} does")
        with layer("system calls", KERNEL):
            self.filter = seccomp.build_filter(self.surroundings())
        if os.geteuid() == 0:
            with layer(OWN_USER, "Give the container CAP_SETUID and at least 20000 user ids."):
                self.users = OwnUsers(self.serial)
            with layer(PYTHON, PYTHON_ADVICE):
                find_interpreter(self.users.chosen)
        adopt_orphans()
        settle(self.homes.open())
        self.tree = plan_tree(sys.prefix, sys.base_prefix, sys.executable, self.hide)

    def surroundings(self) -> seccomp.Surroundings:
        return seccomp.Surroundings(own_network=False, own_processes=False, memory_counted="memory" in self.counted)

    def finish(self) -> None:
        pass

    def close(self) -> None:
        end_all_but(set())
        self.homes.close()
        self.leftovers.clear_if_orphaned()

    def facts(self) -> dict[str, Any]:
        first_uid = self.users.block[0] if self.users else 0
        return {"mode": "reduced", "own_users": self.users is not None, "landlock": self.landlock, "first_uid": first_uid}

    def fork(self) -> int:
        if self.users:
            self.users.choose()
        pid = self.homes.fork()
        if pid and self.users:
            self.users.given(pid)
        return pid

    def left(self, pid: int, living: set[int]) -> None:
        end_all_but(living)
        self.homes.drop(pid)
        if self.users:
            self.users.left(pid)

    def confine(self, limits: dict[str, Any], keep: list[int], show_home: Callable[[], None]) -> None:
        for name, step in self.steps(limits, keep, show_home):
            with layer(name, KERNEL):
                step()

    def steps(
        self, limits: dict[str, Any], keep: list[int], show_home: Callable[[], None]
    ) -> list[tuple[str, Callable[[], None]]]:
        """The layers of one process, in the only order in which they can be put up."""
        return [
            ("priority", lambda: stand_back("cpu" in self.counted)),
            (OWN_USER, self.become_own_user),
            ("end with what was started", adopt_orphans),
            ("end with the fork-server", privileges.die_with_parent),
            ("home", lambda: settle(self.homes.next)),
            ("home for the server", show_home),
            ("open files", lambda: close_all_but(keep)),
            ("limits", lambda: limit_resources({**limits, "processes": limits["processes"] if self.users else PROCESSES})),
            ("capabilities", privileges.drop_capabilities),
            ("no new privileges", privileges.forbid_new_privileges),
            ("Landlock", self.restrict_files),
            ("system calls", lambda: seccomp.install_filter(self.filter)),
        ]

    def become_own_user(self) -> None:
        if self.users:
            os.chown(self.homes.next, self.users.chosen, self.users.chosen)
            privileges.become(self.users.chosen)

    def restrict_files(self) -> None:
        writable = [self.homes.next, *(f"/dev/{name}" for name in mounts.DEVICES_WITHOUT_MEMORY)]
        landlock.restrict(
            self.landlock, [*readable_parts(self.tree), "/proc/self"], writable, network=False, listed=self.tree.shown
        )


def find_interpreter(uid: int) -> None:
    """A folder on the way to it may be closed to this user."""
    os.seteuid(uid)
    try:
        for prefix in (sys.prefix, sys.base_prefix):
            os.stat(os.path.join(prefix, "lib"))
    finally:
        os.seteuid(0)
