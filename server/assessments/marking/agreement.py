"""What the levels of several markers come to, and how far markers agree. Pure.

Levels are 1 to 5; 0 says "cannot judge".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import fmean

from server.assessments.marking.rubrics import CANNOT_JUDGE, LEVELS

FEWEST_PAIRS = 20  # lines marked twice below which agreement is not told as a number


class Standing(StrEnum):
    """How far a line has come."""

    open = "open"  # somebody's mark is still missing
    apart = "apart"  # the markers have to agree on a level
    settled = "settled"


@dataclass(frozen=True, slots=True)
class Settled:
    """`level`: the one that counts; None while it is not settled, and where nobody could judge."""

    standing: Standing
    level: float | None = None

    @property
    def share(self) -> float | None:
        """Of what the line can earn: level 1 earns nothing, level 5 all."""
        return None if self.level is None else (self.level - 1) / (LEVELS[-1] - 1)


def are_apart(levels: Sequence[int]) -> bool:
    """More than one level between two of them, or somebody cannot judge what another one can."""
    judged = [level for level in levels if level != CANNOT_JUDGE]
    return 0 < len(judged) < len(levels) or (len(judged) > 1 and max(judged) - min(judged) > 1)


def level_of(levels: Sequence[int], agreed: int | None) -> float | None:
    """The level that counts: what was agreed on, else the mean. None: nobody could judge, or they have to agree first."""
    if are_apart(levels):
        return float(agreed) if agreed else None
    judged = [level for level in levels if level != CANNOT_JUDGE]
    return fmean(judged) if judged else None


def settle(levels: Sequence[int], markers: int, agreed: int | None) -> Settled:
    """`levels` are of markers who are done, `markers` is how many there have to be."""
    if len(levels) < markers:
        return Settled(Standing.open)
    if are_apart(levels) and agreed is None:
        return Settled(Standing.apart)
    return Settled(Standing.settled, level_of(levels, agreed))


@dataclass(frozen=True, slots=True)
class Agreeing:
    """How far two markers agree over `n` lines that both judged. `kappa` is None where it would say nothing."""

    n: int
    close: int  # lines with at most one level between them
    one_cannot_judge: int
    kappa: float | None


def agreeing(pairs: Sequence[tuple[int, int]]) -> Agreeing:
    """`pairs`: the two levels of each line."""
    judged = [(a, b) for a, b in pairs if CANNOT_JUDGE not in (a, b)]
    told = weighted_kappa(judged) if len(judged) >= FEWEST_PAIRS else None
    return Agreeing(len(judged), sum(abs(a - b) <= 1 for a, b in judged), sum((a == 0) != (b == 0) for a, b in pairs), told)


def weighted_kappa(pairs: Sequence[tuple[int, int]]) -> float | None:
    """Cohen's kappa with quadratic weights (Cohen 1968): 1 is full agreement, 0 is what chance gives.

    None when chance leaves nothing to disagree about: both gave one and the same level throughout.
    """
    count = len(pairs)
    if count == 0:
        return None
    observed = sum((a - b) ** 2 for a, b in pairs) / count
    first, second = ([pair[side] for pair in pairs] for side in (0, 1))
    by_chance = sum((a - b) ** 2 * first.count(a) * second.count(b) for a in LEVELS for b in LEVELS) / count**2
    return None if by_chance == 0 else 1 - observed / by_chance
