import pytest

from sandbox.errors import Death
from sandbox.inside.messages import Verdict
from sandbox.trials.blame import Ended, decide, deserves_second_run


def verdict(outcome: str, text: str = "") -> Verdict:
    return Verdict(outcome, 1.0, text, "", False)


@pytest.mark.parametrize("outcome", ["passed", "failed", "crashed", "out_of_memory", "our_fault"])
def test_a_verdict_in_time_stands(outcome: str) -> None:
    assert decide(Ended(verdict(outcome, "why"), limit=10, seconds=1)) == (outcome, "why")


def test_an_unknown_verdict_is_our_fault() -> None:
    assert decide(Ended(verdict("excellent"), limit=10, seconds=1))[0] == "our_fault"


def test_time_that_went_into_the_suspect_is_its_own() -> None:
    ended = Ended(verdict("gone"), limit=10, seconds=10, over_time=True, waited=9.5)
    assert decide(ended) == ("timed_out", "Your code did not finish within 10 seconds.")


def test_time_that_went_into_the_check_is_ours() -> None:
    assert decide(Ended(verdict("gone"), limit=10, seconds=10, over_time=True, waited=0.5))[0] == "our_fault"
    assert decide(Ended(None, limit=10, seconds=12, over_time=True, waited=0.5))[0] == "our_fault"


def test_a_judge_that_hangs_inside_a_call_of_the_suspect_was_held_by_it() -> None:
    assert decide(Ended(None, limit=10, seconds=12, over_time=True, waited=0.1, in_flight=True))[0] == "timed_out"


def test_a_verdict_that_comes_late_through_no_fault_of_the_suspect_stands() -> None:
    assert decide(Ended(verdict("failed", "no"), limit=10, seconds=11, over_time=True, waited=1)) == ("failed", "no")


def test_a_copy_that_ended_by_itself_crashed_unless_memory_ended_it() -> None:
    assert decide(Ended(verdict("gone"), limit=10, seconds=1))[0] == "crashed"
    assert decide(Ended(verdict("gone"), limit=10, seconds=1, death=Death.memory))[0] == "out_of_memory"
    assert decide(Ended(verdict("gone"), limit=10, seconds=1, death=Death.crashed))[0] == "crashed"


def test_a_judge_that_is_lost_is_our_fault() -> None:
    assert decide(Ended(None, limit=10, seconds=1))[0] == "our_fault"


def test_only_a_copy_that_hung_without_computing_is_asked_again() -> None:
    assert deserves_second_run(Ended(verdict("gone"), limit=10, seconds=10, over_time=True, waited=10, idle=True))
    assert not deserves_second_run(Ended(verdict("gone"), limit=10, seconds=10, over_time=True, waited=10, idle=False))
    assert not deserves_second_run(Ended(verdict("gone"), limit=10, seconds=1, idle=True))
