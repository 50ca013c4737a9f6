"""Limits that the kernel keeps for each process."""

import os
import resource

MB = 1 << 20
FOR_ITSELF_MB = 16  # so that one process meets a MemoryError before the whole kernel meets its end


def limit_resources(limits: dict) -> None:
    for name, most in (
        ("RLIMIT_CPU", behind_the_watchdog(limits["cpu_seconds"])),
        ("RLIMIT_NPROC", limits["processes"]),
        ("RLIMIT_NOFILE", limits["open_files"]),
        ("RLIMIT_FSIZE", limits["file_mb"] * MB),
        ("RLIMIT_CORE", 1),  # too few for a file, and unlike 0 it also keeps programs on the host from being started for it
        ("RLIMIT_MSGQUEUE", 0),
        ("RLIMIT_MEMLOCK", 8 * MB),
        ("RLIMIT_SIGPENDING", 1_024),
    ):
        lower(getattr(resource, name), most)


def behind_the_watchdog(cpu_seconds: int) -> int:
    """The server measures precisely and says why it kills; Linux counts in ticks, for the case that the server does not look."""
    return cpu_seconds * 3 // 2 + 5


def limit_memory(memory_mb: int) -> None:
    """Address space above what is mapped now: the warm interpreter and its threads are not the candidate's."""
    lower(resource.RLIMIT_AS, mapped_bytes() + (memory_mb - FOR_ITSELF_MB) * MB)


def lower(which: int, most: int) -> None:
    _, hard = resource.getrlimit(which)
    if hard != resource.RLIM_INFINITY:
        most = min(most, hard)
    resource.setrlimit(which, (most, most))


def mapped_bytes() -> int:
    with open("/proc/self/statm") as statm:
        return int(statm.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
