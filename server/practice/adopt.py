"""A guest signed in: their progress becomes the account's."""

from __future__ import annotations

from sqlmodel import Session, select

from server.practice.tables import Progress


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
