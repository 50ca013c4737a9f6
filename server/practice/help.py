"""Hints one by one, and giving up."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update
from sqlmodel import Session, col

from server.errors import Conflict, NotFound
from server.exercise_format.exercise import Exercise, Hint
from server.practice.tables import Attempt
from server.workspaces.events import note
from server.workspaces.tables import Workspace


def attempt_of(session: Session, workspace: Workspace) -> Attempt:
    """What this workspace's person used of the help. Raises NotFound."""
    attempt = find_attempt(session, workspace)
    if attempt is None:
        raise NotFound("This exercise was not started in practice.")
    return attempt


def find_attempt(session: Session, workspace: Workspace) -> Attempt | None:
    """None outside practice."""
    return session.get(Attempt, workspace.id)


def shown_hints(attempt: Attempt, exercise: Exercise) -> tuple[Hint, ...]:
    """The hints that the person has opened so far."""
    return exercise.hints[: attempt.hints_shown]


def show_next_hint(session: Session, workspace: Workspace, exercise: Exercise, seen: int, now: datetime) -> tuple[Hint, ...]:
    """Open the hint after the `seen` ones. A double click opens one hint, not two."""
    attempt = attempt_of(session, workspace)
    if seen >= len(exercise.hints):
        raise Conflict("There is no further hint.")
    one_more = (
        update(Attempt)
        .where(col(Attempt.workspace_id) == workspace.id, col(Attempt.hints_shown) == seen)
        .values(hints_shown=seen + 1)
    )
    session.execute(one_more)
    session.refresh(attempt)
    note(session, workspace, "hint", now, payload={"shown": attempt.hints_shown})
    return shown_hints(attempt, exercise)


def give_up(session: Session, workspace: Workspace, now: datetime) -> Attempt:
    """Open explanation and solution. The exercise stays open for work, but no longer counts as solved by own means."""
    attempt = attempt_of(session, workspace)
    if attempt.gave_up_at is None and attempt.solved_at is None:
        attempt.gave_up_at = now
        note(session, workspace, "give-up", now)
    return attempt


def may_see_explanation(attempt: Attempt) -> bool:
    """After solving, or after giving up."""
    return attempt.solved_at is not None or attempt.gave_up_at is not None
