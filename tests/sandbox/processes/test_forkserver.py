import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from sandbox.environments import candidate_python
from sandbox.errors import Death, SandboxUnavailable, StartFailed
from sandbox.kernels.pool import Kernels
from sandbox.limits import Limits
from sandbox.processes.forkserver import ForkServer, Wear
from sandbox.processes.zygote import as_error, clean_environment, hidden_folders
from tests.kernels import borrowed, eventually, ran
from tests.trials import forkserver

CANARY = "TSCANARY-0123456789abcdef"


@pytest.fixture(scope="module")
def own() -> Iterator[ForkServer]:
    """A second server beside the one of the other tests, for what would disturb them. Starting it takes seconds."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TOUCHSTONE_SECRET", CANARY)
        server = ForkServer(candidate_python())
        server.start()
    yield server
    server.close()


def zygotes_of(server: ForkServer) -> list[int]:
    """The process that was started and the one in the pid namespace below it."""
    tree = [server.zygote_pid]
    for pid in tree:
        tree += [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return tree[:2]


def test_the_servers_environment_does_not_cross(own: ForkServer) -> None:
    with Kernels(own).borrow() as kernel:
        source = "import os; (dict(os.environ), open('/proc/self/environ').read(), open('/proc/self/cmdline').read())"
        assert "TSCANARY" not in ran(kernel, source).value


def test_two_servers_give_their_kernels_different_users(own: ForkServer) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can give each kernel a user of its own")
    with Kernels(own).borrow() as one, borrowed() as another, borrowed() as third:
        users = {Path(f"/proc/{kernel.child.pid}").stat().st_uid for kernel in (one, another, third)}
        assert len(users) == 3
        assert 0 not in users


def test_a_zygote_that_died_takes_its_kernels_along_and_is_started_again(own: ForkServer) -> None:
    kernels = Kernels(own)
    with kernels.borrow() as kernel:
        os.kill(zygotes_of(own)[1], signal.SIGKILL)
        assert eventually(lambda: not kernel.alive)
        with kernels.borrow() as another:
            assert ran(another, "1").value == "1"


def test_closing_the_server_ends_all_that_came_from_it(own: ForkServer) -> None:
    with Kernels(own).borrow() as kernel:
        pids = [*zygotes_of(own), kernel.child.pid]
        own.close()
        assert eventually(lambda: not any(Path(f"/proc/{pid}").exists() for pid in pids))
        assert ran(kernel, "1").kinds == ["died", "done"]


def test_a_process_keeps_no_descriptor_of_its_siblings() -> None:
    with borrowed() as first, borrowed() as second:
        source = "import os; len(os.listdir('/proc/self/fd'))"
        assert ran(first, source).value == ran(second, source).value


def open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def test_starting_and_ending_leaves_nothing_open() -> None:
    with borrowed() as kernel:
        ran(kernel, "1")
    before = open_files()
    for _ in range(5):
        with borrowed() as kernel:
            ran(kernel, "1")
    assert open_files() <= before


def test_nothing_is_left_in_the_temporary_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with borrowed() as kernel:
        ran(kernel, "1")
        assert list(tmp_path.iterdir()) == []


def test_an_unknown_role_is_our_fault() -> None:
    with pytest.raises(StartFailed, match="brewer"):
        forkserver().spawn("brewer", {}, [], Limits())


def test_a_python_that_is_not_there_is_named() -> None:
    with pytest.raises(StartFailed, match="touchstone sandbox install"):
        ForkServer(Path("/nowhere/python")).start()


def test_a_python_that_is_no_environment_of_ours_fails_with_words(tmp_path: Path) -> None:
    python = tmp_path / "python"
    python.write_text("#!/bin/sh\nexit 3\n")
    python.chmod(0o755)
    with pytest.raises(StartFailed, match=r"ended while starting|did not become ready"):
        ForkServer(python, log=tmp_path / "log").start()


@pytest.mark.parametrize("name", ["/etc/x", "../x", "data/../../x"])
def test_files_outside_the_home_are_refused(name: str) -> None:
    with pytest.raises(StartFailed, match="not inside the home"):
        forkserver().spawn("kernel", {}, [], Limits(), {name: b""})


def test_a_server_that_is_barred_starts_nothing_but_what_tries_the_walls(own: ForkServer) -> None:
    def answer() -> str:
        with Kernels(own).borrow() as kernel:
            return ran(kernel, "1").value

    own.barred = "network: a port of this machine was reached"
    try:
        with pytest.raises(SandboxUnavailable, match=r"a port of this machine was reached.*nobody's code is run"):
            answer()
        with ThreadPoolExecutor(1) as others, own.examined():
            assert answer() == "1"
            with pytest.raises(SandboxUnavailable):
                others.submit(answer).result()
        with pytest.raises(SandboxUnavailable):
            answer()
    finally:
        own.barred = ""
    assert answer() == "1"


def test_a_missing_layer_says_what_to_do() -> None:
    error = as_error({"layer": "user namespaces", "why": "EPERM", "advice": "Allow them."})
    assert isinstance(error, SandboxUnavailable)
    assert str(error) == "The sandbox cannot be built here: user namespaces: EPERM. Allow them."


def test_the_environment_of_candidates_is_a_list_of_ours() -> None:
    assert set(clean_environment()).isdisjoint({"SHELL", "USER", "VIRTUAL_ENV", "PYTHONPATH"})


def test_our_own_folders_are_hidden_wherever_they_are() -> None:
    assert {Path(folder).name for folder in hidden_folders()} == {"server", "sandbox", "exercises", "templates"}


def test_a_child_knows_its_time_and_its_descendants() -> None:
    with borrowed() as kernel:
        ran(kernel, "import subprocess\nsleeper = subprocess.Popen(['sleep', '60'])\nfor _ in range(10**6): pass")
        names = [Path(f"/proc/{pid}/comm").read_text() for pid in kernel.child.descendants()]
        assert names == ["sleep\n"]
        assert 0.01 < kernel.child.cpu_seconds() < 10


def test_killing_a_child_twice_keeps_the_first_reason() -> None:
    with borrowed() as kernel:
        kernel.child.kill(Death.memory)
        kernel.child.kill(Death.killed)
        assert (kernel.child.why, kernel.child.alive()) == (Death.memory, False)


def test_a_daemon_ends_with_its_kernel() -> None:
    daemon = """
import os, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        import ctypes
        ctypes.CDLL(None).prctl(1, 0)
        time.sleep(600)
    os._exit(0)
os.wait()
time.sleep(0.1)
"""
    with borrowed() as kernel:
        ran(kernel, daemon)
        (pid,) = kernel.child.descendants()
    assert eventually(lambda: not Path(f"/proc/{pid}").exists())


def test_a_server_that_is_killed_leaves_no_process_behind() -> None:
    script = """
import sys
from sandbox.environments import candidate_python
from sandbox.processes.forkserver import ForkServer
from sandbox.kernels.pool import Kernels
server = ForkServer(candidate_python())
with Kernels(server).borrow() as kernel:
    print(server.zygote_pid, kernel.child.pid, flush=True)
    list(kernel.run("import time; time.sleep(600)", 600))
"""
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as doomed:
        assert doomed.stdout is not None
        pids = doomed.stdout.readline().split()
        assert all(Path(f"/proc/{pid}").exists() for pid in pids)
        doomed.kill()
    assert eventually(lambda: not any(Path(f"/proc/{pid}").exists() for pid in pids))


def test_without_walls_the_same_kernels_run_in_homes_of_their_own() -> None:
    server = ForkServer(candidate_python(), mode="open")
    try:
        with Kernels(server).borrow(files={"a.txt": b"text"}) as kernel:
            home = Path(json.loads(ran(kernel, "import json, os; print(json.dumps(os.getcwd()))").text))
            assert (home / "a.txt").read_bytes() == b"text"
            assert ran(kernel, "import matplotlib.pyplot as plt; plt.plot([1]); plt.show()").one("display")["data"]["image/png"]
            assert ran(kernel, "while True: pass", cell_seconds=0.3).status == "timed_out"
        assert eventually(lambda: not home.exists())
    finally:
        server.close()


def test_many_threads_can_ask_at_once() -> None:
    def answer(number: int) -> str:
        with borrowed() as kernel:
            return ran(kernel, f"{number} * 2").value

    with ThreadPoolExecutor(6) as threads:
        assert list(threads.map(answer, range(12))) == [str(2 * number) for number in range(12)]


def test_a_start_that_takes_too_long_is_told() -> None:
    server = forkserver()
    server.start()
    zygote = zygotes_of(server)[1]
    os.kill(zygote, signal.SIGSTOP)
    try:
        began = time.monotonic()
        with pytest.raises(StartFailed, match="too long"):
            server.spawn("kernel", {}, [], Limits(start_seconds=0.3))
        assert time.monotonic() - began < 5
    finally:
        os.kill(zygote, signal.SIGCONT)
    with borrowed() as kernel:
        assert ran(kernel, "1").value == "1"


def test_a_worn_zygote_is_replaced_and_its_kernels_live_on() -> None:
    server = ForkServer(candidate_python(), wear=Wear(forks=2))
    try:
        kernels = Kernels(server)
        with kernels.borrow() as first:
            ran(first, "kept = 41")
            former = server.zygote_pid
            with kernels.borrow() as second:
                assert eventually(lambda: server.zygote_pid not in (0, former), seconds=20)
                assert ran(second, "1").value == "1"
            with kernels.borrow() as third:
                assert ran(third, "1").value == "1"
                assert ran(first, "kept + 1").value == "42"
            assert Path(f"/proc/{former}").exists()
        assert eventually(lambda: not Path(f"/proc/{former}").exists())
    finally:
        server.close()


def test_a_zygote_is_worn_by_forks_and_by_growth() -> None:
    class Served:
        forks, resident_bytes = 49, 100

        def resident_now(self) -> int:
            return 100 + (1 << 30)

    assert Wear(forks=49).is_over(Served())  # type: ignore[arg-type]
    assert Wear(forks=99, growth_bytes=1 << 20).is_over(Served())  # type: ignore[arg-type]
    assert not Wear(forks=99, growth_bytes=2 << 30).is_over(Served())  # type: ignore[arg-type]


def test_closing_ends_retired_zygotes_too() -> None:
    server = ForkServer(candidate_python())
    with Kernels(server).borrow() as kernel:
        former = server.zygote_pid
        server.replace()
        pids = [former, server.zygote_pid, kernel.child.pid]
        server.close()
        assert eventually(lambda: not any(Path(f"/proc/{pid}").exists() for pid in pids))
