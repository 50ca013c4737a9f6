"""Taking more than one's part: memory, processes, disk, time and output. Each time a sibling must not notice."""

import resource
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.errors import Death
from sandbox.kernels.kernel import Kernel
from tests.kernels import borrowed, eventually, ran, told

MB = 1 << 20


@pytest.fixture(scope="module")
def sibling() -> Iterator[Kernel]:
    with borrowed() as other:
        ran(other, "1")
        yield other


@pytest.fixture(autouse=True)
def _sibling_keeps_working(sibling: Kernel) -> Iterator[None]:
    yield
    assert ran(sibling, "1 + 1").value == "2"


def server_bytes() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


def test_a_memory_bomb_is_a_memory_error_and_the_kernel_lives() -> None:
    with borrowed(memory_mb=256) as kernel:
        assert ran(kernel, "hoard = []\nwhile True: hoard.append(bytearray(10 ** 7))").error.startswith("MemoryError")
        assert ran(kernel, "del hoard\n1").value == "1"


def test_the_sum_over_many_processes_is_bounded() -> None:
    bomb = """
import os, time
for _ in range(6):
    if os.fork() == 0:
        x = bytearray(100 << 20); x[::4096] = b"x" * len(x[::4096])
        time.sleep(60)
time.sleep(60)
"""
    with borrowed(memory_mb=256) as kernel:
        died = ran(kernel, bomb).one("died")
        assert died["why"] == Death.memory
        assert died["sentence"] == "Your code used more than 256 MB of memory, so the kernel was stopped; your cells are safe."


def test_sharing_an_array_with_children_is_no_offence() -> None:
    source = """
import os, time
x = bytearray(150 << 20); x[::4096] = b"x" * len(x[::4096])
for _ in range(4):
    if os.fork() == 0:
        time.sleep(0.6); os._exit(0)
time.sleep(0.8)
'alive'
"""
    with borrowed(memory_mb=256) as kernel:
        assert ran(kernel, source).value == "'alive'"


def test_a_fork_bomb_stops_at_the_limit_and_the_kernel_lives() -> None:
    bomb = """
import os, time
count = 0
try:
    while True:
        if os.fork() == 0:
            time.sleep(30); os._exit(0)
        count += 1
except BlockingIOError:
    pass
"""
    with borrowed(processes=40) as kernel:
        ran(kernel, bomb)
        assert 10 < told(kernel, "count") < 40
        pids = kernel.child.descendants()
    assert eventually(lambda: not any(Path(f"/proc/{pid}").exists() for pid in pids))


def test_the_buffers_of_sockets_stay_small() -> None:
    source = """
import socket
total = 0
one, other = socket.socketpair()
one.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 26)
one.setblocking(False)
try:
    while True: total += one.send(b"x" * 65536)
except BlockingIOError: pass
total
"""
    with borrowed() as kernel:
        assert told(kernel, source) < MB


def test_sleeping_for_ever_ends_at_the_time_limit() -> None:
    with borrowed() as kernel:
        assert ran(kernel, "import time; time.sleep(10 ** 6)", cell_seconds=0.3).status == "timed_out"


def test_a_flood_of_prints_is_cut_and_interrupted() -> None:
    before = server_bytes()
    with borrowed(output_kb=64) as kernel:
        cell = ran(kernel, "while True: print('x' * 1000)", cell_seconds=30)
        assert (cell.status, cell.one("limit")["what"]) == ("interrupted", "output")
        assert 60_000 < len(cell.text) <= 64 * 1024
        assert ran(kernel, "1").value == "1"
    assert server_bytes() - before < 64 * MB


def test_a_hundred_megabytes_in_one_print_are_cut_and_the_cell_is_well() -> None:
    before = server_bytes()
    with borrowed(output_kb=64) as kernel:
        cell = ran(kernel, "print('x' * 10 ** 8)")
        assert (cell.status, len(cell.text), cell.one("limit")["what"]) == ("ok", 64 * 1024, "output")
        assert ran(kernel, "1").value == "1"
    assert server_bytes() - before < 64 * MB


def test_a_hundred_megabytes_in_one_display_are_left_out() -> None:
    before = server_bytes()
    with borrowed() as kernel:
        cell = ran(kernel, "display({'text/plain': 'x' * 10 ** 8}, raw=True)")
        assert (cell.kinds, cell.status) == (["started", "limit", "done"], "ok")
        assert ran(kernel, "1").value == "1"
    assert server_bytes() - before < 64 * MB


def test_too_many_displays_are_cut() -> None:
    with borrowed(outputs=20) as kernel:
        cell = ran(kernel, "for n in range(200): display(n)")
        assert (len(cell.all("display")), len(cell.all("limit")), cell.status) == (20, 1, "ok")


def test_output_between_cells_holds_no_memory_and_reaches_no_cell() -> None:
    flood = """
import threading, time
def flood():
    while not over: print("between" * 1000); time.sleep(0.0005)
over = False
thread = threading.Thread(target=flood); thread.start()
"""
    before = server_bytes()
    with borrowed(output_kb=64) as kernel:
        ran(kernel, flood)
        eventually(lambda: False, seconds=1)
        assert server_bytes() - before < 64 * MB
        cell = ran(kernel, "over = True; thread.join(); 'calm'", cell_seconds=20)
        assert cell.value == "'calm'"
        assert "between" not in ran(kernel, "1").text
