"""What a result changes for the person: their progress with the exercise."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from server.grading.outcome import Grade
from server.grading.results import store_result
from server.grading.tables import Result, Submission
from server.practice.tables import Attempt, Progress
from server.workspaces.tables import Workspace


def record_result(session: Session, submission: Submission, grade: Grade, environment: str, now: datetime) -> Result:
    """Store the result once; a full submit marks the exercise as solved."""
    result, new = store_result(session, submission, grade, environment, now)
    if new and submission.kind == "submit" and grade.solved:
        mark_solved(session, submission.workspace_id, now)
    return result


def mark_solved(session: Session, workspace_id: str, now: datetime) -> None:
    """The first time counts; whoever gave up before has not solved it by their own means."""
    workspace = session.get(Workspace, workspace_id)
    attempt = session.get(Attempt, workspace_id)
    if workspace is None or attempt is None:
        return
    if attempt.solved_at is None:
        attempt.solved_at = now
    progress = session.get(Progress, (workspace.person_id, workspace.exercise_slug))
    if progress is not None and attempt.gave_up_at is None and progress.solved_at is None:
        progress.state, progress.solved_at = "solved", now
