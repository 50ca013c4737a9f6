"""Taking more than one's part: processes, memory, disk, files (C006, C007, C008). Each stops by itself.

The amounts come from the one who runs them: more than the limits allow, little enough for the machine if nothing stops it."""

import mmap
import os
import resource
import select
import signal
import socket
import threading
import time
from collections.abc import Callable
from typing import Any

from .toolkit import (
    CONTEXT,
    EMFILE_ROOM,
    HELD,
    LIBC,
    PATIENCE,
    Answer,
    amount,
    checked,
    fork,
    hold,
    home,
    in_children,
    name_of,
    probe,
    tried,
)  # fmt: skip

MB = 1 << 20
PAGE = 4096
PR_SET_DUMPABLE = 4


def touched(memory: Any) -> Any:
    """Every page of it, so that Linux must give it."""
    memory[::PAGE] = b"x" * len(memory[::PAGE])
    return memory


def all_the_files(room: int = EMFILE_ROOM) -> None:
    """As many descriptors as may be asked for, without the last few, which reporting needs."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, amount("files", 1024)), hard))


@probe("resources", seconds=30, kind="heavy")
def fork_bomb() -> Answer:
    most, pids, why = amount("processes", 200), [], "not stopped"
    try:
        while len(pids) < most:
            pid = fork()
            if pid == 0:
                time.sleep(20)
                os._exit(0)
            pids.append(pid)
    except OSError as error:
        why = name_of(error)
    for pid in pids:
        os.kill(pid, 9)
        os.waitpid(pid, 0)
    return len(pids) >= most, f"{len(pids)} children, {why}"


@probe("resources", seconds=20, kind="heavy")
def thread_bomb() -> Answer:
    count, most, go = 0, amount("threads", 200), threading.Event()
    try:
        while count < most:
            threading.Thread(target=go.wait, args=(12,), daemon=True).start()
            count += 1
    except RuntimeError:
        pass
    go.set()
    return count >= most, f"{count} threads"


@probe("resources", seconds=30, kind="heavy")
def memory_bomb() -> Answer:
    taken, most = 0, amount("memory_mb", 600)
    try:
        while taken < most:
            HELD.append(touched(bytearray(10 * MB)))
            taken += 10
        hold()
    except MemoryError:
        HELD.clear()
    return taken >= most, f"{taken} MB"


@probe("resources", seconds=30, kind="heavy")
def shared_memory_bomb() -> Answer:
    return map_shared(-1)


@probe("resources", seconds=30, kind="heavy")
def zero_device_memory() -> Answer:
    """A shared map of /dev/zero is shared memory by another name."""
    return map_shared(os.open("/dev/zero", os.O_RDWR))


def map_shared(descriptor: int) -> Answer:
    taken, most = 0, amount("memory_mb", 600)
    try:
        while taken < most:
            HELD.append(touched(mmap.mmap(descriptor, 20 * MB)))
            taken += 20
        hold()
    except (OSError, MemoryError) as error:
        return False, f"{taken} MB, {name_of(error)}"
    return taken >= most, f"{taken} MB shared"


@probe("resources", seconds=30, kind="heavy")
def memfd_bomb() -> Answer:
    taken, most = 0, amount("memory_mb", 600)
    try:
        while taken < most:
            HELD.append(os.memfd_create("x"))
            for _ in range(5):
                os.write(HELD[-1], b"x" * (4 * MB))
            taken += 20
        hold()
    except OSError as error:
        return False, f"{taken} MB, {name_of(error)}"
    return taken >= most, f"{taken} MB"


def taken_together(count: int, part: int, take: Callable[[], str], seconds: float) -> int:
    """-> how many children hold their part"""
    answers = in_children(count, take, seconds, enough=lambda found: found.count("held") * part >= amount("sum_mb", 900))
    return answers.count("held")


@probe("resources", seconds=40, kind="heavy")
def memory_in_children() -> Answer:
    """Each below its own limit; the sum must be bounded too."""
    part = amount("child_mb", 100)

    def take() -> str:
        HELD.append(touched(bytearray(part * MB)))
        return "held"

    held = taken_together(amount("sum_mb", 900) // part, part, take, seconds=15)
    return held * part >= amount("sum_mb", 900), f"{held * part} MB in {held} children"


@probe("resources", seconds=40, kind="heavy")
def memory_in_closed_children() -> Answer:
    """The same by processes that say that nobody may look into them."""
    part = amount("child_mb", 100)

    def take() -> str:
        checked(LIBC.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0))
        HELD.append(touched(bytearray(part * MB)))
        return "held"

    held = taken_together(amount("sum_mb", 900) // part, part, take, seconds=15)
    return held * part >= amount("sum_mb", 900), f"{held * part} MB in {held} children"


@probe("resources", seconds=60, kind="heavy")
def memory_in_grandchildren() -> Answer:
    """The same by processes that left their session and their parents."""
    part = amount("child_mb", 100)
    reading, writing = os.pipe()
    over, end_it = os.pipe()  # closed when the last of this process and its children ends

    def leave() -> str:
        os.setsid()
        if fork() == 0:
            os.close(end_it)
            HELD.append(touched(bytearray(part * MB)))
            os.write(writing, b"1")
            select.select([over], [], [], 60)
            os._exit(0)
        return "left"

    wanted, held = amount("sum_mb", 900) // part, 0
    in_children(wanted, leave, seconds=15)
    while held < wanted and select.select([reading], [], [], 5 * PATIENCE)[0]:
        held += len(os.read(reading, 1000))
    if held >= wanted:
        hold()
    return held >= wanted, f"{held * part} MB in {held} processes"


@probe("resources", seconds=60, kind="heavy")
def memory_behind_many_maps() -> Answer:
    """Processes of so many small maps that it takes long to look at them; whoever adds up their memory looks less often then."""
    count = amount("children", 40)
    part = -(-amount("sum_mb", 900) // (count * 3 // 4))

    def take() -> str:
        for number in range(5_000):
            HELD.append(mmap.mmap(-1, PAGE, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, prot=1 + number % 2))
        HELD.append(touched(bytearray(part * MB)))
        return "held"

    held = taken_together(count, part, take, seconds=30)
    return held * part >= amount("sum_mb", 900), f"{held * part} MB in {held} children"


def fill(folder: str, most_mb: int) -> tuple[int, str]:
    """-> (MB that could be written, why no more), in files that are each below the limit of one file"""
    paths, taken, why = [], 0, "not stopped"
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        while taken < most_mb:
            paths.append(f"{folder}/.probe-{os.getpid()}-{len(paths)}")
            with open(paths[-1], "wb", 0) as part:
                for _ in range(8):
                    part.write(b"x" * MB)
                    taken += 1
    except OSError as error:
        why = name_of(error)
    for path in paths:
        tried(os.unlink, path)
    return taken, why


@probe("resources", seconds=60, kind="heavy")
def disk_fill_home() -> Answer:
    taken, why = fill(home(), amount("disk_mb", 128))
    return taken >= amount("disk_mb", 128), f"{taken} MB, {why}"


@probe("resources", seconds=60, kind="heavy")
def disk_fill_dev_shm() -> Answer:
    taken, why = fill("/dev/shm", amount("disk_mb", 128))
    return taken >= amount("disk_mb", 128), f"{taken} MB, {why}"


@probe("resources", seconds=60, kind="heavy")
def disk_fill_everywhere() -> Answer:
    """All places where something can be written, together; a deleted file that is open still takes its room."""
    taken, most = 0, amount("disk_mb", 128)
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    for folder in (home(), "/tmp", "/dev/shm", "/var/tmp", "/run", "/run/lock"):
        try:
            while taken < most:
                path = f"{folder}/.probe-{os.getpid()}"
                HELD.append(open(path, "wb", 0))
                os.unlink(path)
                for _ in range(8):
                    HELD[-1].write(b"x" * MB)
                    taken += 1
        except OSError:
            continue
    return taken >= most, f"{taken} MB in deleted files"


@probe("resources", seconds=60, kind="heavy")
def inode_fill() -> Answer:
    folder, count, most, why = f"{home()}/.probe-files", 0, amount("inodes", 30_000), "not stopped"
    os.mkdir(folder)
    try:
        while count < most:
            os.close(os.open(f"{folder}/{count}", os.O_CREAT | os.O_WRONLY))
            count += 1
    except OSError as error:
        why = name_of(error)
    for number in range(count):
        os.unlink(f"{folder}/{number}")
    os.rmdir(folder)
    return count >= most, f"{count} files, {why}"


@probe("resources", kind="heavy")
def sparse_file() -> Answer:
    path = f"{home()}/.probe-sparse"
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    descriptor = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
    os.unlink(path)
    os.ftruncate(descriptor, 1 << 40)
    return True, "1 TiB accepted"


@probe("resources", kind="heavy")
def open_files() -> Answer:
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    most = amount("files", 1024)
    try:
        while len(HELD) < most:
            HELD.append(os.dup(1))
    except OSError:
        for descriptor in HELD[:EMFILE_ROOM]:
            os.close(descriptor)
    return len(HELD) >= most, f"{len(HELD)} descriptors"


@probe("resources", seconds=20, kind="heavy")
def descriptors_in_flight() -> Answer:
    """More open files than the limit, kept in messages that nobody takes (SCM_RIGHTS)."""
    most, kept, why = amount("files", 1024), 0, ""
    try:
        while kept < most:
            one, other = socket.socketpair()
            HELD.extend([one, other])
            socket.send_fds(one, [b"x"], [1] * 100)
            kept += 100
    except OSError as error:
        why = name_of(error)
        for each in HELD[:EMFILE_ROOM]:
            each.close()
    return kept >= most, f"{kept} in flight {why}".strip()


@probe("resources", seconds=60, kind="heavy")
def computing_in_short_children() -> Answer:
    """A limit on computing time must count processes that have ended too."""
    spent, most = 0.0, float(CONTEXT.get("limits", {}).get("cpu_seconds", 3))
    while spent < most:
        pid = fork()
        if pid == 0:
            while time.process_time() < 0.3:
                pass
            os._exit(0)
        usage = os.wait4(pid, 0)[2]
        spent += usage.ru_utime + usage.ru_stime
    time.sleep(0.5)
    return True, f"{spent:.1f} s in children that ended"
