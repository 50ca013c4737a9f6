"""The filter of system calls. Without the tree and the namespaces it would not be a wall; it takes away what they leave reachable
(odd sockets, tracing, keys, kernel interfaces with a history of holes), and all that nobody has looked at yet."""

import ctypes
import errno
import fcntl
import mmap
import os
import socket
from dataclasses import dataclass

from . import bpf, linux
from .bpf import Program
from .call_policy import ALLOWED, MISSING, REFUSED, names
from .syscalls import number, numbers

AUDIT_ARCHITECTURE = {"x86_64": 0xC000_003E, "aarch64": 0xC000_00B7}
X32_BIT = 0x4000_0000  # the second ABI of x86-64, with the same architecture word
NAMESPACES = (
    linux.CLONE_NEWNS | linux.CLONE_NEWCGROUP | linux.CLONE_NEWUTS | linux.CLONE_NEWIPC
    | linux.CLONE_NEWUSER | linux.CLONE_NEWPID | linux.CLONE_NEWNET
)  # fmt: skip
INTERNET = (socket.AF_INET, socket.AF_INET6)
KINDS, PROTOCOLS = (socket.SOCK_STREAM, socket.SOCK_DGRAM), (0, socket.IPPROTO_TCP, socket.IPPROTO_UDP)
KIND_BITS = ~(socket.SOCK_NONBLOCK | socket.SOCK_CLOEXEC) & 0xFFFF_FFFF
BUFFER_OPTIONS = (socket.SO_SNDBUF, socket.SO_RCVBUF)  # memory of the kernel that no other limit counts
F_NOTIFY, F_SETPIPE_SZ = 1026, 1031
WATCHING_FILES = (fcntl.F_GETLK, fcntl.F_OFD_GETLK, fcntl.F_SETLEASE, F_NOTIFY)
TAKING_FROM_OTHERS = (F_SETPIPE_SZ,)  # the pages of pipes are counted for all processes of a user together
LOCKING_FILES = (fcntl.F_SETLK, fcntl.F_SETLKW, fcntl.F_OFD_SETLK, fcntl.F_OFD_SETLKW)
TIOCSTI, TIOCLINUX = 0x5412, 0x541C  # type into the terminal of somebody else
MAP_HUGETLB = 0x4_0000
PRIO_PROCESS, IOPRIO_WHO_PROCESS = 0, 1
OF_ONE_THREAD = "sched_setaffinity sched_setparam sched_setscheduler sched_setattr"  # first argument: whose


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the other layers take care of, and the filter need not."""

    own_network: bool = True  # a network namespace in which there is only loopback
    own_processes: bool = True  # a pid namespace: nobody else can be named
    memory_counted: bool = True  # a memory cgroup: pages count even when no process maps them any more


def build_filter(around: Surroundings, machine: str = os.uname().machine) -> bytes:
    return bpf.assemble([
        *only_native_calls(machine),
        *clone_without_namespaces(machine),
        *only_local_sockets(machine, around),
        *no_larger_buffers(machine),
        *no_typing_into_terminals(machine),
        *no_signs_over_shared_files(machine),
        *([] if around.memory_counted else no_uncounted_pages(machine)),
        *([] if around.own_processes else only_about_itself(machine)),
        *for_each_range(numbers(names(ALLOWED), machine), bpf.answer(bpf.ALLOW)),
        *for_each_range(numbers(names(REFUSED), machine), bpf.refuse(errno.EPERM)),
        *bpf.refuse(errno.ENOSYS),
    ])  # fmt: skip


def only_native_calls(machine: str) -> Program:
    """The numbers of x32 begin at X32_BIT, where no list has any."""
    return [
        *bpf.load(bpf.ARCHITECTURE),
        *bpf.unless(bpf.JUMP_EQUAL, AUDIT_ARCHITECTURE[machine], bpf.refuse(errno.ENOSYS)),
        *bpf.load(bpf.NUMBER),
    ]


def for_each_range(calls: list[int], block: Program) -> Program:
    """Ranges, not numbers: a filter is a list, and it is walked for each call that looks at arguments."""
    return [
        step
        for first, last in ranges_of(calls)
        for step in bpf.when(bpf.JUMP_AT_LEAST, first, bpf.unless(bpf.JUMP_GREATER, last, block))
    ]


def ranges_of(calls: list[int]) -> list[tuple[int, int]]:
    """Rising numbers -> [(first, last)]."""
    ranges: list[tuple[int, int]] = []
    for each in calls:
        if ranges and ranges[-1][1] == each - 1:
            ranges[-1] = (ranges[-1][0], each)
        else:
            ranges.append((each, each))
    return ranges


def looking_at(name: str, machine: str, block: Program) -> Program:
    return bpf.when(bpf.JUMP_EQUAL, number(name, machine), block)


def clone_without_namespaces(machine: str) -> Program:
    """clone3 hides its flags in memory, where a filter cannot look; it is said not to exist, and libc falls back to clone."""
    assert "clone3" in MISSING.split()
    looks = [
        *bpf.load(bpf.argument(0)),
        *bpf.when(bpf.JUMP_ANY_BIT, NAMESPACES, bpf.refuse(errno.EPERM)),
        *bpf.answer(bpf.ALLOW),
    ]
    return looking_at("clone", machine, looks)


def only_local_sockets(machine: str, around: Surroundings) -> Program:
    """Where a socket could reach out of the sandbox, the answer is that of a machine without a network: code knows it."""
    internet = only_tcp_and_udp() if around.own_network else bpf.refuse(errno.ENETUNREACH)
    local = bpf.answer(bpf.ALLOW) if around.own_network else bpf.refuse(errno.EACCES)  # paths and names of others
    pair = [
        *bpf.load(bpf.argument(0)),
        *bpf.unless(bpf.JUMP_EQUAL, socket.AF_UNIX, bpf.refuse(errno.EAFNOSUPPORT)),
        *bpf.answer(bpf.ALLOW),
    ]
    return [
        *looking_at("socket", machine, [
            *bpf.load(bpf.argument(0)),
            *bpf.when(bpf.JUMP_EQUAL, socket.AF_UNIX, local),
            *(step for family in INTERNET for step in bpf.when(bpf.JUMP_EQUAL, family, internet)),
            *bpf.refuse(errno.EAFNOSUPPORT),
        ]),
        *looking_at("socketpair", machine, pair if around.own_network else [*no_letters(), *pair]),
        *([] if around.own_network else looking_at("connect", machine, bpf.refuse(errno.EACCES))),
    ]  # fmt: skip


def only_tcp_and_udp() -> Program:
    allowed_protocol = [step for each in PROTOCOLS for step in bpf.when(bpf.JUMP_EQUAL, each, bpf.answer(bpf.ALLOW))]
    return [
        *bpf.load(bpf.argument(1)),
        *bpf.keep_bits(KIND_BITS),
        *(step for kind in KINDS for step in bpf.when(bpf.JUMP_EQUAL, kind, [*bpf.load(bpf.argument(2)), *allowed_protocol])),
        *bpf.refuse(errno.EPROTONOSUPPORT),
    ]


def no_letters() -> Program:
    """One end of a pair of datagram sockets can write to any address."""
    return [
        *bpf.load(bpf.argument(1)),
        *bpf.keep_bits(KIND_BITS),
        *bpf.when(bpf.JUMP_EQUAL, socket.SOCK_DGRAM, bpf.refuse(errno.EACCES)),
    ]


def no_larger_buffers(machine: str) -> Program:
    """Asking for larger socket buffers does nothing and is not an error."""
    return looking_at("setsockopt", machine, [
        *bpf.load(bpf.argument(1)),
        *bpf.unless(bpf.JUMP_EQUAL, socket.SOL_SOCKET, bpf.answer(bpf.ALLOW)),
        *bpf.load(bpf.argument(2)),
        *(step for option in BUFFER_OPTIONS for step in bpf.when(bpf.JUMP_EQUAL, option, bpf.refuse(0))),
        *bpf.answer(bpf.ALLOW),
    ])  # fmt: skip


def no_typing_into_terminals(machine: str) -> Program:
    return looking_at("ioctl", machine, [
        *bpf.load(bpf.argument(1)),
        *bpf.when(bpf.JUMP_EQUAL, TIOCSTI, bpf.refuse(errno.EPERM)),
        *bpf.when(bpf.JUMP_EQUAL, TIOCLINUX, bpf.refuse(errno.EPERM)),
        *bpf.answer(bpf.ALLOW),
    ])  # fmt: skip


def no_signs_over_shared_files(machine: str) -> Program:
    """The libraries' files and devices such as /dev/null are the same for all candidates: a lock on one, seen by another, would
    be a way to talk, and no limit counts locks. Each is said to be granted, and none is taken: nobody else can open one's own
    files, and databases that insist on locks work."""
    granted, refused = bpf.refuse(0), (*WATCHING_FILES, *TAKING_FROM_OTHERS)
    return [
        *looking_at("flock", machine, granted),
        *looking_at("fcntl", machine, [
            *bpf.load(bpf.argument(1)),
            *(step for command in refused for step in bpf.when(bpf.JUMP_EQUAL, command, bpf.refuse(errno.EPERM))),
            *(step for command in LOCKING_FILES for step in bpf.when(bpf.JUMP_EQUAL, command, granted)),
            *bpf.answer(bpf.ALLOW),
        ]),
    ]  # fmt: skip


def no_uncounted_pages(machine: str) -> Program:
    """Pages of a shared anonymous map stay when most of it is unmapped: no look at the process finds them."""
    return looking_at("mmap", machine, [
        *bpf.load(bpf.argument(3)),
        *bpf.when(bpf.JUMP_ANY_BIT, MAP_HUGETLB, bpf.refuse(errno.ENOMEM)),
        *bpf.when(
            bpf.JUMP_ANY_BIT, mmap.MAP_ANONYMOUS, bpf.when(bpf.JUMP_ANY_BIT, mmap.MAP_SHARED, bpf.refuse(errno.ENOMEM))
        ),
        *bpf.answer(bpf.ALLOW),
    ])  # fmt: skip


def only_about_itself(machine: str) -> Program:
    """Where others can be named, their limits and priorities are out of reach; and nobody stops adopting the orphans of what it
    started, which would fall to others."""
    itself = [*bpf.load(bpf.argument(0)), *bpf.unless(bpf.JUMP_EQUAL, 0, bpf.refuse(errno.EPERM)), *bpf.answer(bpf.ALLOW)]
    # libraries set this for threads that they start, and end the process when it fails: it is said to be done
    in_vain = [*bpf.load(bpf.argument(0)), *bpf.unless(bpf.JUMP_EQUAL, 0, bpf.refuse(0)), *bpf.answer(bpf.ALLOW)]
    return [
        *looking_at("prctl", machine, [
            *bpf.load(bpf.argument(0)),
            *bpf.when(bpf.JUMP_EQUAL, linux.PR_SET_CHILD_SUBREAPER, bpf.refuse(errno.EPERM)),
            *bpf.answer(bpf.ALLOW),
        ]),
        *looking_at("prlimit64", machine, itself),
        *(step for name in OF_ONE_THREAD.split() for step in looking_at(name, machine, in_vain)),
        *looking_at("setpriority", machine, which_and_who(PRIO_PROCESS)),
        *looking_at("ioprio_set", machine, which_and_who(IOPRIO_WHO_PROCESS)),
    ]  # fmt: skip


def which_and_who(process: int) -> Program:
    return [
        *bpf.load(bpf.argument(0)),
        *bpf.unless(bpf.JUMP_EQUAL, process, bpf.refuse(errno.EPERM)),
        *bpf.load(bpf.argument(1)),
        *bpf.unless(bpf.JUMP_EQUAL, 0, bpf.refuse(errno.EPERM)),
        *bpf.answer(bpf.ALLOW),
    ]


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_void_p)]


def install_filter(code: bytes) -> None:
    """For the calling thread and all it starts; needs no_new_privs."""
    buffer = ctypes.create_string_buffer(code, len(code))
    program = _Program(len(code) // 8, ctypes.addressof(buffer))
    linux.prctl(linux.PR_SET_SECCOMP, linux.SECCOMP_MODE_FILTER, ctypes.addressof(program))
