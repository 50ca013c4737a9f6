"""Strengths are shown or not, floors are cleared or not, and too little is said to be too little. Nothing is averaged across."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.assessments.decisions.verdicts import Evidence, Finding, Verdict, judge_candidate, judge_need, range_of


def need(share: float, pieces: int, asked: float = 0.6, *, floor: bool = True) -> Finding:
    return judge_need([Evidence(share * 10, 10, pieces)], asked, floor=floor)


@pytest.mark.parametrize(
    ("share", "pieces", "verdict"),
    [
        (0.95, 20, Verdict.meets),
        (0.2, 20, Verdict.below),
        (0.6, 20, Verdict.too_little),
        (1.0, 4, Verdict.meets),
        (1.0, 2, Verdict.too_little),
        (0.0, 2, Verdict.too_little),
        (0.0, 6, Verdict.below),
    ],
)
def test_a_floor_is_a_matter_of_the_whole_range(share: float, pieces: int, verdict: Verdict) -> None:
    assert need(share, pieces).verdict is verdict


def test_a_strength_that_is_missed_is_not_shown() -> None:
    assert need(0.2, 20, floor=False).verdict is Verdict.not_shown


def test_the_reason_names_the_range_and_what_was_asked_for() -> None:
    assert need(0.95, 20).why == "All of the range reaches it: 85 % to 98 %, asked for 60 %."
    assert need(0.5, 1).why == "There is too little work to tell."


def test_strong_code_does_not_pay_for_weak_theory() -> None:
    code, theory = need(0.95, 20, floor=False), need(0.2, 20)
    assert judge_candidate([code], [theory]) is Verdict.below


def test_the_other_way_round_code_is_the_floor() -> None:
    theory, code = need(0.95, 20, floor=False), need(0.2, 20)
    assert judge_candidate([theory], [code]) is Verdict.below


def test_all_strengths_and_all_floors_are_needed() -> None:
    good, unclear, weak = need(0.95, 20), need(0.6, 20), need(0.2, 20, floor=False)
    assert judge_candidate([good], [good]) is Verdict.meets
    assert judge_candidate([good, unclear], [good]) is Verdict.too_little
    assert judge_candidate([good, weak], [good]) is Verdict.not_shown
    assert judge_candidate([], [good]) is Verdict.too_little
    assert judge_candidate([good], []) is Verdict.too_little


PIECES = st.lists(st.builds(lambda possible, share, n: Evidence(possible * share, possible, n),
                            st.floats(0.5, 50), st.floats(0, 1), st.integers(1, 30)), min_size=1, max_size=6)  # fmt: skip


@given(PIECES)
def test_a_range_holds_its_estimate_and_lies_between_nothing_and_everything(evidence: list[Evidence]) -> None:
    found = range_of(evidence)
    if found is not None:
        assert 0 <= found.low <= found.estimate + 1e-9 and found.estimate <= found.high + 1e-9 <= 1 + 2e-9


@given(PIECES, st.floats(0, 1), st.floats(0, 1))
def test_asking_for_less_never_makes_a_verdict_worse(evidence: list[Evidence], one: float, other: float) -> None:
    less, more = sorted((one, other))
    order = [Verdict.below, Verdict.too_little, Verdict.meets]
    verdicts = [judge_need(evidence, share, floor=True).verdict for share in (less, more)]
    assert order.index(verdicts[0]) >= order.index(verdicts[1])
