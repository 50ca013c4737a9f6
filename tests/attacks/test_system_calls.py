"""Every number of a system call, tried with odd arguments in a real kernel: what the lists refuse is refused by Linux too, and
nothing that is tried hurts anybody else."""

import errno
import os

import pytest

from sandbox.inside.confinement.call_policy import ALLOWED, GRANTED, MISSING, REFUSED, names
from sandbox.inside.confinement.syscalls import numbers
from tests.kernels import borrowed, ran, told

BEYOND = 1_024
X32 = 0x4000_0000
TRY_ALL = """
import ctypes, errno, json, os, select, signal
libc = ctypes.CDLL(None, use_errno=True)
libc.syscall.restype = ctypes.c_long
nowhere = os.open("/dev/null", os.O_WRONLY)
def tried(number, arguments):
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        for stream in (1, 2):  # a call that breaks its own stack (vfork) makes the C library complain
            os.dup2(nowhere, stream)
        for name in ("SIGALRM", "SIGINT", "SIGTERM"):
            signal.signal(getattr(signal, name), signal.SIG_DFL)
        ctypes.set_errno(0)
        answer = libc.syscall(ctypes.c_long(number), *[ctypes.c_long(each) for each in arguments])
        os.write(writer, errno.errorcode.get(ctypes.get_errno(), "?").encode() if answer < 0 else b"ok")
        os._exit(0)
    os.close(writer)
    told = os.read(reader, 20).decode() if select.select([reader], [], [], 0.05)[0] else "waits"
    os.close(reader)
    os.kill(pid, 9)
    os.waitpid(pid, 0)
    return told
def called(number, arguments):
    answer = libc.syscall(ctypes.c_long(number), *[ctypes.c_long(each) for each in arguments])
    return errno.errorcode.get(ctypes.get_errno(), "?") if answer < 0 else "ok"
"""
# uretprobe and uprobe: Linux lets them past every filter; outside its own trampoline they only end the caller
UNASKED = {335, 336} if os.uname().machine == "x86_64" else set()
ARGUMENTS = {
    "nothing": [0] * 6,
    "minus one": [-1] * 6,
    "a place": [4096] * 6,
    "large": [2**63 - 1, 2**31, 2**32, 2**47, 1, 7],
}


@pytest.mark.parametrize("kind", ARGUMENTS)
def test_what_the_lists_refuse_linux_refuses(kind: str) -> None:
    refused, missing = set(numbers(names(REFUSED))), set(numbers(MISSING.split()))
    allowed, granted = set(numbers(names(ALLOWED))), set(numbers(GRANTED.split()))
    with borrowed() as sibling, borrowed() as kernel:
        ran(sibling, "1")
        ran(kernel, TRY_ALL)
        closed = sorted(set(range(BEYOND)) - allowed - granted - UNASKED)
        answers = dict(zip(closed, told(kernel, f"[called(each, {ARGUMENTS[kind]}) for each in {closed}]", 120), strict=True))
        assert {each: answers[each] for each in closed if each in refused} == dict.fromkeys(sorted(refused), "EPERM")
        others = [each for each in closed if each not in refused]
        assert {each: answers[each] for each in others} == dict.fromkeys(others, "ENOSYS")
        assert missing <= set(others)
        open_ones = sorted(allowed)
        tried = told(kernel, f"[tried(each, {ARGUMENTS[kind]}) for each in {open_ones}]", 120)
        assert len(tried) == len(open_ones)
        assert tried.count("ENOSYS") < 12  # newer than this Linux, or for another machine
        assert ran(kernel, "1 + 1").value == "2"
        assert ran(sibling, "1 + 1").value == "2"


def test_no_number_of_the_second_abi_exists() -> None:
    with borrowed() as kernel:
        ran(kernel, TRY_ALL)
        answers = told(kernel, f"[called({X32} + each, {ARGUMENTS['nothing']}) for each in range(600)]", 60)
        assert set(answers) == {errno.errorcode[errno.ENOSYS]}
