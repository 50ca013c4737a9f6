"""The first place at which plain data differs."""

import math
from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.inside.checks.difference import first_difference
from sandbox.inside.checks.showing import pair, shown
from sandbox.inside.checks.values import equal
from sandbox.inside.handles.faults import AuthorFault

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=12,
)


@given(PLAIN)
def test_a_value_equals_itself(value: Any) -> None:
    assert first_difference(value, value) is None


@given(PLAIN, PLAIN)
def test_a_difference_is_seen_from_both_sides(one: Any, other: Any) -> None:
    assert (first_difference(one, other) is None) == (first_difference(other, one) is None)


@pytest.mark.parametrize(
    ("got", "expected"),
    [(1, 1.0), ((1, 2), [1, 2]), ([math.nan], [math.nan]), ({1, 2}, frozenset([1, 2])), ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
     (Counter("aab"), {"a": 2, "b": 1})],
)  # fmt: skip
def test_harmless_differences_are_none(got: Any, expected: Any) -> None:
    equal(got, expected)


@pytest.mark.parametrize(
    ("got", "expected", "says"),
    [
        (2, 1, "expected 1, got 2"),
        (True, 1, "expected 1, got True"),
        ("1", 1, "expected 1, got '1'"),
        (None, 1, "expected 1, got None"),
        (0.1 + 0.2, 0.3, "expected 0.29999999999999999, got 0.30000000000000004"),
        ([1, [2, 3]], [1, [2, 4]], "at [1][1]: expected 4, got 3"),
        ([1, 2], [1], "expected 1 item, got 2: expected [1], got [1, 2]"),
        ({"a": 1}, {"a": 1, "b": 2}, "the key 'b' is missing"),
        ({"a": 1, "b": 2}, {"a": 1}, "the key 'b' should not be there"),
        ({"a": [{"c": 1}]}, {"a": [{"c": 2}]}, "at ['a'][0]['c']: expected 2, got 1"),
        ([1], {1: 1}, "expected {1: 1}, got [1]"),
    ],
)
def test_the_first_difference_is_told_with_its_place(got: Any, expected: Any, says: str) -> None:
    with pytest.raises(AssertionError) as failed:
        equal(got, expected)
    assert str(failed.value) == says


def test_types_count_when_asked_for() -> None:
    with pytest.raises(AssertionError, match="expected a list, got a tuple"):
        equal((1, 2), [1, 2], same_type=True)
    equal([1, 2], [1, 2], same_type=True)


def test_the_name_and_the_message_stand_first() -> None:
    with pytest.raises(AssertionError, match=r"^wrong order: the ranks at \[0\]: expected 2, got 1$"):
        equal([1], [2], name="the ranks", message="wrong order")


def test_long_values_are_cut() -> None:
    assert shown(list(range(100))) == "[0, 1, 2, 3, 4, 5, …]"
    assert len(shown("x" * 10_000)) <= 120
    assert shown([[[[1]]]]) == "[[[…]]]"
    assert len(pair(["x" * 1_000] * 6, ["y" * 1_000] * 6)) < 300


def test_nothing_but_a_check_failure_comes_of_it() -> None:
    assert not issubclass(AuthorFault, AssertionError)
