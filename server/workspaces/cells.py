"""The cells of a workspace: save, add, remove, move, reset. Every change leaves an event; nothing written is lost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, update
from sqlmodel import Session, col, select

from server.database.ids import new_id
from server.errors import Invalid, NotFound
from server.workspaces.events import note
from server.workspaces.tables import Workspace, WorkspaceCell

LONGEST_SOURCE = 100_000  # characters: far above any honest cell, far below what slows a page
MOST_OWN_CELLS = 200
EDITABLE = frozenset({"answer", "question", "own"})


@dataclass(frozen=True, slots=True)
class Saved:
    version: int
    saved_at: datetime


@dataclass(frozen=True, slots=True)
class Conflict:
    """Somebody (another tab) saved in between. `theirs` is what is stored now; the refused text is kept as an event."""

    yours: str
    theirs: str
    version: int
    saved_at: datetime


def list_cells(session: Session, workspace: Workspace) -> list[WorkspaceCell]:
    """The cells in their order, without removed ones."""
    wanted = select(WorkspaceCell).where(WorkspaceCell.workspace_id == workspace.id, col(WorkspaceCell.removed_at).is_(None))
    return list(session.exec(wanted.order_by(col(WorkspaceCell.position), col(WorkspaceCell.id))))


def cell_of(session: Session, workspace: Workspace, cell_id: str, *, removed: bool = False) -> WorkspaceCell:
    """One cell of this workspace. Raises NotFound."""
    cell = session.get(WorkspaceCell, (workspace.id, cell_id))
    if cell is None or (cell.removed_at is not None) != removed:
        raise NotFound("This cell is not in the notebook any more. Reload the page to see the notebook as it is saved.")
    return cell


def save_source(session: Session, workspace: Workspace, cell_id: str, source: str, base: int, now: datetime) -> Saved | Conflict:
    """Store a cell's text if nobody stored another one since version `base`; else keep both and say so."""
    cell = cell_of(session, workspace, cell_id)
    _must_be_editable(cell)
    _must_not_be_too_long(source)
    source = storable(source)
    if cell.source == source:
        return Saved(cell.version, cell.updated_at)
    if not _replace(session, cell, source, base, now):
        session.refresh(cell)
        note(session, workspace, "conflict", now, cell_id, {"source": source, "base": base, "stored": cell.version})
        return Conflict(yours=source, theirs=cell.source, version=cell.version, saved_at=cell.updated_at)
    note(session, workspace, "edit", now, cell_id, {"source": source, "version": base + 1})
    _touch(workspace, now)
    return Saved(base + 1, now)


def _replace(session: Session, cell: WorkspaceCell, source: str, base: int, now: datetime) -> bool:
    """The conditional UPDATE that decides between two tabs: one row changed, or somebody else was faster."""
    change = (
        update(WorkspaceCell)
        .where(
            col(WorkspaceCell.workspace_id) == cell.workspace_id,
            col(WorkspaceCell.id) == cell.id,
            col(WorkspaceCell.version) == base,
        )
        .values(source=source, version=base + 1, updated_at=now)
    )
    changed = cast("CursorResult[Any]", session.execute(change)).rowcount == 1
    if changed:
        session.refresh(cell)
    return changed


def add_cell(session: Session, workspace: Workspace, after: str | None, kind: str, now: datetime) -> WorkspaceCell:
    """A new empty cell of the person's own, after the cell `after` or at the top."""
    if kind not in ("code", "markdown"):
        raise Invalid("A cell is either code or markdown.")
    cells = list_cells(session, workspace)
    _must_have_room(cells)
    cell = WorkspaceCell(
        workspace_id=workspace.id,
        id=f"own-{new_id()[:12]}",
        position=_position_after(cells, after),
        type=kind,
        role="own",
        updated_at=now,
    )
    session.add(cell)
    note(session, workspace, "add", now, cell.id, {"after": after, "type": kind})
    _touch(workspace, now)
    session.flush()
    return cell


def remove_cell(session: Session, workspace: Workspace, cell_id: str, now: datetime) -> None:
    """Take an own cell out of the notebook. It can be put back."""
    cell = cell_of(session, workspace, cell_id)
    if cell.role != "own":
        raise Invalid("Only cells that you added can be deleted; the exercise's own cells are needed for grading.")
    cell.removed_at = now
    note(session, workspace, "remove", now, cell_id)
    _touch(workspace, now)


def put_back_cell(session: Session, workspace: Workspace, cell_id: str, now: datetime) -> tuple[WorkspaceCell, str | None]:
    """Undo of `remove_cell`: the cell and the id of the cell before it."""
    cell = cell_of(session, workspace, cell_id, removed=True)
    _must_have_room(list_cells(session, workspace))
    cell.removed_at = None
    note(session, workspace, "put-back", now, cell_id)
    _touch(workspace, now)
    session.flush()
    before = [other.id for other in list_cells(session, workspace) if other.position < cell.position]
    return cell, (before[-1] if before else None)


def move_cell(session: Session, workspace: Workspace, cell_id: str, after: str | None, now: datetime) -> None:
    """Move an own cell behind the cell `after`, or to the top. The exercise's cells keep their order."""
    cell = cell_of(session, workspace, cell_id)
    if cell.role != "own":
        raise Invalid("Only cells that you added can be moved; the exercise's own cells keep their order.")
    others = [other for other in list_cells(session, workspace) if other.id != cell_id]
    cell.position = _position_after(others, after)
    note(session, workspace, "move", now, cell_id, {"after": after})
    _touch(workspace, now)


def reset_cell(session: Session, workspace: Workspace, cell_id: str, now: datetime) -> tuple[WorkspaceCell, str]:
    """Put the starter text back. Returns the cell and the text it replaced, so that the page can offer undo."""
    cell = cell_of(session, workspace, cell_id)
    _must_be_editable(cell)
    previous = cell.source
    cell.source, cell.version, cell.updated_at = cell.starter, cell.version + 1, now
    note(session, workspace, "reset", now, cell_id, {"previous": previous, "version": cell.version})
    _touch(workspace, now)
    return cell, previous


def storable(text: str) -> str:
    """The text without what no database can hold: NUL characters and halves of surrogate pairs."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")


def _position_after(cells: list[WorkspaceCell], after: str | None) -> float:
    places = [cell.position for cell in cells]
    if after is None:
        return places[0] - 1 if places else 1.0
    ids = [cell.id for cell in cells]
    if after not in ids:
        raise NotFound("The cell before the new place is not in the notebook any more. Reload the page.")
    index = ids.index(after)
    if index + 1 == len(cells):
        return places[index] + 1
    between = (places[index] + places[index + 1]) / 2
    if places[index] < between < places[index + 1]:
        return between
    for place, cell in enumerate(cells, 1):  # halved so often that no number lies between: count afresh
        cell.position = float(place)
    return index + 1.5


def _must_be_editable(cell: WorkspaceCell) -> None:
    if cell.role not in EDITABLE:
        raise Invalid("This cell is given and read only. Add a cell of your own to try a change of it.")


def _must_have_room(cells: list[WorkspaceCell]) -> None:
    if sum(cell.role == "own" for cell in cells) >= MOST_OWN_CELLS:
        raise Invalid(f"A notebook holds at most {MOST_OWN_CELLS} cells of your own. Remove one that you no longer need.")


def _must_not_be_too_long(source: str) -> None:
    if len(source) > LONGEST_SOURCE:
        raise Invalid(
            f"A cell holds at most {LONGEST_SOURCE:,} characters; this one has {len(source):,}. Your text is still in this page."
        )


def _touch(workspace: Workspace, now: datetime) -> None:
    workspace.updated_at = now
    workspace.revision += 1
