"""What a regrade changes is told check by check."""

from dataclasses import replace

from server.grading.outcome import Outcome, State
from server.grading.regrading.diff import Change, CheckChange, Effect, Score, compare, count_effects

PASSED = Outcome("adds", False, State.passed, 2, 2, "")
FAILED = replace(PASSED, outcome=State.failed, points=0)


def change(before: tuple[Outcome, ...], after: tuple[Outcome, ...] | None, fault: str = "") -> Change:
    return Change("s", score(before), None if after is None else score(after), fault)


def score(outcomes: tuple[Outcome, ...]) -> Score:
    return Score(sum(row.points for row in outcomes), sum(row.possible for row in outcomes), outcomes)


def test_the_effect_is_that_on_the_share_of_points() -> None:
    dearer = replace(PASSED, points=5, possible=5)
    crashed = replace(FAILED, outcome=State.crashed)
    assert change((FAILED,), (PASSED,)).effect is Effect.raised
    assert change((PASSED,), (FAILED,)).effect is Effect.lowered
    assert change((PASSED,), (PASSED,)).effect is Effect.unchanged
    assert change((PASSED,), (dearer,)).effect is Effect.changed
    assert change((FAILED,), (crashed,)).effect is Effect.changed
    assert change((FAILED,), None).effect is Effect.untried
    assert change((FAILED,), None, "no").effect is Effect.fault


def test_checks_that_are_new_or_gone_are_named() -> None:
    new = replace(PASSED, check="subtracts")
    assert compare((PASSED,), (new,)) == (
        CheckChange("subtracts", "", "passed", 0.0, 2),
        CheckChange("adds", "passed", "", 2, 0.0),
    )


def test_messages_and_times_are_no_change() -> None:
    assert compare((FAILED,), (replace(FAILED, message="another", seconds=3),)) == ()


def test_effects_are_counted_in_a_fixed_order() -> None:
    same = change((PASSED,), (PASSED,))
    found = [same, change((PASSED,), (FAILED,)), change((FAILED,), (PASSED,)), same]
    assert list(count_effects(found).items()) == [("raised", 1), ("lowered", 1), ("unchanged", 2)]
