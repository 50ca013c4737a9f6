"""Rows are the same multiset within a tolerance, in whatever order they stand."""

import math

from hypothesis import given
from hypothesis import strategies as st

from sandbox.inside.checks.pairing import LARGEST_GROUP, Row, near, unmatched

ROWS = st.lists(
    st.builds(Row, st.tuples(st.sampled_from("ab")), st.tuples(st.floats(-5, 5), st.sampled_from([0.0, 1.0]))), max_size=12
)


@given(ROWS, st.randoms(use_true_random=False))
def test_a_shuffled_table_is_the_same(rows: list[Row], random: object) -> None:
    mixed = list(rows)
    random.shuffle(mixed)  # type: ignore[attr-defined]
    assert unmatched(mixed, rows, 1e-9, 0.0) is None


@given(ROWS.filter(bool), st.integers(0, 100))
def test_one_changed_row_is_missed(rows: list[Row], which: int) -> None:
    place = which % len(rows)
    changed = [*rows[:place], Row(rows[place].exact, (99.0, 0.0)), *rows[place + 1 :]]
    lost = unmatched(rows, changed, 1e-9, 0.0)
    assert lost == Row(rows[place].exact, (99.0, 0.0))


def test_sums_that_differ_in_the_last_bit_may_stand_in_either_order() -> None:
    """Sorted by their first number the rows would be paired crosswise."""
    third = 0.1 + 0.2
    got = [Row((), (third, 1.0)), Row((), (0.3, 2.0))]
    expected = [Row((), (0.3, 1.0)), Row((), (third, 2.0))]
    assert sorted(row.numbers for row in got)[0][1] != sorted(row.numbers for row in expected)[0][1]
    assert unmatched(got, expected, 1e-9, 0.0) is None


def test_a_partner_is_given_up_for_one_who_needs_it() -> None:
    got = [Row((), (1.0,)), Row((), (1.4,))]
    assert unmatched(got, [Row((), (1.2,)), Row((), (0.7,))], 0.0, 0.35) is None
    assert unmatched(got, [Row((), (1.2,)), Row((), (1.7,))], 0.0, 0.35) is None
    assert unmatched(got, [Row((), (0.7,)), Row((), (0.8,))], 0.0, 0.35) is not None


def test_a_row_that_stands_too_seldom_is_missed() -> None:
    one, other = Row(("a",), ()), Row(("b",), ())
    assert unmatched([one, other, other], [one, one, other], 0.0, 0.0) == one


def test_a_large_group_is_paired_in_order() -> None:
    rows = [Row((), (float(n),)) for n in range(LARGEST_GROUP + 1)]
    assert unmatched(rows[::-1], rows, 1e-9, 0.0) is None
    assert unmatched([*rows[1:], Row((), (-7.0,))], rows, 1e-9, 0.0) == rows[0]


def test_near_is_the_rule_of_isclose() -> None:
    assert near(1.0, 1.0 + 1e-10, 1e-9, 0.0)
    assert not near(1.0, 1.1, 1e-9, 0.0)
    assert near(0.05, 0.0, 0.0, 0.1)
    assert near(math.nan, math.nan, 0.0, 0.0)
    assert not near(math.nan, 1.0, 0.1, 0.1)
    assert near(math.inf, math.inf, 0.0, 0.0)
    assert not near(1.0, math.inf, 0.1, 0.1)
