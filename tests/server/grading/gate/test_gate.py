"""The gate keeps a good exercise and finds each promise that a bad one breaks; solutions and mistakes really run."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from importlib.resources import files

import pytest

from sandbox.errors import SandboxUnavailable
from sandbox.processes.forkserver import ForkServer
from server.exercise_format.copies.lazy_answers import LAZY, TAMPERING
from server.exercise_format.reading.reader import read_exercise
from server.exercise_format.starter import as_notebook
from server.exercise_format.words import KINDS
from server.grading.gate.gate import check_reading
from server.grading.gate.report import GateLine, GateReport
from server.grading.gate.runs import Effort, difference_problem, fault_problem
from server.grading.outcome import Outcome, State

Check = Callable[..., GateReport]


def text_of(kind: str) -> str:
    return files("server.exercise_format").joinpath("starters", f"{kind}.txt").read_text("utf-8")


@pytest.fixture
def check(forkserver: ForkServer) -> Check:
    """Runs the gate with one seed on a starter in which some text was replaced."""

    def run(kind: str, *changes: tuple[str, str]) -> GateReport:
        text = text_of(kind)
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        reading = read_exercise(as_notebook(text, "small-one", date(2026, 11, 24)), "small-one")
        return check_reading(reading, "small-one", forkserver, Effort(seeds=1))

    return run


def line_of(report: GateReport, kind: str, name: str) -> GateLine:
    return next(line for line in report.lines if (line.kind, line.name) == (kind, name))


@pytest.mark.parametrize("kind", [kind.name for kind in KINDS])
def test_a_starter_keeps_every_promise(kind: str, check: Check) -> None:
    report = check(kind)
    assert list(report.broken()) == []
    assert report.ok


def test_every_solution_stub_and_mistake_has_a_line_of_its_own(check: Check) -> None:
    lines = [(line.kind, line.name) for line in check("coding").lines]
    assert lines == [
        ("lint", "form"),
        ("solution", "reference"),
        ("solution", "with a mask"),
        ("repeatable", "right"),
        ("repeatable", "wrong"),
        ("stub", "untouched"),
        *(("lazy", name) for name in LAZY),
        *(("tampering", name) for name in TAMPERING),
        ("mistake", "sums in place of means"),
        ("mistake", "divided by the number of groups"),
        ("mistake", "the last group is lost"),
    ]


def test_a_wrong_reference_is_found_with_the_check_that_it_fails(check: Check) -> None:
    report = check("debugging", ("share * reading + (1 - share) * values[-1]", "share * reading + (1 + share) * values[-1]"))
    line = line_of(report, "solution", "reference")
    assert line.verdict == "broken"
    assert "random-readings failed: The running average is wrong" in line.detail


def test_a_second_solution_must_pass_too(check: Check) -> None:
    report = check("coding", ("values[groups == group].mean()", "values[groups == group].sum()"))
    assert line_of(report, "solution", "reference").ok
    assert not line_of(report, "solution", "with a mask").ok


def test_a_check_whose_verdict_changes_by_itself_is_found(check: Check) -> None:
    means = "means = group_means(np.array([1.0, 4.0, 9.0]), np.array([1, 0, 1]))"
    changing = f"import time\n{means}\nassert time.time_ns() < 0, str(time.time_ns())"
    line = line_of(check("coding", (means, changing)), "repeatable", "right")
    assert line.verdict == "broken"
    assert line.detail.startswith("graded 2 times: example was failed (A small example does not come out")


def test_outcomes_that_agree_are_no_difference() -> None:
    row = Outcome("one", False, State.failed, 0, 2, "no")
    assert difference_problem([row], [row], 2) == ""
    assert (
        difference_problem([row], [replace(row, message="yes")], 3) == "graded 3 times: one was failed (no), then one failed: yes"
    )


def test_an_answer_that_knows_nothing_and_earns_points_is_found(check: Check) -> None:
    shape = '    assert np.shape(found) == (k,), f"one mean for each of {k} groups is expected"\n'
    report = check("coding", (shape, ""), ("for k in (1, 3, 7)", "for k in (1,)"))
    line = line_of(report, "lazy", "an empty array")
    assert line.detail == "seed 0: earns 3 of 4 points, a tenth is allowed; passes random-groups"
    assert line_of(report, "lazy", "nothing").ok


def test_an_answer_that_tampers_and_earns_points_is_found(check: Check) -> None:
    example = 'assert np.shape(means) == (2,), "one mean per group is expected"\nassert np.allclose(means, [4.0, 5.0])'
    report = check("coding", (example, "assert means is not None"))
    line = line_of(report, "tampering", "an object that agrees with everything")
    assert line.detail == "seed 0: earns 1 of 4 points; passes example"
    assert line_of(report, "tampering", "the end of the process").ok


def test_a_guard_that_the_stub_passes_is_found(check: Check) -> None:
    guard = "%%% hidden-check\n#| name: guard\n#| points: 1\n#| message: Too slow.\nassert True\n%%% setup\n#| for: checks"
    line = line_of(check("coding", ("%%% setup\n#| for: checks", guard)), "stub", "untouched")
    assert line.detail == "seed 0: the stub passes guard; a guard needs `needs` with a check of values"


def test_a_mistake_that_fails_too_little_or_too_much_is_found(check: Check) -> None:
    report = check(
        "debugging",
        ("#| planted: true\n#| fails: start, random-readings", "#| planted: true\n#| fails: start"),
        ("#| planted: true\n#| fails: weights, random-readings", "#| planted: true\n#| fails: start, weights, random-readings"),
    )
    assert "fails too: random-readings failed" in line_of(report, "mistake", "starts at zero").detail
    assert line_of(report, "mistake", "weights exchanged").detail == "seed 0: does not fail: start is passed"


def test_a_mistake_whose_words_nobody_says_is_found(check: Check) -> None:
    report = check("coding", ("#| says: one mean", "#| says: one median"))
    line = line_of(report, "mistake", "the last group is lost")
    assert "nobody says 'one median'; the learner reads: " in line.detail
    assert "one mean per group is expected" in line.detail


def test_a_check_with_an_error_of_its_own_is_told_to_the_author(check: Check) -> None:
    report = check("coding", ("expected = expected_means(values, groups)", "expected = expected_mean(values, groups)"))
    detail = line_of(report, "solution", "reference").detail
    assert "random-groups: an error of the check's own: " in detail
    assert "expected_mean" in detail


def test_equal_errors_are_told_once_and_by_their_last_line() -> None:
    texts = {"one": "Traceback:\n  File x\nKeyError: 1\n", "two": "KeyError: 1", "three": "other"}
    assert fault_problem(texts) == "one, two: an error of the check's own: KeyError: 1; three: an error of the check's own: other"
    assert fault_problem({}) == ""


def test_a_variant_that_changes_from_call_to_call_is_found(check: Check) -> None:
    report = check("maths", ("import math\n", "import math\nimport random\n"), ("mean = 1 / p", "mean = 1 / p + random.random()"))
    assert line_of(report, "variant", "repeatable").detail == "the same seed gave different values"


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("5 + seed % 60 / 2", "5 + seed % 3 / 2", "distinct", "3 distinct variants; 50 are needed"),
        ("percent=percent", "percent=percent, odd=math.inf", "plain values", "odd is inf"),
        ("percent=percent", "percent=percent, odd={'a': 2}", "plain values", "odd is {'a': 2}"),
        ("percent=percent", "percent=percent, **({'odd': 1} if seed == 7 else {})", "plain values", "seed 7 gives other names"),
        ("probability {{percent}} %", "probability {{per_cent}} %", "placeholders", "asks for per_cent"),
    ],
)
def test_a_variant_must_be_many_plain_and_complete(old: str, new: str, line: str, said: str, check: Check) -> None:
    assert said in line_of(check("maths", (old, new)), "variant", line).detail


@pytest.mark.parametrize("body", ["raise ValueError('no')", "return 5", "while True: pass"])
def test_a_variant_that_gives_nothing_ends_the_check_of_this_exercise_alone(body: str, check: Check) -> None:
    if body.startswith("while"):
        body = "return [seed]"
    report = check("maths", ("    percent = 5 + seed % 60 / 2\n", f"    {body}\n    percent = 5\n"))
    assert line_of(report, "variant", "draws").detail.startswith("variant(seed)")
    assert [line.kind for line in report.lines] == ["lint", "variant"]


@pytest.mark.parametrize(
    ("kind", "old", "new", "name", "said"),
    [
        ("maths", "failures=mean - 1", "failures=mean * 1.001", "mean", "`failures` is too near to the key in 60 of 60"),
        ("maths", "<!-- answer: mean -->", "<!-- answer: means -->", "mean", "the key cannot be worked out"),
        ("maths", "- `failures`", "- `failure`", "mean", "the key cannot be worked out"),
        ("maths", "mean = 1 / p", "mean = 0.0", "mean", "the key is 0"),
    ],
)
def test_a_question_whose_key_or_wrong_answers_do_not_hold_is_found(
    kind: str, old: str, new: str, name: str, said: str, check: Check
) -> None:
    assert said in line_of(check(kind, (old, new)), "question", name).detail


FORECAST = """%%% question
<!-- name: odds -->
<!-- type: forecast -->
<!-- points: 2 -->
<!-- ask: {ask} -->
How likely is it?

- `late` Late?
  > As often as not.
%%% hint
<!-- for: mean -->
"""


@pytest.mark.parametrize(
    ("ask", "values", "said"),
    [
        ("probability", "late_prior=0.5, late_truth=0.8", ""),
        ("probability", "late_prior=0.5, late_truth=0.5", "the prior is the truth"),
        ("probability", "late_prior=0.5, late_truth=1.0", "must lie between 0 and 1"),
        ("probability", "late_prior=0.5", "KeyError"),
        ("quantiles", "late_prior=[1, 2, 3], late_truth=[10, 50, 90], late_draws=list(range(101))", ""),
        ("quantiles", "late_prior=[1, 2, 3], late_truth=[10, 50, 90], late_draws=[1]", "1 draws; 50 are needed"),
        ("quantiles", "late_prior=[3, 2, 1], late_truth=[10, 50, 90], late_draws=list(range(101))", "smallest first"),
        ("quantiles", "late_prior=[10, 50, 90], late_truth=[1, 2, 3], late_draws=list(range(101))", "the prior loses no more"),
    ],
)
def test_a_forecast_is_held_against_its_closed_form(ask: str, values: str, said: str, check: Check) -> None:
    question = FORECAST.format(ask=ask)
    report = check("maths", ("%%% hint\n<!-- for: mean -->\n", question), ("percent=percent", f"percent=percent, {values}"))
    line = line_of(report, "question", "odds")
    assert said in line.detail
    assert line.ok is (said == "")


def test_a_mistake_in_answers_must_fail_as_declared(check: Check) -> None:
    report = check("maths", ("#| answers: mean=failures\n", "#| answers: mean=mean\n"))
    assert "does not fail: mean is passed" in line_of(report, "mistake", "failures counted").detail


def test_a_mistake_that_cannot_be_made_is_found(check: Check) -> None:
    report = check("theory", ('what="The bias, because more rows show"', 'what="The"'))
    assert "begins 4 of the texts" in line_of(report, "mistake", "more data thought to cure bias").detail


def test_a_notebook_that_cannot_be_read_has_one_line(forkserver: ForkServer) -> None:
    report = check_reading(read_exercise(b"{", "small-one"), "small-one", forkserver)
    assert [(line.kind, line.verdict) for line in report.lines] == [("lint", "broken")]
    assert not report.ok


def test_an_error_of_the_form_breaks_the_first_line_and_the_rest_is_still_tried(check: Check) -> None:
    report = check("theory", ("<!-- level: 2 -->\nWhich part", "<!-- level: 2 -->\n{{x}} Which part"))
    assert "placeholder" in line_of(report, "lint", "form").detail
    assert line_of(report, "solution", "reference").ok


class BrokenForkServer(ForkServer):
    """Cannot start anything, as on a machine without any isolation."""

    def __init__(self) -> None:
        """Nothing to start."""

    def spawn(self, *arguments: object, **named: object) -> object:  # type: ignore[override]
        raise SandboxUnavailable("namespaces", "no user namespaces", "Allow them.")


@pytest.mark.parametrize("kind", ["coding", "maths"])
def test_our_own_trouble_is_never_the_exercises(kind: str) -> None:
    reading = read_exercise(as_notebook(text_of(kind), "small-one", date(2026, 11, 24)), "small-one")
    report = check_reading(reading, "small-one", BrokenForkServer())
    verdicts = {line.verdict for line in report.lines if line.kind != "lint"}
    assert verdicts == {"our_fault"}
    assert not report.ok
    assert "no user namespaces" in report.lines[1].detail
