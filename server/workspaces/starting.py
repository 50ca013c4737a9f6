"""The cells that a workspace begins with: the candidate's copy of an exercise."""

from __future__ import annotations

from collections.abc import Mapping

from server.exercise_format.copies.candidate_copy import candidate_cells
from server.exercise_format.exercise import Exercise
from server.workspaces.open import StartingCell

# role in the candidate's copy -> role in the workspace
ROLES = {"text": "text", "setup": "setup", "answer": "answer", "question-answer": "question"}


def starting_cells(exercise: Exercise, seed: int, values: Mapping[str, object]) -> list[StartingCell]:
    """The candidate's copy as workspace cells. Prompts and visible checks are shown beside them and need no cell of their own."""
    copied = candidate_cells(exercise, seed, values)
    return [StartingCell(cell.id, cell.type, ROLES[cell.role], cell.name, cell.source) for cell in copied if cell.role in ROLES]
