from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from server.exercise_format.answers import read_answer
from server.exercise_format.copies.whole import key_texts, mistake_cells, solved_cells, stub_cells, written_out
from server.exercise_format.exercise import Exercise, Mistake
from server.exercise_format.question import (
    Expression,
    Flaw,
    Forecast,
    Item,
    Match,
    MultiSelect,
    Number,
    Option,
    Order,
    Row,
)
from server.exercise_format.reading.mistake_answers import given_answer, split_answers
from server.exercise_format.reading.option_values import BadValue

ReadStarter = Callable[[str], Exercise]
BASE: dict[str, Any] = {"cell": "q", "name": "it", "points": 1, "prompt": "Which?"}


def source_of(cells: Any, name: str) -> str:
    return next(cell.source for cell in cells if cell.name == name and cell.role in ("answer", "question-answer"))


def test_a_solved_notebook_holds_the_reference(read_starter: ReadStarter) -> None:
    exercise = read_starter("coding")
    source = source_of(solved_cells(exercise, 1, {}), "group_means")
    assert "return sums / np.bincount(groups)" in source
    assert "SOLUTION" not in source


def test_a_solved_notebook_may_hold_another_solution(read_starter: ReadStarter) -> None:
    exercise = read_starter("coding")
    assert "[values[groups == group].mean()" in source_of(solved_cells(exercise, 1, {}, exercise.solutions[0]), "group_means")


def test_an_untouched_notebook_holds_stub_and_no_answers(read_starter: ReadStarter) -> None:
    exercise = read_starter("coding")
    assert source_of(stub_cells(exercise, 1, {}), "group_means").endswith('group."""')
    assert source_of(stub_cells(read_starter("theory"), 1, {}), "what") == ""


def test_a_starter_is_handed_out_with_its_faults_and_solved_by_the_repair(read_starter: ReadStarter) -> None:
    exercise = read_starter("debugging")
    assert "values = [0.0]" in source_of(stub_cells(exercise, 1, {}), "smooth")
    assert "values = [readings[0]]" in source_of(solved_cells(exercise, 1, {}), "smooth")


def test_a_mistake_is_one_edit_of_the_solution_or_of_the_starter(read_starter: ReadStarter) -> None:
    exercise = read_starter("debugging")
    made = {mistake.name: source_of(mistake_cells(exercise, mistake, 1, {}), "smooth") for mistake in exercise.mistakes}
    assert "[0.0]" in made["starts at zero"] and "share * reading" in made["starts at zero"]
    assert "[readings[0]]" in made["only the start repaired"] and "share * values" in made["only the start repaired"]


@pytest.mark.parametrize(("edit", "times"), [("values", 4), ("nowhere", 0)])
def test_an_edit_must_match_once(edit: str, times: int, read_starter: ReadStarter) -> None:
    exercise = read_starter("debugging")
    mistake = replace(exercise.mistakes[0], edit=edit)
    with pytest.raises(BadValue, match=f"matches {times} times"):
        mistake_cells(exercise, mistake, 1, {})


def test_a_mistake_answers_the_named_questions_and_the_rest_is_right(read_starter: ReadStarter) -> None:
    exercise = read_starter("theory")
    cells = mistake_cells(exercise, exercise.mistakes[0], 6, {})
    keys = key_texts(exercise, 6, {})
    assert source_of(cells, "why") == keys["why"]
    assert source_of(cells, "what") != keys["what"]
    what = exercise.question("what")
    assert what is not None
    assert read_answer(what, source_of(cells, "what"), 6) == {0}


def test_a_mistake_in_an_unknown_question_cannot_be_made(read_starter: ReadStarter) -> None:
    exercise = read_starter("theory")
    mistake = Mistake(cell="m", name="m", fails=(), says="", answers=(("missing", "1"),))
    with pytest.raises(BadValue, match="no question"):
        mistake_cells(exercise, mistake, 1, {})


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("a=1, b=x + 2", (("a", "1"), ("b", "x + 2"))),
        ("a=1; b=2", (("a", "1"), ("b", "2"))),
        ('which="one, two" + "three"', (("which", '"one, two" + "three"'),)),
        ('a="x; y"; b-c=3', (("a", '"x; y"'), ("b-c", "3"))),
        ("lines=7, 12", (("lines", "7, 12"),)),
    ],
)
def test_answers_are_split_outside_of_quotes(text: str, pairs: tuple[tuple[str, str], ...]) -> None:
    assert split_answers(text) == pairs


@pytest.mark.parametrize("text", ["", "a", "=1", "a==1", ";;"])
def test_answers_that_are_no_pairs_are_refused(text: str) -> None:
    with pytest.raises(BadValue):
        split_answers(text)


NUMBER = Number(**BASE, answer="1")
EXPRESSION = Expression(**BASE, answer="x", domain=(("x", -1, 1),))
SEVERAL = MultiSelect(**BASE, options=tuple(Option(text, False, "") for text in ("One way", "One other", "Two")))
MATCH = Match(**BASE, choices=("a", "b"), rows=(Row("First row", "a", ""), Row("Second row", "b", "")))
ORDER = Order(**BASE, items=tuple(Item(str(n), "") for n in range(1, 4)))
FLAW = Flaw(**BASE, of="f", code="a\nb\nc", lines=frozenset({1}))
CHANCES = Forecast(**BASE, ask="probability", items=(Item("late", ""), Item("dear", "")))
SPANS = Forecast(**BASE, ask="quantiles", items=(Item("weeks", ""),))
TRUTHS = {"late_truth": 0.2, "dear_truth": 0.6, "weeks_truth": [2, 4, 9]}
VALUES = {"a": 3, "b": [1, 2], "still": "A=0.5, B=0.5", "wide": [0, 4, 20], **TRUTHS}


@pytest.mark.parametrize(
    ("question", "text", "given"),
    [
        (NUMBER, "a * 2 + 1", 7.0),
        (EXPRESSION, '"exp(x)"', "exp(x)"),
        (EXPRESSION, "x + 1", "x + 1"),
        (SEVERAL, '"One way" + "Two"', {0, 2}),
        (SEVERAL, "Two", {2}),
        (MATCH, '"First => b"', {0: "b", 1: "b"}),
        (ORDER, "2 + 1 + 3", (1, 0, 2)),
        (FLAW, "2 + 3", {2, 3}),
        (CHANCES, '"late=0.9"', {"late": 0.9, "dear": 0.6}),
        (CHANCES, '"late=dear_truth"', {"late": 0.6, "dear": 0.6}),
        (CHANCES, '"A=0.1, B=0.9"', {"late": 0.1, "dear": 0.9}),
        (CHANCES, "still", {"late": 0.5, "dear": 0.5}),
        (SPANS, '"weeks=1/2/a"', {"weeks": (1.0, 2.0, 3.0)}),
        (SPANS, '"weeks=wide"', {"weeks": (0.0, 4.0, 20.0)}),
    ],
)
def test_the_answer_of_a_mistake_is_read_for_every_type(question: Any, text: str, given: object) -> None:
    assert given_answer(question, text, VALUES) == given


@pytest.mark.parametrize(
    ("question", "text"),
    [
        (NUMBER, "unknown + 1"),
        (SEVERAL, '"One"'),
        (SEVERAL, '"Three"'),
        (MATCH, '"First => c"'),
        (MATCH, '"First"'),
        (ORDER, "1 + 2"),
        (FLAW, "9"),
        (CHANCES, '"never=0.5"'),
        (CHANCES, '"A=7"'),
    ],
)
def test_an_answer_that_cannot_be_meant_is_refused(question: Any, text: str) -> None:
    with pytest.raises(BadValue):
        given_answer(question, text, VALUES)


def test_the_key_of_an_expression_is_written_with_the_variants_numbers() -> None:
    question = Expression(**BASE, answer="a * x + exp(-a)", domain=(("x", -1, 1),))
    assert written_out(question, {"a": 2.5, "x": 9}) == "(2.5) * x + exp(-(2.5))"
