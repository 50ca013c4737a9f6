"""Partial credit, case by case."""

from collections.abc import Iterator
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.inside.checks import setting
from sandbox.inside.checks.cases import Case, cases, exactly, fraction
from sandbox.inside.checks.setting import Setting
from sandbox.inside.handles.faults import AuthorFault

Awarded = list[tuple[Fraction, str]]


def awarding(hidden: bool) -> Iterator[Awarded]:
    given: Awarded = []
    learners = (AssertionError, ValueError)
    setting.enter(
        Setting(
            hidden=hidden,
            award=lambda share, note: given.append((share, note)),
            excuse=lambda error: str(error) if isinstance(error, learners) else None,
        )
    )
    yield given
    setting.leave()


@pytest.fixture
def visible() -> Iterator[Awarded]:
    yield from awarding(hidden=False)


@pytest.fixture
def hidden() -> Iterator[Awarded]:
    yield from awarding(hidden=True)


def run_three() -> None:
    with cases() as case:
        with case("one row"):
            assert True
        with case("ties", weight=2):
            raise ValueError("the ranks differ")
        with case("empty", weight=4):
            assert True


def test_every_case_runs_and_the_failing_ones_are_named(visible: Awarded) -> None:
    run_three()
    assert visible == [(Fraction(5, 7), "2 of 3 cases pass. Not: ties: the ranks differ.")]


def test_of_a_hidden_check_only_the_number_is_told(hidden: Awarded) -> None:
    run_three()
    assert hidden == [(Fraction(5, 7), "2 of 3 cases pass.")]


def test_all_that_pass_need_no_note(visible: Awarded) -> None:
    with cases() as case, case("one row"):
        pass
    assert visible == [(Fraction(1), "")]


def test_many_failures_are_cut(visible: Awarded) -> None:
    with cases() as case:
        for number in range(20):
            with case(f"case {number}"):
                raise ValueError("x" * 1_000)
    share, note = visible[0]
    assert share == 0
    assert note.endswith("; and 14 more.")
    assert len(note) < 1_500


def test_an_error_in_the_check_itself_ends_it(visible: Awarded) -> None:
    with pytest.raises(ZeroDivisionError), cases() as case, case("one row"):
        raise ZeroDivisionError
    assert visible == []


def test_no_case_and_no_weight_are_the_authors_fault(visible: Awarded) -> None:
    with pytest.raises(AuthorFault), cases():
        pass
    with pytest.raises(AuthorFault), cases() as case, case("one row", weight=0):
        pass


@given(st.lists(st.tuples(st.integers(1, 50) | st.sampled_from([0.1, 0.25, 1.5]), st.booleans()), min_size=1, max_size=40))
def test_uneven_credit_adds_up_exactly(run: list[tuple[float, bool]]) -> None:
    """What passes and what fails make 1 together, and a float of it gives the points back to the hundredth."""
    made = [Case("", exactly(weight), passed, "") for weight, passed in run]
    turned = [case._replace(passed=not case.passed) for case in made]
    assert fraction(made) + fraction(turned) == 1
    total = sum(case.weight for case in made)
    passed = sum((case.weight for case in made if case.passed), Fraction())
    assert round(float(total) * float(fraction(made)), 2) == round(float(passed), 2)


def test_a_third_three_times_is_the_whole() -> None:
    assert fraction([Case("", exactly(1), True, "")] * 3) == 1
    assert fraction([Case("", exactly(0.1), True, "")] * 3) == 1
