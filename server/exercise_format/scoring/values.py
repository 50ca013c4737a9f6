"""Scores of numbers and expressions, with errors carried forward and known wrong values named."""

import math
from collections.abc import Callable, Mapping
from hashlib import sha256
from random import Random

from server.exercise_format.answers import AnswerError, read_number
from server.exercise_format.expressions import ExpressionError, Undefined, calculate, evaluate, numbers_of, parse_expression
from server.exercise_format.question import Expression, Number
from server.exercise_format.scoring.scored import Scored

POINTS = 20
MOST_TRIES = 400
CARRIED = "Right for your earlier answer, which was not right itself."
SMALL = 1e-12

Compare = Callable[[str], bool]


def score_number(question: Number, given: float, values: Mapping[str, object], earlier: Mapping[str, str]) -> Scored:
    numbers = numbers_of(values)
    key = calculate(question.answer, numbers)
    if within(given, key, question):
        return Scored(1.0, "")
    if question.follow and _follows_number(question, given, numbers, earlier):
        return Scored(1.0, CARRIED)
    reason = _known_reason(question, lambda text: within(given, calculate(text, numbers), question))
    return Scored(0.0, reason or "This is not the right number.")


def within(given: float, key: float, question: Number, times: float = 1) -> bool:
    """Whether a number counts as the key; `times` widens the tolerance."""
    allowed = max(question.atol, question.rtol * abs(key), SMALL * abs(key))
    return abs(given - key) <= times * allowed


def _follows_number(question: Number, given: float, numbers: Mapping[str, float], earlier: Mapping[str, str]) -> bool:
    point = {**numbers, **_earlier_values(question, numbers, earlier)}
    try:
        return within(given, calculate(question.follow, point), question)
    except (ExpressionError, Undefined):  # an earlier answer that it needs is missing or cannot be read
        return False


def _earlier_values(question: Number | Expression, point: Mapping[str, float], earlier: Mapping[str, str]) -> dict[str, float]:
    """The person's answers to the questions that this one builds on, as numbers at this point."""
    found = {above.name: _value_at(above, earlier.get(above.name, ""), point) for above in question.builds_on}
    return {name: value for name, value in found.items() if value is not None}


def _value_at(question: Number | Expression, text: str, point: Mapping[str, float]) -> float | None:
    try:
        return read_number(text, question.unit) if isinstance(question, Number) else calculate(text, point)
    except (AnswerError, ExpressionError, Undefined):
        return None


def score_expression(question: Expression, given: str, values: Mapping[str, object], earlier: Mapping[str, str]) -> Scored:
    points = points_of(question, numbers_of(values))
    if same_expression(question, given, question.answer, points):
        return Scored(1.0, "")
    if question.follow and _follows_expression(question, given, points, earlier):
        return Scored(1.0, CARRIED)
    reason = _known_reason(question, lambda text: same_expression(question, given, text, points))
    return Scored(0.0, reason or "This differs from the right expression.")


def points_of(question: Expression, numbers: Mapping[str, float]) -> list[dict[str, float]]:
    """Twenty points of the domain where the key has a value; the same for everybody."""
    draw = Random(int.from_bytes(sha256(question.name.encode()).digest()[:8], "big"))
    key = parse_expression(question.answer, {*numbers, *(name for name, _, _ in question.domain)})
    points: list[dict[str, float]] = []
    for _ in range(MOST_TRIES):
        point = {**numbers, **{name: draw.uniform(low, high) for name, low, high in question.domain}}
        try:
            evaluate(key, point)
        except Undefined:
            continue
        points.append(point)
        if len(points) == POINTS:
            break
    return points


def same_expression(question: Expression, one: str, other: str, points: list[dict[str, float]]) -> bool:
    """Whether two expressions agree at every point; where one has no value they differ."""
    if not points:
        return False
    try:
        first, second = parse_expression(one, points[0].keys()), parse_expression(other, points[0].keys())
        return all(_near(evaluate(first, point), evaluate(second, point), question.rtol) for point in points)
    except (ExpressionError, Undefined):
        return False


def _near(a: float, b: float, rtol: float) -> bool:
    return math.isclose(a, b, rel_tol=rtol, abs_tol=SMALL)


def _follows_expression(question: Expression, given: str, points: list[dict[str, float]], earlier: Mapping[str, str]) -> bool:
    try:
        for point in points:
            carried = {**point, **_earlier_values(question, point, earlier)}
            if not _near(calculate(given, point), calculate(question.follow, carried), question.rtol):
                return False
    except (ExpressionError, Undefined):
        return False
    return bool(points)


def _known_reason(question: Number | Expression, matches: Compare) -> str:
    for wrong in question.known_wrong:
        try:
            if matches(wrong.value):
                return wrong.reason
        except (ExpressionError, Undefined):
            continue
    return ""
