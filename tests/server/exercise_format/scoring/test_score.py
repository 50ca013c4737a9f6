"""Scores of all nine types, by hand-made answers."""

from dataclasses import replace
from typing import Any

import pytest

from server.exercise_format.copies.answer_writer import write_answer
from server.exercise_format.question import (
    Expression,
    Flaw,
    Forecast,
    Item,
    KnownWrong,
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
from server.exercise_format.scoring.forecast import expected_brier, pinball
from server.exercise_format.scoring.score import QuestionScore, score_question, self_mark_fraction
from server.exercise_format.shuffle import shown_order

SEED = 11


def base(name: str = "it") -> dict[str, Any]:
    return {"cell": "q", "name": name, "points": 2, "prompt": "Which?"}


def score(question: Question, given: Any, values: dict[str, Any] | None = None, **earlier: str) -> QuestionScore:
    text = given if isinstance(given, str) else write_answer(question, given, SEED)
    return score_question(question, text, values or {}, SEED, earlier)


SINGLE = MultipleChoice(
    **base(),
    options=(Option("a", True, "Right: a."), Option("b", False, "Not b."), Option("c", False, ""), Option("d", False, "")),
)
SEVERAL = MultiSelect(**base(), options=tuple(Option(text, text in "abc", f"About {text}.") for text in "abcde"))
ROWS = tuple(Row(text, "good" if text < "d" else "bad", f"About {text}.") for text in "abcde")
MATCH = Match(**base(), choices=("good", "bad"), rows=ROWS)
STEPS = tuple(Item(str(n), f"step {n}", "Shown late." if n == 4 else "") for n in range(1, 5))
ORDER = Order(**base(), items=STEPS, free=frozenset({(1, 2)}))
CODE = "\n".join(["a = 1", "b = 2", "", "c = 3", "d = 4", "e = 5"])
TEMPTING = (KnownWrong("4", "Line 4 is in order."), KnownWrong("2", "Yes: b."))
FLAW = Flaw(**base(), of="f", code=CODE, lines=frozenset({2, 5}), known_wrong=TEMPTING)
HALF = Number(**base("half"), answer="(a + b) / 2", unit="kg")
NUMBER = Number(
    **base("total"), answer="a + b", rtol=0.01, follow="half * 2", builds_on=(HALF,),
    known_wrong=(KnownWrong("a - b", "They add up."), KnownWrong("unknown", "Never shown."), KnownWrong("a / 0", "Never shown.")),
)  # fmt: skip
SLOPE = Expression(
    **base("slope"), answer="2 * x * k", domain=(("x", -3, 3),), follow="2 * curve / x",
    builds_on=(Expression(**base("curve"), answer="k * x ** 2", domain=(("x", -3, 3),)),),
    known_wrong=(KnownWrong("x * k", "The power comes down as a factor."),),
)  # fmt: skip
CHANCES = Forecast(**base(), ask="probability", items=(Item("late", "Late?", "Often late."), Item("dear", "Dear?")))
FACTS = {"late_prior": 0.5, "late_truth": 0.8, "dear_prior": 0.3, "dear_truth": 0.1}


def test_one_right_option_earns_all() -> None:
    found = score(SINGLE, frozenset({0}))
    assert (found.outcome, found.fraction, found.message) == ("passed", 1.0, "Right: a.")


def test_a_wrong_option_earns_nothing_and_its_reason_is_told() -> None:
    found = score(SINGLE, frozenset({1}))
    assert (found.outcome, found.fraction, found.message) == ("failed", 0.0, "Not b.")
    assert {(r.text, r.right, r.chosen) for r in found.reasons if r.text} == {("Right: a.", True, False), ("Not b.", False, True)}


@pytest.mark.parametrize(
    ("ticked", "fraction"),
    [({0, 1, 2}, 1), ({0, 1}, 2 / 3), ({0}, 1 / 3), ({0, 1, 2, 3}, 2 / 3), ({0, 3}, 0), ({3, 4}, 0), ({0, 1, 2, 3, 4}, 0)],
)
def test_wrong_ticks_cost_what_right_ticks_earn(ticked: set[int], fraction: float) -> None:
    found = score(SEVERAL, frozenset(ticked))
    assert found.fraction == pytest.approx(fraction)
    assert found.outcome == ("passed" if fraction == 1 else "failed")


def test_wrong_and_missing_ticks_are_told_apart() -> None:
    assert score(SEVERAL, frozenset({0, 1, 3})).message == "About d. 1 of 3 right options is not ticked."


@pytest.mark.parametrize(
    ("given", "fraction"),
    [
        ({0: "good", 1: "good", 2: "good", 3: "bad", 4: "bad"}, 1),
        ({0: "good", 1: "good", 2: "good", 3: "bad"}, 4 / 5),
        ({0: "good", 1: "good", 2: "good", 3: "bad", 4: "good"}, 3 / 5),
        ({0: "bad", 1: "bad", 2: "bad", 3: "good"}, 0),
        (dict.fromkeys(range(5), "good"), 0),
        (dict.fromkeys(range(5), "bad"), 0),
    ],
)
def test_rows_score_right_less_wrong(given: dict[int, str], fraction: float) -> None:
    assert score(MATCH, given).fraction == pytest.approx(fraction)


def test_open_rows_are_told() -> None:
    assert score(MATCH, {3: "good", 0: "good"}).message == "About d. 3 of 5 rows have no choice yet."


@pytest.mark.parametrize(
    ("order", "fraction"), [((0, 1, 2, 3), 1), ((1, 0, 2, 3), 1), ((0, 1, 3, 2), 4 / 5), ((3, 0, 1, 2), 2 / 5), ((3, 2, 1, 0), 0)]
)
def test_an_order_scores_the_required_pairs(order: tuple[int, ...], fraction: float) -> None:
    found = score(ORDER, order)
    if order == shown_order(ORDER, SEED):
        assert found.outcome == "not_attempted"
    else:
        assert found.fraction == pytest.approx(fraction)


def test_a_broken_order_says_how_many_pairs_stand_and_why() -> None:
    assert score(ORDER, (0, 1, 3, 2)).message == "4 of 5 pairs stand in the right order. Shown late."


@pytest.mark.parametrize(
    ("lines", "fraction"), [({2, 5}, 1), ({2}, 2 / 3), ({2, 4}, 1 / 2), ({1, 4}, 0), ({2, 4, 5}, 4 / 5), ({1, 2, 4, 5, 6}, 0)]
)
def test_lines_score_by_f1_and_all_lines_score_nothing(lines: set[int], fraction: float) -> None:
    assert score(FLAW, frozenset(lines)).fraction == pytest.approx(fraction)


def test_all_lines_count_when_most_lines_are_at_fault() -> None:
    mostly = replace(FLAW, lines=frozenset({1, 2, 4}), code="a\nb\n\nc\nd")
    assert score(mostly, frozenset({1, 2, 4, 5})).fraction == pytest.approx(6 / 7)


def test_a_tempting_line_has_its_reason() -> None:
    found = score(FLAW, frozenset({2, 4}))
    assert found.message == "Line 4 is in order. 1 of 2 faulty lines is not named."
    assert [(r.key, r.right, r.chosen) for r in found.reasons] == [("2", True, True), ("4", False, True)]


def test_an_unexplained_wrong_line_is_still_told() -> None:
    assert score(FLAW, frozenset({2, 5, 1})).message == "Not every line that you named is at fault."


@pytest.mark.parametrize(("text", "outcome"), [("5", "passed"), ("5.04", "passed"), ("5.06", "failed"), ("4.94", "failed")])
def test_a_number_counts_within_its_tolerance(text: str, outcome: str) -> None:
    assert score(NUMBER, text, {"a": 2, "b": 3}).outcome == outcome


def test_a_known_wrong_number_has_its_reason() -> None:
    assert score(NUMBER, "-1", {"a": 2, "b": 3}).message == "They add up."
    assert score(NUMBER, "77", {"a": 2, "b": 3}).message == "This is not the right number."


def test_an_absolute_tolerance_works_around_zero() -> None:
    question = Number(**base(), answer="0", atol=0.1)
    assert [score(question, text).outcome for text in ("0.09", "-0.1", "0.11")] == ["passed", "passed", "failed"]


def test_an_earlier_slip_costs_one_step() -> None:
    values = {"a": 2, "b": 3}
    followed = score(NUMBER, "14", values, half="7 kg")
    assert (followed.outcome, followed.fraction) == ("passed", 1.0)
    assert "earlier answer" in followed.message
    assert score(NUMBER, "14", values).outcome == "failed"
    assert score(NUMBER, "14", values, half="no number").outcome == "failed"


def test_the_key_counts_even_after_an_earlier_slip() -> None:
    assert score(NUMBER, "5", {"a": 2, "b": 3}, half="7").outcome == "passed"


@pytest.mark.parametrize("text", ["6 * x", "x * 6", "x*3 + 3*x", "6*x + sin(x) - sin(x)", "6 * x ** 1.0 if x"])
def test_equal_expressions_count_however_they_are_written(text: str) -> None:
    wanted = "not_attempted" if "if" in text else "passed"
    assert score(SLOPE, text, {"k": 3}).outcome == wanted


def test_a_known_wrong_expression_has_its_reason() -> None:
    assert score(SLOPE, "3 * x", {"k": 3}).message == "The power comes down as a factor."
    assert score(SLOPE, "7 * x", {"k": 3}).message == "This differs from the right expression."


def test_an_expression_that_has_no_value_somewhere_is_wrong() -> None:
    assert score(SLOPE, "6 * x + 0 * log(x)", {"k": 3}).outcome == "failed"


def test_a_variant_value_is_no_name_of_the_learners() -> None:
    assert score(SLOPE, "2 * x * k", {"k": 3}).outcome == "not_attempted"


def test_an_expression_follows_an_earlier_expression() -> None:
    assert score(SLOPE, "10 * x", {"k": 3}, curve="5 * x ** 2").outcome == "passed"
    assert score(SLOPE, "10 * x", {"k": 3}, curve="").outcome == "failed"


def test_a_number_follows_an_earlier_expression_at_the_variants_values() -> None:
    curve = Expression(**base("curve"), answer="x ** 2", domain=(("x", -3, 3),))
    question = Number(**base(), answer="x ** 2 + 1", rtol=0.005, follow="curve + 1", builds_on=(curve,))
    assert score(question, "7", {"x": 2}, curve="3 * x").outcome == "passed"


def test_the_prior_scores_one_half_and_the_truth_one() -> None:
    prior = score(CHANCES, "A=0.5, B=0.3", FACTS)
    assert (prior.outcome, prior.fraction) == ("passed", pytest.approx(0.5))
    assert score(CHANCES, "A=0.8, B=0.1", FACTS).fraction == pytest.approx(1)


def test_a_forecast_scores_by_its_closed_form() -> None:
    late = 1 - 0.5 * (0.6 - 0.8) ** 2 / (0.5 - 0.8) ** 2
    assert score(CHANCES, "A=0.6, B=0.1", FACTS).fraction == pytest.approx((late + 1) / 2)


def test_overconfidence_scores_below_one_half() -> None:
    found = score(CHANCES, "A=0, B=1", FACTS)
    assert (found.outcome, found.fraction) == ("failed", 0.0)
    assert found.message == "2 of 2 forecasts are worse than the base rate."


def test_a_missing_forecast_earns_nothing() -> None:
    found = score(CHANCES, "A=0.8", FACTS)
    assert (found.fraction, found.message) == (0.5, "1 of 2 forecasts is worse than the base rate. 1 of 2 forecasts is missing.")


def test_expected_brier_is_the_mean_over_both_outcomes() -> None:
    forecast, truth = 0.3, 0.8
    assert expected_brier(forecast, truth) == pytest.approx(truth * (1 - forecast) ** 2 + (1 - truth) * forecast**2)


def test_pinball_is_smallest_at_the_quantiles() -> None:
    draws = [float(n) for n in range(1, 101)]
    right = pinball((10.5, 50.5, 90.5), draws)
    for points in [(9.0, 50.5, 90.5), (10.5, 60.0, 90.5), (10.5, 50.5, 99.0), (40.0, 50.0, 60.0)]:
        assert pinball(points, draws) > right


def test_quantiles_score_from_prior_to_truth() -> None:
    draws = [float(n) for n in range(1, 101)]
    question = Forecast(**base(), ask="quantiles", items=(Item("w", "Weeks"),))
    values = {"w_prior": [30, 50, 70], "w_truth": [10.5, 50.5, 90.5], "w_draws": draws}
    assert score(question, "A=30/50/70", values).fraction == pytest.approx(0.5)
    assert score(question, "A=10.5/50.5/90.5", values).fraction == pytest.approx(1)
    assert score(question, "A=1/2/3", values).fraction == 0


def test_a_short_answer_waits_for_a_person() -> None:
    question = Short(**base(), words=(3, 5))
    assert score(question, "one two three four").outcome == "to_mark"
    assert "2 words; 3 to 5 were asked for" in score(question, "one two").message
    assert score(question, " ").outcome == "not_attempted"


@pytest.mark.parametrize("question", [SINGLE, SEVERAL, MATCH, ORDER, FLAW, NUMBER, SLOPE, CHANCES], ids=lambda q: q.type)
def test_an_empty_or_unreadable_answer_is_not_attempted(question: Question) -> None:
    for text in ("", "?!"):
        found = score(question, text, {"a": 1, "b": 2, "k": 3, **FACTS})
        assert (found.outcome, found.fraction, found.reasons) == ("not_attempted", 0.0, ())
        assert found.message


def test_placeholders_are_filled_in_reasons() -> None:
    question = replace(SINGLE, options=(Option("{{n}}", True, "Right: {{n}}."), *SINGLE.options[1:]))
    assert score(question, frozenset({0}), {"n": 7}).message == "Right: 7."


@pytest.mark.parametrize(
    ("marks", "fraction"),
    [({}, 0), ({0: 5, 1: 5, 2: 5}, 1), ({0: 3, 1: 3, 2: 3}, 0.5), ({0: 5}, 1 / 3), ({0: 9, 1: -2, 2: 1}, 1 / 3)],
)
def test_marks_on_a_rubric_become_a_share(marks: dict[int, int], fraction: float) -> None:
    assert self_mark_fraction(marks, 3) == pytest.approx(fraction)


def test_a_rubric_without_lines_earns_nothing() -> None:
    assert self_mark_fraction({}, 0) == 0
