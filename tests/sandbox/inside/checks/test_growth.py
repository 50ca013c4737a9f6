"""The verdict on how time grows, on processor times that are made up."""

import random
from collections.abc import Callable, Iterator

import pytest

from sandbox.inside.checks import setting
from sandbox.inside.checks.growth import MEASURABLE, Timed, fault, grows_at_most, slope, timings, verdict
from sandbox.inside.checks.setting import Setting
from sandbox.inside.handles.faults import AuthorFault

Cost = Callable[[int], float]


def linear(size: int) -> float:
    return 2e-6 * size + 2e-4


def n_log_n(size: int) -> float:
    return 1e-7 * size * size.bit_length() + 2e-4


def quadratic(size: int) -> float:
    return 1e-8 * size**2 + 2e-4


def linear_while_sent(size: int) -> float:
    """Quadratic, beside the linear cost of reading the argument in."""
    return 2e-8 * size**2 + 1e-7 * size


def busy(cost: Cost, seed: int) -> Cost:
    """Another process disturbs a measurement by up to a fifth, and makes one in five three times as long."""
    rng = random.Random(seed)
    return lambda size: cost(size) * (1 + rng.random() / 5) * (3 if rng.random() < 0.2 else 1)


def judged(cost: Cost) -> str:
    return verdict(cost, 1.5, 1_000, 10_000_000, 2.0)


@pytest.mark.parametrize("cost", [linear, n_log_n, lambda size: 1e-4])
def test_linear_growth_passes(cost: Cost) -> None:
    assert judged(cost) == ""


@pytest.mark.parametrize("cost", [quadratic, linear_while_sent])
def test_quadratic_growth_fails_and_is_told_as_a_ratio(cost: Cost) -> None:
    assert "4 times the size takes" in judged(cost)
    assert "it grows like size to the power of" in judged(cost)


def test_a_busy_machine_changes_no_verdict() -> None:
    assert [seed for seed in range(300) if judged(busy(linear, seed))] == []
    assert [seed for seed in range(300) if judged(busy(n_log_n, seed))] == []
    assert len([seed for seed in range(300) if not judged(busy(quadratic, seed))]) <= 6  # the benefit of the doubt


def test_a_machine_ten_times_as_slow_changes_no_verdict() -> None:
    assert judged(lambda size: 10 * linear(size)) == ""
    assert judged(lambda size: 10 * quadratic(size)) != ""


def test_sizes_grow_until_a_call_can_be_measured_and_stop_soon_after() -> None:
    asked: list[int] = []

    def cost(size: int) -> float:
        asked.append(size)
        return quadratic(size)

    found = timings(cost, 1_000, 10_000_000, 2.0)
    assert len(found) == 3
    assert found[0].seconds >= MEASURABLE
    assert [each.size // found[0].size for each in found] == [1, 2, 4]
    assert asked.count(found[0].size) == 3


def test_too_quick_to_be_told_apart_passes() -> None:
    assert timings(lambda size: 1e-9 * size, 1_000, 1_000_000, 2.0) == []
    assert fault([], 1.5) == ""
    assert fault([Timed(1_000_000, 0.02)], 1.5, budget=2.0) == ""


def test_far_too_slow_at_the_first_size_fails() -> None:
    found = timings(lambda size: 5.0, 1_000, 10_000_000, 2.0)
    assert found == [Timed(1_000, 5.0)]
    assert fault(found, 1.5, 2.0) == "one call with size 1,000 takes 5.0 s of processor time already"


def test_the_slope_is_the_exponent() -> None:
    assert slope([Timed(n, 3.0 * n**1.7) for n in (10, 20, 40)]) == pytest.approx(1.7)


class Seen:
    error: Exception | None = None

    def __init__(self, cpu_seconds: float) -> None:
        self.cpu_seconds = cpu_seconds


@pytest.fixture
def timed_by_size() -> Iterator[None]:
    """The judge's `observe`, with a clock that is made up: the function is one of the costs above."""
    setting.enter(Setting(observe=lambda function, size: Seen(function(size))))
    yield
    setting.leave()


def test_the_check_asks_the_judges_clock(timed_by_size: None) -> None:
    grows_at_most(linear, lambda size: (size,))
    grows_at_most(quadratic, lambda size: (size,), exponent=2.3)
    with pytest.raises(AssertionError, match=r"^look for a hidden loop: 4 times the size takes 1\d\.\d times the time"):
        grows_at_most(quadratic, lambda size: (size,), message="look for a hidden loop")


def test_a_function_that_remembers_its_answers_is_not_quick_for_that() -> None:
    remembered = set[int]()

    def forgetful(size: int) -> float:
        known = size in remembered
        remembered.add(size)
        return 1e-6 if known else quadratic(size)

    setting.enter(Setting(observe=lambda function, size: Seen(function(size))))
    try:
        with pytest.raises(AssertionError, match="times the size takes"):
            grows_at_most(forgetful, lambda size: (size,))
    finally:
        setting.leave()


def test_an_error_of_the_function_is_its_own() -> None:
    class Broken(Seen):
        error = ValueError("no")

    setting.enter(Setting(observe=lambda function, size: Broken(0.0)))
    try:
        with pytest.raises(ValueError, match="no"):
            grows_at_most(linear, lambda size: (size,))
    finally:
        setting.leave()


def test_sizes_that_make_no_sense_are_the_authors_fault() -> None:
    with pytest.raises(AuthorFault):
        grows_at_most(linear, lambda size: (size,), start=10, largest=1)
