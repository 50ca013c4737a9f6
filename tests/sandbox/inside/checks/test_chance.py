"""Statistical checks: how often a right answer fails, and how surely a wrong one does, counted with fixed seeds."""

import math
import random
from collections import Counter
from collections.abc import Callable

import pytest

from sandbox.inside.checks.chance import counts_fit, follows, mean_is, seed_family, share_is
from sandbox.inside.handles.faults import AuthorFault

RUNS = 2_000
RATE = 0.02  # large enough to be counted in 2,000 runs
SHARES = {"a": 0.2, "b": 0.3, "c": 0.5}
Draws = list[float]


def failures(check: Callable[[random.Random], None], runs: int = RUNS) -> float:
    """The share of runs that fail."""
    failed = 0
    for seed in range(runs):
        try:
            check(random.Random(seed))
        except AssertionError:
            failed += 1
    return failed / runs


def not_above(rate: float, runs: int = RUNS) -> float:
    """Four standard errors over the rate."""
    return rate + 4 * math.sqrt(rate * (1 - rate) / runs)


def normal(rng: random.Random, n: int, mean: float = 0.0, spread: float = 1.0) -> Draws:
    return [rng.gauss(mean, spread) for _ in range(n)]


SETTLED: dict[str, Callable[[random.Random], None]] = {
    "t, normal draws": lambda rng: mean_is(normal(rng, 12, 3.0), 3.0, false_alarm=RATE),
    "t, uniform draws": lambda rng: mean_is([rng.random() for _ in range(30)], 0.5, false_alarm=RATE),
    "z": lambda rng: mean_is(normal(rng, 5, 3.0, 2.0), 3.0, spread=2.0, false_alarm=RATE),
    "binomial": lambda rng: share_is(sum(rng.random() < 0.3 for _ in range(80)), 80, 0.3, false_alarm=RATE),
    "chi-square": lambda rng: counts_fit(Counter(rng.choices("abc", [2, 3, 5], k=100)), SHARES, false_alarm=RATE),
    "Kolmogorov": lambda rng: follows([rng.random() for _ in range(60)], lambda x: x, false_alarm=RATE),
}  # fmt: skip


@pytest.mark.parametrize("name", SETTLED)
def test_a_right_answer_fails_no_more_often_than_stated(name: str) -> None:
    assert failures(SETTLED[name]) <= not_above(RATE)


@pytest.mark.parametrize("name", ["t, normal draws", "z", "chi-square"])
def test_the_stated_rate_is_not_padded(name: str) -> None:
    assert failures(SETTLED[name]) >= RATE / 2


WRONG: dict[str, Callable[[random.Random], None]] = {
    "mean off by half a deviation": lambda rng: mean_is(normal(rng, 200, 0.5), 0.0),
    "known deviation": lambda rng: mean_is(normal(rng, 200, 0.5), 0.0, spread=1.0),
    "n instead of n - 1": lambda rng: mean_is([biased_variance(normal(rng, 4)) for _ in range(1500)], 1.0),
    "share of 0.4 for 0.3": lambda rng: share_is(sum(rng.random() < 0.4 for _ in range(1000)), 1000, 0.3),
    "equal shares": lambda rng: counts_fit(Counter(rng.choices("abc", k=500)), SHARES),
    "squares for uniform": lambda rng: follows([rng.random() ** 2 for _ in range(300)], lambda x: x),
}


def biased_variance(draws: Draws) -> float:
    mean = sum(draws) / len(draws)
    return sum((draw - mean) ** 2 for draw in draws) / len(draws)


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_answer_fails_at_the_usual_rate_of_false_alarms(name: str) -> None:
    assert failures(WRONG[name], 200) >= 0.99


def test_seeds_are_different_and_follow_the_generator() -> None:
    seeds = seed_family(random.Random(3), 500)
    assert len(set(seeds)) == 500
    assert all(0 <= seed < 2**31 for seed in seeds)
    assert seeds == seed_family(random.Random(3), 500) != seed_family(random.Random(4), 500)


@pytest.mark.parametrize(
    ("check", "says"),
    [
        (lambda: mean_is([1.0, 2.0, 3.0] * 9, 9, name="the estimate"), "the estimate: expected a mean of 9, give or take"),
        (lambda: mean_is([5.0] * 40, 4.0), "expected a mean of 4.0, give or take 0.0; got 5.0 from 40 draws"),
        (lambda: mean_is([1.0], 1), "expected 2 numbers or more, got 1"),
        (lambda: mean_is([1.0, math.nan], 1), "expected a flat list of finite numbers"),
        (lambda: mean_is("text", 1), "expected a flat list of finite numbers, got a text"),
        (lambda: mean_is([[1.0], [2.0]], 1), "expected a flat list of finite numbers"),
        (lambda: share_is(90, 100, 0.5), "expected a share of 0.5, got 0.9 (90 of 100)"),
        (lambda: share_is(101, 100, 0.5), "expected a count from 0 to 100, got 101"),
        (lambda: share_is("x", 100, 0.5), "expected a count from 0 to 100, got 'x'"),  # type: ignore[arg-type]
        (lambda: counts_fit({"a": 90, "b": 10}, {"a": 0.5, "b": 0.5}), "category 'a': expected a share of 0.5, got 0.9 of 100"),
        (lambda: counts_fit({"a": 50, "c": 50}, {"a": 0.5, "b": 0.5}), "the category 'c' should not be there"),
        (lambda: counts_fit({"a": 1, "b": 1}, {"a": 0.5, "b": 0.5}), "2 counts are too few"),
        (lambda: counts_fit([1, 2], {"a": 0.5, "b": 0.5}), "expected counts by category, got a list"),
        (lambda: mean_is([1.0] * 40, 1, draws=1000), "expected 1000 numbers, got 40"),
        (lambda: follows([0.5] * 29, lambda x: x), "expected 30 numbers or more, got 29"),
        (lambda: follows([0.1, 0.9] * 20, lambda x: x, draws=1000), "expected 1000 numbers, got 40"),
        (lambda: follows([0.9] * 50, lambda x: x), "up to 0.9 there should be 90.0% of the draws"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told(check: Callable[[], None], says: str) -> None:
    with pytest.raises(AssertionError) as failed:
        check()
    assert says in str(failed.value)


@pytest.mark.parametrize(
    "check",
    [
        lambda: mean_is([1.0, 2.0], 1, false_alarm=0),
        lambda: mean_is([1.0, 2.0], 1, spread=0),
        lambda: share_is(1, 0, 0.5),
        lambda: counts_fit({}, {"a": 0.5}),
        lambda: seed_family(random.Random(1), 0),
    ],
)
def test_a_check_that_makes_no_sense_is_the_authors_fault(check: Callable[[], None]) -> None:
    with pytest.raises(AuthorFault):
        check()
