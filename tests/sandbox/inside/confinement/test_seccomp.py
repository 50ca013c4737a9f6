"""The filter, run by a small interpreter for both kinds of machine; that Linux obeys it is shown in tests/attacks."""

import errno
import fcntl
import mmap
import socket
import struct

import pytest

from sandbox.inside.confinement import bpf, linux, seccomp
from sandbox.inside.confinement.call_policy import ALLOWED, GRANTED, MISSING, REFUSED, names
from sandbox.inside.confinement.seccomp import Surroundings
from sandbox.inside.confinement.syscalls import TABLE, numbers

MACHINES = ["x86_64", "aarch64"]
ALL_WALLS = Surroundings()
FEW_WALLS = Surroundings(own_network=False, own_processes=False, memory_counted=False)
BOTH = pytest.mark.parametrize("machine", MACHINES)


def decide(
    machine: str, number: int, *arguments: int, architecture: int | None = None, around: Surroundings = ALL_WALLS
) -> int | None:
    """-> error number, or None when the call is allowed."""
    words = [argument & 0xFFFF_FFFF_FFFF_FFFF for argument in (*arguments, 0, 0, 0, 0, 0, 0)][:6]
    data = struct.pack("<iIQ6Q", number, architecture or seccomp.AUDIT_ARCHITECTURE[machine], 0, *words)
    code, loaded, at = seccomp.build_filter(around, machine), 0, 0
    while True:
        kind, if_true, if_false, value = struct.unpack_from("=HBBI", code, at * 8)
        at += 1
        if kind == bpf.LOAD_WORD:
            (loaded,) = struct.unpack_from("<I", data, value)
        elif kind == bpf.AND:
            loaded &= value
        elif kind == bpf.RETURN:
            return None if value == bpf.ALLOW else value & 0xFFFF
        else:
            holds = {
                bpf.JUMP_EQUAL: loaded == value,
                bpf.JUMP_GREATER: loaded > value,
                bpf.JUMP_AT_LEAST: loaded >= value,
                bpf.JUMP_ANY_BIT: bool(loaded & value),
            }[kind]
            at += if_true if holds else if_false


def call(name: str, machine: str) -> int:
    (found,) = numbers([name], machine)
    return found


READ = {"x86_64": 0, "aarch64": 63}
BEYOND = 1_200  # numbers up to here are tried


def test_every_name_stands_in_one_list_at_most_and_in_the_table() -> None:
    listed = [*names(ALLOWED), *names(REFUSED), *MISSING.split(), *GRANTED.split()]
    assert len(listed) == len(set(listed))
    assert set(listed) <= set(TABLE)


@BOTH
@pytest.mark.parametrize("around", [ALL_WALLS, FEW_WALLS])
def test_every_number_is_decided_by_the_lists(machine: str, around: Surroundings) -> None:
    looked_at = {"clone", "clone3", "flock", "socket", "socketpair", "connect", "mmap", "setpriority", "ioprio_set"}
    looked_at |= {"prctl", "setsockopt", "ioctl", "fcntl", "prlimit64", *seccomp.OF_ONE_THREAD.split()}
    skipped = set(numbers(sorted(looked_at), machine))
    allowed, refused = set(numbers(names(ALLOWED), machine)), set(numbers(names(REFUSED), machine))
    for number in range(-3, BEYOND):
        if number not in skipped:
            expected = None if number in allowed else errno.EPERM if number in refused else errno.ENOSYS
            assert decide(machine, number, around=around) == expected, number


@BOTH
def test_the_calls_of_another_abi_do_not_exist(machine: str) -> None:
    assert decide(machine, READ[machine], architecture=0x4000_0003) == errno.ENOSYS  # 32-bit x86
    assert decide(machine, seccomp.X32_BIT | READ[machine]) == errno.ENOSYS


@BOTH
def test_a_new_process_is_allowed_and_a_new_namespace_is_not(machine: str) -> None:
    clone = call("clone", machine)
    assert decide(machine, clone, 0x0120_0011) is None  # what fork() asks for
    for flag in (linux.CLONE_NEWUSER, linux.CLONE_NEWNS, linux.CLONE_NEWPID, linux.CLONE_NEWNET):
        assert decide(machine, clone, flag | 17) == errno.EPERM
    assert decide(machine, call("clone3", machine)) == errno.ENOSYS


@BOTH
@pytest.mark.parametrize("family", [0, 16, 17, 38, 40, 45, 1 << 20])
def test_odd_sockets_are_not_given(machine: str, family: int) -> None:
    for around in (ALL_WALLS, FEW_WALLS):
        assert decide(machine, call("socket", machine), family, around=around) == errno.EAFNOSUPPORT
        assert decide(machine, call("socketpair", machine), family, around=around) == errno.EAFNOSUPPORT


@BOTH
def test_sockets_are_given_where_they_cannot_reach_out(machine: str) -> None:
    opening, pair = call("socket", machine), call("socketpair", machine)
    for family in (socket.AF_UNIX, socket.AF_INET, socket.AF_INET6):
        for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC):
            assert decide(machine, opening, family, kind) is None
    assert decide(machine, opening, socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) is None
    for kind, protocol in ((socket.SOCK_RAW, 0), (socket.SOCK_SEQPACKET, 0), (socket.SOCK_STREAM, 262), (socket.SOCK_DGRAM, 1)):
        assert decide(machine, opening, socket.AF_INET, kind, protocol) == errno.EPROTONOSUPPORT  # raw, SCTP, MPTCP, ping
    assert [decide(machine, pair, family) for family in (socket.AF_UNIX, socket.AF_INET)] == [None, errno.EAFNOSUPPORT]


@BOTH
def test_sockets_that_could_reach_others_are_not_given(machine: str) -> None:
    opening, pair = call("socket", machine), call("socketpair", machine)
    families = (socket.AF_UNIX, socket.AF_INET, socket.AF_INET6)
    answers = [decide(machine, opening, family, around=FEW_WALLS) for family in families]
    assert answers == [errno.EACCES, errno.ENETUNREACH, errno.ENETUNREACH]
    assert decide(machine, call("connect", machine), 3, around=FEW_WALLS) == errno.EACCES
    assert decide(machine, pair, socket.AF_UNIX, socket.SOCK_STREAM, around=FEW_WALLS) is None
    for kind in (socket.SOCK_DGRAM, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK):
        assert decide(machine, pair, socket.AF_UNIX, kind, around=FEW_WALLS) == errno.EACCES


@BOTH
def test_pages_that_nobody_counts_are_not_given(machine: str) -> None:
    mapping = call("mmap", machine)
    private, shared = mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, mmap.MAP_SHARED | mmap.MAP_ANONYMOUS
    assert decide(machine, mapping, 0, 4096, 3, shared) is None
    assert decide(machine, mapping, 0, 4096, 3, shared, around=FEW_WALLS) == errno.ENOMEM
    assert decide(machine, mapping, 0, 4096, 3, private, around=FEW_WALLS) is None
    assert decide(machine, mapping, 0, 4096, 3, mmap.MAP_SHARED, around=FEW_WALLS) is None  # of a file
    assert decide(machine, mapping, 0, 4096, 3, private | seccomp.MAP_HUGETLB, around=FEW_WALLS) == errno.ENOMEM


@BOTH
def test_limits_and_priorities_of_others_are_out_of_reach(machine: str) -> None:
    assert decide(machine, call("prlimit64", machine), 4_711, around=FEW_WALLS) == errno.EPERM
    assert decide(machine, call("prlimit64", machine), 0, around=FEW_WALLS) is None
    for name in seccomp.OF_ONE_THREAD.split():
        assert decide(machine, call(name, machine), 4_711, around=FEW_WALLS) == 0, name  # said to be done
        assert decide(machine, call(name, machine), 0, around=FEW_WALLS) is None, name
    assert decide(machine, call("setpriority", machine), 0, 0, 10, around=FEW_WALLS) is None
    assert decide(machine, call("setpriority", machine), 2, 0, 10, around=FEW_WALLS) == errno.EPERM  # all of this user
    assert decide(machine, call("setpriority", machine), 0, 4_711, 10, around=FEW_WALLS) == errno.EPERM
    assert decide(machine, call("ioprio_set", machine), 1, 0, 10, around=FEW_WALLS) is None


@BOTH
def test_larger_socket_buffers_are_asked_for_in_vain(machine: str) -> None:
    setsockopt = call("setsockopt", machine)
    assert decide(machine, setsockopt, 5, socket.SOL_SOCKET, socket.SO_SNDBUF) == 0
    assert decide(machine, setsockopt, 5, socket.SOL_SOCKET, socket.SO_REUSEADDR) is None
    assert decide(machine, setsockopt, 5, 99, socket.SO_SNDBUF) is None


@BOTH
def test_typing_into_a_terminal_is_refused(machine: str) -> None:
    ioctl = call("ioctl", machine)
    assert decide(machine, ioctl, 0, seccomp.TIOCSTI) == errno.EPERM
    assert decide(machine, ioctl, 0, (7 << 32) | seccomp.TIOCSTI) == errno.EPERM  # Linux looks at 32 bits only
    assert decide(machine, ioctl, 0, 0x5401) is None


@BOTH
def test_locks_are_granted_and_not_taken(machine: str) -> None:
    control = call("fcntl", machine)
    assert [decide(machine, control, 3, command) for command in seccomp.LOCKING_FILES] == [0] * 4
    assert decide(machine, control, 3, fcntl.F_GETFL) is None
    assert decide(machine, control, 3, fcntl.F_GETLK) == errno.EPERM
    assert decide(machine, control, 3, fcntl.F_SETLEASE) == errno.EPERM
    assert decide(machine, call("flock", machine), 3, 2) == 0
