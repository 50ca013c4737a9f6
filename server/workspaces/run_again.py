"""After a kernel has ended: which cells bring its variables back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from server.workspaces.cells import list_cells
from server.workspaces.events import note
from server.workspaces.tables import Workspace, WorkspaceEvent

RAN, RESTART = "ran", "restart"
MOST_LOOKED_AT = 1_000  # runs and restarts, newest first
CAME_TO_AN_END = ("ok", "error")


@dataclass(frozen=True, slots=True)
class Ran:
    """A run of one cell: `count` is the kernel's own, from 1; `status` is that of the event `done`."""

    cell_id: str
    count: int | None
    status: str


@dataclass(frozen=True, slots=True)
class Restarted:
    """The person wanted a kernel without variables."""


def cells_to_run_again(diary: Iterable[Ran | Restarted]) -> list[str]:
    """The cells that had been run in the last kernel, in the order in which they were last run; `diary` is oldest first.

    A kernel begins to count at 1. Runs that did not come to their end are left out: what was stopped, ran out of time or ended
    the kernel would do so again.
    """
    cells: dict[str, None] = {}
    for entry in diary:
        if isinstance(entry, Restarted) or entry.count == 1:
            cells.clear()
        if isinstance(entry, Ran) and entry.status in CAME_TO_AN_END:
            cells.pop(entry.cell_id, None)
            cells[entry.cell_id] = None
    return list(cells)


def list_cells_to_run_again(session: Session, workspace: Workspace) -> list[str]:
    """Of the cells that are still in the notebook."""
    here = {cell.id for cell in list_cells(session, workspace) if cell.type == "code"}
    return [cell_id for cell_id in cells_to_run_again(_diary(session, workspace)) if cell_id in here]


def note_run(session: Session, workspace: Workspace, cell_id: str, count: int | None, status: str, now: datetime) -> None:
    note(session, workspace, RAN, now, cell_id, {"count": count, "status": status})


def note_restart(session: Session, workspace: Workspace, now: datetime) -> None:
    note(session, workspace, RESTART, now)


def _diary(session: Session, workspace: Workspace) -> list[Ran | Restarted]:
    wanted = (
        select(WorkspaceEvent)
        .where(WorkspaceEvent.workspace_id == workspace.id, col(WorkspaceEvent.kind).in_((RAN, RESTART)))
        .order_by(col(WorkspaceEvent.id).desc())
        .limit(MOST_LOOKED_AT)
    )
    return [_entry(event) for event in reversed(list(session.exec(wanted)))]


def _entry(event: WorkspaceEvent) -> Ran | Restarted:
    if event.kind == RESTART:
        return Restarted()
    count = event.payload["count"]
    return Ran(event.cell_id, count if isinstance(count, int) else None, str(event.payload["status"]))
