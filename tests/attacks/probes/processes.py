"""Other processes: seeing, reading, changing and signalling them (C003)."""

import ctypes
import fcntl
import os
import pty
import resource
import signal
import struct
import termios
from collections.abc import Callable

from .toolkit import CONTEXT, LIBC, Answer, called, checked, in_child, probe, read, strangers, those, tried

PTRACE_SEIZE = 0x4206
PRIO_PROCESS, IOPRIO_WHO_PROCESS = 0, 1


def of_strangers(act: Callable[[int], object], most: int = 100) -> Answer:
    return those([(str(pid), lambda pid=pid: act(pid)) for pid in strangers()[-most:]])


@probe("processes")
def see_other_processes() -> Answer:
    seen = [pid for pid in strangers() if os.path.exists(f"/proc/{pid}")]
    return bool(seen), f"{len(seen)} strangers"


@probe("processes")
def read_other_environ() -> Answer:
    return of_strangers(lambda pid: read(f"/proc/{pid}/environ"))


@probe("processes")
def read_other_memory() -> Answer:
    def look(pid: int) -> None:
        with open(f"/proc/{pid}/mem", "rb", 0) as memory:
            memory.seek(readable_address(pid))
            memory.read(8)

    return of_strangers(look)


def readable_address(pid: int) -> int:
    with open(f"/proc/{pid}/maps") as maps:
        return int(next(line for line in maps if " rw" in line).split("-")[0], 16)


@probe("processes")
def read_other_status() -> Answer:
    """What /proc tells of processes of any user."""
    return of_strangers(lambda pid: [read(f"/proc/{pid}/{what}") for what in ("status", "cmdline", "stat")])


@probe("processes")
def ptrace_attach() -> Answer:
    """The tracer ends at once, and with it the tracing."""
    return of_strangers(lambda pid: called("ptrace", PTRACE_SEIZE, pid, 0, 0), most=1)


@probe("processes")
def process_vm_readv() -> Answer:
    buffer = ctypes.create_string_buffer(8)
    return of_strangers(lambda pid: copy_memory("process_vm_readv", pid, buffer))


@probe("processes")
def process_vm_writev() -> Answer:
    """Writes back what it read there."""

    def write(pid: int) -> None:
        buffer = ctypes.create_string_buffer(8)
        copy_memory("process_vm_readv", pid, buffer)
        copy_memory("process_vm_writev", pid, buffer)

    return of_strangers(write, most=10)


def copy_memory(call: str, pid: int, buffer: ctypes.Array[ctypes.c_char]) -> int:
    worked, address = tried(readable_address, pid)
    there = struct.pack("QQ", address if worked else ctypes.addressof(buffer), 8)
    return called(call, pid, struct.pack("QQ", ctypes.addressof(buffer), 8), 1, there, 1, 0)


@probe("processes")
def signal_others() -> Answer:
    return of_strangers(lambda pid: os.kill(pid, 0))


@probe("processes")
def queue_signal_to_others() -> Answer:
    return of_strangers(lambda pid: checked(LIBC.sigqueue(pid, 0, ctypes.c_void_p(0))))


@probe("processes")
def signal_everybody() -> Answer:
    """To all that may be signalled; only asks (signal 0), and so does the group of the parent."""
    here = {int(name) for name in os.listdir("/proc") if name.isdigit()}
    if CONTEXT.get("only_pids"):
        return of_strangers(lambda pid: os.killpg(os.getpgid(pid), 0))
    reached, why = tried(os.kill, -1, 0)
    return reached and bool(set(strangers()) & here), why or f"{len(here)} processes here"


@probe("processes")
def pidfd_getfd_from_others() -> Answer:
    def steal(pid: int) -> None:
        pidfd = os.pidfd_open(pid)
        try:
            os.close(called("pidfd_getfd", pidfd, 0, 0))
        finally:
            os.close(pidfd)

    return of_strangers(steal)


@probe("processes")
def pidfd_of_others() -> Answer:
    return of_strangers(lambda pid: os.close(os.pidfd_open(pid)))


@probe("processes")
def change_others_limits() -> Answer:
    """Sets what is set already."""

    def change(pid: int) -> None:
        resource.prlimit(pid, resource.RLIMIT_CORE, resource.prlimit(pid, resource.RLIMIT_CORE))

    return of_strangers(change)


@probe("processes")
def change_others_scheduling() -> Answer:
    """Sets what is set already: processor, niceness, order at the disk."""
    ways: list[Callable[[int], object]] = [
        lambda pid: os.sched_setaffinity(pid, os.sched_getaffinity(pid)),
        lambda pid: os.setpriority(PRIO_PROCESS, pid, os.getpriority(PRIO_PROCESS, pid)),
        lambda pid: os.sched_setscheduler(pid, os.sched_getscheduler(pid), os.sched_getparam(pid)),
    ]
    return those([(str(pid), lambda pid=pid, way=way: way(pid)) for pid in strangers()[-20:] for way in ways])


@probe("processes")
def change_others_oom_score() -> Answer:
    def change(pid: int) -> None:
        with open(f"/proc/{pid}/oom_score_adj", "r+") as score:
            same = score.read()
            score.seek(0)
            score.write(same)

    return of_strangers(change)


@probe("processes")
def join_others_group() -> Answer:
    """To be in the group of another process means to get its signals and its terminal."""

    def join(pid: int) -> str:
        return in_child(lambda: (os.setpgid(0, os.getpgid(pid)), "joined")[1])

    reached = [pid for pid in strangers()[-20:] if tried(os.getpgid, pid)[0]]
    joined = [pid for pid in reached if join(pid) == "joined"]
    return bool(reached), f"groups seen {len(reached)}, joined {len(joined)}"


@probe("processes")
def compare_with_others() -> Answer:
    """Whether two processes hold the same file tells about both."""
    return of_strangers(lambda pid: called("kcmp", pid, os.getpid(), 0, 0, 0))


@probe("processes")
def move_others_pages() -> Answer:
    return of_strangers(lambda pid: called("move_pages", pid, 0, 0, 0, 0, 0))


@probe("processes")
def type_into_a_terminal() -> Answer:
    """With TIOCSTI, for a terminal that was left open to it."""

    def act() -> str:
        os.setsid()
        _, follower = pty.openpty()
        fcntl.ioctl(follower, termios.TIOCSCTTY, 0)
        fcntl.ioctl(follower, termios.TIOCSTI, b"x")
        return "typed"

    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    typed = in_child(act)
    return typed == "typed", typed
