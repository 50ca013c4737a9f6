"""Known wrong numbers and expressions must stay clear of the key. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from server.exercise_format.expressions import Undefined, calculate, numbers_of
from server.exercise_format.question import Expression, KnownWrong, Number, Question
from server.exercise_format.scoring.values import points_of, same_expression, within

Values = Mapping[str, Any]
CLEAR_TOLERANCES = 4
CLEAR_SHARE = 0.98


def known_wrong_problem(question: Question, drawn: Sequence[Values]) -> str:
    """A wrong value counts as clear when it lies at least four tolerances from the key, in 98 % of the variants."""
    if not isinstance(question, Number | Expression):
        return ""
    for wrong in question.known_wrong:
        near = sum(_is_near(question, wrong, values) for values in drawn)
        if near > (1 - CLEAR_SHARE) * len(drawn):
            return f"the wrong answer `{wrong.value}` is too near to the key in {near} of {len(drawn)} variants"
    return ""


def _is_near(question: Number | Expression, wrong: KnownWrong, values: Values) -> bool:
    numbers = numbers_of(values)
    if isinstance(question, Expression):
        return same_expression(question, wrong.value, question.answer, points_of(question, numbers))
    try:
        value = calculate(wrong.value, numbers)
    except Undefined:
        return False
    return within(value, calculate(question.answer, numbers), question, CLEAR_TOLERANCES)
