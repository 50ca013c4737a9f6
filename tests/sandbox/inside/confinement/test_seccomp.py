"""The filter, run by a small interpreter for both kinds of machine; that Linux obeys it is shown in tests/attacks."""

import errno
import fcntl
import socket
import struct

import pytest

from sandbox.inside.confinement import bpf, linux, seccomp
from sandbox.inside.confinement.syscalls import NEWEST, TABLE, numbers

MACHINES = ["x86_64", "aarch64"]
BOTH = pytest.mark.parametrize("machine", MACHINES)


def decide(machine: str, number: int, *arguments: int, architecture: int | None = None) -> int | None:
    """-> error number, or None when the call is allowed."""
    words = [argument & 0xFFFF_FFFF_FFFF_FFFF for argument in (*arguments, 0, 0, 0, 0, 0, 0)][:6]
    data = struct.pack("<iIQ6Q", number, architecture or seccomp.AUDIT_ARCHITECTURE[machine], 0, *words)
    code, loaded, at = seccomp.build_filter(machine), 0, 0
    while True:
        kind, if_true, if_false, value = struct.unpack_from("=HBBI", code, at * 8)
        at += 1
        if kind == bpf.LOAD_WORD:
            (loaded,) = struct.unpack_from("<I", data, value)
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


@BOTH
def test_ordinary_calls_are_allowed(machine: str) -> None:
    assert decide(machine, READ[machine]) is None


@BOTH
def test_every_refused_name_is_refused(machine: str) -> None:
    for name in " ".join(seccomp.REFUSED.values()).split():
        for number in numbers([name], machine):
            assert decide(machine, number) == errno.EPERM, name


@BOTH
def test_calls_that_came_later_do_not_exist(machine: str) -> None:
    assert decide(machine, NEWEST) is None
    assert decide(machine, NEWEST + 1) == errno.ENOSYS
    assert decide(machine, -1) == errno.ENOSYS


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
@pytest.mark.parametrize(
    ("family", "answer"),
    [(socket.AF_UNIX, None), (socket.AF_INET, errno.ENETUNREACH), (socket.AF_INET6, errno.ENETUNREACH)]
    + [(family, errno.EAFNOSUPPORT) for family in (0, 16, 17, 38, 40, 45, 1 << 20)],
)
def test_only_local_sockets_are_given(machine: str, family: int, answer: int | None) -> None:
    assert decide(machine, call("socket", machine), family) == answer
    assert decide(machine, call("socketpair", machine), family) == answer


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
def test_locks_for_work_stay_and_locks_as_signs_do_not(machine: str) -> None:
    control = call("fcntl", machine)
    assert decide(machine, control, 3, fcntl.F_SETLK) is None
    assert decide(machine, control, 3, fcntl.F_GETLK) == errno.EPERM
    assert decide(machine, control, 3, fcntl.F_SETLEASE) == errno.EPERM
    assert decide(machine, call("flock", machine), 3, 2) == errno.ENOSYS


def test_no_name_in_the_table_is_newer_than_the_newest() -> None:
    assert max(number for row in TABLE.values() for number in row if number is not None) <= NEWEST
