"""Statistical checks of random answers: `seed_family`, `mean_is`, `share_is`, `counts_fit`, `follows`.

Each states its false-alarm rate: how often a right answer fails by bad luck. The judge's `rng` is seeded per check and
attempt, so that grading twice gives the same verdict; the rate is over attempts. Several tests in one check add their rates
up."""

import math
from collections.abc import Callable, Mapping
from typing import Any

from .failing import about, fail, require
from .libraries import is_series
from .plain import numbers_of, plain, pythonic
from .showing import kind_of, shown
from .special import binomial_at_least, binomial_at_most, chi_square_tail, normal_tails, t_tails

FALSE_ALARM = 1e-4
FEWEST_EXPECTED = 10.0
FEWEST_DRAWS = 30  # below, almost any draws follow any distribution


def seed_family(rng: Any, count: int) -> list[int]:
    """`count` different seeds from 0 to 2**31 - 1, drawn from the check's `rng`: one for each call of a seeded function.

    `[simulate(seed) for seed in seed_family(rng, 200)]` gives independent draws, other ones in each attempt. `rng` is a
    generator of NumPy's or of Python's `random`."""
    require(0 < count <= 1_000_000, "seed_family() gives 1 to 1,000,000 seeds")
    drawn: dict[int, None] = {}
    while len(drawn) < count:
        drawn[int(rng.integers(2**31) if hasattr(rng, "integers") else rng.randrange(2**31))] = None
    return list(drawn)


def mean_is(
    samples: Any,
    expected: float,
    *,
    spread: float | None = None,
    draws: int | None = None,
    false_alarm: float = FALSE_ALARM,
    name: str = "",
    message: str = "",
) -> None:
    """Independent draws have this mean, as far as chance lets one tell.

    `samples` is a list, array or Series of numbers, in the unit of `expected`. With a known standard deviation `spread` a
    two-sided z-test, else Student's t-test (Student, Biometrika 6, 1908): exact for normal draws; for others take 30 draws or
    more, several hundred if they are skewed. A variance is tested as the mean of squared distances from the known mean.
    `draws` is how many there must be. Give `spread` wherever it is known: without it, numbers that lie far enough apart have
    any mean.
    Fails when the mean is further off than happens with probability `false_alarm`, or when a draw is no finite number."""
    check_rate(false_alarm)
    drawn = finite(samples, 2, draws, name, message)
    mean = math.fsum(drawn) / len(drawn)
    if spread is None:
        deviation = math.sqrt(math.fsum((draw - mean) ** 2 for draw in drawn) / (len(drawn) - 1))
        allowed = distance_with(lambda t: t_tails(t, len(drawn) - 1), false_alarm)
    else:
        require(spread > 0, "mean_is(): spread is a standard deviation, more than 0")
        deviation, allowed = spread, distance_with(normal_tails, false_alarm)
    allowed *= deviation / math.sqrt(len(drawn))
    if abs(mean - expected) > allowed + 1e-12 * abs(expected):
        details = (
            f"expected a mean of {shown(expected)}, give or take {shown(allowed, 3)}; got {shown(mean)} from {len(drawn)} draws"
        )
        fail(message, about(name, "", details))


def share_is(
    hits: int, trials: int, expected: float, *, false_alarm: float = FALSE_ALARM, name: str = "", message: str = ""
) -> None:
    """`hits` successes among `trials` independent ones fit a probability of `expected`.

    Method: the exact two-sided binomial test (Clopper and Pearson, Biometrika 26, 1934); the rate of false alarms is at most
    `false_alarm`, whatever the number of trials. Fails also when `hits` is no whole number from 0 to `trials`."""
    check_rate(false_alarm)
    require(trials > 0 and 0 <= expected <= 1, "share_is() needs a number of trials and a probability")
    count = pythonic(plain(hits))
    if not isinstance(count, int) or not 0 <= count <= trials:
        fail(message, about(name, "", f"expected a count from 0 to {trials}, got {shown(count)}"))
    rarer = min(binomial_at_least(count, trials, expected), binomial_at_most(count, trials, expected))
    if rarer < false_alarm / 2:
        fail(
            message, about(name, "", f"expected a share of {shown(expected)}, got {shown(count / trials)} ({count} of {trials})")
        )


def counts_fit(
    counts: Any, shares: Mapping[Any, float], *, false_alarm: float = FALSE_ALARM, name: str = "", message: str = ""
) -> None:
    """Counts by category fit these shares, which add up to 1.

    `counts` is a dict, Counter or Series from category to count; categories left out count 0. Method: Pearson's chi-square
    test (Philosophical Magazine 50, 1900), for at least 10 expected in every category, which is required. Fails for an
    unknown category, and names the category that is furthest off."""
    check_rate(false_alarm)
    require(math.isclose(math.fsum(shares.values()), 1, rel_tol=1e-9), "counts_fit(): the shares must add up to 1")
    found = counts.to_dict() if is_series(counts) else plain(counts)
    if not isinstance(found, Mapping) or not all(is_count(value) for value in found.values()):
        fail(message, about(name, "", f"expected counts by category, got {kind_of(counts)}"))
    stranger = next((category for category in found if category not in shares), None)
    if stranger is not None:
        fail(message, about(name, "", f"the category {shown(stranger)} should not be there"))
    total = sum(int(value) for value in found.values())
    if total * min(shares.values()) < FEWEST_EXPECTED:
        fail(message, about(name, "", f"{total} counts are too few"))
    parts = {key: (int(found.get(key, 0)) - total * share) ** 2 / (total * share) for key, share in shares.items()}
    if chi_square_tail(math.fsum(parts.values()), len(shares) - 1) < false_alarm:
        worst = max(parts, key=parts.__getitem__)
        got = int(found.get(worst, 0)) / total
        details = f"category {shown(worst)}: expected a share of {shown(shares[worst])}, got {shown(got)} of {total}"
        fail(message, about(name, "", details))


def follows(
    samples: Any,
    cdf: Callable[[float], float],
    *,
    draws: int | None = None,
    false_alarm: float = FALSE_ALARM,
    name: str = "",
    message: str = "",
) -> None:
    """Independent draws follow a continuous distribution, given by its distribution function.

    Method: the largest distance between the empirical and the given distribution function (Kolmogorov 1933, Smirnov 1948),
    against the bound of Dvoretzky, Kiefer and Wolfowitz with Massart's constant (Annals of Probability 18, 1990), which holds
    for every number of draws: the rate of false alarms is at most `false_alarm`. `draws` is how many there must be, at least
    30 when left out; the fewer there are, the less can be told from them. Fails with the value at which the two are furthest
    apart."""
    check_rate(false_alarm)
    drawn = sorted(finite(samples, FEWEST_DRAWS, draws, name, message))
    allowed = math.sqrt(math.log(2 / false_alarm) / (2 * len(drawn)))
    gaps = [(gap_at(cdf(draw), place, len(drawn)), draw, place) for place, draw in enumerate(drawn)]
    gap, where, place = max(gaps)
    if gap > allowed:
        got = (place + 1) / len(drawn)
        details = f"up to {shown(where)} there should be {cdf(where):.1%} of the draws, got {got:.1%} of {len(drawn)}"
        fail(message, about(name, "", details))


def gap_at(theory: float, place: int, count: int) -> float:
    """The empirical function jumps there: the distance on either side of the jump."""
    return max((place + 1) / count - theory, theory - place / count)


def is_count(value: Any) -> bool:
    value = pythonic(value)
    return isinstance(value, int) and value >= 0


def finite(samples: Any, fewest: int, wanted: int | None, name: str, message: str) -> list[float]:
    """`wanted`: exactly so many, else at least the fewest."""
    require(wanted is None or wanted > 1, "draws is how many there must be, at least 2")
    drawn = numbers_of(samples)
    if drawn is None or not all(map(math.isfinite, drawn)):
        fail(
            message,
            about(name, "", "expected a flat list of finite numbers" + (f", got {kind_of(samples)}" if drawn is None else "")),
        )
    if wanted is not None and len(drawn) != wanted:
        fail(message, about(name, "", f"expected {wanted} numbers, got {len(drawn)}"))
    if wanted is None and len(drawn) < fewest:
        fail(message, about(name, "", f"expected {fewest} numbers or more, got {len(drawn)}"))
    return drawn


def distance_with(tails: Callable[[float], float], rate: float) -> float:
    """How far from 0 the tails begin that together have this probability. By halving: the tails only fall."""
    low, high = 0.0, 1.0
    while tails(high) > rate:
        low, high = high, high * 2
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if tails(middle) > rate else (low, middle)
    return high


def check_rate(false_alarm: float) -> None:
    require(0 < false_alarm < 0.5, "false_alarm is a probability above 0 and below 0.5, such as 1e-4")
