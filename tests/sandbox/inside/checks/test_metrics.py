"""Metrics of held-out rows against a pass mark, and their intervals."""

import random
from collections.abc import Callable
from typing import Any

import pytest

from sandbox.inside.checks.intervals import bootstrap, delong, midranks, wilson
from sandbox.inside.checks.metrics import metric_at_least, metric_at_most
from sandbox.inside.handles.faults import AuthorFault

RUNS = 1_000
TRUTH = {row: row % 2 for row in range(200)}


def flipped(share: float, rng: random.Random) -> dict[int, int]:
    """Predictions that are right with this probability, row by row."""
    return {row: label if rng.random() < share else 1 - label for row, label in TRUTH.items()}


def coverage(interval: Callable[[random.Random], tuple[float, float, float]], true: float) -> float:
    inside = 0
    for seed in range(RUNS):
        low, _, high = interval(random.Random(seed))
        inside += low <= true <= high
    return inside / RUNS


def test_wilsons_interval_is_the_published_one() -> None:
    low, estimate, high = wilson(81, 263, 0.95)  # Newcombe, Statistics in Medicine 17, 1998, table I
    assert (round(low, 4), round(estimate, 4), round(high, 4)) == (0.2553, 0.308, 0.3662)
    assert wilson(0, 20, 0.95)[0] == 0.0
    assert round(wilson(0, 20, 0.95)[2], 4) == 0.1611


@pytest.mark.parametrize("share", [0.5, 0.9])
def test_intervals_hold_the_true_share_as_often_as_they_say(share: float) -> None:
    found = coverage(lambda rng: wilson(sum(rng.random() < share for _ in range(100)), 100, 0.95), share)
    assert 0.92 <= found <= 0.98


def test_delongs_interval_holds_the_true_area() -> None:
    """Scores of two normal groups one deviation apart: the area is Phi(1 / sqrt 2)."""

    def draw(rng: random.Random) -> tuple[float, float, float]:
        labels = [row % 2 == 0 for row in range(120)]
        return delong([rng.gauss(float(label), 1) for label in labels], labels, 0.95)

    assert 0.93 <= coverage(draw, 0.7602499389) <= 0.97


def test_the_area_counts_ties_half() -> None:
    assert midranks([3.0, 1.0, 3.0, 2.0]) == [3.5, 1.0, 3.5, 2.0]
    assert delong([1.0, 1.0, 1.0, 1.0], [True, False, True, False], 0.95).estimate == 0.5
    assert delong([2.0, 1.0, 3.0, 0.0], [True, False, True, False], 0.95).estimate == 1.0


def test_a_bootstrap_of_a_mean_holds_it() -> None:
    def draw(rng: random.Random) -> tuple[float, float, float]:
        values = [rng.gauss(2, 1) for _ in range(40)]
        return bootstrap(lambda rows: sum(values[row] for row in rows) / len(rows), 40, rng, 0.95, 200)

    assert 0.90 <= coverage(draw, 2.0) <= 0.97


def fails(share: float, threshold: float, decide: Any, runs: int = 400) -> float:
    failed = 0
    for seed in range(runs):
        try:
            metric_at_least("accuracy", flipped(share, random.Random(seed)), TRUTH, threshold, decide=decide)
        except AssertionError:
            failed += 1
    return failed / runs


def test_who_gets_the_benefit_of_the_doubt_is_the_authors_choice() -> None:
    """A model exactly on the pass mark; one well below it; one well above it."""
    assert fails(0.8, 0.8, "lenient") < 0.06
    assert 0.3 < fails(0.8, 0.8, "estimate") < 0.7
    assert fails(0.8, 0.8, "strict") > 0.94
    assert fails(0.6, 0.8, "lenient") > 0.99
    assert fails(0.95, 0.8, "strict") < 0.01


@pytest.mark.parametrize(
    ("check", "says"),
    [
        (lambda: metric_at_least("accuracy", dict.fromkeys(TRUTH, 0), TRUTH, 0.9, name="on held-out rows"),
         "on held-out rows: expected accuracy of at least 0.9, got 0.5 (95% interval 0.4314 to 0.5686)"),
        (lambda: metric_at_least("auc", dict.fromkeys(TRUTH, 0.0), TRUTH, 0.9), "expected auc of at least 0.9, got 0.5"),
        (lambda: metric_at_most("rmse", dict.fromkeys(TRUTH, 3.0), TRUTH, 1, rng=random.Random(1)),
         "expected rmse of at most 1, got 2.55"),
        (lambda: metric_at_most("mae", dict.fromkeys(TRUTH, 3.0), TRUTH, 1, rng=random.Random(1)),
         "expected mae of at most 1, got 2.5"),
        (lambda: metric_at_least("accuracy", [0, 1], TRUTH, 0.9),
         "expected predictions by row id, a dict or a Series, got a list"),
        (lambda: metric_at_least("accuracy", {0: 0}, TRUTH, 0.9), "199 of 200 rows have no prediction, such as row 1"),
        (lambda: metric_at_least("accuracy", {**TRUTH, "x": 1}, TRUTH, 0.9), "row 'x' is none of the 200 rows to predict"),
        (lambda: metric_at_least("auc", {**TRUTH, 7: float("nan")}, TRUTH, 0.9), "row 7: expected a number, got nan"),
        (lambda: metric_at_least("accuracy", {row: str(label) for row, label in TRUTH.items()}, TRUTH, 0.9), "got 0.0"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told(check: Callable[[], None], says: str) -> None:
    with pytest.raises(AssertionError) as failed:
        check()
    assert says in str(failed.value)


def test_good_predictions_pass_whatever_the_order_of_the_rows() -> None:
    backwards = dict(reversed(TRUTH.items()))
    metric_at_least("accuracy", backwards, TRUTH, 0.98, decide="strict")
    metric_at_least("auc", backwards, TRUTH, 1.0)
    metric_at_most("rmse", backwards, TRUTH, 0.0, rng=random.Random(1))


@pytest.mark.parametrize(
    "check",
    [
        lambda: metric_at_least("acuracy", TRUTH, TRUTH, 0.9),  # type: ignore[arg-type]
        lambda: metric_at_least("accuracy", TRUTH, {}, 0.9),
        lambda: metric_at_least("accuracy", TRUTH, TRUTH, 0.9, confidence=95),
        lambda: metric_at_least("accuracy", TRUTH, TRUTH, 0.9, decide="maybe"),  # type: ignore[arg-type]
        lambda: metric_at_most("rmse", TRUTH, TRUTH, 0.9),
        lambda: metric_at_least("auc", {1: 1.0}, {1: 1}, 0.9),
    ],
)
def test_a_check_that_makes_no_sense_is_the_authors_fault(check: Callable[[], None]) -> None:
    with pytest.raises(AuthorFault):
        check()
