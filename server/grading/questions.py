"""Score the questions of an exercise. Pure.

In a check (as against a submit) only answers that a person works out are judged: numbers and expressions. To tell right
from wrong for choices before they are submitted would let anybody click their way to the key.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from server.exercise_format.exercise import Exercise
from server.exercise_format.question import Expression, Number, Question, Short
from server.exercise_format.scoring.score import QuestionScore, score_question
from server.grading.outcome import Outcome, Reason, State
from server.grading.points import earned

WORKED_OUT = (Number, Expression)


def score_questions(
    exercise: Exercise, texts: Mapping[str, str], values: Mapping[str, object], seed: int, visible_only: bool
) -> list[Outcome]:
    """One outcome for each question that is judged now, in order; one whose `needs` was not answered right is blocked."""
    outcomes: dict[str, Outcome] = {}
    for question in exercise.questions:
        score = score_question(question, texts.get(question.name, ""), values, seed, texts)
        outcomes[question.name] = _blocked(exercise, question, _outcome(question, score, reveal=not visible_only), outcomes)
    judged = [question for question in exercise.questions if not visible_only or isinstance(question, WORKED_OUT)]
    return [outcomes[question.name] for question in judged]


def _outcome(question: Question, score: QuestionScore, reveal: bool) -> Outcome:
    """A written answer is possible for 0 points here: its points are given by a person."""
    return Outcome(
        check=question.name,
        hidden=False,
        outcome=State(score.outcome),
        points=earned(question.points, score.fraction),
        possible=0.0 if isinstance(question, Short) else question.points,
        message=score.message,
        question=True,
        reasons=tuple(Reason(reason.key, reason.text, reason.right, reason.chosen) for reason in score.reasons) if reveal else (),
    )


def _blocked(exercise: Exercise, question: Question, outcome: Outcome, before: Mapping[str, Outcome]) -> Outcome:
    needed = before.get(question.needs)
    if outcome.outcome is not State.passed or needed is None or needed.outcome is State.passed:
        return outcome
    wanted = exercise.question(question.needs)
    title = wanted.title if wanted is not None else question.needs
    return replace(outcome, outcome=State.blocked, points=0.0, message=f"Counts once “{title}” is right.")
