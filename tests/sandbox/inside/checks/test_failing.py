"""What a failed check of the library says: everything in a visible check, the author's message alone in a hidden one."""

from collections.abc import Iterator

import pytest

from sandbox.inside.checks import setting
from sandbox.inside.checks.failing import LONGEST, CheckFailed, about, fail, sentence
from sandbox.inside.checks.setting import Setting


@pytest.fixture
def in_hidden_check() -> Iterator[None]:
    setting.enter(Setting(hidden=True))
    yield
    setting.leave()


@pytest.mark.parametrize(
    ("message", "details", "visible", "hidden"),
    [
        ("the loss is wrong", "expected 1, got 2", "the loss is wrong: expected 1, got 2", "the loss is wrong"),
        ("The loss is wrong.", "expected 1, got 2", "The loss is wrong: expected 1, got 2", "The loss is wrong."),
        ("", "expected 1, got 2", "expected 1, got 2", ""),
        ("the loss is wrong", "", "the loss is wrong", "the loss is wrong"),
        ("", "", "", ""),
    ],
)
def test_the_message_comes_first_and_the_details_are_for_visible_checks(
    message: str, details: str, visible: str, hidden: str
) -> None:
    assert sentence(message, details, hidden=False) == visible
    assert sentence(message, details, hidden=True) == hidden


def test_in_a_hidden_check_the_exception_never_holds_a_value(in_hidden_check: None) -> None:
    with pytest.raises(CheckFailed) as failed:
        fail("the loss is wrong", "expected 1, got a secret")
    assert failed.value.args == ("the loss is wrong",)
    assert "secret" not in repr(failed.value)


def test_details_are_cut_and_cleaned() -> None:
    told = sentence("", "\x1b[31mred\u202e" + "x" * 5_000, hidden=False)
    assert told.startswith("[31mredxxx")
    assert len(told) == LONGEST


def test_what_was_compared_is_named_with_the_place() -> None:
    assert about("the gradient", "[0, 2]", "expected 1") == "the gradient at [0, 2]: expected 1"
    assert about("", "[0, 2]", "expected 1") == "at [0, 2]: expected 1"
    assert about("the loss", "", "expected 1") == "the loss: expected 1"
    assert about("", "", "expected 1") == "expected 1"
