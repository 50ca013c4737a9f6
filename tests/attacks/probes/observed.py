"""Attacks that only somebody outside can judge: each says what must be seen there. One process for each, which may be lost."""

import os
import signal
import socket
import stat
import sys
import time

from .toolkit import CONTEXT, HELD, LIBC, Answer, Skip, fork, home, probe, tried

PR_SET_PDEATHSIG, PR_SET_NAME = 1, 15
LINKS = {"submission.ipynb": "/etc/passwd", "rel.csv": "../../../../../../etc/passwd", "dir": "/etc", 
         "self": "/proc/self/environ", "loop": "loop", "zero.bin": "/dev/zero"}  # fmt: skip
DELIMITER = b"<IDS|MSG>"


@probe("observed", kind="observed")
def links_in_work_folder() -> Answer:
    """Nobody outside follows them: no byte of a file outside comes along, and nothing hangs."""
    links = {**LINKS, **{f"secret-{number}": path for number, path in enumerate(CONTEXT.get("paths", []))}}
    return False, [name for name, target in links.items() if tried(os.symlink, target, f"{home()}/{name}")[0]]


@probe("observed", kind="observed")
def ignores_interrupt() -> Answer:
    """The time limit ends the process nevertheless."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    until = time.monotonic() + 60
    while time.monotonic() < until:
        tried(time.sleep, 1)
    return False, "returned"


@probe("observed", kind="observed")
def holds_the_gil() -> Answer:
    """The process answers on no channel; the time limit ends it."""
    sum(range(3 * 10**10))
    return False, "returned"


@probe("observed", kind="observed")
def print_flood() -> Answer:
    """The server's memory stays, the output is cut with a notice, an interrupt works."""
    until = time.monotonic() + 8
    while time.monotonic() < until:
        print("x" * 100)
    return False, "done"


@probe("observed", kind="observed")
def one_large_print() -> Answer:
    """The server's memory stays, the output is cut, and the next cell shows its own."""
    print("y" * (200 << 20))
    return False, "done"


@probe("observed", kind="observed")
def exits_at_once() -> Answer:
    """The end is reported at once and others can be started."""
    os._exit(3)


@probe("observed", kind="observed")
def surviving_daemon() -> Answer:
    """Nothing of its name is left when the kernel is gone."""
    if fork() == 0:
        os.setsid()
        if fork() == 0:
            for number in (signal.SIGHUP, signal.SIGINT, signal.SIGPIPE, signal.SIGTERM):
                signal.signal(number, signal.SIG_IGN)
            take_name()
            LIBC.prctl(PR_SET_PDEATHSIG, 0, 0, 0, 0)
            os.closerange(0, 1024)
            time.sleep(30)
        os._exit(0)
    return False, "started"


def take_name() -> None:
    """By which those who watch find it again."""
    LIBC.prctl(PR_SET_NAME, str(CONTEXT.get("survivor", "ts-survivor")).encode(), 0, 0, 0)


@probe("observed", kind="observed")
def many_survivors() -> Answer:
    """Processes that start others for as long as they live, each in a session of its own: killing them one by one never ends."""
    if fork() == 0:
        take_name()
        until = time.monotonic() + 4
        while time.monotonic() < until:
            worked, pid = tried(fork)
            if worked and pid:
                os._exit(0)
            tried(os.setsid)
            LIBC.prctl(PR_SET_PDEATHSIG, 0, 0, 0, 0)
            time.sleep(0.005)
        os._exit(0)
    return False, "started"


@probe("observed", kind="observed")
def malformed_frames() -> Answer:
    """The frame or the connection is dropped; the server's memory stays; others do not notice."""
    socket_of_outputs = kernel_application().iopub_socket
    frames = [
        [b""], [DELIMITER], [DELIMITER, b"", b"{", b"{", b"{", b"{"], [b"x"] * 5000,
        [DELIMITER, b"sig", b"[]", b"[]", b"[]", b"[]"],
        [DELIMITER, b"", b"null", b"1", b"\xff\xfe", b"NaN"],
        [DELIMITER, b"", b'{"msg_type":' + b"[" * 100_000, b"{}", b"{}", b"{}"],
        [DELIMITER, b"", b'{"msg_id":1e999,"msg_type":"stream"}', b"{}", b"{}", b'{"text":"\\ud800"}'],
    ]  # fmt: skip
    return False, f"{sum(tried(socket_of_outputs.send_multipart, frame)[0] for frame in frames)} sent"


def kernel_application() -> object:
    shell = sys.modules.get("IPython") and sys.modules["IPython"].get_ipython()
    if not hasattr(shell, "kernel"):
        raise Skip("no IPython kernel")
    return shell.kernel


@probe("observed", kind="observed")
def junk_on_all_sockets() -> Answer:
    """Whoever reads at the other end drops it."""
    sent = [name for name in own_sockets() if tried(os.write, name, bytes([7]) + b"\xff" * 5000)[0]]
    return False, f"{len(sent)} sockets"


@probe("observed", kind="observed")
def descriptors_for_the_server() -> Answer:
    """Open files pushed through one's own sockets must not pile up at the other end."""
    sent = 0
    for name in own_sockets():
        with socket.socket(fileno=os.dup(name)) as copy:
            copy.setblocking(False)
            sent += sum(tried(socket.send_fds, copy, [b"\0"], [0] * 200)[0] for _ in range(20))
    return False, f"{sent} messages"


def own_sockets() -> list[int]:
    names = [int(name) for name in os.listdir("/proc/self/fd")]
    return [name for name in names if tried(os.fstat, name)[0] and stat.S_ISSOCK(os.fstat(name).st_mode)]


@probe("observed", kind="observed")
def keeps_all_processors_busy() -> Answer:
    """From many processes at once; a sibling goes on working."""
    for _ in range(12):
        if fork() == 0:
            take_name()
            until = time.monotonic() + 5
            while time.monotonic() < until:
                pass
            os._exit(0)
    HELD.append("busy")
    return False, "12 processes compute"
