from collections.abc import Callable, Iterator

import pytest

from sandbox import processes
from sandbox.errors import Death
from sandbox.limits import Limits
from sandbox.watchdog import Sharing, Watchdog, over_by_sum, over_exactly
from tests.kernels import borrowed, eventually

MB = 1 << 20
SHARING = Sharing(zygote_bytes=240 * MB, sharers=3)


def test_the_memory_of_the_zygote_is_not_the_candidates() -> None:
    assert not over_by_sum(1200 * MB, SHARING, allowed=1000 * MB)
    assert over_by_sum(1300 * MB, SHARING, allowed=1000 * MB)


def test_the_exact_look_leaves_out_the_part_of_the_zygote_that_is_shared() -> None:
    assert SHARING.part_of(2) == 120 * MB
    assert not over_exactly(1100 * MB, 2, SHARING, allowed=1000 * MB)
    assert over_exactly(1200 * MB, 2, SHARING, allowed=1000 * MB)


def test_a_look_that_fails_is_not_the_last_one(monkeypatch: pytest.MonkeyPatch) -> None:
    watchdog, failures = Watchdog(), iter([OSError("too many open files")])
    table = processes.process_table
    monkeypatch.setattr(processes, "process_table", lambda: fail_or(failures, table))
    with borrowed() as kernel:
        watchdog.watch(kernel.child, 0)
        monkeypatch.setattr(kernel.child, "limits", Limits(cpu_seconds=0))
        assert eventually(lambda: not kernel.alive)
        assert kernel.child.why == Death.cpu


def fail_or(failures: Iterator[OSError], otherwise: Callable[[], processes.Table]) -> processes.Table:
    for failure in failures:
        raise failure
    return otherwise()
