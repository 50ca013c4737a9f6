"""The file tree of a candidate: one for the zygote; each process gets a copy with its own home, /proc and terminals."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, field

from . import linux
from .linux import (
    MOUNT_ATTR_NODEV,
    MOUNT_ATTR_NOSUID,
    MOUNT_ATTR_RDONLY,
    MS_NODEV,
    MS_NOEXEC,
    MS_NOSUID,
    MS_PRIVATE,
    MS_REC,
    bind,
    mount,
)
from .tree import Tree, inside

HOME = "/home/k"
OWN_FOLDERS = (HOME, "/tmp", "/dev/shm")  # the only places where a candidate can write
DEVICES_WITHOUT_MEMORY = ("null", "full", "random", "urandom")
DEVICES = (*DEVICES_WITHOUT_MEMORY, "zero")  # mapped as shared, it gives pages that no look at a process finds
DEVICE_LINKS = {"fd": "/proc/self/fd", "stdin": "/proc/self/fd/0", "stdout": "/proc/self/fd/1", "stderr": "/proc/self/fd/2",
                "ptmx": "pts/ptmx"}  # fmt: skip
EMPTY_FOLDERS = ("proc", "dev/shm", "dev/pts", HOME[1:], "tmp", "etc", "run", "var/tmp")
ETC = {
    "passwd": f"candidate:x:1000:1000:candidate:{HOME}:/bin/sh\n",
    "group": "candidate:x:1000:\n",
    "hosts": "127.0.0.1 localhost\n",
    "nsswitch.conf": "passwd: files\ngroup: files\nhosts: files\n",
}
INODES = 20_000
TERMINALS = 16  # the whole machine has few thousand
READ_ONLY = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID


def build_root(tree: Tree, devices: Sequence[str], base: str = "/tmp") -> None:
    """Make the tree and move into it. `base` only has to exist: what lies under it is opened before it is covered."""
    mount(None, "/", None, MS_REC | MS_PRIVATE)
    sources = {path: os.open(path, os.O_PATH | os.O_CLOEXEC) for path in (*tree.shown, *(f"/dev/{name}" for name in devices))}
    mount("tmpfs", base, "tmpfs", MS_NOSUID | MS_NODEV, "size=1m,nr_inodes=1000,mode=755")
    for folder in EMPTY_FOLDERS:
        os.makedirs(f"{base}/{folder}", exist_ok=True)
    for path in tree.shown:
        show(sources[path], base + path, READ_ONLY | MOUNT_ATTR_NODEV)
    for path in tree.masked:
        mount("tmpfs", base + path, "tmpfs", MS_NOSUID | MS_NODEV, "size=4k,nr_inodes=1,mode=555")
        linux.set_mount_attributes(base + path, READ_ONLY)
    for name in devices:
        show(sources[f"/dev/{name}"], f"{base}/dev/{name}", READ_ONLY)  # written to all the same; but its times stay as they are
    write_small_things(base, tree.links)
    mount("proc", f"{base}/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC)
    for descriptor in sources.values():
        os.close(descriptor)
    linux.swap_root(base)


def show(source: int, target: str, attributes: int) -> None:
    if os.path.isdir(f"/proc/self/fd/{source}"):
        os.makedirs(target, exist_ok=True)
    else:
        os.makedirs(os.path.dirname(target), exist_ok=True)
        os.close(os.open(target, os.O_CREAT | os.O_WRONLY | os.O_CLOEXEC))
    bind(f"/proc/self/fd/{source}", target)
    linux.set_mount_attributes(target, attributes)


def write_small_things(base: str, links: dict[str, str]) -> None:
    for name, text in ETC.items():
        with open(f"{base}/etc/{name}", "w") as stream:
            stream.write(text)
    for name, target in DEVICE_LINKS.items():
        os.symlink(target, f"{base}/dev/{name}")
    for path, target in links.items():
        os.makedirs(os.path.dirname(base + path), exist_ok=True)
        os.symlink(target, base + path)


def close_root() -> None:
    """After this, only what each process mounts for itself can be written."""
    linux.mount(None, "/", None, linux.MS_BIND | linux.MS_REMOUNT | linux.MS_RDONLY | MS_NOSUID | MS_NODEV)


@dataclass(frozen=True)
class Covered:
    """What of the tree lies in a folder that each process gets its own of: it has to be shown again there."""

    folders: tuple[str, ...] = ()
    links: dict[str, str] = field(default_factory=dict)


def covered(tree: Tree) -> Covered:
    def hidden(path: str) -> bool:
        return any(inside(path, place) for place in OWN_FOLDERS)

    return Covered(tuple(filter(hidden, tree.shown)), {path: target for path, target in tree.links.items() if hidden(path)})


def mount_home(disk_mb: int, owner: int, again: Covered) -> None:
    """One sized memory disk for home, /tmp and /dev/shm together."""
    sources = [os.open(path, os.O_PATH | os.O_CLOEXEC) for path in again.folders]  # a mount of another namespace cannot be shown
    mount("tmpfs", "/run", "tmpfs", MS_NOSUID | MS_NODEV, f"size={disk_mb}m,nr_inodes={INODES},mode=755")
    for place in OWN_FOLDERS:
        part = f"/run/{os.path.basename(place)}"
        os.mkdir(part, 0o755)  # nobody else has this tree; a server that is no root looks in as somebody else
        os.chown(part, owner, owner)
        bind(part, place)
    for path, source in zip(again.folders, sources, strict=True):
        os.makedirs(path)
        bind(f"/proc/self/fd/{source}", path)
        os.close(source)
    for path, target in again.links.items():
        os.makedirs(os.path.dirname(path), exist_ok=True)
        os.symlink(target, path)


def mount_own_system() -> None:
    mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC)
    mount("devpts", "/dev/pts", "devpts", MS_NOSUID | MS_NOEXEC, f"newinstance,ptmxmode=0666,mode=0620,max={TERMINALS}")
