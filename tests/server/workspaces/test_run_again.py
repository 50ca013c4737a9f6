"""Which cells are offered to be run again when their kernel is gone."""

from datetime import datetime

import pytest
from sqlmodel import Session

from server.workspaces.cells import add_cell, remove_cell
from server.workspaces.run_again import Ran, Restarted, cells_to_run_again, list_cells_to_run_again, note_restart, note_run
from server.workspaces.tables import Workspace


def ran(cell_id: str, count: int | None, status: str = "ok") -> Ran:
    return Ran(cell_id, count, status)


def test_cells_come_in_the_order_in_which_they_were_last_run() -> None:
    assert cells_to_run_again([ran("a", 1), ran("b", 2), ran("c", 3), ran("a", 4)]) == ["b", "c", "a"]


def test_only_the_last_kernel_counts() -> None:
    assert cells_to_run_again([ran("a", 1), ran("b", 2), ran("c", 1), ran("b", 2)]) == ["c", "b"]


def test_a_cell_that_raised_was_run_all_the_same() -> None:
    assert cells_to_run_again([ran("a", 1), ran("b", 2, "error")]) == ["a", "b"]


@pytest.mark.parametrize("status", ["interrupted", "timed_out", "died"])
def test_a_run_that_did_not_come_to_its_end_is_left_out(status: str) -> None:
    assert cells_to_run_again([ran("a", 1), ran("b", 2, status)]) == ["a"]
    assert cells_to_run_again([ran("b", 1), ran("a", 2), ran("b", 3, status)]) == ["b", "a"]


def test_a_kernel_that_its_first_cell_ended_leaves_nothing() -> None:
    assert cells_to_run_again([ran("a", 1), ran("b", 1, "died")]) == []


def test_a_run_that_never_began_changes_nothing() -> None:
    assert cells_to_run_again([ran("a", 1), ran("b", None, "died")]) == ["a"]


def test_after_a_restart_nothing_is_to_be_run_again() -> None:
    assert cells_to_run_again([ran("a", 1), Restarted()]) == []
    assert cells_to_run_again([ran("a", 1), Restarted(), ran("b", 1)]) == ["b"]


def test_nothing_run_is_nothing_to_run_again() -> None:
    assert cells_to_run_again([]) == []


def test_cells_that_are_gone_or_text_by_now_are_left_out(session: Session, workspace: Workspace, moment: datetime) -> None:
    own = add_cell(session, workspace, None, "code", moment).id
    for count, cell_id in enumerate(["setup-1", own, "text-1", "answer-1", "setup-1"], 1):
        note_run(session, workspace, cell_id, count, "ok", moment)
    assert list_cells_to_run_again(session, workspace) == [own, "answer-1", "setup-1"]
    remove_cell(session, workspace, own, moment)
    assert list_cells_to_run_again(session, workspace) == ["answer-1", "setup-1"]
    note_restart(session, workspace, moment)
    assert list_cells_to_run_again(session, workspace) == []
