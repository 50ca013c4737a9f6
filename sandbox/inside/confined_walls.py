"""All layers of the wall, in the order in which they can be put up. Whatever is missing stops the start and is named."""

import os
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from .confinement import landlock, mounts, namespaces, privileges, seccomp, uids
from .confinement.descriptors import close_all_but
from .confinement.rlimits import limit_resources
from .confinement.tree import plan_tree
from .missing import LayerMissing

INNER_ID = 1000  # what a candidate's process sees as its own user
ZYGOTE_DISK_MB = 16
OUT_OF_MEMORY_FIRST = 900  # when the machine runs out, candidates go before the server
NICE = 5  # pages and saves go before candidates' computing
WRITABLE = [*mounts.OWN_FOLDERS, "/dev/pts", *(f"/dev/{name}" for name in mounts.DEVICES)]
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


class ConfinedWalls:
    def __init__(self, control: socket.socket, hide: list[str], serial: int) -> None:
        self.control, self.hide, self.serial = control, hide, serial
        self.as_root = os.geteuid() == 0
        self.block = (0, 0)
        self.uid = -1  # of the next process; -1: everybody is the user that started the server
        self.used: dict[int, int] = {}  # pid -> uid
        self.filter = b""
        self.landlock = 0
        self.code = -1  # our own folder, which the new tree does not hold

    def enter(self) -> None:
        """Before any library is imported: a process with threads cannot enter a user namespace."""
        with layer("system calls", KERNEL):
            self.filter = seccomp.build_filter()
        self.enter_namespaces()
        self.keep_own_code()
        with layer("file tree", MOUNTING):
            mounts.build_root(plan_tree(sys.prefix, sys.base_prefix, sys.executable, self.hide))
            mounts.mount_home(ZYGOTE_DISK_MB, os.getuid())
            mounts.close_root()
            os.chdir(mounts.HOME)
        self.landlock = landlock.version()
        self.own_pids = os.open("/proc/self/ns/pid", os.O_RDONLY | os.O_CLOEXEC)

    def enter_namespaces(self) -> None:
        if self.as_root:
            with layer("namespaces", "The server runs as root without CAP_SYS_ADMIN: start it as an ordinary user, or with it."):
                namespaces.enter_as_root()
            with layer("own user for each kernel", "Give the container at least 20000 user ids, or start as an ordinary user."):
                self.block = choose_users(self.serial)
                self.uid = self.block[0]
        else:
            with layer("user namespaces", USER_NAMESPACES):
                namespaces.enter_as_user()
        namespaces.continue_in_child([self.control])

    def keep_own_code(self) -> None:
        """The roles are imported after the libraries; candidates' processes find nothing of ours in their tree."""
        package = sys.modules[__package__]
        self.code = os.open(os.path.dirname(__file__), os.O_PATH | os.O_CLOEXEC)
        package.__path__[:] = [f"/proc/self/fd/{self.code}"]

    def finish(self) -> None:
        os.close(self.code)

    def close(self) -> None:
        pass  # all that was mounted goes with the namespace

    def facts(self) -> dict[str, Any]:
        return {"mode": "confined", "as_root": self.as_root, "landlock": self.landlock, "first_uid": self.block[0]}

    def fork(self) -> int:
        if self.as_root:
            self.uid = uids.next_free(self.block, self.uid, set(self.used.values()))
        pid = namespaces.fork_into_own_pids(self.own_pids)
        if pid and self.as_root:
            self.used[pid] = self.uid
        return pid

    def left(self, pid: int) -> None:
        self.used.pop(pid, None)

    def confine(self, limits: dict[str, Any], keep: list[int]) -> None:
        steps: list[tuple[str, Callable[[], None]]] = [
            ("namespaces", namespaces.leave_shared_namespaces),
            ("file tree", lambda: self.mount_own(limits["disk_mb"])),
            ("priority", stand_back),
            ("own user for each kernel", self.become_own_user),
            ("user namespace", lambda: namespaces.leave_user_namespace(INNER_ID)),
            ("end with the fork-server", privileges.die_with_parent),
            ("open files", lambda: close_all_but(keep)),
            ("limits", lambda: limit_resources(limits)),
            ("capabilities", privileges.drop_capabilities),
            ("no new privileges", privileges.forbid_new_privileges),
            ("Landlock", self.restrict_files),
            ("system calls", lambda: seccomp.install_filter(self.filter)),
        ]
        for name, step in steps:
            with layer(name, KERNEL):
                step()
        os.chdir(mounts.HOME)

    def mount_own(self, disk_mb: int) -> None:
        owner = self.uid if self.as_root else os.getuid()
        mounts.mount_home(disk_mb, owner)
        mounts.mount_own_system()

    def become_own_user(self) -> None:
        if self.as_root:
            privileges.become(self.uid)

    def restrict_files(self) -> None:
        """A second lock on the same door; kernels without Landlock have only the first, and `doctor` says so."""
        if self.landlock:
            landlock.restrict(self.landlock, ["/"], WRITABLE)


def choose_users(serial: int) -> tuple[int, int]:
    with open("/proc/self/uid_map") as text:
        block = uids.choose_block(uids.parse_map(text.read()), serial)
    if block[1] <= 0:
        raise OSError("too few user ids are mapped into this container")
    return block


def stand_back() -> None:
    with open("/proc/self/oom_score_adj", "w") as score:
        score.write(str(OUT_OF_MEMORY_FIRST))
    os.nice(NICE)


@contextmanager
def layer(name: str, advice: str) -> Iterator[None]:
    try:
        yield
    except (OSError, LookupError) as error:
        raise LayerMissing(name, str(error), advice) from error
