"""From outcomes to points. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from server.grading.outcome import Outcome, State


def earned(possible: float, fraction: float) -> float:
    """Points for a share of a check, to a hundredth."""
    return round(possible * min(1.0, max(0.0, fraction)), 2)


def total(outcomes: Iterable[Outcome]) -> tuple[float, float]:
    """Points and possible points over the rows that a machine decides."""
    decided = [row for row in outcomes if row.outcome is not State.to_mark]
    return round(sum(row.points for row in decided), 2), round(sum(row.possible for row in decided), 2)
