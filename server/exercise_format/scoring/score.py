"""The score of a question: pure, from the answer text, the variant's values and the attempt's seed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from server.exercise_format.answers import AnswerError, Given, read_answer
from server.exercise_format.question import (
    Choice,
    Expression,
    Flaw,
    Forecast,
    Match,
    Number,
    Order,
    Question,
    Short,
)
from server.exercise_format.scoring.choices import score_choice, score_flaw, score_match, score_order
from server.exercise_format.scoring.forecast import score_forecast
from server.exercise_format.scoring.scored import Reason, Scored
from server.exercise_format.scoring.values import score_expression, score_number
from server.exercise_format.template import fill_question

State = Literal["passed", "failed", "not_attempted", "to_mark"]
WHOLE = 1 - 1e-9
FORECAST_PASS = 0.5 - 1e-9


@dataclass(frozen=True, slots=True)
class QuestionScore:
    """What an answer came to. `fraction` times the question's points is what it earns; `message` is for the learner."""

    outcome: State
    fraction: float
    message: str
    reasons: tuple[Reason, ...] = ()


def score_question(
    question: Question, answer_text: str, values: Mapping[str, object], seed: int, earlier: Mapping[str, str]
) -> QuestionScore:
    """Scores one answer; `earlier` holds the answer texts of the other questions, by name."""
    filled = fill_question(question, values)
    try:
        given = read_answer(filled, answer_text, seed)
    except AnswerError as error:
        return QuestionScore("not_attempted", 0.0, str(error))
    if given is None:
        return QuestionScore("not_attempted", 0.0, "No answer yet.")
    if isinstance(filled, Short):
        return QuestionScore("to_mark", 0.0, _length_message(filled, str(given)))
    scored = _scored(filled, given, values, seed, earlier)
    return QuestionScore(_outcome(filled, scored.fraction), scored.fraction, scored.message, scored.reasons)


def _scored(question: Question, given: Given, values: Mapping[str, object], seed: int, earlier: Mapping[str, str]) -> Scored:
    match question, given:
        case Choice(), frozenset():
            return score_choice(question, given, seed)
        case Match(), dict():
            return score_match(question, given, seed)  # type: ignore[arg-type]
        case Order(), tuple():
            return score_order(question, given, seed)
        case Flaw(), frozenset():
            return score_flaw(question, given)
        case Number(), float():
            return score_number(question, given, values, earlier)
        case Expression(), str():
            return score_expression(question, given, values, earlier)
        case Forecast(), dict():
            return score_forecast(question, given, values)  # type: ignore[arg-type]
    raise TypeError(f"{given!r} does not answer a {question.type} question")


def _outcome(question: Question, fraction: float) -> State:
    enough = FORECAST_PASS if isinstance(question, Forecast) else WHOLE
    return "passed" if fraction >= enough else "failed"


def _length_message(question: Short, text: str) -> str:
    count, (low, high) = len(text.split()), question.words
    if low <= count <= high:
        return f"{count} words. Mark your answer with the rubric."
    return f"{count} words; {low} to {high} were asked for. Mark your answer with the rubric."


def self_mark_fraction(marks: Mapping[int, int], lines: int) -> float:
    """Share of the points that marks of 1 to 5 on the lines of a rubric earn; a line left out counts as 1."""
    if lines <= 0:
        return 0.0
    return sum((min(max(marks.get(line, 1), 1), 5) - 1) / 4 for line in range(lines)) / lines
