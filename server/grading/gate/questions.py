"""Questions tried in every variant: the key scores full, nothing and everything score none. Pure."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence

from server.exercise_format.answers import AnswerError
from server.exercise_format.copies.answer_writer import write_answer
from server.exercise_format.copies.whole import key_texts
from server.exercise_format.exercise import Exercise
from server.exercise_format.expressions import ExpressionError, Undefined
from server.exercise_format.question import Expression, Flaw, Forecast, Match, MultiSelect, Number, Order, Question, Short
from server.exercise_format.scoring.score import score_question
from server.exercise_format.shuffle import letters
from server.grading.gate.forecasts import forecast_problem
from server.grading.gate.report import GateLine, verdict_line
from server.grading.gate.values import Values, known_wrong_problem

MOST_EXPRESSION_VARIANTS = 25  # each compares at 20 points

Trial = Callable[[Exercise, Question, Values, int], str]


def question_lines(exercise: Exercise, drawn: Sequence[Values]) -> Iterator[GateLine]:
    for question in exercise.questions:
        began = time.monotonic()
        problem = question_problem(exercise, question, drawn)
        yield verdict_line("question", question.name, problem, time.monotonic() - began, kept=question.type)


def question_problem(exercise: Exercise, question: Question, drawn: Sequence[Values]) -> str:
    """The first thing that goes wrong in any variant."""
    some = drawn[:MOST_EXPRESSION_VARIANTS] if isinstance(question, Expression) else drawn
    try:
        for seed, values in enumerate(some):
            for trial in TRIALS:
                problem = trial(exercise, question, values, seed)
                if problem:
                    return f"seed {seed}: {problem}"
        return known_wrong_problem(question, some)
    except (AnswerError, ExpressionError, Undefined, KeyError, TypeError, ValueError, ArithmeticError) as error:
        return f"the key cannot be worked out: {type(error).__name__}: {error}"


def _key_scores_full(exercise: Exercise, question: Question, values: Values, seed: int) -> str:
    texts = key_texts(exercise, seed, values)
    score = score_question(question, texts[question.name], values, seed, texts)
    wanted = "to_mark" if isinstance(question, Short) else "passed"
    if score.outcome != wanted or (wanted == "passed" and score.fraction < 1 - 1e-9):
        return f"the key {texts[question.name]!r} comes out as {score.outcome} ({score.fraction:.3f}). {score.message}"
    return ""


def _nothing_scores_none(exercise: Exercise, question: Question, values: Values, seed: int) -> str:
    score = score_question(question, "", values, seed, {})
    return "" if score.outcome == "not_attempted" and score.fraction == 0 else f"no answer comes out as {score.outcome}"


def _everything_scores_none(exercise: Exercise, question: Question, values: Values, seed: int) -> str:
    for text in lazy_texts(question, seed):
        score = score_question(question, text, values, seed, {})
        if score.fraction > 0:
            return f"the lazy answer {text!r} earns {score.fraction:.0%}"
    return ""


def lazy_texts(question: Question, seed: int) -> Iterator[str]:
    """Answers without a thought: all ticked, one choice everywhere, every line, the order as shown."""
    if isinstance(question, MultiSelect):
        yield ", ".join(letters(len(question.options)))
    elif isinstance(question, Match):
        for choice in question.choices:
            yield write_answer(question, dict.fromkeys(range(len(question.rows)), choice), seed)
    elif isinstance(question, Flaw) and 2 * len(question.lines) < len(question.countable_lines()):
        yield ", ".join(str(line) for line in sorted(question.countable_lines()))
    elif isinstance(question, Order):
        yield ", ".join(letters(len(question.items)))


def _forecast_is_scaled(exercise: Exercise, question: Question, values: Values, seed: int) -> str:
    return forecast_problem(question, values, seed) if isinstance(question, Forecast) else ""


def _number_has_room(exercise: Exercise, question: Question, values: Values, seed: int) -> str:
    if isinstance(question, Number) and question.atol <= 0:
        texts = key_texts(exercise, seed, values)
        return "the key is 0, so that a relative tolerance allows nothing" if float(texts[question.name]) == 0 else ""
    return ""


TRIALS: tuple[Trial, ...] = (
    _key_scores_full,
    _nothing_scores_none,
    _everything_scores_none,
    _forecast_is_scaled,
    _number_has_room,
)
