"""How the processor time of a call grows with the size of its input: `grows_at_most`.

Ratios between sizes, not seconds: a slow or busy machine makes all of them longer, and the same verdict. Each size is timed
three times and the shortest counts, because what disturbs a measurement can only lengthen it. The clock is the judge's,
outside of the submission."""

import hashlib
import math
import os
from collections.abc import Callable, Sequence
from statistics import linear_regression
from typing import Any, NamedTuple, NoReturn

from ..codec.codec import Packer, Unsendable
from ..handles.faults import AuthorFault
from . import setting
from .failing import about, fail, require
from .showing import shown

MEASURABLE = 0.01  # seconds: ten times what calling through the wall and the clock's own steps disturb
TRIES, STEPS = 3, 2
LARGEST = 10_000_000
BUDGET = 2.0  # seconds of the calls together


class Timed(NamedTuple):
    size: int
    seconds: float


def grows_at_most(
    function: Callable[..., Any],
    make: Callable[[int], tuple[Any, ...]],
    exponent: float = 1.5,
    *,
    start: int = 1_000,
    largest: int = LARGEST,
    budget: float = BUDGET,
    verify: Callable[..., None] | None = None,
    name: str = "",
    message: str = "",
) -> None:
    """The processor time of `function(*make(size))` grows no faster than size ** exponent.

    `make` builds the arguments for a size, a whole number; let it draw new ones each time, for the same input is timed once: a
    function may remember its answers. From `start` on the size is doubled until one call takes 10 ms of
    processor time, then twice more; each size is timed three times, the shortest counts, and the slope of log time over log
    size is fitted by least squares. 1.5 lies halfway between linear (1; n log n is about 1.1) and quadratic (2). Before it
    fails, everything is timed once more, and the shorter times count. A function that takes less than 10 ms at `largest`
    passes: its growth cannot be told and does no harm. `budget`, in seconds, bounds the calls of each round; twice of it must
    be well below the check's limit. `verify(result, *arguments)` looks at what each timed call gave back, and fails as any
    check does: without it a function may be quick because it does nothing with a large input.
    Fails when the slope is above `exponent`, or when the first size that can be measured uses up the budget.
    Literature: the doubling experiments of Sedgewick and Wayne, Algorithms, 4th ed., 2011, section 1.4."""
    require(
        start >= 1 and largest >= start and exponent > 0 and budget > 0, "grows_at_most(): sizes, exponent and budget are above 0"
    )
    observe = setting.current().observe
    timed: dict[bytes, float] = {}

    def cost(size: int) -> float:
        arguments = make(size)
        known = fingerprint(arguments)
        if known not in timed:
            seen = observe(function, *arguments)
            if seen.error is not None:
                raise seen.error
            timed[known] = float(seen.cpu_seconds)
            if verify is not None:
                verify(seen.result, *arguments)
        return timed[known]

    details = verdict(cost, exponent, start, largest, budget)
    if details:
        fail(message, about(name, "", details))


def fingerprint(arguments: tuple[Any, ...]) -> bytes:
    """Of what would be sent; where that holds a function, nothing tells two inputs apart."""
    packer = Packer(refuse)
    try:
        digest = hashlib.sha256(repr(packer.pack_all(arguments, 0)).encode())
    except (Unsendable, AuthorFault):
        return os.urandom(32)
    for blob in packer.blobs:
        digest.update(blob)
    return digest.digest()


def refuse(value: object) -> NoReturn:
    raise AuthorFault(f"{type(value).__name__} is no plain data")


def verdict(cost: Callable[[int], float], exponent: float, start: int, largest: int, budget: float) -> str:
    """What is wrong, or nothing. A failure must be seen in the shortest times of two rounds: bad luck seldom strikes twice."""
    found = timings(cost, start, largest, budget)
    if not fault(found, exponent, budget):
        return ""
    again = {each.size: each.seconds for each in timings(cost, found[0].size, found[-1].size, budget)}
    return fault([Timed(size, min(seconds, again.get(size, seconds))) for size, seconds in found], exponent, budget)


def timings(cost: Callable[[int], float], start: int, largest: int, budget: float) -> list[Timed]:
    """The sizes that could be measured, each twice the one before, until there are three or time is up."""
    found: list[Timed] = []
    size, spent = start, 0.0
    while size <= largest and len(found) <= STEPS and spent < budget:
        tries: list[float] = []
        while len(tries) < TRIES and (spent < budget or not tries):
            tries.append(cost(size))
            spent += tries[-1]
            if tries[0] < MEASURABLE / 2 and not found:
                break  # far too short yet: no need to look at it again
        if found or min(tries) >= MEASURABLE:
            found.append(Timed(size, max(min(tries), 1e-9)))
        size *= 2
    return found


def slope(found: Sequence[Timed]) -> float:
    return linear_regression([math.log(each.size) for each in found], [math.log(each.seconds) for each in found]).slope


def fault(found: Sequence[Timed], exponent: float, budget: float = BUDGET) -> str:
    """What is wrong, or nothing."""
    if not found:
        return ""
    if len(found) == 1:
        size, seconds = found[0]
        too_slow = seconds * TRIES >= budget  # else `largest` ended it, not the time
        return f"one call with size {size:,} takes {shown(seconds, 2)} s of processor time already" if too_slow else ""
    grown = slope(found)
    if grown <= exponent:
        return ""
    (small, before), (large, after) = found[0], found[-1]
    times, longer = f"{large / small:.0f} times the size", f"{after / before:.1f} times the time"
    return f"{times} takes {longer}: it grows like size to the power of {grown:.1f}, expected at most {exponent:g}"
