"""Start a workspace over, and undo that."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from server.workspaces.cells import list_cells
from server.workspaces.events import event_of, note
from server.workspaces.tables import Workspace, WorkspaceCell


def reset_all(session: Session, workspace: Workspace, now: datetime) -> int:
    """Every cell back to its starter, own cells taken out, outputs cleared. Returns the id that `undo_reset` takes."""
    cells = list_cells(session, workspace)
    event = note(session, workspace, "reset-all", now, payload={"cells": [_kept(cell) for cell in cells]})
    for cell in cells:
        if cell.role == "own":
            cell.removed_at = now
        elif cell.source != cell.starter:
            _write(cell, cell.starter, now)
        cell.outputs, cell.count = [], None
    workspace.updated_at, workspace.revision = now, workspace.revision + 1
    session.flush()
    assert event.id is not None
    return event.id


def undo_reset(session: Session, workspace: Workspace, event_id: int, now: datetime) -> None:
    """Bring back what `reset_all` put away."""
    event = event_of(session, workspace, event_id, "reset-all")
    for kept in _dictionaries(event.payload.get("cells")):
        cell = session.get(WorkspaceCell, (workspace.id, str(kept["id"])))
        if cell is None:
            continue
        cell.removed_at = None
        if cell.source != kept["source"]:
            _write(cell, str(kept["source"]), now)
        cell.outputs = _dictionaries(kept.get("outputs"))
    note(session, workspace, "undo-reset", now, payload={"event": event_id})
    workspace.updated_at, workspace.revision = now, workspace.revision + 1


def _kept(cell: WorkspaceCell) -> dict[str, object]:
    return {"id": cell.id, "source": cell.source, "outputs": cell.outputs}


def _write(cell: WorkspaceCell, source: str, now: datetime) -> None:
    cell.source, cell.version, cell.updated_at = source, cell.version + 1, now


def _dictionaries(value: object) -> list[dict[str, object]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
