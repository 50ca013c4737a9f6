"""A notebook file that was worked on elsewhere, put into its workspace: answers by cell; earlier texts stay in the diary."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from server.errors import Invalid
from server.exercise_format.copies.candidate_copy import candidate_cells
from server.exercise_format.exercise import Exercise
from server.grading.handed_in.submitted import SubmittedCell, read_submitted
from server.workspaces.cells import EDITABLE, Saved, add_cell, list_cells, save_source
from server.workspaces.tables import Workspace, WorkspaceCell

NOT_OURS = (
    "This notebook {of}. Only a file that you downloaded from this task can be put in. Nothing was changed; "
    "copy your code into the cells instead."
)


@dataclass(frozen=True, slots=True)
class TakenIn:
    """How many cells got another text, and how many were added."""

    changed: int
    added: int


def take_in(session: Session, workspace: Workspace, exercise: Exercise, data: bytes, now: datetime) -> TakenIn:
    """All of it or nothing. Given cells stay as they are. Raises Invalid, which says what is wrong with the file."""
    found = read_submitted(data)
    if found.exercise != workspace.exercise_slug:
        of = f"belongs to the exercise {found.exercise[:80]}" if found.exercise else "does not come from here"
        raise Invalid.fields({"notebook": NOT_OURS.format(of=of)})
    mine = {cell.id: cell for cell in list_cells(session, workspace)}
    given = {copied.id for copied in candidate_cells(exercise, workspace.seed, workspace.values)}
    changed = sum(_write(session, workspace, mine[cell.id], cell, now) for cell in found.cells if cell.id in mine)
    return TakenIn(changed, _add(session, workspace, found.cells, mine.keys() | given, now))


def _write(session: Session, workspace: Workspace, cell: WorkspaceCell, sent: SubmittedCell, now: datetime) -> bool:
    if cell.role not in EDITABLE or cell.source == sent.source:
        return False
    return isinstance(save_source(session, workspace, cell.id, sent.source, cell.version, now), Saved)


def _add(session: Session, workspace: Workspace, cells: Iterable[SubmittedCell], known: set[str], now: datetime) -> int:
    """Cells of the person's own, each behind the cell that it stood behind."""
    here = {cell.id for cell in list_cells(session, workspace)}
    after, added = None, 0
    for sent in cells:
        if sent.id in known:
            after = sent.id if sent.id in here else after
        elif sent.source.strip() and sent.type in ("code", "markdown"):
            made = add_cell(session, workspace, after, sent.type, now)
            save_source(session, workspace, made.id, sent.source, made.version, now)
            after, added = made.id, added + 1
    return added
