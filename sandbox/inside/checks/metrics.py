"""Predictions for held-out rows against a pass mark: `metric_at_least`, `metric_at_most`."""

import math
from collections.abc import Callable, Mapping
from typing import Any, Literal

from .failing import about, fail, require
from .intervals import Interval, bootstrap, delong, wilson
from .libraries import is_series, numpy
from .plain import plain, pythonic
from .showing import kind_of, shown

Metric = Literal["accuracy", "auc", "mae", "rmse"] | Callable[[Any, Any], float]
Decide = Literal["lenient", "estimate", "strict"]
RESAMPLES = 1_000
NAMES = ("accuracy", "auc", "mae", "rmse")


def metric_at_least(
    metric: Metric,
    got: Any,
    truth: Any,
    threshold: float,
    *,
    decide: Decide = "lenient",
    confidence: float = 0.95,
    rng: Any = None,
    name: str = "",
    message: str = "",
) -> None:
    """A metric of predictions for held-out rows reaches the threshold; rows are keyed by id, never by position.

    `got` and `truth` are dicts or Series from row id to prediction and to right value, with exactly the same ids; that the
    rows were held out is the author's care: they lie in a private file or come from the judge's `rng`. `metric` is
    "accuracy", "auc" (predictions are scores, right values True/False or 1/0), "mae", "rmse", or a function of (right values,
    predictions), two arrays. The interval with this two-sided `confidence` decides: "lenient" fails only when all of it lies
    below (a model whose true value is the threshold fails with (1 - confidence) / 2), "strict" passes only when all of it
    lies at or above, "estimate" looks at the measured value alone.
    Method: Wilson's interval for accuracy, DeLong's for AUC, else the percentile bootstrap of 1,000 resamples, which needs
    `rng`.
    Fails for missing, unknown or unusable rows too."""
    interval = measured(metric, got, truth, decide, confidence, rng, name, message)
    value = {"lenient": interval.high, "estimate": interval.estimate, "strict": interval.low}[decide]
    if not value >= threshold:
        fail(message, about(name, "", told(metric, interval, f"at least {shown(threshold)}", confidence)))


def metric_at_most(
    metric: Metric,
    got: Any,
    truth: Any,
    threshold: float,
    *,
    decide: Decide = "lenient",
    confidence: float = 0.95,
    rng: Any = None,
    name: str = "",
    message: str = "",
) -> None:
    """As `metric_at_least`, for errors: the metric does not exceed the threshold.

    "lenient" fails only when the whole interval lies above the threshold, "strict" passes only when all of it lies at or
    below."""
    interval = measured(metric, got, truth, decide, confidence, rng, name, message)
    value = {"lenient": interval.low, "estimate": interval.estimate, "strict": interval.high}[decide]
    if not value <= threshold:
        fail(message, about(name, "", told(metric, interval, f"at most {shown(threshold)}", confidence)))


def measured(metric: Metric, got: Any, truth: Any, decide: str, confidence: float, rng: Any, name: str, message: str) -> Interval:
    require(decide in ("lenient", "estimate", "strict"), 'decide is "lenient", "estimate" or "strict"')
    require(0 < confidence < 1, "confidence lies between 0 and 1, such as 0.95")
    require(metric in NAMES or callable(metric), f"{metric!r} is no metric: give one of {', '.join(NAMES)}, or a function")
    wanted = by_id(truth)
    require(bool(wanted), "truth must be a dict or Series from row id to right value, and not empty")
    assert wanted is not None
    found = by_id(plain(got))
    wrong = "expected predictions by row id, a dict or a Series" if found is None else ids_fault(found, wanted)
    if wrong or found is None:
        fail(message, about(name, "", f"{wrong}, got {kind_of(got)}" if found is None else wrong))
    predictions, right = [found[row] for row in wanted], list(wanted.values())
    if metric != "accuracy" and not callable(metric):
        unusable = next((row for row, value in zip(wanted, predictions, strict=True) if not is_finite(value)), None)
        if unusable is not None:
            fail(message, about(name, "", f"row {shown(unusable)}: expected a number, got {shown(found[unusable])}"))
    return interval_of(metric, predictions, right, confidence, rng)


def by_id(values: Any) -> dict[Any, Any] | None:
    """None when it is no mapping, or when an id stands twice."""
    if is_series(values):
        return dict(zip(values.index.tolist(), values.tolist(), strict=True)) if values.index.is_unique else None
    return {key: pythonic(value) for key, value in values.items()} if isinstance(values, Mapping) else None


def ids_fault(found: dict[Any, Any], wanted: dict[Any, Any]) -> str:
    missing = [row for row in wanted if row not in found]
    if missing:
        return f"{len(missing)} of {len(wanted)} rows have no prediction, such as row {shown(missing[0])}"
    extra = next((row for row in found if row not in wanted), None)
    return f"row {shown(extra)} is none of the {len(wanted)} rows to predict" if extra is not None else ""


def is_finite(value: Any) -> bool:
    return isinstance(value, int | float) and math.isfinite(value)


def interval_of(metric: Metric, predictions: list[Any], right: list[Any], confidence: float, rng: Any) -> Interval:
    if metric == "accuracy":
        return wilson(sum(map(same_label, predictions, right)), len(right), confidence)
    if metric == "auc":
        require(0 < sum(map(bool, right)) < len(right), "auc needs rows of both kinds")
        return delong(predictions, [bool(value) for value in right], confidence)
    require(rng is not None, "this metric's interval is a bootstrap: give rng=rng")
    return bootstrap(measure_of(metric, predictions, right), len(right), rng, confidence, RESAMPLES)


def same_label(prediction: Any, right: Any) -> bool:
    """1 and True are the same label, "1" and 1 are not."""
    return isinstance(prediction, str | int | float | type(None)) and bool(prediction == right)


def measure_of(metric: Metric, predictions: list[Any], right: list[Any]) -> Callable[[Any], float]:
    if callable(metric):
        np = numpy()
        truths, guesses = np.asarray(right), np.asarray(predictions)
        return lambda rows: float(metric(truths[list(rows)], guesses[list(rows)]))
    power = 2 if metric == "rmse" else 1
    losses = [abs(guess - value) ** power for guess, value in zip(predictions, right, strict=True)]
    return lambda rows: (math.fsum(losses[row] for row in rows) / len(rows)) ** (1 / power)


def told(metric: Metric, interval: Interval, wanted: str, confidence: float) -> str:
    what = metric if isinstance(metric, str) else "the metric"
    low, estimate, high = (shown(float(value), 4) for value in interval)
    return f"expected {what} of {wanted}, got {estimate} ({confidence:.0%} interval {low} to {high})"
