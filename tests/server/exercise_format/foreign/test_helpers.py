"""The judge's helpers, run here as the judge runs them: in a place of their own."""

from typing import Any

import pytest

from server.exercise_format.foreign.helpers import helper_source, nose_helper, pieces


class Numbers:
    """What numpy's numbers and arrays are to these helpers."""

    def __init__(self, plain: object) -> None:
        self.plain = plain

    def tolist(self) -> object:
        return self.plain


Numbers.__module__ = "numpy"


def helpers(*names: str) -> dict[str, Any]:
    space: dict[str, Any] = {}
    exec(helper_source(names), space)
    return space


def test_a_piece_brings_what_it_needs_and_every_need_is_a_piece() -> None:
    assert set(helpers("as_reference")) >= {"as_reference", "is_reference", "same_value", "as_plain", "REFERENCE"}
    assert {need for needs, _ in pieces().values() for need in needs} <= set(pieces())


@pytest.mark.parametrize(
    ("value", "wanted", "same"),
    [
        (0.1 + 0.2, 0.3, True),
        (Numbers(True), True, True),
        (1, True, False),
        (Numbers([1, 2]), [1, 2], True),
        ([1, 2], (1, 2), False),
        ({"a": [1.0]}, {"a": [1.0 + 1e-12]}, True),
        (float("nan"), float("nan"), True),
        ("tea", "Tea", False),
        (object(), 1, False),
    ],
)
def test_values_are_the_same_whatever_library_holds_them(value: object, wanted: object, same: bool) -> None:
    assert helpers("same_value")["same_value"](value, wanted) is same


def test_printed_text_and_value_are_read_together() -> None:
    space = helpers("reads_as")
    space["print"]("tea", 2)
    assert space["reads_as"](Numbers(0.5), "tea 2\n0.5")
    assert space["reads_as"](None, "tea 2")
    assert not space["reads_as"](None, "milk 2")


def test_what_the_reference_gave_is_kept_where_it_stood() -> None:
    space = helpers("as_reference")
    space["run_reference"](["x = 1", "record('a', lambda: x)", "x = 2.004", "record('b', lambda: x)", "record('c', lambda: y)"])
    assert space["is_reference"](1, "a")
    assert not space["is_reference"](1.0, "a")
    assert space["is_reference"](2.001, "b")  # numbers to two decimals, as nbgrader has it
    with pytest.raises(AssertionError, match="it should be 1"):
        space["as_reference"](3, "a", "x", show=True)
    with pytest.raises(AssertionError, match=r"^`x` is wrong$"):
        space["as_reference"](3, "a", "x", show=False)
    with pytest.raises(RuntimeError, match="gives no value"):
        space["is_reference"](1, "c")


def test_an_answer_is_searched_for_a_name_that_its_function_uses() -> None:
    uses = helpers("uses_name")["uses_name"]
    assert uses("def f(x):\n    return g(x)", "f", "g")
    assert not uses("g = 1\ndef f(x):\n    return x", "f", "g")
    assert not uses("def f(", "f", "g")


def test_partial_credit_is_a_share_of_the_points() -> None:
    share = helpers("partial_credit")["partial_credit"]
    assert (share(1, 2), share(2.0, 2), share(0, 2)) == (0.5, 1, 0)


@pytest.mark.parametrize("value", [None, True, 3, -1, float("nan"), "2", object()])
def test_what_is_no_number_of_points_gives_none(value: object) -> None:
    with pytest.raises(AssertionError, match="no number of points"):
        helpers("partial_credit")["partial_credit"](value, 2)


def test_approx_and_the_names_of_nose() -> None:
    approx = helpers("approx")["approx"]
    assert approx(1) == 1 + 1e-9
    assert approx([1, 2]) == [1, 2]
    assert approx(1) != 1.1
    assert (nose_helper("assert_almost_equal"), nose_helper("ok_"), nose_helper("with_setup")) == (
        "CASE.assertAlmostEqual",
        "CASE.assertTrue",
        "",
    )
