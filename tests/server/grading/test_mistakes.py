"""A pattern of failures that a listed mistake makes is named; anything else is not guessed at."""

from dataclasses import replace

from server.grading.mistakes import name_mistake, recognise
from server.grading.outcome import Outcome, Reason, State
from tests.exercises import bundled

EXERCISE = bundled("softmax-cross-entropy-stable")
MISTAKE = next(mistake for mistake in EXERCISE.mistakes if len(mistake.fails) == 1)


def rows(failed: set[str], says: str) -> list[Outcome]:
    def row(name: str) -> Outcome:
        state = State.failed if name in failed else State.passed
        return Outcome(name, False, state, 0.0, 1.0, says if name in failed else "")

    return [row(check.name) for check in EXERCISE.checks]


def test_the_pattern_and_words_of_one_mistake_name_it_on_the_first_failure() -> None:
    named = name_mistake(EXERCISE, rows(set(MISTAKE.fails), f"Well: {MISTAKE.says}."))
    assert [row.mistake for row in named if row.outcome is State.failed] == [MISTAKE.name]
    assert all(row.mistake == "" for row in named if row.outcome is State.passed)


def test_the_same_pattern_with_other_words_is_not_named() -> None:
    assert recognise(EXERCISE, rows(set(MISTAKE.fails), "something else")) is None


def test_another_pattern_is_not_named() -> None:
    everything = {check.name for check in EXERCISE.checks}
    assert recognise(EXERCISE, rows(everything, MISTAKE.says)) is None


def test_without_failures_there_is_no_mistake() -> None:
    assert recognise(EXERCISE, rows(set(), "")) is None


def test_words_in_the_reasons_of_an_answer_count_too() -> None:
    spoken = [
        replace(row, message="", reasons=(Reason("A", row.message, False),)) for row in rows(set(MISTAKE.fails), MISTAKE.says)
    ]
    assert recognise(EXERCISE, spoken) == MISTAKE


def test_a_check_names_no_mistake_where_several_share_what_it_can_see() -> None:
    visible = {check.name for check in EXERCISE.checks if not check.hidden}
    sharing = [mistake for mistake in EXERCISE.mistakes if set(mistake.fails) >= visible]
    assert len(sharing) > 1
    seen = [row for row in rows(visible, sharing[0].says) if row.check in visible]
    assert recognise(EXERCISE, seen) is None
    assert recognise(EXERCISE, rows(set(sharing[0].fails), sharing[0].says)) == sharing[0]
