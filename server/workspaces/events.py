"""The diary of a workspace."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlmodel import Session, col, select

from server.errors import NotFound
from server.workspaces.tables import Workspace, WorkspaceEvent


def note(
    session: Session,
    workspace: Workspace,
    kind: str,
    now: datetime,
    cell_id: str = "",
    payload: Mapping[str, object] | None = None,
) -> WorkspaceEvent:
    """Write one event."""
    event = WorkspaceEvent(workspace_id=workspace.id, cell_id=cell_id, kind=kind, at=now, payload=dict(payload or {}))
    session.add(event)
    return event


def event_of(session: Session, workspace: Workspace, event_id: int, kind: str) -> WorkspaceEvent:
    """One event of this workspace. Raises NotFound."""
    event = session.get(WorkspaceEvent, event_id)
    if event is None or event.workspace_id != workspace.id or event.kind != kind:
        raise NotFound("There is nothing to undo here any more.")
    return event


def list_events(session: Session, workspace: Workspace) -> list[WorkspaceEvent]:
    """All events, oldest first."""
    wanted = select(WorkspaceEvent).where(WorkspaceEvent.workspace_id == workspace.id)
    return list(session.exec(wanted.order_by(col(WorkspaceEvent.id))))
