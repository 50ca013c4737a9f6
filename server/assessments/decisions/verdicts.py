"""Whether a need is met: a range of what the work shows, against the share that was asked for. Never one number for a person.

The range of a share of points is Wilson's (Wilson 1927), with as many trials as there are checks and questions: points of one
exercise hang together, so this is a plain rule for how little a handful of checks tells, and is shown as such."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

Z = 1.2816  # both sides together leave out 20 %
FEWEST = 3  # checks or marks below which nothing is said


class Verdict(StrEnum):
    meets = "meets"
    below = "below floor"
    not_shown = "not shown"  # of a strength
    too_little = "not enough evidence"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one piece of work earned of what it could, in how many separate checks, questions or marks."""

    points: float
    possible: float
    pieces: int


@dataclass(frozen=True, slots=True)
class Range:
    low: float
    estimate: float
    high: float


@dataclass(frozen=True, slots=True)
class Finding:
    """A need, looked at. `why` is a sentence for the team."""

    verdict: Verdict
    range: Range | None
    why: str


def judge_need(evidence: Sequence[Evidence], share: float, *, floor: bool) -> Finding:
    """`share`: of the points, from 0 to 1. Met when the whole range reaches it, missed when none of it does."""
    found = range_of(evidence)
    if found is None:
        return Finding(Verdict.too_little, None, "There is too little work to tell.")
    shown = f"{percent(found.low)} to {percent(found.high)}, asked for {percent(share)}"
    if found.low >= share:
        return Finding(Verdict.meets, found, f"All of the range reaches it: {shown}.")
    if found.high < share:
        return Finding(Verdict.below if floor else Verdict.not_shown, found, f"None of the range reaches it: {shown}.")
    return Finding(Verdict.too_little, found, f"The range goes across it: {shown}.")


def range_of(evidence: Sequence[Evidence]) -> Range | None:
    """Of all pieces together; None when there are too few."""
    pieces = sum(each.pieces for each in evidence if each.possible > 0)
    possible = sum(each.possible for each in evidence)
    if pieces < FEWEST or possible <= 0:
        return None
    share = min(1.0, max(0.0, sum(each.points for each in evidence) / possible))
    middle = (share + Z * Z / (2 * pieces)) / (1 + Z * Z / pieces)
    half = Z / (1 + Z * Z / pieces) * math.sqrt(share * (1 - share) / pieces + Z * Z / (4 * pieces * pieces))
    return Range(max(0.0, middle - half), share, min(1.0, middle + half))


def judge_candidate(strengths: Sequence[Finding], floors: Sequence[Finding]) -> Verdict:
    """Every strength shown and no floor missed; a missed floor is said first, however strong the rest is."""
    if any(each.verdict is Verdict.below for each in floors):
        return Verdict.below
    if any(each.verdict is Verdict.not_shown for each in strengths):
        return Verdict.not_shown
    if not strengths or not floors or any(each.verdict is Verdict.too_little for each in (*strengths, *floors)):
        return Verdict.too_little
    return Verdict.meets


def percent(share: float) -> str:
    return f"{round(100 * share)} %"
