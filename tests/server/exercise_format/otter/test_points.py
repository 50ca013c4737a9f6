from typing import Any

import pytest

from server.exercise_format.foreign.notebook import NotImportable
from server.exercise_format.otter.points import case_points, without_idle


@pytest.mark.parametrize(
    ("points", "own", "parts"),
    [
        (None, [None, None], [0.5, 0.5]),
        (3, [None, None, None], [1, 1, 1]),
        (3, [2, None], [2, 1]),
        ([0, 2], [None, None], [0, 2]),
        ({"each": 2}, [None, None], [2, 2]),
        (None, [1, None], [1, 0]),
    ],
)
def test_points_of_all_forms(points: Any, own: list[float | None], parts: list[float]) -> None:
    assert case_points("q1", points, own) == parts


@pytest.mark.parametrize(("points", "own"), [([1], [None, None]), (1, [2, None])])
def test_points_that_contradict_each_other_are_refused(points: Any, own: list[float | None]) -> None:
    with pytest.raises(NotImportable, match="uestion q1"):
        case_points("q1", points, own)


def test_points_of_idle_cases_go_to_the_others() -> None:
    assert without_idle([1, 1, 0], [False, True, True]) == [0, 2, 0]
    assert without_idle([2, 0], [False, True]) == [0, 2]
    assert without_idle([1, 1], [False, False]) == [1, 1]
