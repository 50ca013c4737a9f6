"""Requests count for as long as their window lasts, each key for itself; what is over is forgotten."""

from collections.abc import Iterator
from threading import Thread, active_count

import pytest

from server.web import limit_windows
from server.web.limit_windows import SWEEP_SECONDS, MovingWindows


class Time:
    now = 1_000.0

    def time(self) -> float:
        return self.now


@pytest.fixture
def moment(monkeypatch: pytest.MonkeyPatch) -> Iterator[Time]:
    moment = Time()
    monkeypatch.setattr(limit_windows, "time", moment)
    yield moment


def test_a_request_counts_until_its_window_has_passed(moment: Time) -> None:
    windows = MovingWindows()
    assert [windows.acquire_entry("mira", 2, 60) for _ in range(3)] == [True, True, False]
    moment.now += 60
    assert not windows.acquire_entry("mira", 2, 60)
    moment.now += 1
    assert windows.acquire_entry("mira", 2, 60)


def test_refused_requests_do_not_count(moment: Time) -> None:
    windows = MovingWindows()
    windows.acquire_entry("mira", 1, 60)
    for _ in range(5):
        moment.now += 10
        windows.acquire_entry("mira", 1, 60)
    moment.now += 11
    assert windows.acquire_entry("mira", 1, 60)


def test_keys_do_not_touch_each_other_and_can_be_cleared(moment: Time) -> None:
    windows = MovingWindows()
    assert windows.acquire_entry("mira", 1, 60)
    assert windows.acquire_entry("tomas", 1, 60)
    windows.clear("mira")
    assert windows.acquire_entry("mira", 1, 60)
    assert not windows.acquire_entry("tomas", 1, 60)


def test_several_at_once_fit_or_none_is_counted(moment: Time) -> None:
    windows = MovingWindows()
    assert windows.acquire_entry("mira", 5, 60, amount=3)
    assert not windows.acquire_entry("mira", 5, 60, amount=3)
    assert windows.get_moving_window("mira", 5, 60) == (1_000.0, 3)


def test_a_window_tells_its_oldest_request_and_their_number(moment: Time) -> None:
    windows = MovingWindows()
    assert windows.get_moving_window("mira", 5, 60) == (1_000.0, 0)
    for _ in range(3):
        windows.acquire_entry("mira", 5, 60)
        moment.now += 30
    assert windows.get_moving_window("mira", 5, 60) == (1_030.0, 2)


def test_keys_that_are_over_are_forgotten_and_others_stay(moment: Time) -> None:
    windows = MovingWindows()
    for number in range(50):
        windows.acquire_entry(f"minute-{number}", 5, 60)
    windows.acquire_entry("hour", 1, 3_600)
    moment.now += SWEEP_SECONDS + 61
    windows.acquire_entry("other", 5, 60)
    assert not windows.acquire_entry("hour", 1, 3_600)
    assert windows.reset() == 2


def test_many_threads_get_no_more_than_the_limit() -> None:
    windows, given, before = MovingWindows(), [], active_count()
    threads = [Thread(target=lambda: given.extend(windows.acquire_entry("all", 100, 60) for _ in range(50))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(given) == 100
    assert active_count() == before
