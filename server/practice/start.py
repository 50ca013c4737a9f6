"""Start an exercise in practice: the workspace, and how far the person is with it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlmodel import Session

from server.database.insert import insert_once
from server.exercise_format.exercise import Exercise
from server.practice.tables import Attempt, Progress
from server.workspaces.open import open_workspace
from server.workspaces.starting import starting_cells
from server.workspaces.tables import Workspace


def start_exercise(
    session: Session,
    person_id: str,
    exercise: Exercise,
    digest: str,
    seed: int,
    values: Mapping[str, object],
    now: datetime,
    environment: str = "",
) -> Workspace:
    """The person's workspace of this exercise; made now unless they started it before."""
    workspace = open_workspace(
        session,
        person_id,
        exercise.slug,
        digest,
        cells=starting_cells(exercise, seed, values),
        seed=seed,
        values=dict(values),
        now=now,
        environment=environment,
    )
    insert_once(session, Attempt(workspace_id=workspace.id))
    insert_once(session, Progress(person_id=person_id, exercise_slug=exercise.slug, state="tried", tried_at=now))
    return workspace
