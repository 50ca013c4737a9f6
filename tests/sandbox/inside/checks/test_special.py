"""Tails of distributions against figures from SciPy 1.17."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.inside.checks.special import binomial_at_least, binomial_at_most, chi_square_tail, normal_tails, t_tails


@pytest.mark.parametrize(
    ("t", "freedom", "tails"), [(3.2, 7, 0.015065811342489301), (4.5, 199, 1.1547493405823571e-05), (1.0, 1, 0.5)]
)
def test_students_t(t: float, freedom: float, tails: float) -> None:
    assert t_tails(t, freedom) == pytest.approx(tails, rel=1e-9)
    assert t_tails(-t, freedom) == t_tails(t, freedom)


def test_t_with_much_freedom_is_normal() -> None:
    assert t_tails(3.0, 1e7) == pytest.approx(normal_tails(3.0), rel=1e-5)
    assert normal_tails(1.959963984540054) == pytest.approx(0.05, rel=1e-12)


@pytest.mark.parametrize(("value", "freedom", "tail"), [(25, 6, 0.00034145459689170836), (0.5, 1, 0.47950012218695337)])
def test_chi_square(value: float, freedom: float, tail: float) -> None:
    assert chi_square_tail(value, freedom) == pytest.approx(tail, rel=1e-9)


@given(st.integers(1, 60), st.floats(0.01, 0.99), st.data())
def test_binomial_tails_are_the_sums_of_their_terms(trials: int, share: float, data: st.DataObject) -> None:
    hits = data.draw(st.integers(0, trials))
    terms = [math.comb(trials, k) * share**k * (1 - share) ** (trials - k) for k in range(trials + 1)]
    assert binomial_at_least(hits, trials, share) == pytest.approx(math.fsum(terms[hits:]), rel=1e-8, abs=1e-12)
    assert binomial_at_most(hits, trials, share) == pytest.approx(math.fsum(terms[: hits + 1]), rel=1e-8, abs=1e-12)
