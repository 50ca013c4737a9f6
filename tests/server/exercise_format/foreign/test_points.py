import pytest

from server.exercise_format.foreign.points import shares, show


@pytest.mark.parametrize(
    ("total", "weights", "parts"),
    [
        (1, [1, 1, 1], [0.34, 0.33, 0.33]),
        (2, [1, 0, 1], [1, 0, 1]),
        (0.5, [1], [0.5]),
        (1, [0, 0], [0, 0]),
        (0, [1, 1], [0, 0]),
    ],
)
def test_shares_are_counted_to_a_hundredth_and_their_sum_is_exact(total: float, weights: list[float], parts: list[float]) -> None:
    assert shares(total, weights) == parts


def test_points_are_said_as_a_person_says_them() -> None:
    assert (show(1), show(2.5), show(0)) == ("1 point", "2.5 points", "0 points")
