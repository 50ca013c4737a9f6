"""Groups of processes that Linux itself keeps within memory, processes and computing time: control groups, version 1 and 2.

Each server has one folder of its own beside itself, `touchstone-<pid>-<start>`, and in it one group for each sandboxed process.
The process joins it before anything else happens in it (see `inside/child.py`), so that nothing of it is uncounted. The folder is
made by the zygote, which also removes it when the server was killed (see `inside/walls/leftovers.py`): so there is no moment at
which a killed server leaves anything. If both were killed, the next server clears away."""

import atexit
import contextlib
import itertools
import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from sandbox.inside.confinement.tree import inside
from sandbox.inside.walls import leftovers
from sandbox.inside.walls.names import is_of_the_dead, own_name
from sandbox.limits import Limits
from sandbox.processes import proc

WANTED = ("memory", "pids", "cpu", "cpuacct")  # the last: version 1 counts time there, version 2 with `cpu`
SHARES = {"1": ("cpu.shares", 1_024), "2": ("cpu.weight", 100)}  # of all candidates together, beside each other group
LEAF = "touchstone-server"  # version 2: a group that has groups below it holds no processes itself
ROOM_BYTES = 56 << 20  # what a kernel needs for itself
TCP_BYTES = 8 << 20  # version 1 counts the buffers of such connections apart


@dataclass(frozen=True, slots=True)
class Place:
    """Where this process's own group of some controllers is."""

    version: str
    controllers: tuple[str, ...]
    folder: Path


@dataclass(slots=True)
class Group:
    """One sandboxed process's part in each hierarchy."""

    folders: list[tuple[Place, Path]]
    controllers: frozenset[str]

    def entrances(self) -> list[int]:
        """Descriptors; whoever writes `0` to each joins the group."""
        return [os.open(folder / "cgroup.procs", os.O_WRONLY | os.O_CLOEXEC) for _, folder in self.folders]

    def kills_for_memory(self) -> int:
        """How many processes Linux ended because the group was over its memory."""
        for place, folder in self.folders:
            if "memory" in place.controllers:
                name = "memory.oom_control" if place.version == "1" else "memory.events"
                return figure(folder / name, "oom_kill")
        return 0

    def cpu_seconds(self) -> float | None:
        """Of all that ever ran in it; None where it is not counted."""
        for place, folder in self.folders:
            if "cpuacct" in place.controllers:
                return number(folder / "cpuacct.usage") / 1e9
            if place.version == "2" and "cpu" in place.controllers:
                return figure(folder / "cpu.stat", "usage_usec") / 1e6
        return None

    def memory_bytes(self) -> int:
        for place, folder in self.folders:
            if "memory" in place.controllers:
                return number(folder / ("memory.usage_in_bytes" if place.version == "1" else "memory.current"))
        return 0

    def remove(self) -> bool:
        """False while one of its processes is still on its way out."""
        self.folders = [(place, folder) for place, folder in self.folders if not removed(folder)]
        return not self.folders


@dataclass
class Cgroups:
    """This server's groups. `controllers` is empty, and nothing is ever made, where none can be used."""

    places: list[Place]
    folders: list[tuple[Place, Path]] = field(default_factory=list)  # our own one in each place that can be used
    _ready: bool = False
    _leftover: list[Group] = field(default_factory=list)
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def controllers(self) -> frozenset[str]:
        return frozenset(name for place, _ in self.folders for name in place.controllers)

    def open(self) -> None:
        """Find out, once, which places let us make groups, and clear away what dead servers left there."""
        with self._lock:
            places, self.places = self.places, []
        for place in places:
            sweep(place.folder)
            with contextlib.suppress(OSError):
                prepare_version_2(place)
                own = place.folder / own_name()
                try_out(place, own)
                self.folders.append((place, own))

    def set_up(self) -> None:
        """Once the zygote has made our folders: hand the controllers down, and say what they weigh together."""
        with self._lock:
            ready, self._ready = self._ready, True
        for place, folder in [] if ready else self.folders:
            hand_down(place, folder)

    def new(self, limits: Limits, waited_for: bool = True) -> Group:
        """`waited_for`: somebody waits for what it computes; others get less of the processor while it is short."""
        number = next(self._numbers)
        made = Group([], self.controllers)
        for place, top in self.folders:
            folder = top / f"p{number}"
            folder.mkdir()
            made.folders.append((place, folder))
            for name, value in settings_of(place, limits, waited_for).items():
                write(folder, name, value)
        return made

    def give_back(self, group: Group) -> None:
        """Now, or as soon as its last process is gone."""
        with self._lock:
            self._leftover = [each for each in [*self._leftover, group] if not each.remove()]

    def close(self) -> None:
        with self._lock:
            self._leftover = [each for each in self._leftover if not each.remove()]
        for _, folder in self.folders:
            clear(folder)
        self.folders = []


def settings_of(place: Place, limits: Limits, waited_for: bool) -> dict[str, int | str]:
    memory = (limits.memory_mb << 20) + ROOM_BYTES
    settings: dict[str, int | str] = {}
    if "memory" in place.controllers and place.version == "1":
        settings |= {"memory.limit_in_bytes": memory, "memory.kmem.tcp.limit_in_bytes": TCP_BYTES, "memory.swappiness": 0}
    elif "memory" in place.controllers:
        settings |= {"memory.max": memory, "memory.swap.max": 0, "memory.oom.group": 1}
    if "cpu" in place.controllers and not waited_for:
        name, all_together = SHARES[place.version]
        settings[name] = all_together // 4
    if "pids" in place.controllers:
        settings["pids.max"] = limits.processes
    return settings


def find_places(own_groups: str, mounts: str) -> list[Place]:
    """From /proc/self/cgroup and /proc/self/mountinfo: the groups that this process is in, where they are mounted."""
    mounted = parse_mounts(mounts)
    places: list[Place] = []
    for line in own_groups.splitlines():
        _, listed, path = line.split(":", 2)
        wanted = tuple(name for name in listed.split(",") if name in WANTED)
        for version, root, folder, options in mounted:
            if listed == "" and version == "2" and inside(path, root):
                own = without_leaf(folder / relative(path, root))
                places.append(Place("2", usable_in_version_2(own), own))
                break
            if wanted and version == "1" and set(wanted) <= options and inside(path, root):
                places.append(Place("1", wanted, folder / relative(path, root)))
                break
    taken = {name for place in places if place.version == "1" for name in place.controllers}
    kept = [Place(p.version, tuple(n for n in p.controllers if p.version == "1" or n not in taken), p.folder) for p in places]
    return [place for place in kept if place.controllers]


def without_leaf(folder: Path) -> Path:
    """A server that was started by one of us is in the leaf already."""
    return folder.parent if folder.name == LEAF else folder


def usable_in_version_2(folder: Path) -> tuple[str, ...]:
    try:
        offered = (folder / "cgroup.controllers").read_text().split()
    except OSError:
        return ()
    return tuple(name for name in WANTED if name in offered)


def parse_mounts(text: str) -> list[tuple[str, str, Path, set[str]]]:
    """-> [(version, root, folder, controllers)]"""
    found = []
    for line in text.splitlines():
        before, _, after = line.partition(" - ")
        kind, _, options = after.split(" ", 2)
        root, folder = before.split(" ")[3:5]
        if kind in ("cgroup", "cgroup2"):
            found.append(("1" if kind == "cgroup" else "2", root, Path(folder), set(options.replace(" ", ",").split(","))))
    return found


def relative(path: str, root: str) -> str:
    return path.removeprefix(root).lstrip("/")


def sweep(folder: Path) -> None:
    with contextlib.suppress(OSError):
        for each in folder.iterdir():
            if is_of_the_dead(each.name):
                clear(each)


def clear(folder: Path) -> None:
    """Remove a server's folder with the groups in it, as far as they are empty."""
    with contextlib.suppress(OSError):
        parent = os.open(folder.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            leftovers.clear(parent, folder.name)
        finally:
            os.close(parent)


def removed(folder: Path) -> bool:
    try:
        folder.rmdir()
    except FileNotFoundError:
        return True
    except OSError:
        return False
    return True


def prepare_version_2(place: Place) -> None:
    """A group that hands controllers down may hold no process: the server goes into one of its own, if nobody else is here."""
    if place.version == "1":
        return
    control = place.folder / "cgroup.subtree_control"
    if set(place.controllers) <= set(control.read_text().split()):
        return
    members = [int(pid) for pid in (place.folder / "cgroup.procs").read_text().split()]
    if members and not set(members) <= set(proc.family_of(os.getpid())):
        raise PermissionError(f"{place.folder} holds processes of others; run the server in a group of its own")
    if members:
        leaf = place.folder / LEAF
        leaf.mkdir(exist_ok=True)
        for pid in members:
            write(leaf, "cgroup.procs", pid)
    allow_below(place, place.folder)


def try_out(place: Place, folder: Path) -> None:
    """The only way to find out whether groups can be made here. Raises OSError if not."""
    folder.mkdir()
    try:
        hand_down(place, folder)
    finally:
        folder.rmdir()


def hand_down(place: Place, folder: Path) -> None:
    allow_below(place, folder)
    if "cpu" in place.controllers:
        write(folder, *SHARES[place.version])


def allow_below(place: Place, folder: Path) -> None:
    if place.version == "2":
        write(folder, "cgroup.subtree_control", " ".join(f"+{name}" for name in place.controllers))


def write(folder: Path, name: str, value: int | str) -> None:
    descriptor = os.open(folder / name, os.O_WRONLY | os.O_CLOEXEC)
    try:
        os.write(descriptor, str(value).encode())
    finally:
        os.close(descriptor)


def number(path: Path) -> int:
    """0 when the group is gone."""
    with contextlib.suppress(OSError, ValueError):
        return int(path.read_text())
    return 0


def figure(path: Path, name: str) -> int:
    with contextlib.suppress(OSError):
        for line in path.read_text().splitlines():
            key, _, value = line.partition(" ")
            if key == name:
                return int(value)
    return 0


@cache
def own_cgroups() -> Cgroups:
    """One set for all fork-servers of this process; opened with the first of them."""
    cgroups = Cgroups(own_places())
    atexit.register(cgroups.close)
    return cgroups


def own_places() -> list[Place]:
    try:
        return find_places(Path("/proc/self/cgroup").read_text(), Path("/proc/self/mountinfo").read_text())
    except OSError:
        return []
