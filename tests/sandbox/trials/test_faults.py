"""Time, memory, deaths: each check has its own end, and the next one starts from the finished notebook again."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from sandbox.environments import candidate_python
from sandbox.limits import Limits
from sandbox.processes.forkserver import ForkServer
from sandbox.trials import judge
from sandbox.trials.trial import Check, run_trial
from tests.trials import NUMPY, grade, outcomes, plan

WORLD = """
import os, signal, sys, time
import numpy as np
def right(): return 1
def loop():
    while True: pass
def sleep(): time.sleep(60)
def leave(): sys.exit(3)
def vanish(): os._exit(0)
def segfault():
    import ctypes
    ctypes.string_at(0)
def takes(): return len(bytearray(4 << 30))
def slow(): time.sleep(0.3); return 1
def daemon():
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            open("pid", "w").write(str(os.getpid()))
            time.sleep(60)
        os._exit(0)
    while not os.path.exists("pid"): time.sleep(0.001)
    return 1
def state(pid):
    try: return open(f"/proc/{pid}/stat").read().rpartition(")")[2].split()[0]
    except OSError: return "Z"
def lives(seconds):  # it may still be ending
    ends = time.monotonic() + seconds
    while state(open("pid").read()) != "Z":
        if time.monotonic() > ends: return True
        time.sleep(0.01)
    return False
"""
NAMES = "right loop sleep leave vanish segfault takes slow daemon lives"


@pytest.fixture(autouse=True)
def _short_grace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judge, "GRACE_SECONDS", 0.5)


def one(name: str, source: str, seconds: float = 1, hidden: bool = False) -> Check:
    return Check(name, source, hidden, seconds=seconds)


def test_each_check_ends_in_its_own_way_and_the_next_is_unharmed() -> None:
    checks = [
        one("loop", "loop()"),
        one("right 1", "assert right() == 1", 10),
        one("leave", "leave()", 10),
        one("vanish", "vanish()", 10),
        one("right 2", "assert right() == 1", 10),
        one("segfault", "segfault()", 10),
        one("takes", "takes()", 10),
        one("right 3", "assert right() == 1", 10),
    ]
    report = grade([WORLD], checks, remote=NAMES, limits=Limits(memory_mb=512))
    assert outcomes(report) == {
        "loop": "timed_out",
        "right 1": "passed",
        "leave": "crashed",
        "vanish": "crashed",
        "right 2": "passed",
        "segfault": "crashed",
        "takes": "out_of_memory",
        "right 3": "passed",
    }
    texts = {run.name: run.text for run in report.checks}
    assert texts["loop"] == "Your code did not finish within 1 second."
    assert texts["leave"] == "SystemExit: 3"
    assert texts["vanish"] == "The process that ran your code ended: it crashed or left by itself."


def test_a_check_that_catches_everything_cannot_hide_that_time_was_over() -> None:
    source = "try:\n    loop()\nexcept Exception:\n    pass\ntry:\n    loop()\nexcept BaseException:\n    pass"
    assert outcomes(grade([WORLD], [one("swallows", source)], remote=NAMES)) == {"swallows": "timed_out"}


def test_a_slow_check_is_not_the_learners_fault() -> None:
    checks = [
        one("endless", "right()\nwhile True: pass"),
        one("afterwards", "assert right() == 1", 10),
        one("slow, then asks", "import time\ntime.sleep(1.2)\nright()"),
        one("leaves", "import os\nos._exit(1)"),
        one("right", "assert right() == 1", 10),
    ]
    report = grade([WORLD], checks, remote=NAMES)
    assert outcomes(report) == {
        "endless": "our_fault",
        "afterwards": "passed",
        "slow, then asks": "our_fault",
        "leaves": "our_fault",
        "right": "passed",
    }


def test_what_a_check_left_running_is_ended_before_the_next() -> None:
    checks = {"starts one": "assert daemon() == 1 and lives(0.1)", "gone": "assert not lives(5)"}
    assert outcomes(grade([WORLD], checks, remote=NAMES)) == dict.fromkeys(checks, "passed")


def test_what_the_notebook_itself_left_running_is_left_alone() -> None:
    helper = (
        "helper = os.fork()\nif helper == 0:\n    time.sleep(60)\n    os._exit(0)\ndef alive(): os.kill(helper, 0); return True"
    )
    checks = {"first": "assert right() == 1", "second": "assert alive()"}
    assert outcomes(grade([WORLD, helper], checks, remote=f"{NAMES} alive")) == dict.fromkeys(checks, "passed")


def test_a_pool_of_threads_that_does_not_survive_the_fork_is_asked_again_in_the_notebook_itself() -> None:
    cells = [
        NUMPY,
        "from threadpoolctl import threadpool_limits\nthreadpool_limits(2)",
        "from sklearn.ensemble import HistGradientBoostingRegressor",
        "X = np.random.default_rng(0).normal(size=(3000, 5))\nmodel = HistGradientBoostingRegressor(max_iter=3).fit(X, X[:, 0])",
        "def f(rows): return model.predict(rows)",
    ]
    checks = [one("predicts", "assert f(rng.normal(size=(3000, 5))).shape == (3000,)"), one("other", "assert f is not None")]
    assert outcomes(grade(cells, checks)) == {"predicts": "passed", "other": "passed"}


def test_what_a_later_check_hands_over_is_no_help_for_one_that_hung() -> None:
    """It hangs on purpose, so that it is asked again; were it asked last, it would know the labels by then."""
    source = """
import mmap, time
board = mmap.mmap(-1, 4096)
def predict(rows):
    if not board[0]: time.sleep(60)
    return list(board[1 : 1 + len(rows)])
def score(rows, labels):
    board[: 1 + len(labels)] = bytes([1, *labels])
    return 0
"""
    setup = ("import numpy as np\nlabels = np.random.default_rng(1).integers(2, size=9).tolist()",)
    checks = [one("predict", "assert predict([0] * 9) == labels", 0.5), one("score", "assert score([0] * 9, labels) == 1")]
    found = outcomes(grade([source], checks, remote="predict score", setup=setup))
    assert found == {"predict": "timed_out", "score": "failed"}


def test_a_notebook_that_dies_after_its_last_cell_is_run_again() -> None:
    dies = "import threading\nthreading.Timer(0.4, os._exit, [0]).start()"
    checks = [
        one("first", "assert slow() == 1", 10),
        one("second", "assert slow() == 1", 10),
        one("third", "assert slow() == 1", 10),
    ]
    report = grade([WORLD, dies], checks, remote=NAMES)
    assert [run.outcome for run in report.checks].count("passed") >= 2
    assert {run.outcome for run in report.checks} <= {"passed", "crashed"}


def test_a_notebook_that_refuses_to_be_copied_ends_as_crashed() -> None:
    refuses = "import sys\nos.fork = lambda: (_ for _ in ()).throw(OSError('no'))"
    report = grade([WORLD, refuses], {"a": "assert right() == 1", "b": "assert right() == 1"}, remote=NAMES)
    assert outcomes(report) == {"a": "crashed", "b": "crashed"}
    assert report.checks[0].text.startswith("After its last cell the notebook's process ended or stopped answering")


def test_many_runs_at_once_do_not_mix() -> None:
    def run(number: int) -> bool:
        report = grade([f"def f(): return {number}"], {"a": f"assert f() == {number}", "b": f"assert f() == {number}"})
        return outcomes(report) == {"a": "passed", "b": "passed"}

    with ThreadPoolExecutor(4) as threads:
        assert all(threads.map(run, range(12)))


def test_a_run_leaves_no_process_thread_or_descriptor_behind() -> None:
    grade([WORLD], {"a": "assert right() == 1"}, remote=NAMES)
    settle()
    before = census()
    grade([WORLD], [one("loop", "loop()", 0.3), one("vanish", "vanish()"), one("endless", "while True: pass", 0.3)], remote=NAMES)
    settle()
    assert census() == before


def settle() -> None:
    """The last processes are taken down beside the report."""
    ends = time.monotonic() + 10
    while time.monotonic() < ends and any(thread.name == "trial-close" for thread in threading.enumerate()):
        time.sleep(0.02)


def census() -> tuple[int, int]:
    names = [thread.name for thread in threading.enumerate() if thread.name.startswith(("trial", "judge"))]
    return len(list(Path("/proc/self/fd").iterdir())), len(names)


def test_without_walls_the_roles_still_keep_apart() -> None:
    """`open` mode: one person on their own computer. There the suspect can end its own parent, and is run again."""
    server = ForkServer(candidate_python(), mode="open")
    kills = "def f():\n    os.kill(os.getppid(), signal.SIGKILL)\n    return 1"
    checks = {"before": "assert right() == 1", "kills": "assert f() == 2", "after": "assert right() == 1"}
    try:
        report = run_trial(server, plan([WORLD, kills], checks, remote=f"{NAMES} f"))
    finally:
        server.close()
    assert outcomes(report)["before"] == outcomes(report)["after"] == "passed"
    assert outcomes(report)["kills"] in ("failed", "crashed")
