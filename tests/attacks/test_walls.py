"""What a candidate's process has, exactly: no more than is listed here. What it may not reach is tried by the probes."""

import threading
from collections.abc import Iterator

import pytest

from sandbox.environments import candidate_python
from sandbox.kernels.kernel import Kernel
from tests.kernels import borrowed, ran, told


@pytest.fixture(scope="module")
def kernel() -> Iterator[Kernel]:
    with borrowed() as shared:
        assert ran(shared, "import os, re").status == "ok"
        yield shared


def test_every_way_upwards_ends_in_the_same_tree(kernel: Kernel) -> None:
    ways = ["/proc/self/root/..", "/proc/1/root", "/" + "../" * 20, "/proc/self/cwd/../../.."]
    roots = told(kernel, f"[sorted(os.listdir(way)) for way in {ways}]")
    assert len({tuple(root) for root in roots}) == 1


def test_the_own_folders_hold_nothing_at_the_start(kernel: Kernel) -> None:
    """But the way to the candidates' environment, where that lies below /tmp itself."""
    environment = candidate_python().parent.parent
    way = [environment.parts[2]] if environment.is_relative_to("/tmp") else []
    found = told(kernel, "os.listdir('/home'), os.listdir('/tmp'), sorted(os.listdir('/run'))")
    assert found == [["k"], way, ["k", "shm", "tmp"]]


def test_a_kernel_sees_itself_alone(kernel: Kernel) -> None:
    assert told(kernel, "[name for name in os.listdir('/proc') if name.isdigit()]") == ["1"]


def test_its_user_and_groups_are_those_of_nobody(kernel: Kernel) -> None:
    assert told(kernel, "os.getuid(), os.getgid(), [g for g in os.getgroups() if g not in (1000, 65534)]") == [1000, 1000, []]


def test_only_own_descriptors_are_open(kernel: Kernel) -> None:
    source = """
kinds = set()
for name in os.listdir("/proc/self/fd"):
    try:
        kinds.add(re.sub(r"[0-9]+", "N", os.readlink("/proc/self/fd/" + name)))
    except OSError:
        pass
sorted(kinds)
"""
    assert set(told(kernel, source)) <= {"/dev/null", "anon_inode:[eventfd]", "anon_inode:[eventpoll]", "pipe:[N]", "socket:[N]"}


def test_starting_many_at_once_mixes_no_descriptors() -> None:
    counts: list[str] = []

    def look() -> None:
        with borrowed() as kernel:
            counts.append(ran(kernel, "import os; len(os.listdir('/proc/self/fd'))").value)

    threads = [threading.Thread(target=look) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(counts) == 8
    assert len(set(counts)) == 1


def test_loopback_is_ones_own(kernel: Kernel) -> None:
    server = """
import socket, threading
listener = socket.create_server(("127.0.0.1", 8765))
def answer():
    with listener.accept()[0] as guest: guest.sendall(b"own")
threading.Thread(target=answer, daemon=True).start()
"""
    ask = "socket.create_connection(('127.0.0.1', 8765), 4).recv(9).decode()"
    ran(kernel, server)
    with borrowed() as sibling:
        assert ran(sibling, f"import socket; {ask}").error.startswith("ConnectionRefusedError")
    assert told(kernel, ask) == "own"
    assert told(kernel, "[line.split(':')[0].strip() for line in open('/proc/net/dev').readlines()[2:]]") == ["lo"]


def test_a_lock_is_granted_to_everybody_and_a_database_in_a_file_works(kernel: Kernel) -> None:
    lock = "import fcntl; null = open('/dev/null', 'r+b', 0); fcntl.lockf(null, fcntl.LOCK_EX | fcntl.LOCK_NB); 'granted'"
    with borrowed() as sibling:
        assert ran(sibling, lock).value == ran(kernel, lock).value == "'granted'"
    source = """
import sqlite3
base = sqlite3.connect("own.db"); base.execute("create table t (x)"); base.execute("insert into t values (41)"); base.commit()
sqlite3.connect("own.db").execute("select x + 1 from t").fetchone()[0]
"""
    assert told(kernel, source) == 42
