"""Which words about a failed check reach the learner."""

import pytest

from server.exercise_format.exercise import Check
from server.grading.messages import check_message
from server.grading.outcome import State

VISIBLE = Check(
    cell="c", name="example", points=1, message="The example is off.", hidden=False, source="", needs=("values",), seconds=3
)
HIDDEN = Check(cell="h", name="secret", points=1, message="Random inputs are off.", hidden=True, source="")


def test_a_visible_failure_says_message_and_assert_text() -> None:
    assert (
        check_message(VISIBLE, State.failed, "loss is 2, expected 1", "", "name") == "The example is off: loss is 2, expected 1"
    )


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ("name", "A hidden check failed."),
        ("message", "Random inputs are off."),
        ("why", "Random inputs are off: wrong for shape (1, 3)"),
    ],
)
def test_a_hidden_failure_follows_the_policy(policy: str, expected: str) -> None:
    assert check_message(HIDDEN, State.failed, "wrong for shape (1, 3)", "", policy) == expected


def test_words_of_an_exception_raised_in_a_hidden_check_are_not_shown() -> None:
    said = check_message(HIDDEN, State.crashed, "ValueError: the hidden input was [1, 2, 3]", "", "why")
    assert said == "Random inputs are off. Your code raised ValueError."


def test_the_states_that_are_nobodys_wrong_answer_have_sentences_of_their_own() -> None:
    assert "3 s" in check_message(VISIBLE, State.timed_out, "", "", "why")
    assert "values" in check_message(VISIBLE, State.blocked, "", "", "why")
    assert "our fault" in check_message(VISIBLE, State.our_fault, "KeyError", "", "why")
    assert "KeyError" not in check_message(VISIBLE, State.our_fault, "KeyError", "", "why")


def test_a_passed_check_says_only_its_note() -> None:
    assert check_message(VISIBLE, State.passed, "", "score 0.71", "why") == "score 0.71"
