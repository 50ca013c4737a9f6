"""Percentiles of measured times."""

from __future__ import annotations

from collections.abc import Sequence


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` of the values lie (nearest rank)."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def milliseconds(values: Sequence[float]) -> dict[str, float]:
    """p50 and p95 of times given in seconds."""
    return {"p50_ms": round(percentile(values, 0.50) * 1e3, 2), "p95_ms": round(percentile(values, 0.95) * 1e3, 2)}
