"""The result that counts, seen with the version of the exercise that it was graded with."""

from __future__ import annotations

from typing import Any

from sqlmodel import Session

from server.bank.versions import exercise_version
from server.exercise_format.exercise import Exercise
from server.exercise_format.template import fill_exercise
from server.grading.handed_in.submissions import results_before
from server.grading.handed_in.submitted import read_submitted
from server.grading.tables import Regrade, Result, Submission
from server.practice.help import find_attempt
from server.practice.self_marks import list_self_marks
from server.web.candidates.result_view import result_view
from server.workspaces.tables import Workspace

Json = dict[str, Any]


def graded_view(session: Session, workspace: Workspace, submission: Submission, result: Result, opened: bool) -> Json:
    """`opened`: solved or given up, so every reason may be read. Outside practice a check says nothing of questions."""
    exercise = fill_exercise(exercise_version(session, submission.exercise_slug, result.exercise_digest), workspace.values)
    shown = result_view(exercise, submission, result, list_self_marks(session, workspace), opened)
    if find_attempt(session, workspace) is None:
        shown |= _without_questions(shown)
    return shown | {"regraded": _regraded(session, result), "graded": _graded_texts(exercise, submission)}


def _graded_texts(exercise: Exercise, submission: Submission) -> dict[str, str]:
    """By cell, for the page to tell whether another text stands there now."""
    graded = {answer.cell for answer in exercise.answers} | {question.answer_cell for question in exercise.questions}
    return {cell.id: cell.source for cell in read_submitted(submission.notebook).cells if cell.id in graded}


def _without_questions(shown: Json) -> Json:
    """Whoever could check an answer again and again would find it by trying."""
    outcomes = [row for row in shown["outcomes"] if not row["question"]]
    points, possible = (sum(row[name] for row in outcomes) for name in ("points", "possible"))
    return {"outcomes": outcomes, "points": points, "possible": possible}


def _regraded(session: Session, result: Result) -> Json | None:
    """Why the score is another than it was, and what it was."""
    regrade = session.get(Regrade, result.regrade_id) if result.regrade_id else None
    if regrade is None:
        return None
    before = results_before(session, result)[0]
    return {
        "at": result.created_at.isoformat(),
        "reason": regrade.reason,
        "before": {"points": before.points, "possible": before.possible},
    }
