"""Start an exercise: the cells as a person gets them, and the workspace that holds them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlmodel import Session

from server.database.insert import insert_once
from server.exercise_format.candidate_copy import candidate_cells
from server.exercise_format.exercise import Exercise
from server.practice.tables import Attempt, Progress
from server.workspaces.open import StartingCell, open_workspace
from server.workspaces.tables import Workspace

# role in the candidate's copy -> role in the workspace
ROLES = {"text": "text", "setup": "setup", "answer": "answer", "question-answer": "question"}


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


def starting_cells(exercise: Exercise, seed: int, values: Mapping[str, object]) -> list[StartingCell]:
    """The candidate's copy as workspace cells. Prompts and visible checks are shown beside them and need no cell of their own."""
    copied = candidate_cells(exercise, seed, values)
    return [StartingCell(cell.id, cell.type, ROLES[cell.role], cell.name, cell.source) for cell in copied if cell.role in ROLES]
