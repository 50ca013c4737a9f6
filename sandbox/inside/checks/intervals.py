"""Intervals for a metric measured on a sample of rows."""

import math
from collections.abc import Callable, Sequence
from statistics import NormalDist
from typing import Any, NamedTuple


class Interval(NamedTuple):
    low: float
    estimate: float
    high: float


def wilson(hits: int, trials: int, confidence: float) -> Interval:
    """A share of successes: the score interval (Wilson, JASA 22, 1927), which keeps its level for few rows and near 0 and 1."""
    z = NormalDist().inv_cdf(0.5 + confidence / 2)
    share, spread = hits / trials, z * z / trials
    middle = (share + spread / 2) / (1 + spread)
    half = z / (1 + spread) * math.sqrt(share * (1 - share) / trials + spread / (4 * trials))
    return Interval(max(0.0, middle - half), share, min(1.0, middle + half))


def delong(scores: Sequence[float], labels: Sequence[bool], confidence: float) -> Interval:
    """The area under the ROC curve: variance by DeLong, DeLong and Clarke-Pearson (Biometrics 44, 1988), by midranks as in Sun
    and Xu (IEEE Signal Processing Letters 21, 2014). Ties count half. Both labels must occur."""
    of_true = [score for score, label in zip(scores, labels, strict=True) if label]
    of_false = [score for score, label in zip(scores, labels, strict=True) if not label]
    m, n = len(of_true), len(of_false)
    both = midranks(of_true + of_false)
    above = [(rank - own) / n for rank, own in zip(both[:m], midranks(of_true), strict=True)]
    below = [1 - (rank - own) / m for rank, own in zip(both[m:], midranks(of_false), strict=True)]
    area = sum(above) / m
    half = NormalDist().inv_cdf(0.5 + confidence / 2) * math.sqrt(variance(above) / m + variance(below) / n)
    return Interval(max(0.0, area - half), area, min(1.0, area + half))


def midranks(values: Sequence[float]) -> list[float]:
    """From 1; equal values share the mean of their ranks."""
    order = sorted(range(len(values)), key=values.__getitem__)
    ranks = [0.0] * len(values)
    start = 0
    while start < len(order):
        end = start
        while end < len(order) and values[order[end]] == values[order[start]]:
            end += 1
        for place in order[start:end]:
            ranks[place] = (start + end + 1) / 2
        start = end
    return ranks


def variance(values: Sequence[float]) -> float:
    if len(values) < 2:
        return 0.0
    mean = math.fsum(values) / len(values)
    return math.fsum((value - mean) ** 2 for value in values) / (len(values) - 1)


def bootstrap(measure: Callable[[Sequence[int]], float], rows: int, rng: Any, confidence: float, resamples: int) -> Interval:
    """Any metric: the percentile interval (Efron, Annals of Statistics 7, 1979). `measure` gets the places of the drawn rows."""
    found = sorted(measure(draw(rng, rows)) for _ in range(resamples))
    edge = (1 - confidence) / 2 * (resamples - 1)
    return Interval(found[math.floor(edge)], measure(range(rows)), found[math.ceil(resamples - 1 - edge)])


def draw(rng: Any, rows: int) -> Sequence[int]:
    """With a generator of NumPy's or of Python's own."""
    return rng.integers(rows, size=rows).tolist() if hasattr(rng, "integers") else rng.choices(range(rows), k=rows)
