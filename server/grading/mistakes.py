"""Feedback by failure: a pattern of failed checks that a known mistake makes is named to the person. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from server.exercise_format.exercise import Exercise, Mistake
from server.grading.outcome import Outcome, State

FAILURES = frozenset({State.failed, State.crashed, State.timed_out, State.out_of_memory})


def recognise(exercise: Exercise, outcomes: Sequence[Outcome]) -> Mistake | None:
    """The one listed mistake that fails exactly what failed here and says what is said here."""
    seen = {row.check for row in outcomes}
    failed = {row.check for row in outcomes if row.outcome in FAILURES}
    if not failed:
        return None
    texts = " ".join(
        text for row in outcomes if row.outcome in FAILURES for text in (row.message, *(reason.text for reason in row.reasons))
    )
    alike = [mistake for mistake in exercise.mistakes if set(mistake.fails) & seen == failed and mistake.says in texts]
    return alike[0] if len(alike) == 1 else None


def name_mistake(exercise: Exercise, outcomes: Sequence[Outcome]) -> tuple[Outcome, ...]:
    """The outcomes, with the recognised mistake written on the first failure."""
    mistake = recognise(exercise, outcomes)
    rows = list(outcomes)
    if mistake is not None:
        first = next(index for index, row in enumerate(rows) if row.outcome in FAILURES)
        rows[first] = replace(rows[first], mistake=mistake.name)
    return tuple(rows)
