"""One string holds an answer; reading and writing it are each other's inverse for every seed."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.exercise_format.answers import AnswerError, expected, read_answer, read_number
from server.exercise_format.copies.answer_writer import write_answer
from server.exercise_format.question import (
    Expression,
    Flaw,
    Forecast,
    Item,
    Match,
    MultipleChoice,
    MultiSelect,
    Number,
    Option,
    Order,
    Question,
    Row,
    Short,
)
from server.exercise_format.shuffle import letters, shown_order

BASE: dict[str, Any] = {"cell": "question-1", "name": "it", "points": 1, "prompt": "Which?"}
OPTIONS = tuple(Option(f"option {n}", n == 2, "why") for n in range(5))
SINGLE = MultipleChoice(**BASE, options=OPTIONS[:4])
SEVERAL = MultiSelect(**BASE, options=OPTIONS)
MATCH = Match(**BASE, choices=("yes, but late", "no"), rows=tuple(Row(f"row {n}", "no", "why") for n in range(4)))
NUMBER = Number(**BASE, answer="0.25", rtol=0.005, unit="kg")
EXPRESSION = Expression(**BASE, answer="x", domain=(("x", -1, 1), ("n", 1, 9)))
ORDER = Order(**BASE, items=tuple(Item(str(n), f"item {n}") for n in range(1, 6)))
FLAW = Flaw(**BASE, of="f", code="a = 1\nb = 2\n\nc = 3", lines=frozenset({2}))
CHANCES = Forecast(**BASE, ask="probability", items=(Item("late", "Late?"), Item("dear", "Dear?")))
SPANS = Forecast(**BASE, ask="quantiles", items=(Item("weeks", "Weeks"), Item("cost", "Cost")))
SHORT = Short(**BASE, words=(10, 20))
ALL = (SINGLE, SEVERAL, MATCH, NUMBER, EXPRESSION, ORDER, FLAW, CHANCES, SPANS, SHORT)


@pytest.mark.parametrize("question", ALL, ids=lambda q: q.type)
@pytest.mark.parametrize("text", ["", "  \n"])
def test_nothing_is_no_answer(question: Question, text: str) -> None:
    assert read_answer(question, text, seed=1) is None


@pytest.mark.parametrize("question", ALL, ids=lambda q: q.type)
def test_what_to_type_is_said_in_one_sentence(question: Question) -> None:
    assert expected(question).endswith(".")


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**40), ticked=st.frozensets(st.integers(0, 4), min_size=1))
def test_ticks_are_read_back_for_every_seed(seed: int, ticked: frozenset[int]) -> None:
    assert read_answer(SEVERAL, write_answer(SEVERAL, ticked, seed), seed) == ticked


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**40), order=st.permutations(range(5)))
def test_an_order_is_read_back_unless_it_is_the_one_shown(seed: int, order: list[int]) -> None:
    text = write_answer(ORDER, tuple(order), seed)
    found = read_answer(ORDER, text, seed)
    assert found == (None if tuple(order) == shown_order(ORDER, seed) else tuple(order))


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**40), given_rows=st.dictionaries(st.integers(0, 3), st.sampled_from(MATCH.choices), min_size=1))
def test_pairs_are_read_back_even_when_a_choice_holds_a_comma(seed: int, given_rows: dict[int, str]) -> None:
    assert read_answer(MATCH, write_answer(MATCH, given_rows, seed), seed) == given_rows


@settings(max_examples=40, deadline=None)
@given(st.floats(-1e12, 1e12))
def test_a_number_is_read_back_exactly(value: float) -> None:
    assert read_answer(NUMBER, write_answer(NUMBER, value, 0), 0) == value


@settings(max_examples=40, deadline=None)
@given(st.dictionaries(st.sampled_from(["late", "dear"]), st.floats(0, 1), min_size=1))
def test_probabilities_are_read_back(given_chances: dict[str, float]) -> None:
    assert read_answer(CHANCES, write_answer(CHANCES, given_chances, 0), 0) == given_chances


def test_quantiles_and_lines_are_read_back() -> None:
    spans = {"weeks": (2.0, 5.0, 9.0), "cost": (-1.0, 0.0, 0.0)}
    assert read_answer(SPANS, write_answer(SPANS, spans, 0), 0) == spans
    assert read_answer(FLAW, write_answer(FLAW, frozenset({4, 1}), 0), 0) == {1, 4}


@pytest.mark.parametrize(
    ("question", "text", "said"),
    [
        (SINGLE, "E", "one letter"),
        (SINGLE, "A, B", "one letter"),
        (SINGLE, "the first", "one letter"),
        (SEVERAL, "A, A", "all that apply"),
        (SEVERAL, "1, 2", "all that apply"),
        (MATCH, "A", "one choice per letter"),
        (MATCH, "A=maybe", "one choice per letter"),
        (MATCH, "Z=no", "one choice per letter"),
        (MATCH, "A=no, A=no", "one choice per letter"),
        (MATCH, "A=", "one choice per letter"),
        (NUMBER, "about 3", "not a number"),
        (NUMBER, "0,25", "point for decimals"),
        (NUMBER, "1,000", "point for decimals"),
        (NUMBER, "1/0", "no finite value"),
        (NUMBER, "nan", "not a number"),
        (NUMBER, "__import__('os')", "not a number"),
        (EXPRESSION, "y + 1", "`y` is not known"),
        (EXPRESSION, "2x", "arithmetic"),
        (ORDER, "A, B", "all letters in order"),
        (ORDER, "A, A, B, C, D", "all letters in order"),
        (FLAW, "0", "lines 1 to 4"),
        (FLAW, "5", "lines 1 to 4"),
        (FLAW, "3-2", "lines 1 to 4"),
        (FLAW, "two", "lines 1 to 4"),
        (FLAW, "99999999999999", "lines 1 to 4"),
        (CHANCES, "A=1.2", "between 0 and 1"),
        (CHANCES, "A=-0.1", "between 0 and 1"),
        (CHANCES, "C=0.5", "probability per letter"),
        (SPANS, "A=3", "Three points"),
        (SPANS, "A=5/2/9", "smallest first"),
        (SPANS, "A=1/2/x", "not a number"),
    ],
)
def test_a_text_that_is_no_answer_says_what_is_expected(question: Question, text: str, said: str) -> None:
    with pytest.raises(AnswerError, match=said):
        read_answer(question, text, seed=3)


@pytest.mark.parametrize(
    ("text", "value"),
    [("0.25", 0.25), ("1/4", 0.25), ("25 %", 0.25), ("25%", 0.25), ("1e-3", 0.001), ("−2", -2.0), ("3 kg", 3.0), ("3kg", 3.0)],
)
def test_numbers_may_be_written_in_several_ways(text: str, value: float) -> None:
    assert read_number(text, "kg") == value


@pytest.mark.parametrize("text", ["a, c", "A C", "ac", "C;A", "a,\nc"])
def test_letters_may_be_written_in_several_ways(text: str) -> None:
    shown = shown_order(SEVERAL, 3)
    assert read_answer(SEVERAL, text, 3) == {shown[0], shown[2]}


@pytest.mark.parametrize("question", ALL[:-1], ids=lambda q: q.type)
@pytest.mark.parametrize("text", ["1" + " " * 1_000_000 + "x", "A," * 500_000, "(" * 100_000, "A=" + "1/" * 100_000])
def test_an_endless_text_is_refused_at_once(question: Question, text: str) -> None:
    with pytest.raises(AnswerError):
        read_answer(question, text, seed=1)


def test_a_range_of_lines_is_read() -> None:
    assert read_answer(FLAW, "1-2, 4", 0) == {1, 2, 4}


def test_case_and_line_breaks_do_not_matter_in_pairs() -> None:
    shown = shown_order(MATCH, 5)
    assert read_answer(MATCH, "a = NO\nb=Yes, but late", 5) == {shown[0]: "no", shown[1]: "yes, but late"}


@settings(max_examples=150, deadline=None)
@given(question=st.sampled_from(ALL), text=st.text(max_size=40))
def test_no_text_raises_anything_but_an_answer_error(question: Question, text: str) -> None:
    try:
        read_answer(question, text, seed=9)
    except AnswerError as error:
        assert str(error)


def test_an_answer_of_another_type_is_not_written() -> None:
    with pytest.raises(TypeError):
        write_answer(NUMBER, frozenset({1}), 0)


def test_letters_are_capitals_in_order() -> None:
    assert letters(3) == ("A", "B", "C")
