"""Which rows of one table are found in another when the order does not matter and numbers agree within a tolerance."""

import math
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

LARGEST_GROUP = 300  # above it, equal texts and nearly equal numbers are paired in the order of the numbers


class Row(NamedTuple):
    exact: tuple[Any, ...]  # must be the same: hashable
    numbers: tuple[float, ...]  # must be close


Alike = Callable[[Row, Row], bool]


def unmatched(got: Sequence[Row], expected: Sequence[Row], rtol: float, atol: float) -> Row | None:
    """An expected row for which no row is left, or None when the two are the same multiset.

    Rows with the same exact part are sorted by their numbers and compared; only if that fails is a perfect matching looked
    for (augmenting paths; Kuhn 1955), so that two sums which differ in their last bit may stand in either order."""
    mine, theirs = grouped(got), grouped(expected)
    for exact, wanted in theirs.items():
        left = unmatched_in_group(mine.get(exact, []), wanted, lambda one, other: alike(one, other, rtol, atol))
        if left is not None:
            return left
    return None


def grouped(rows: Sequence[Row]) -> dict[tuple[Any, ...], list[Row]]:
    groups: dict[tuple[Any, ...], list[Row]] = {}
    for row in rows:
        groups.setdefault(row.exact, []).append(row)
    return groups


def unmatched_in_group(got: list[Row], expected: list[Row], same: Alike) -> Row | None:
    got, expected = sorted(got, key=rank), sorted(expected, key=rank)
    pairs = list(zip(got, expected, strict=False))
    off = next((want for have, want in pairs if not same(have, want)), None)
    if off is None:
        return expected[len(got)] if len(expected) > len(got) else None
    if max(len(got), len(expected)) > LARGEST_GROUP:
        return off
    return match(expected, [[place for place, have in enumerate(got) if same(have, want)] for want in expected])


def rank(row: Row) -> tuple[tuple[bool, float], ...]:
    """NaN last."""
    return tuple((math.isnan(number), 0.0 if math.isnan(number) else number) for number in row.numbers)


def alike(one: Row, other: Row, rtol: float, atol: float) -> bool:
    return all(near(have, want, rtol, atol) for have, want in zip(one.numbers, other.numbers, strict=True))


def near(have: float, want: float, rtol: float, atol: float) -> bool:
    if have == want or (math.isnan(have) and math.isnan(want)):
        return True
    return math.isfinite(want) and abs(have - want) <= atol + rtol * abs(want)


def match(expected: list[Row], partners: list[list[int]]) -> Row | None:
    taken: dict[int, int] = {}  # place among the got rows -> place among the expected ones
    for start in range(len(expected)):
        if not augment(start, partners, taken):
            return expected[start]
    return None


def augment(start: int, partners: list[list[int]], taken: dict[int, int]) -> bool:
    """Finds a partner for one row; rows that have one already may be asked to take another. Breadth first."""
    came_from: dict[int, int] = {}  # partner -> the row that asked for it
    waiting = [start]
    for row in waiting:
        for partner in partners[row]:
            if partner in came_from:
                continue
            came_from[partner] = row
            if partner not in taken:
                hand_over(partner, came_from, taken)
                return True
            waiting.append(taken[partner])
    return False


def hand_over(partner: int, came_from: dict[int, int], taken: dict[int, int]) -> None:
    had = {row: place for place, row in taken.items()}
    while True:
        row = came_from[partner]
        before = had.get(row)
        taken[partner] = row
        if before is None:
            return
        partner = before
