"""`raises` and `pure`, run by hand as a learner would."""

from collections.abc import Callable
from typing import Any

import pytest

from sandbox.inside.checks.calls import pure, raises
from sandbox.inside.handles.faults import AuthorFault, HandleMisuse, NotDefined, make_error, undefined


def throws(error: Exception) -> Callable[..., None]:
    def function(*_: Any, **__: Any) -> None:
        raise error

    return function


def test_the_error_its_base_and_its_name_count() -> None:
    theirs = make_error("ValueError", "NotFitted", "fit me first")
    assert raises(ValueError, throws(theirs)) is theirs
    raises("NotFitted", throws(theirs))
    raises("ValueError", throws(theirs))
    raises(Exception, throws(theirs), mentions="FIT me")
    raises(LookupError, throws(KeyError("x")))


@pytest.mark.parametrize(
    ("error", "function", "says"),
    [
        (KeyError, throws(ValueError("no")), "expected a KeyError, got ValueError: no"),
        ("NotFitted", throws(make_error("ValueError", "Other", "no")), "expected a NotFitted, got Other: no"),
        (ValueError, lambda: 3, "expected a ValueError, but nothing was raised"),
    ],
)
def test_another_error_or_none_fails(error: Any, function: Callable[..., Any], says: str) -> None:
    with pytest.raises(AssertionError) as failed:
        raises(error, function)
    assert str(failed.value) == says


def test_the_text_can_be_asked_for() -> None:
    with pytest.raises(AssertionError, match="the text of the ValueError should mention 'negative', got 'no'"):
        raises(ValueError, throws(ValueError("no")), mentions="negative")


@pytest.mark.parametrize("error", [undefined("helper"), HandleMisuse("`f`", "Evil"), AuthorFault("no such file")])
def test_what_says_nothing_about_the_function_is_no_error_of_it(error: Exception) -> None:
    with pytest.raises((NotDefined, HandleMisuse, AuthorFault)):
        raises(Exception, throws(error))


def test_arguments_are_passed_on() -> None:
    raises(TypeError, int, [], base=10)
    with pytest.raises(AuthorFault):
        raises(ValueError, 3)  # type: ignore[arg-type]


def test_a_pure_function_gives_its_result() -> None:
    assert pure(sorted, [3, 1], reverse=True) == [3, 1]
    assert pure(sorted, [3, 1], key=lambda number: number) == [1, 3]


@pytest.mark.parametrize(
    ("function", "says"),
    [
        (lambda rows, extra: rows.sort(), "argument 1 at [0]: it was changed by the call: expected 3, got 1"),
        (lambda rows, extra: extra.update(b=1), "argument extra: it was changed by the call: the key 'b' should not be there"),
    ],
)
def test_a_changed_argument_is_named(function: Callable[..., Any], says: str) -> None:
    rows = [3, 1]
    with pytest.raises(AssertionError) as failed:
        pure(function, rows, extra={"a": 1})
    assert str(failed.value) == says
    assert rows == [3, 1]


def test_an_error_in_the_call_is_raised() -> None:
    with pytest.raises(ValueError, match="no"):
        pure(throws(ValueError("no")), 1)
