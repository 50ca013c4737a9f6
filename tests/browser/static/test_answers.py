"""Answers as text, and what the page says while they are typed."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.static.pages import call


@pytest.fixture(scope="module")
def page(chromium: Browser, address: str) -> Iterator[Page]:
    """One page for all: nothing here changes it."""
    page = chromium.new_page()
    page.goto(address)
    yield page
    page.close()


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("A=effective, B=harmful", [["A", "effective"], ["B", "harmful"]]),
        ("A=rises, a lot, C=stays", [["A", "rises, a lot"], ["C", "stays"]]),
        ("A=2/5/9, B=1/2/3", [["A", "2/5/9"], ["B", "1/2/3"]]),
        ("", []),
    ],
)
def test_pairs_are_read_with_commas_inside_their_values(page: Page, text: str, pairs: list[list[str]]) -> None:
    assert page.evaluate("""async (text) => [...(await load("questions/answers")).readPairs(text)]""", text) == pairs


def test_rows_without_a_value_are_left_out(page: Page) -> None:
    assert call(page, "questions/answers", "writePairs", [["A", "x"], ["B", ""], ["C", "y"]]) == "A=x, C=y"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0.25", 0.25),
        ("1/4", 0.25),
        ("1e-3", 0.001),
        ("25 %", 0.25),
        ("-.5", -0.5),
        ("−2", -2),
        ("0,25", None),
        ("1/0", None),
        ("x", None),
    ],
)
def test_numbers_are_read_as_the_grader_reads_them(page: Page, text: str, number: float | None) -> None:
    assert call(page, "questions/answers", "readNumber", text) == number


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("25 %", "Read as 0.25"),
        ("0.25", ""),
        ("0,25", "Use a point"),
        ("abc", "This is not read as a number"),
    ],
)
def test_the_reading_of_a_number_is_said(page: Page, text: str, says: str) -> None:
    said = call(page, "questions/answers", "sayNumber", text)["says"]
    assert said.startswith(says) if says else said == ""


@pytest.mark.parametrize(
    "text",
    ["c**2 * sigma**2 / n", "-x", "1 / (1 + exp(-z))", "2*pi*e", "log1p(x) - (a + b)*(c - d)", "σ**2", "x**-1", "3.5e-2*x"],
)
def test_a_formula_that_can_be_read_is_accepted(page: Page, text: str) -> None:
    assert call(page, "questions/expression", "sayExpression", text)["ok"] is True


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("c^2", "Write a power with **"),
        ("(a + b", "A bracket is not closed"),
        ("a + b)", "one closing bracket too many"),
        ("2 x", "After a value comes an operator"),
        ("a *", "not finished"),
        ("y = x", "not"),
        ("foo(x)", "foo is not a function here"),
        ("log x", "log needs brackets"),
        ("a $ b", "cannot stand in a formula"),
        ("exp(a, b)", "one value"),
    ],
)
def test_what_is_wrong_with_a_formula_is_said_in_words(page: Page, text: str, says: str) -> None:
    said = call(page, "questions/expression", "sayExpression", text)
    assert said["ok"] is False
    assert says in said["says"]


def test_two_texts_are_compared_line_by_line(page: Page) -> None:
    compared = call(page, "compare", "compare", "a\nb\nc", "a\nx\nc\nd")
    assert [line["text"] for line in compared["mine"] if line["differs"]] == ["b"]
    assert [line["text"] for line in compared["theirs"] if line["differs"]] == ["x", "d"]


@pytest.mark.parametrize(
    ("draft", "cell", "verdict"),
    [
        ({"source": "x", "base": 3}, {"source": "x", "version": 4}, "same"),
        ({"source": "x", "base": 3}, {"source": "y", "version": 3}, "newer"),
        ({"source": "x", "base": 3}, {"source": "y", "version": 4}, "conflict"),
        ({"source": "x", "base": 3}, None, "orphan"),
    ],
)
def test_a_draft_is_judged_against_what_the_server_holds(page: Page, draft: object, cell: object, verdict: str) -> None:
    assert call(page, "drafts", "judge", draft, cell) == verdict


def test_the_tally_names_each_kind_of_outcome(page: Page) -> None:
    outcomes = [{"outcome": name} for name in ["passed", "passed", "failed", "crashed", "our_fault", "not_attempted"]]
    assert call(page, "words", "tally", outcomes) == "2 passed, 1 failed, 1 crashed, 1 not attempted, 1 not run, our fault"
    answers = [{"outcome": "passed", "question": True}, {"outcome": "failed", "question": True}]
    assert call(page, "words", "tally", answers) == "1 right, 1 not right"
