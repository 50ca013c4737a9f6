import pytest

from server.exercise_format.exercise import Cell
from server.exercise_format.question import (
    Expression,
    Flaw,
    Forecast,
    Match,
    MultipleChoice,
    Number,
    Order,
    Question,
    Short,
)
from server.exercise_format.reading.listing import ITEM, split_listing
from server.exercise_format.reading.question_reader import QuestionReader, link_questions

CODE = "a = 1\nb = 2\nc = 3"


def read(kind: str, body: str, **options: str) -> tuple[Question, list[str]]:
    cell = Cell("q", "markdown", "question", {"name": "it", "type": kind, "points": "2", **options}, body)
    reader = QuestionReader(cell, {"given": CODE}.get)
    question = reader.read()
    assert question is not None
    return question, [finding.code for finding in reader.findings]


def test_a_choice_keeps_texts_reasons_and_the_right_one() -> None:
    body = "Prompt\nover two lines.\n\n- [ ] one\n  goes on\n  > because\n  > of this\n- [x] two\n  > right\n"
    question, codes = read("multiple-choice", body)
    assert isinstance(question, MultipleChoice)
    assert codes == []
    assert question.prompt == "Prompt\nover two lines."
    assert [(o.text, o.right, o.reason) for o in question.options] == [
        ("one\ngoes on", False, "because\nof this"),
        ("two", True, "right"),
    ]
    assert (question.points, question.type, question.title, question.answer_cell) == (2, "multiple-choice", "It", "q-answer")


def test_a_prompt_may_hold_lists_tables_and_code_of_its_own() -> None:
    body = "Look:\n\n- one thing\n- another\n\n```\n- [x] no option\n```\n\nWhich?\n\n- [x] yes\n  > r\n- [ ] no\n  > r"
    question, codes = read("multiple-choice", body)
    assert isinstance(question, MultipleChoice)
    assert codes == []
    assert question.prompt.endswith("Which?")
    assert len(question.options) == 2


def test_rows_are_split_at_the_last_arrow() -> None:
    question, codes = read("match", "Judge.\n\n- a => b => good\n  > r\n- c => bad, very\n  > r", choices="good | bad, very")
    assert isinstance(question, Match)
    assert codes == []
    assert [(row.text, row.choice) for row in question.rows] == [("a => b", "good"), ("c", "bad, very")]


def test_a_row_with_an_unknown_choice_is_found() -> None:
    assert read("match", "Judge.\n\n- a => so so\n  > r", choices="good, bad")[1] == ["question-shape"]


def test_a_number_has_a_default_tolerance_unless_one_is_given() -> None:
    plain, _ = read("number", "How many?", answer="3")
    fixed, _ = read("number", "How many?\n\n- `2`\n  > One short.", answer="3", atol="0.5", unit="rows")
    assert isinstance(plain, Number) and isinstance(fixed, Number)
    assert (plain.rtol, plain.atol, plain.known_wrong) == (0.005, 0, ())
    assert (fixed.rtol, fixed.atol, fixed.unit, fixed.known_wrong[0].value) == (0, 0.5, "rows", "2")


def test_an_expression_has_names_with_ranges() -> None:
    question, codes = read("expression", "Slope?\n\n- `x`\n  > No.", answer="2*x", domain="x in (-3, 3), sigma in (0.5, 2e1)")
    assert isinstance(question, Expression)
    assert codes == []
    assert question.domain == (("x", -3.0, 3.0), ("sigma", 0.5, 20.0))


@pytest.mark.parametrize(
    "domain", ["x", "x in (3, -3)", "x in (1, 1)", "x in (a, b)", "x in (0, inf)", "x in (0, 1) y in (0, 1)", ""]
)
def test_a_domain_that_is_no_range_is_found(domain: str) -> None:
    assert "option-value" in read("expression", "Slope?", answer="2*x", domain=domain)[1]


def test_an_order_keeps_items_and_free_pairs() -> None:
    question, codes = read("order", "Sort:\n\n1. one\n2. two\n   > first things\n3. three", free="1-2")
    assert isinstance(question, Order)
    assert codes == []
    assert [item.text for item in question.items] == ["one", "two", "three"]
    assert question.items[1].reason == "first things"
    assert question.required_pairs() == ((0, 2), (1, 2))


@pytest.mark.parametrize("free", ["3-4", "2-1", "1", "1-2-3", "0-1"])
def test_free_pairs_outside_the_list_are_found(free: str) -> None:
    assert read("order", "Sort:\n\n1. one\n2. two\n3. three", free=free)[1] == ["option-value"]


def test_a_flaw_shows_the_code_that_it_is_of() -> None:
    question, codes = read("flaw", "Where?\n\n- `1`\n  > Given.", of="given", lines="2, 3")
    assert isinstance(question, Flaw)
    assert codes == []
    assert (question.code, question.lines, question.countable_lines()) == (CODE, {2, 3}, {1, 2, 3})


def test_a_flaw_of_nothing_and_lines_outside_are_found() -> None:
    assert set(read("flaw", "Where?", of="missing", lines="1")[1]) == {"dangling-name"}
    assert set(read("flaw", "Where?\n\n- `9`\n  > No.", of="given", lines="4")[1]) == {"option-value", "question-shape"}


def test_a_forecast_has_a_key_for_each_item() -> None:
    question, codes = read("forecast", "How likely?\n\n- `late` Is it late?\n  > Often.\n- `dear` Is it dear?", ask="quantiles")
    assert isinstance(question, Forecast)
    assert codes == []
    assert [(item.key, item.text, item.reason) for item in question.items] == [
        ("late", "Is it late?", "Often."),
        ("dear", "Is it dear?", ""),
    ]


def test_a_forecast_asks_for_one_of_two_things_and_each_key_once() -> None:
    assert read("forecast", "How?\n\n- `a` A?", ask="both")[1] == ["option-value"]
    assert read("forecast", "How?\n\n- `a` A?\n- `a` B?", ask="quantiles")[1] == ["question-shape"]


def test_a_short_question_has_no_list() -> None:
    question, codes = read("short", "Say why.\n\n- in your words", words="60-150", keep="true")
    assert isinstance(question, Short)
    assert codes == []
    assert (question.words, question.keep, question.prompt) == ((60, 150), True, "Say why.\n\n- in your words")


@pytest.mark.parametrize("words", ["60", "150-60", "a-b", "1-9999"])
def test_word_limits_are_two_counts(words: str) -> None:
    assert read("short", "Say why.", words=words)[1] == ["option-value"]


@pytest.mark.parametrize(
    ("kind", "option"),
    [("short", "rtol"), ("number", "shuffle"), ("order", "words"), ("multiple-choice", "answer"), ("match", "lines")],
)
def test_an_option_of_another_type_is_found(kind: str, option: str) -> None:
    assert "option-unknown" in read(kind, "Prompt.", **{option: "1"})[1]


@pytest.mark.parametrize(
    ("kind", "missing"),
    [("match", 1), ("number", 1), ("expression", 2), ("flaw", 2), ("forecast", 1), ("short", 1)],
)
def test_a_missing_option_of_the_type_is_found(kind: str, missing: int) -> None:
    assert read(kind, "Prompt.")[1].count("option-missing") == missing


@pytest.mark.parametrize("kind", ["multiple-choice", "multi-select", "match", "order", "forecast"])
def test_a_question_without_its_list_is_found(kind: str) -> None:
    assert "question-shape" in read(kind, "Prompt only.", choices="a, b", ask="probability")[1]


def test_follow_is_linked_to_the_questions_above() -> None:
    one, _ = read("number", "One?", answer="1", name="one")
    two, _ = read("number", "Two?", answer="2", name="two", follow="one * 2 + three")
    three, _ = read("number", "Three?", answer="3", name="three")
    linked = link_questions([one, two, three])
    assert [above.name for above in linked[1].builds_on] == ["one"]  # type: ignore[union-attr, attr-defined]


def test_text_below_a_list_ends_it() -> None:
    found = split_listing("Prompt.\n\n- one\n\nMore text.", ITEM)
    assert (found.prompt, found.entries) == ("Prompt.\n\n- one\n\nMore text.", ())


def test_blank_lines_between_items_do_not_matter() -> None:
    found = split_listing("Prompt.\n\n1. one\n\n   > why\n\n2. two\n", ITEM)
    assert [(entry.number, entry.text, entry.reason) for entry in found.entries] == [(1, "one", "why"), (2, "two", "")]
