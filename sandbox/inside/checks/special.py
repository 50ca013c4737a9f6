"""The tails of the distributions that the statistical checks need, without SciPy.

Continued fractions by Lentz's method (Press et al., Numerical Recipes, 3rd ed., 2007, 6.2 and 6.4); good to 1e-9 relative in
the tails that are asked for here. All arguments are plain numbers."""

import math

TINY = 1e-300
PRECISE = 1e-14
MOST_TERMS = 10_000


def normal_tails(z: float) -> float:
    """Probability that a standard normal number is at least as far from 0 as z."""
    return math.erfc(abs(z) / math.sqrt(2))


def t_tails(t: float, freedom: float) -> float:
    """Probability that Student's t with this many degrees of freedom is at least as far from 0 as t."""
    return 1.0 if t == 0 else beta_share(freedom / (freedom + t * t), freedom / 2, 0.5)


def chi_square_tail(value: float, freedom: float) -> float:
    """Probability that chi-square with this many degrees of freedom is at least `value`."""
    return 1 - gamma_share(value / 2, freedom / 2)


def binomial_at_least(hits: int, trials: int, share: float) -> float:
    """Probability of `hits` or more among `trials`, each with this probability."""
    if hits <= 0:
        return 1.0
    return 0.0 if hits > trials else beta_share(share, hits, trials - hits + 1)


def binomial_at_most(hits: int, trials: int, share: float) -> float:
    return binomial_at_least(trials - hits, trials, 1 - share)


def beta_share(x: float, a: float, b: float) -> float:
    """The regularised incomplete beta function I_x(a, b), for 0 <= x <= 1."""
    if x <= 0 or x >= 1:
        return 0.0 if x <= 0 else 1.0
    front = math.exp(math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x))
    if x < (a + 1) / (a + b + 2):
        return front * beta_fraction(x, a, b) / a
    return 1 - front * beta_fraction(1 - x, b, a) / b


def beta_fraction(x: float, a: float, b: float) -> float:
    c, d = 1.0, 1 / away_from_zero(1 - (a + b) * x / (a + 1))
    product = d
    for m in range(1, MOST_TERMS):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        for term in (even, odd):
            d = 1 / away_from_zero(1 + term * d)
            c = away_from_zero(1 + term / c)
            product *= c * d
        if abs(c * d - 1) < PRECISE:
            break
    return product


def gamma_share(x: float, a: float) -> float:
    """The regularised lower incomplete gamma function P(a, x)."""
    if x <= 0:
        return 0.0
    front = math.exp(a * math.log(x) - x - math.lgamma(a))
    return front * gamma_series(x, a) if x < a + 1 else 1 - front * gamma_fraction(x, a)


def gamma_series(x: float, a: float) -> float:
    term = total = 1 / a
    for n in range(1, MOST_TERMS):
        term *= x / (a + n)
        total += term
        if term < total * PRECISE:
            break
    return total


def gamma_fraction(x: float, a: float) -> float:
    b = x + 1 - a
    c, d = 1 / TINY, 1 / b
    product = d
    for n in range(1, MOST_TERMS):
        b += 2
        d = 1 / away_from_zero(n * (a - n) * d + b)
        c = away_from_zero(b + n * (a - n) / c)
        product *= c * d
        if abs(c * d - 1) < PRECISE:
            break
    return product


def away_from_zero(value: float) -> float:
    return value if abs(value) > TINY else TINY
