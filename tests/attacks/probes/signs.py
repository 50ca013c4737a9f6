"""Signs that one candidate's code could give to another's: `hold_signs` runs in a sibling, the probes look for what it holds.

Two kernels see some files that are the same in Linux: the libraries, the devices. Whatever can be set on such a file by one and
seen by the other carries words between two people who sit an exam."""

import ctypes
import fcntl
import os
import resource
import select
import socket
import struct
import time

from .toolkit import CONTEXT, HELD, LIBC, PATIENCE, Answer, Skip, called, checked, home, probe, read, those, tried

DEVICES_OF_ALL = ("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom")
F_GETPIPE_SZ, F_OFD_GETLK, F_OFD_SETLK, F_NOTIFY = 1032, 36, 37, 1026
IN_ALL, IN_NONBLOCK = 0xFFF, 0o4000
WHOLE = struct.pack("hhqqi4x", fcntl.F_WRLCK, 0, 0, 0, 0)
FIRST = struct.pack("hhqqi4x", fcntl.F_RDLCK, 0, 0, 1, 0)
SIGNAL_PLACES = ("/tmp", "/dev/shm", "/var/tmp", "/run", "/dev/mqueue", "/run/lock")


def shared_files() -> list[str]:
    """The same file for everybody; what a sibling outside shares is told to us."""
    found = [*DEVICES_OF_ALL, os.__file__, "/etc/ld.so.cache", "/proc/self/exe", *CONTEXT.get("shared", [])]
    return [path for path in found if os.path.exists(path)]


def hold_signs(token: str, context: dict[str, object]) -> list[str]:
    """Leaves everything held that can be, for as long as the process lives. -> what that was"""
    CONTEXT.update(context)
    held = []
    for path in shared_files():
        for flags in (os.O_RDWR, os.O_RDONLY):
            worked, descriptor = tried(os.open, path, flags)
            if worked:
                HELD.append(descriptor)
                held += [f"{what} {path}" for what, act in locks_on(descriptor) if tried(act)[0]]
    for folder in SIGNAL_PLACES:
        worked, _ = tried(write_word, f"{folder}/{token}")
        held += [folder] if worked else []
    server = socket.socket(socket.AF_UNIX)
    server.bind(f"\0{token}")
    server.listen()
    HELD.append(server)
    return held


def locks_on(descriptor: int) -> list[tuple[str, object]]:
    return [
        ("lock", lambda: fcntl.fcntl(descriptor, fcntl.F_SETLK, WHOLE)),
        ("read lock", lambda: fcntl.fcntl(descriptor, fcntl.F_SETLK, FIRST)),
        ("flock", lambda: fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)),
        ("lease", lambda: fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_RDLCK)),
    ]


def write_word(path: str) -> None:
    with open(path, "x") as word:
        word.write("here")


def need_sibling() -> str:
    if not CONTEXT.get("token"):
        raise Skip("nobody else is there")
    return str(CONTEXT["token"])


@probe("signs")
def lock_of_a_sibling() -> Answer:
    """A lock of somebody else shows as a refusal of one's own."""
    need_sibling()

    def collide(path: str, flags: int) -> None:
        descriptor = os.open(path, flags)
        try:
            fcntl.fcntl(descriptor, fcntl.F_SETLK, WHOLE if flags == os.O_RDWR else FIRST)
        except BlockingIOError:
            return
        finally:
            os.close(descriptor)
        raise FileNotFoundError("nothing to see")

    return those([(path, lambda path=path, flags=flags: collide(path, flags)) for path in shared_files()
                  for flags in (os.O_RDWR, os.O_RDONLY)])  # fmt: skip


@probe("signs")
def asking_for_locks() -> Answer:
    """Linux tells who locks a file."""
    need_sibling()

    def ask(path: str, command: int) -> None:
        descriptor = os.open(path, os.O_RDONLY)
        try:
            told = fcntl.fcntl(descriptor, command, WHOLE)
        finally:
            os.close(descriptor)
        if struct.unpack("hhqqi4x", told)[0] == fcntl.F_UNLCK:
            raise FileNotFoundError("nothing to see")

    return those([(path, lambda path=path, command=command: ask(path, command)) for path in shared_files()
                  for command in (fcntl.F_GETLK, F_OFD_GETLK)])  # fmt: skip


@probe("signs")
def flock_of_a_sibling() -> Answer:
    need_sibling()

    def collide(path: str) -> None:
        descriptor = os.open(path, os.O_RDONLY)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        finally:
            os.close(descriptor)
        raise FileNotFoundError("nothing to see")

    return those([(path, lambda path=path: collide(path)) for path in shared_files()])


@probe("signs", seconds=15)
def leases_and_watches() -> Answer:
    """Being told when somebody opens or changes a shared file: leases, inotify, fanotify, dnotify."""

    def lease(path: str) -> None:
        descriptor = os.open(path, os.O_RDONLY)
        try:
            fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        finally:
            os.close(descriptor)

    def watch() -> None:
        descriptor = called("inotify_init1", IN_NONBLOCK)
        checked(LIBC.inotify_add_watch(descriptor, os.__file__.encode(), IN_ALL))
        read(os.__file__, 1)
        if not select.select([descriptor], [], [], 1)[0]:
            raise TimeoutError("nothing was told")

    def notify() -> None:
        fcntl.fcntl(os.open(os.path.dirname(os.__file__), os.O_RDONLY), F_NOTIFY, 1)

    files = [path for path in shared_files() if os.path.isfile(path)]
    return those([*((f"lease {path}", lambda path=path: lease(path)) for path in files), ("inotify", watch), ("dnotify", notify),
                  ("fanotify", lambda: os.close(called("fanotify_init", 0x200, 0)))])  # fmt: skip


@probe("signs")
def name_of_a_sibling() -> Answer:
    """An abstract socket that a sibling opened."""
    token = need_sibling()

    def connect() -> None:
        with socket.socket(socket.AF_UNIX) as own:
            own.connect(f"\0{token}")

    return those([("connected", connect)])


@probe("signs")
def file_of_a_sibling() -> Answer:
    token = need_sibling()
    return those([(folder, lambda folder=folder: os.stat(f"{folder}/{token}")) for folder in (*SIGNAL_PLACES, home())])


@probe("signs")
def times_of_shared_files() -> Answer:
    """The moment of the last use, which anybody who reads a file could set."""
    path = CONTEXT.get("read_by_all") or os.__file__

    def move() -> None:
        before = os.stat(path).st_atime_ns
        os.utime(path, ns=(before - 10**9, os.stat(path).st_mtime_ns))
        os.utime(path, ns=(before, os.stat(path).st_mtime_ns))

    return those([(path, move), *((each, lambda each=each: os.utime(each)) for each in DEVICES_OF_ALL)])


@probe("signs")
def cached_pages_of_shared_files() -> Answer:
    """Which pages of a file somebody used lately, asked of Linux directly."""
    descriptor = os.open(os.__file__, os.O_RDONLY)
    span, told = struct.pack("QQ", 0, 4096), ctypes.create_string_buffer(40)
    return those([("cachestat", lambda: called("cachestat", descriptor, span, told, 0))])


@probe("signs", seconds=15)
def counts_of_the_user() -> Answer:
    """What Linux counts for a user, and a sibling took, is missing here: pipes become small when their pages are used up."""
    need_sibling()
    if not CONTEXT.get("pipes_taken"):
        raise Skip("the sibling took no pipes")
    sizes = []
    for _ in range(3):
        HELD.extend(os.pipe())
        sizes.append(fcntl.fcntl(HELD[-1], F_GETPIPE_SZ))
    return min(sizes) < 65536, f"pipes of {min(sizes)} bytes"


def take_pipes() -> int:
    """For a sibling: all pages for pipes that its user may have. -> pipes"""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 4096), hard))
    count = 0
    until = time.monotonic() + 5 * PATIENCE
    while time.monotonic() < until:
        worked, pair = tried(os.pipe)
        if not worked:
            break
        HELD.extend(pair)
        size = tried(fcntl.fcntl, pair[1], 1031, 1 << 20)
        count += 1
        if not size[0] and fcntl.fcntl(pair[1], F_GETPIPE_SZ) < 65536:
            break
    return count
