"""Feedback by failure: a pattern of failed checks that a known mistake makes is named to the person. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from server.exercise_format.exercise import Exercise, Mistake
from server.grading.outcome import Outcome, State

FAILURES = frozenset({State.failed, State.crashed, State.timed_out, State.out_of_memory})


def recognise(exercise: Exercise, outcomes: Sequence[Outcome]) -> Mistake | None:
    """The one listed mistake that fails exactly what failed here and says what is said here.

    A check sees a part of the pattern only. Where several mistakes share that part, none is named: a wrong guess misleads.
    """
    failed = {row.check for row in outcomes if row.outcome in FAILURES}
    seen = {row.check for row in outcomes}
    alike = [mistake for mistake in exercise.mistakes if failed and set(mistake.fails) & seen == failed]
    if len(alike) > 1 and not _all_names(exercise) <= seen:
        return None
    words = _words(outcomes)
    named = [mistake for mistake in alike if mistake.says in words]
    return named[0] if len(named) == 1 else None


def _all_names(exercise: Exercise) -> set[str]:
    return {check.name for check in exercise.checks} | {question.name for question in exercise.questions}


def _words(outcomes: Sequence[Outcome]) -> str:
    """Everything that the failures say, reasons of answers included."""
    failures = [row for row in outcomes if row.outcome in FAILURES]
    return " ".join(text for row in failures for text in (row.message, *(reason.text for reason in row.reasons)))


def name_mistake(exercise: Exercise, outcomes: Sequence[Outcome]) -> tuple[Outcome, ...]:
    """The outcomes, with the recognised mistake written on the first failure."""
    mistake = recognise(exercise, outcomes)
    rows = list(outcomes)
    if mistake is not None:
        first = next(index for index, row in enumerate(rows) if row.outcome in FAILURES)
        rows[first] = replace(rows[first], mistake=mistake.name)
    return tuple(rows)
