"""Apply a regrade that was looked at: new results, the progress of people whose work is right after all, and a row in the log."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from server.audit.log import record
from server.grading.handed_in.submissions import WITHOUT_NOTEBOOK
from server.grading.regrading.diff import count_effects
from server.grading.regrading.regrades import apply, changes, withdraw
from server.grading.tables import Regrade, Result, Submission
from server.practice.record import mark_solved


def apply_regrade(session: Session, regrade: Regrade, by: str, key: bytes, now: datetime, *, skip_faults: bool = False) -> int:
    """-> how many results were stored. What somebody has solved stays solved: a mended check takes nothing from their progress.
    Raises Conflict."""
    effects = count_effects(changes(session, regrade))
    made = apply(session, regrade, by, key, now, skip_faults=skip_faults)
    for result in made:
        if result.solved:
            mark_solved(session, _workspace_of(session, result), now)
    _log(session, regrade, "regrade.apply", by, now, {"results": len(made), "effects": effects, "faults_skipped": skip_faults})
    return len(made)


def withdraw_regrade(session: Session, regrade: Regrade, by: str, now: datetime) -> None:
    """Raises Conflict."""
    withdraw(session, regrade, by, now)
    _log(session, regrade, "regrade.withdraw", by, now, {})


def _log(session: Session, regrade: Regrade, act: str, by: str, now: datetime, details: dict[str, object]) -> None:
    what = {"exercise": regrade.exercise_slug, "version": regrade.exercise_digest, "environment": regrade.environment}
    record(session, by, act, f"regrade:{regrade.id}", {**what, "reason": regrade.reason, **details}, now)


def _workspace_of(session: Session, result: Result) -> str:
    return session.get_one(Submission, result.submission_id, options=[WITHOUT_NOTEBOOK]).workspace_id
