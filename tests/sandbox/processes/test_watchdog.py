from collections.abc import Callable, Iterator

import pytest

from sandbox.errors import Death
from sandbox.limits import Limits
from sandbox.processes import proc
from sandbox.processes.watchdog import SHORTEST_TICK, TICK_SECONDS, Sharing, Watchdog, exactly, most_by_sum, next_look
from tests.kernels import borrowed, eventually

MB = 1 << 20
SHARING = Sharing(zygote_bytes=240 * MB, sharers=3)


def test_the_memory_of_the_zygote_counts_once_at_most() -> None:
    assert most_by_sum([300 * MB], SHARING) == 300 * MB  # 60 of its own, and it may have written to all that it shares
    assert most_by_sum([300 * MB, 250 * MB], SHARING) == (60 + 10 + 240) * MB
    assert most_by_sum([100 * MB], SHARING) == 100 * MB


def test_the_exact_look_leaves_out_the_part_of_the_zygote_that_is_shared() -> None:
    assert SHARING.part_of(2) == 120 * MB
    assert exactly(1100 * MB, 2, SHARING) == 980 * MB
    assert exactly(100 * MB, 2, SHARING) == 0


def test_the_next_look_comes_before_anybody_can_have_grown_over_the_limit() -> None:
    assert next_look(0, 4096 * MB) == TICK_SECONDS
    assert next_look(3996 * MB, 4096 * MB) == pytest.approx(100 / 4096)
    assert next_look(4095 * MB, 4096 * MB) == SHORTEST_TICK


def test_a_look_that_fails_is_not_the_last_one(monkeypatch: pytest.MonkeyPatch) -> None:
    watchdog, failures = Watchdog(), iter([OSError("too many open files")])
    table = proc.process_table
    monkeypatch.setattr(proc, "process_table", lambda: fail_or(failures, table))
    with borrowed() as kernel:
        watchdog.watch(kernel.child, 0)
        monkeypatch.setattr(kernel.child, "limits", Limits(cpu_seconds=0))
        assert eventually(lambda: not kernel.alive)
        assert kernel.child.why == Death.cpu


def fail_or(failures: Iterator[OSError], otherwise: Callable[[], proc.Table]) -> proc.Table:
    for failure in failures:
        raise failure
    return otherwise()
