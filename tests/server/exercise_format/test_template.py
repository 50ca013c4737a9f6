from collections.abc import Callable

import pytest

from server.exercise_format.exercise import Exercise
from server.exercise_format.template import fill, fill_exercise, placeholders, show


@pytest.mark.parametrize(
    ("value", "text"),
    [(3, "3"), (0.1 + 0.2, "0.3"), (1234567.0, "1.23457e+06"), (True, "True"), ("a", "a"), ([1, 2.5, "x"], "1, 2.5, x")],
)
def test_values_are_shown_with_six_digits(value: object, text: str) -> None:
    assert show(value) == text


def test_known_names_are_filled_and_formulas_left_alone() -> None:
    assert fill(r"{{ n }} of $e^{{{n}}}$, {{other}}, \frac{{x}}{y}", {"n": 4}) == r"4 of $e^{4}$, {{other}}, \frac{{x}}{y}"


def test_a_value_is_not_filled_again() -> None:
    assert fill("{{a}}", {"a": "{{b}}", "b": "no"}) == "{{b}}"


def test_placeholders_are_found_in_order() -> None:
    assert placeholders("{{b}} {{a}} {{ b }} {{9}}") == ("b", "a", "b")


def test_every_shown_text_is_filled_and_code_is_not(read_starter: Callable[[str], Exercise]) -> None:
    exercise = read_starter("maths")
    filled = fill_exercise(exercise, {"percent": 12.5})
    assert "probability 12.5 %" in filled.cells[0].body
    assert filled.variant == exercise.variant
    assert [cell.body for cell in filled.cells if cell.role == "variant"] == [exercise.variant.source]  # type: ignore[union-attr]


def test_an_exercise_without_a_variant_stays_as_it_is(read_starter: Callable[[str], Exercise]) -> None:
    exercise = read_starter("theory")
    assert fill_exercise(exercise, {"x": 1}) is exercise
