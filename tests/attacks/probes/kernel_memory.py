"""Memory that Linux itself needs for what a process asks of it, and memory that does not show as a process's own (C007).

All of them stop at what the limit of memory allows and some more, so whoever gets so far was stopped by nothing."""

import ctypes
import fcntl
import mmap
import os
import pty
import resource
import select
import signal
import socket
import struct
from collections.abc import Callable

from .resources import MB, PAGE, all_the_files, touched
from .toolkit import HELD, LIBC, Answer, amount, called, hold, in_children, name_of, probe, tried

F_SETPIPE_SZ = 1031
LOCK_BYTES, WATCH_BYTES, MAP_BYTES = 200, 200, 1200  # what one lock, watched descriptor, shared map costs Linux, about
MAP_SHARED_ANONYMOUS, READ_WRITE = 0x21, 3
FAILED = ctypes.c_void_p(-1).value
LIBC.mmap.restype = ctypes.c_void_p
LIBC.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_long]
LIBC.munmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t]


def map_anonymous(size: int) -> int:
    address = LIBC.mmap(None, size, READ_WRITE, MAP_SHARED_ANONYMOUS, -1, 0)
    if address == FAILED:
        raise OSError(ctypes.get_errno(), "mmap")
    return int(address)


def summed(act: Callable[[int], int], most: int, unit: str, seconds: float = 25) -> Answer:
    """`act(share)` in as many children as there may be: each takes what it can of its share and tells how much it was."""
    count = amount("children", 40)
    share = -(-most * 3 // (count * 2))  # some children cannot be had
    answers = in_children(count, lambda: act(share), seconds, enough=lambda answers: total(answers) >= most)
    taken = total(answers)
    strange = [answer for answer in answers if not answer.isdigit()][:1]
    return taken >= most, f"{taken} {unit} in {len(answers)} children {strange or ''}".strip()


def total(answers: list[str]) -> int:
    return sum(int(answer) for answer in answers if answer.isdigit())


@probe("kernel memory", seconds=30, kind="heavy")
def kernel_memory_in_sockets() -> Answer:
    """One process, with buffers as large as may be asked for."""
    taken, most, why = 0, amount("socket_mb", 256) * MB, "not stopped"
    all_the_files()
    try:
        while taken < most:
            taken += fill_pair(8 * MB)
    except OSError as error:
        why = name_of(error)
        for each in HELD[:8]:
            each.close()
    return taken >= most, f"{taken >> 20} MB, {why}"


def fill_pair(buffer: int = 0) -> int:
    one, other = socket.socketpair()
    HELD.extend([one, other])
    taken = 0
    for each in (one, other):
        each.setblocking(False)
        if buffer:
            each.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, buffer)
        try:
            while True:
                taken += each.send(b"x" * 65536)
        except BlockingIOError:
            pass
    return taken


@probe("kernel memory", seconds=60, kind="heavy")
def sockets_in_children() -> Answer:
    def act(share: int) -> int:
        taken = 0
        try:
            while taken < share * MB:
                taken += fill_pair()
        except OSError:
            HELD.pop().close()
        return taken >> 20

    return summed(act, amount("memory_mb", 600), "MB")


@probe("kernel memory", seconds=60, kind="heavy")
def pipe_buffers() -> Answer:
    def act(share: int) -> int:
        taken = 0
        try:
            while taken < share * MB:
                _, writing = os.pipe()
                os.set_blocking(writing, False)
                tried(fcntl.fcntl, writing, F_SETPIPE_SZ, MB)
                try:
                    while True:
                        taken += os.write(writing, b"x" * 65536)
                except BlockingIOError:
                    pass
        except OSError:
            pass
        return taken >> 20

    return summed(act, amount("memory_mb", 600), "MB")


@probe("kernel memory", seconds=60, kind="heavy")
def unmapped_shared_memory() -> Answer:
    """Pages of a shared map stay as long as any one of them is mapped; the address space shows only that one."""
    taken, most, size = 0, amount("memory_mb", 600), 10 * MB
    try:
        while taken < most:
            address = map_anonymous(size)
            ctypes.memset(address, 1, size)
            LIBC.munmap(address + PAGE, size - PAGE)
            taken += size // MB
        hold()
    except OSError as error:
        return False, f"{taken} MB, {name_of(error)}"
    return taken >= most, f"{taken} MB behind {taken // 10} pages"


@probe("kernel memory", seconds=60, kind="heavy")
def unmapped_zero_device() -> Answer:
    """The same with a map of /dev/zero."""
    taken, most, size = 0, amount("memory_mb", 600), 10 * MB
    descriptor = os.open("/dev/zero", os.O_RDWR)
    while taken < most:
        address = LIBC.mmap(None, size, READ_WRITE, mmap.MAP_SHARED, descriptor, 0)
        if address == FAILED:
            return False, f"{taken} MB, {name_of(OSError(ctypes.get_errno(), ''))}"
        ctypes.memset(address, 1, size)
        LIBC.munmap(address + PAGE, size - PAGE)
        taken += size // MB
    hold()
    return True, f"{taken} MB"


@probe("kernel memory", seconds=60, kind="heavy")
def discarded_shared_memory() -> Answer:
    """A process that discards pages of a shared map gives back nothing: they only leave its own count."""

    def act(share: int) -> int:
        taken = 0
        shared = mmap.mmap(-1, share * MB)
        HELD.append(shared)
        for start in range(0, share * MB, MB):
            touched(memoryview(shared)[start : start + MB])
            shared.madvise(mmap.MADV_DONTNEED, start, MB)
            taken += 1
        return taken

    return summed(act, amount("memory_mb", 600), "MB")


@probe("kernel memory", seconds=60, kind="heavy")
def many_small_shared_maps() -> Answer:
    """Each is a file of its own in Linux and costs much more than its one page."""

    def act(share: int) -> int:
        taken = 0
        try:
            while taken < share:
                map_anonymous(PAGE)
                taken += 1
        except OSError:
            pass
        return taken

    return summed(act, amount("memory_mb", 600) * MB // MAP_BYTES, "maps", seconds=40)


def locks_are_real(descriptor: int) -> bool:
    """One that is granted to two processes at once is none, and takes no memory."""
    fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    pid = os.fork()
    if pid == 0:
        try:
            fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os._exit(1)
        os._exit(0)
    return os.waitpid(pid, 0)[1] != 0


@probe("kernel memory", seconds=60, kind="heavy")
def file_locks() -> Answer:
    """Every locked byte is an object of Linux, and no limit counts them."""

    def act(share: int) -> int:
        taken = 0
        try:
            while taken < share:
                descriptor = os.open(f"/tmp/.probe-{os.getpid()}-{taken}", os.O_CREAT | os.O_RDWR, 0o600)
                os.unlink(f"/tmp/.probe-{os.getpid()}-{taken}")
                if taken == 0 and not locks_are_real(descriptor):
                    return 0
                for place in range(min(500, share - taken)):
                    fcntl.fcntl(descriptor, fcntl.F_SETLK, struct.pack("hhqqi4x", fcntl.F_WRLCK, 0, place * 2, 1, 0))
                    taken += 1
        except OSError:
            pass
        return taken

    return summed(act, amount("memory_mb", 600) * MB // LOCK_BYTES, "locks", seconds=40)


@probe("kernel memory", seconds=60, kind="heavy")
def watched_descriptors() -> Answer:
    """Every descriptor watched by every epoll."""

    def act(share: int) -> int:
        taken, watched, watching = 0, [], []
        try:
            while len(watched) < resource.getrlimit(resource.RLIMIT_NOFILE)[0] // 2:
                watched.append(os.eventfd(0))
            while taken < share:
                watching.append(select.epoll())
                for each in watched:
                    watching[-1].register(each)
                    taken += 1
        except OSError:
            pass
        HELD.extend(watching)
        return taken

    return summed(act, amount("memory_mb", 600) * MB // WATCH_BYTES, "watches", seconds=30)


@probe("kernel memory", seconds=10, kind="heavy")
def posix_timers() -> Answer:
    event = struct.pack("PiiQQQQQQ", 0, 0, 1, 0, 0, 0, 0, 0, 0)  # nobody is told (SIGEV_NONE)
    count, most, timer = 0, amount("signals", 20_000), ctypes.c_void_p()
    while count < most and LIBC.timer_create(1, event, ctypes.byref(timer)) == 0:
        count += 1
    return count >= most, f"{count} timers"


@probe("kernel memory", seconds=10, kind="heavy")
def signal_queue() -> Answer:
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGRTMIN])
    count, most = 0, amount("signals", 20_000)
    while count < most and LIBC.sigqueue(os.getpid(), int(signal.SIGRTMIN), ctypes.c_void_p(1)) == 0:
        count += 1
    return count >= most, f"{count} signals wait"


@probe("kernel memory", seconds=10, kind="heavy")
def signals_in_children() -> Answer:
    """The queue is counted for the user, not for each process."""

    def act(share: int) -> int:
        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGRTMIN])
        count = 0
        while count < share and LIBC.sigqueue(os.getpid(), int(signal.SIGRTMIN), ctypes.c_void_p(1)) == 0:
            count += 1
        return count

    return summed(act, amount("signals", 20_000), "signals wait", seconds=6)


@probe("kernel memory", seconds=20, kind="heavy")
def terminals() -> Answer:
    """Their number is counted for the whole machine."""
    most = amount("terminals", 200)

    def act(share: int) -> int:
        count = 0
        try:
            while count < share:
                HELD.extend(pty.openpty())
                count += 1
        except OSError:
            pass
        return count

    return summed(act, most, "terminals", seconds=10)


@probe("kernel memory", seconds=10, kind="heavy")
def locked_memory() -> Answer:
    most = amount("locked_mb", 32)
    area = touched(mmap.mmap(-1, most * MB, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS))
    address = ctypes.addressof(ctypes.c_char.from_buffer(area))
    if LIBC.mlock(ctypes.c_void_p(address), ctypes.c_size_t(most * MB)) < 0:
        raise OSError(ctypes.get_errno(), "mlock")
    return True, f"{most} MB that the machine cannot take back"


@probe("kernel memory", seconds=10, kind="heavy")
def asynchronous_io() -> Answer:
    """Rings of aio: counted for the whole machine (fs.aio-max-nr)."""
    most, taken = amount("aio_events", 40_000), 0
    try:
        while taken < most:
            context = ctypes.c_ulong(0)
            called("io_setup", 2000, ctypes.byref(context))
            taken += 2000
    except OSError as error:
        return False, f"{taken} events, {name_of(error)}"
    return True, f"{taken} events"
