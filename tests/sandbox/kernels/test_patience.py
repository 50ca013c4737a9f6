import pytest

from sandbox.errors import Death
from sandbox.kernels.patience import AFTER_ANSWER, AFTER_FLOOD, AFTER_STOP, AFTER_TIME, Patience


def test_time_is_over_at_the_deadline_and_told_once() -> None:
    patience = Patience(deadline=60)
    assert not patience.time_is_over(59.9)
    assert patience.time_is_over(60)
    patience.time_over_at = 60
    assert not patience.time_is_over(61)


def test_a_cell_that_answered_is_not_over_time() -> None:
    assert not Patience(deadline=60, answered_at=59).time_is_over(61)


@pytest.mark.parametrize(
    ("asked", "grace", "why"),
    [
        ({"time_over_at": 60}, AFTER_TIME, Death.time),
        ({"flooded_at": 60}, AFTER_FLOOD, Death.output),
        ({"stopped_at": 60}, AFTER_STOP, Death.killed),
    ],
)
def test_who_does_not_stop_when_asked_is_killed_after_a_grace(asked: dict[str, float], grace: float, why: Death) -> None:
    patience = Patience(deadline=100, **asked)
    assert patience.kill(60 + grace - 0.1) is None
    assert patience.kill(60 + grace) == why
    assert patience.next_moment() == 60 + grace


def test_who_answered_is_not_killed() -> None:
    assert Patience(deadline=10, time_over_at=10, answered_at=11).kill(100) is None


def test_the_last_outputs_are_waited_for_after_the_answer_but_not_long() -> None:
    patience = Patience(deadline=60, answered_at=5)
    assert not patience.gave_up_waiting(5 + AFTER_ANSWER - 0.1)
    assert patience.gave_up_waiting(5 + AFTER_ANSWER)
    assert patience.next_moment() == 5 + AFTER_ANSWER


def test_the_next_moment_of_a_quiet_cell_is_its_deadline() -> None:
    assert Patience(deadline=60).next_moment() == 60


def test_a_stop_that_came_before_anybody_listened_is_asked_again_unless_there_is_an_answer() -> None:
    patience = Patience(deadline=100.0, ask_again_at=10.0)
    assert patience.next_moment() == 10.0
    assert [patience.asks_again(now) for now in (9.9, 10.0)] == [False, True]
    patience.answered_at = 9.95
    assert not patience.asks_again(10.0)
