"""How otter spreads the points of a question over its cases; here to a hundredth, so that the sum is exact."""

from collections.abc import Sequence
from typing import Any

from server.exercise_format.foreign.notebook import NotImportable
from server.exercise_format.foreign.points import shares


def case_points(question: str, points: Any, own: Sequence[float | None]) -> list[float]:
    """`points`: of the question, a list of its cases', `each`, or nothing. `own`: those that cases name themselves."""
    if isinstance(points, dict):
        points = float(points.get("each", 1)) * len(own)
    if isinstance(points, list):
        if len(points) != len(own):
            raise NotImportable(f"Question {question} lists {len(points)} points for {len(own)} test cases. Make them as many.")
        own, points = [each if mine is None else mine for each, mine in zip(points, own, strict=True)], None
    named = sum(mine for mine in own if mine is not None)
    open_places = [place for place, mine in enumerate(own) if mine is None]
    rest = 0.0
    if points is not None:
        rest = float(points) - named
        if rest < 0:
            raise NotImportable(f"The test cases of question {question} have more points than the question. Correct one of them.")
    elif named == 0:
        rest = 1.0
    parted = shares(rest, [1.0] * len(open_places))
    found = [round(mine, 2) if mine is not None else 0.0 for mine in own]
    for place, part in zip(open_places, parted, strict=True):
        found[place] = part
    return found


def without_idle(points: Sequence[float], looks: Sequence[bool]) -> list[float]:
    """Cases that look at no answer would give their points to everybody: the other cases of the question have them."""
    weights = [point if look else 0.0 for point, look in zip(points, looks, strict=True)]
    if not sum(weights):
        weights = [1.0 if look else 0.0 for look in looks]
    return shares(sum(points), weights) if any(weights) else list(points)
