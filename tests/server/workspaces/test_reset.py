"""Starting over can be undone."""

from datetime import datetime

import pytest
from sqlmodel import Session

from server.errors import NotFound
from server.workspaces.cells import add_cell, cell_of, list_cells, save_source
from server.workspaces.reset import reset_all, undo_reset
from server.workspaces.tables import Workspace


def test_resetting_all_and_undoing_it_brings_everything_back(session: Session, workspace: Workspace, moment: datetime) -> None:
    own = add_cell(session, workspace, "setup-1", "code", moment)
    save_source(session, workspace, "answer-1", "work", 1, moment)
    cell_of(session, workspace, "answer-1").outputs = [{"t": "stream", "name": "stdout", "text": "1"}]
    undo = reset_all(session, workspace, moment)
    assert [(cell.id, cell.source) for cell in list_cells(session, workspace)][1:] == [
        ("setup-1", "import numpy as np"),
        ("answer-1", "def f(): ..."),
    ]
    undo_reset(session, workspace, undo, moment)
    assert [cell.id for cell in list_cells(session, workspace)] == ["text-1", "setup-1", own.id, "answer-1"]
    back = cell_of(session, workspace, "answer-1")
    assert (back.source, back.outputs) == ("work", [{"t": "stream", "name": "stdout", "text": "1"}])


def test_an_unknown_reset_cannot_be_undone(session: Session, workspace: Workspace, moment: datetime) -> None:
    with pytest.raises(NotFound):
        undo_reset(session, workspace, 12_345, moment)
