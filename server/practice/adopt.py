"""A guest signed in: their progress, submissions and marks become the account's."""

from __future__ import annotations

from sqlalchemy import update
from sqlmodel import Session, col, select

from server.grading.tables import Submission
from server.practice.tables import Attempt, Progress, SelfMark
from server.workspaces.tables import Workspace


def adopt_practice(session: Session, from_person: str, to_person: str) -> None:
    """Workspaces that moved whole brought theirs along; what is left belongs to copies that are not used any more."""
    move_progress(session, from_person, to_person)
    theirs = {w.exercise_slug: w for w in session.exec(select(Workspace).where(Workspace.person_id == to_person))}
    for other in session.exec(select(Workspace).where(Workspace.person_id == from_person)):
        used = theirs.get(other.exercise_slug)
        if used is not None:
            _move_submissions(session, other, used)
            _join_help(session, other, used)
            _move_marks(session, other, used)
    session.flush()


def _move_submissions(session: Session, other: Workspace, used: Workspace) -> None:
    """A request's key is random, so no two workspaces share one."""
    session.execute(update(Submission).where(col(Submission.workspace_id) == other.id).values(workspace_id=used.id))


def _join_help(session: Session, other: Workspace, used: Workspace) -> None:
    """What was seen in one copy was seen; what was solved in one is solved."""
    theirs, mine = session.get(Attempt, other.id), session.get(Attempt, used.id)
    if theirs is None or mine is None:
        return
    mine.hints_shown = max(mine.hints_shown, theirs.hints_shown)
    mine.gave_up_at = mine.gave_up_at or theirs.gave_up_at
    mine.solved_at = mine.solved_at or theirs.solved_at


def _move_marks(session: Session, other: Workspace, used: Workspace) -> None:
    """A mark that the used copy has already stays."""
    for mark in session.exec(select(SelfMark).where(SelfMark.workspace_id == other.id)):
        if session.get(SelfMark, (used.id, mark.question)) is None:
            session.add(SelfMark(**mark.model_dump() | {"workspace_id": used.id}))


def move_progress(session: Session, from_person: str, to_person: str) -> None:
    """Where both have progress with an exercise, solved wins over tried."""
    for progress in list(session.exec(select(Progress).where(Progress.person_id == from_person))):
        kept = session.get(Progress, (to_person, progress.exercise_slug))
        if kept is None:
            moved = progress.model_dump() | {"person_id": to_person}
            session.add(Progress(**moved))
        elif kept.solved_at is None and progress.solved_at is not None:
            kept.state, kept.solved_at = progress.state, progress.solved_at
        session.delete(progress)
    session.flush()
