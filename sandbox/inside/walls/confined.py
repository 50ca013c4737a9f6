"""All layers of the wall, in the order in which they can be put up. Whatever is missing stops the start and is named."""

import os
import socket
import sys
from collections.abc import Callable
from typing import Any

from ..confinement import landlock, loans, mounts, namespaces, privileges, seccomp
from ..confinement.descriptors import close_all_but
from ..confinement.rlimits import limit_resources
from ..confinement.standing import stand_back
from ..confinement.tree import plan_tree
from ..confinement.uids import OwnUsers
from .leftovers import Leftovers
from .missing import OWN_USER, layer

INNER_ID = 1000  # what a candidate's process sees as its own user
ZYGOTE_DISK_MB = 16
USER_NAMESPACES = (
    "Start the server as root, or allow user namespaces: `sysctl user.max_user_namespaces=15000`, on Ubuntu also "
    "`sysctl kernel.apparmor_restrict_unprivileged_userns=0` or an AppArmor profile with `userns,`; in Docker run with a seccomp "
    "profile that allows `unshare`, `mount` and `pivot_root`."
)
KERNEL = "Linux 5.12 or later is needed, with namespaces and seccomp filters compiled in."
MOUNTING = (
    f"{KERNEL} Nothing may forbid mounting inside an own namespace: not AppArmor (`sysctl "
    "kernel.apparmor_restrict_unprivileged_userns=0`, or a profile with `userns,`), not a container's profile (in Docker: "
    "`--security-opt apparmor=unconfined --security-opt systempaths=unconfined`)."
)


def enter_as_user() -> str:
    """-> why all kernels share the user that started the server; empty when an administrator lent it others."""
    try:
        loan = loans.own_loan()
        loans.check_open_to_all([sys.prefix, f"{sys.prefix}/lib", f"{sys.base_prefix}/lib", sys.executable])
    except LookupError as missing:
        namespaces.enter_as_user()
        return str(missing)
    return namespaces.enter_with_lent_users(loan)


class ConfinedWalls:
    def __init__(
        self, control: socket.socket, leftovers: Leftovers, hide: list[str], serial: int, counted: frozenset[str]
    ) -> None:
        self.control, self.leftovers, self.hide, self.serial, self.counted = control, leftovers, hide, serial, counted
        self.devices = mounts.DEVICES if "memory" in counted else mounts.DEVICES_WITHOUT_MEMORY
        self.users: OwnUsers | None = None  # nobody: everybody is the user that started the server
        self.shared = ""  # why, if so
        self.filter = b""
        self.landlock = 0
        self.covered = mounts.Covered()
        self.own_names = True  # each process gets a user namespace, in which it can name nobody else
        self.code = -1  # our own folder, which the new tree does not hold

    def enter(self) -> None:
        """Before any library is imported: a process with threads cannot enter a user namespace."""
        with layer("system calls", KERNEL):
            self.filter = seccomp.build_filter(seccomp.Surroundings(memory_counted="memory" in self.counted))
        self.enter_namespaces()
        self.keep_own_code()
        with layer("file tree", MOUNTING):
            tree = plan_tree(sys.prefix, sys.base_prefix, sys.executable, self.hide)
            mounts.build_root(tree, self.devices)
            self.covered = mounts.covered(tree)
            mounts.mount_home(ZYGOTE_DISK_MB, os.getuid(), self.covered)
            mounts.close_root()
            os.chdir(mounts.HOME)
        self.landlock = landlock.version()
        self.own_pids = os.open("/proc/self/ns/pid", os.O_RDONLY | os.O_CLOEXEC)

    def enter_namespaces(self) -> None:
        if os.geteuid() == 0:
            self.own_names = namespaces.can_leave_user_namespace()
            with layer("namespaces", "The server runs as root without CAP_SYS_ADMIN: start it as an ordinary user, or with it."):
                namespaces.enter_as_root()
        else:
            with layer("user namespaces", USER_NAMESPACES):
                self.shared = enter_as_user()
        if not self.shared:
            with layer(OWN_USER, "Give the container at least 20000 user ids, or start as an ordinary user."):
                self.users = OwnUsers(self.serial)
        namespaces.continue_in_child([self.control], self.leftovers.clear_if_orphaned)

    def keep_own_code(self) -> None:
        """The roles are imported after the libraries; candidates' processes find nothing of ours in their tree."""
        package = sys.modules[__package__.rpartition(".")[0]]
        self.code = os.open(package.__path__[0], os.O_PATH | os.O_CLOEXEC)
        package.__path__[:] = [f"/proc/self/fd/{self.code}"]

    def finish(self) -> None:
        os.close(self.code)

    def close(self) -> None:
        pass  # all that was mounted goes with the namespace

    def facts(self) -> dict[str, Any]:
        return {
            "mode": "full",
            "own_users": self.users is not None,
            "shared": self.shared,
            "landlock": self.landlock,
            "first_uid": self.users.block[0] if self.users else 0,
            "own_names": self.own_names,
        }

    def fork(self) -> int:
        if self.users:
            self.users.choose()
        pid = namespaces.fork_into_own_pids(self.own_pids)
        if pid and self.users:
            self.users.given(pid)
        return pid

    def left(self, pid: int, living: set[int]) -> None:
        if self.users:
            self.users.left(pid)

    def confine(self, limits: dict[str, Any], keep: list[int], show_home: Callable[[], None]) -> None:
        for name, step in self.steps(limits, keep, show_home):
            with layer(name, KERNEL):
                step()
        os.chdir(mounts.HOME)

    def steps(
        self, limits: dict[str, Any], keep: list[int], show_home: Callable[[], None]
    ) -> list[tuple[str, Callable[[], None]]]:
        """The layers of one process, in the only order in which they can be put up."""
        return [
            ("namespaces", namespaces.leave_shared_namespaces),
            ("network", namespaces.open_loopback),
            ("file tree", lambda: self.mount_own(limits["disk_mb"])),
            ("home for the server", show_home),
            ("priority", lambda: stand_back("cpu" in self.counted)),
            (OWN_USER, self.become_own_user),
            ("user namespace", self.leave_names),
            ("end with the fork-server", privileges.die_with_parent),
            ("open files", lambda: close_all_but(keep)),
            ("limits", lambda: limit_resources(limits)),
            ("capabilities", privileges.drop_capabilities),
            ("no new privileges", privileges.forbid_new_privileges),
            ("Landlock", self.restrict_files),
            ("system calls", lambda: seccomp.install_filter(self.filter)),
        ]

    def mount_own(self, disk_mb: int) -> None:
        mounts.mount_home(disk_mb, self.users.chosen if self.users else os.getuid(), self.covered)
        mounts.mount_own_system()
        os.chdir(mounts.HOME)

    def become_own_user(self) -> None:
        if self.users:
            privileges.become(self.users.chosen)

    def leave_names(self) -> None:
        """A host user of its own separates as well: root can do without, where user namespaces are turned off."""
        if self.own_names:
            namespaces.leave_user_namespace(INNER_ID)

    def restrict_files(self) -> None:
        """A second lock on the same door; kernels without Landlock have only the first, and `doctor` says so."""
        if self.landlock:
            devices = [f"/dev/{name}" for name in self.devices]
            landlock.restrict(self.landlock, ["/"], [*mounts.OWN_FOLDERS, "/dev/pts", *devices], network=True)
