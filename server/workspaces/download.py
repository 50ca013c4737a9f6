"""The notebook that a person takes home: prompts, visible checks, their answers and their own cells. Opens in plain Jupyter."""

from __future__ import annotations

from collections.abc import Sequence

from server.exercise_format.copies.candidate_copy import CopyCell, candidate_cells
from server.exercise_format.exercise import Exercise
from server.workspaces.notebook import notebook_bytes
from server.workspaces.tables import Workspace, WorkspaceCell


def as_download(exercise: Exercise, workspace: Workspace, cells: Sequence[WorkspaceCell]) -> bytes:
    """The candidate's copy with the workspace's texts in it; `touchstone grade` reads it."""
    mine = {cell.id: cell for cell in cells}
    followers = _own_cells(cells)
    merged: list[WorkspaceCell] = list(followers.get("", []))
    for copied in candidate_cells(exercise, workspace.seed, workspace.values):
        merged.append(mine.get(copied.id) or _from_copy(workspace, copied))
        merged.extend(followers.get(copied.id, []))
    return notebook_bytes(workspace, merged)


def _own_cells(cells: Sequence[WorkspaceCell]) -> dict[str, list[WorkspaceCell]]:
    """The person's own cells, by the exercise's cell that they follow."""
    followers: dict[str, list[WorkspaceCell]] = {}
    last = ""
    for cell in cells:
        if cell.role == "own":
            followers.setdefault(last, []).append(cell)
        else:
            last = cell.id
    return followers


def _from_copy(workspace: Workspace, copied: CopyCell) -> WorkspaceCell:
    return WorkspaceCell(
        workspace_id=workspace.id,
        id=copied.id,
        position=0.0,
        type=copied.type,
        role=copied.role,
        name=copied.name,
        source=copied.source,
        updated_at=workspace.updated_at,
    )
