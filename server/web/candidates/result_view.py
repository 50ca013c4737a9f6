"""A result as the page needs it."""

from __future__ import annotations

from typing import Any

from server.exercise_format.exercise import Exercise
from server.grading.outcome import Outcome, State
from server.grading.results import outcomes_of
from server.grading.tables import Result, Submission
from server.practice.self_marks import points_of
from server.practice.tables import SelfMark
from server.web.code import code_block
from server.web.markdown import render, render_inline

Json = dict[str, Any]


def result_view(exercise: Exercise, submission: Submission, result: Result, marks: dict[str, SelfMark], opened: bool) -> Json:
    """`exercise` with the attempt's values filled in. `opened`: solved or given up, so every reason may be read."""
    return {
        "id": submission.id,
        "kind": submission.kind,
        "at": submission.created_at.isoformat(),
        "points": result.points,
        "possible": result.possible,
        "solved": result.solved,
        "seconds": result.seconds,
        "outcomes": [_outcome(exercise, outcome, opened) for outcome in outcomes_of(result)],
        "repairs": result.repairs,
        "cells": result.cells,
        "self_marks": {name: self_mark_view(exercise, mark) for name, mark in marks.items()},
    }


def _outcome(exercise: Exercise, outcome: Outcome, opened: bool) -> Json:
    """Until it is solved or given up, the reasons are of what the person chose: the rest would be the key."""
    reasons = [reason for reason in outcome.reasons if opened or reason.chosen or outcome.outcome is State.passed]
    return {
        "check": outcome.check,
        "title": _title(exercise, outcome),
        "hidden": outcome.hidden,
        "outcome": outcome.outcome.value,
        "points": outcome.points,
        "possible": outcome.possible,
        "html": render(outcome.message) if outcome.message else "",
        "mistake": render_inline(outcome.mistake) if outcome.mistake else None,
        "reported": outcome.reported,
        "question": outcome.question,
        "seconds": outcome.seconds,
        "reasons": [{"key": r.key, "html": render_inline(r.text), "right": r.right} for r in reasons] or None,
        "code_html": _code(exercise, outcome),
    }


def _title(exercise: Exercise, outcome: Outcome) -> str:
    found = exercise.question(outcome.check) if outcome.question else exercise.check(outcome.check)
    return found.title if found is not None else outcome.check


def _code(exercise: Exercise, outcome: Outcome) -> str:
    """Visible checks can be read; hidden ones never leave the server."""
    check = exercise.check(outcome.check)
    return code_block(check.source) if check is not None and not check.hidden and not outcome.question else ""


def self_mark_view(exercise: Exercise, mark: SelfMark) -> Json:
    """The person's own mark, with the model answers that open once it was given."""
    points, possible = points_of(exercise, mark)
    models = [{"mark": model.mark, "html": render(model.text)} for model in exercise.models_of(mark.question)]
    return {"marks": mark.marks, "models": models, "points": points, "possible": possible}


def explanation_view(exercise: Exercise) -> str:
    """Explanation cells as HTML."""
    return "".join(render(part.text) for part in exercise.explanations)


def solution_view(exercise: Exercise) -> str:
    """The reference solution of each answer, highlighted."""
    return "".join(code_block(exercise.solution_source(answer)) for answer in exercise.answers)
