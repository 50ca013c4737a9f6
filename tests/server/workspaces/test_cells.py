"""Cells: what was written is never lost, and the exercise's own cells stay what they are."""

from datetime import datetime

import pytest
from sqlmodel import Session

from server.errors import Invalid, NotFound, Refusal
from server.workspaces.cells import (
    LONGEST_SOURCE,
    MOST_OWN_CELLS,
    Conflict,
    Saved,
    add_cell,
    cell_of,
    list_cells,
    move_cell,
    put_back_cell,
    remove_cell,
    reset_cell,
    save_source,
)
from server.workspaces.events import list_events
from server.workspaces.tables import Workspace


def order(session: Session, workspace: Workspace) -> list[str]:
    return [cell.id for cell in list_cells(session, workspace)]


def test_a_save_names_the_version_it_was_based_on(session: Session, workspace: Workspace, moment: datetime) -> None:
    assert save_source(session, workspace, "answer-1", "one", 1, moment) == Saved(2, moment)
    assert save_source(session, workspace, "answer-1", "two", 2, moment) == Saved(3, moment)
    assert cell_of(session, workspace, "answer-1").source == "two"


def test_a_save_based_on_an_old_version_keeps_both_texts(session: Session, workspace: Workspace, moment: datetime) -> None:
    save_source(session, workspace, "answer-1", "from the first tab", 1, moment)
    outcome = save_source(session, workspace, "answer-1", "from the second tab", 1, moment)
    assert outcome == Conflict("from the second tab", "from the first tab", 2, moment)
    assert cell_of(session, workspace, "answer-1").source == "from the first tab"
    kept = [event.payload["source"] for event in list_events(session, workspace) if event.kind == "conflict"]
    assert kept == ["from the second tab"]


def test_saving_what_is_stored_already_is_no_conflict(session: Session, workspace: Workspace, moment: datetime) -> None:
    save_source(session, workspace, "answer-1", "same", 1, moment)
    assert isinstance(save_source(session, workspace, "answer-1", "same", 1, moment), Saved)


def test_every_edit_can_be_read_in_the_diary(session: Session, workspace: Workspace, moment: datetime) -> None:
    for version, text in enumerate(["a", "ab", "abc"], 1):
        save_source(session, workspace, "answer-1", text, version, moment)
    assert [event.payload["source"] for event in list_events(session, workspace) if event.kind == "edit"] == ["a", "ab", "abc"]


def test_text_that_no_database_holds_is_stored_without_what_it_cannot_hold(
    session: Session, workspace: Workspace, moment: datetime
) -> None:
    save_source(session, workspace, "answer-1", "a\x00b\ud800c", 1, moment)
    session.flush()
    assert cell_of(session, workspace, "answer-1").source == "ab?c"


@pytest.mark.parametrize("cell_id", ["setup-1", "text-1"])
def test_given_cells_cannot_be_edited_removed_moved_or_reset(
    session: Session, workspace: Workspace, moment: datetime, cell_id: str
) -> None:
    with pytest.raises(Invalid, match="read only"):
        save_source(session, workspace, cell_id, "mine now", 1, moment)
    with pytest.raises(Invalid):
        reset_cell(session, workspace, cell_id, moment)
    with pytest.raises(Invalid):
        remove_cell(session, workspace, cell_id, moment)
    with pytest.raises(Invalid):
        move_cell(session, workspace, cell_id, None, moment)


def test_a_text_that_is_too_long_is_refused_with_its_length(session: Session, workspace: Workspace, moment: datetime) -> None:
    with pytest.raises(Invalid, match="100,001"):
        save_source(session, workspace, "answer-1", "x" * (LONGEST_SOURCE + 1), 1, moment)


def test_own_cells_go_where_they_are_put_and_move(session: Session, workspace: Workspace, moment: datetime) -> None:
    first = add_cell(session, workspace, "setup-1", "code", moment)
    second = add_cell(session, workspace, "setup-1", "markdown", moment)
    top = add_cell(session, workspace, None, "code", moment)
    assert order(session, workspace) == [top.id, "text-1", "setup-1", second.id, first.id, "answer-1"]
    move_cell(session, workspace, top.id, "answer-1", moment)
    assert order(session, workspace)[-1] == top.id


def test_hundreds_of_cells_at_one_place_keep_their_order(session: Session, workspace: Workspace, moment: datetime) -> None:
    added = [add_cell(session, workspace, "setup-1", "code", moment).id for _ in range(MOST_OWN_CELLS)]
    assert order(session, workspace) == ["text-1", "setup-1", *reversed(added), "answer-1"]
    with pytest.raises(Invalid, match="at most"):
        add_cell(session, workspace, "setup-1", "code", moment)


def test_a_removed_cell_comes_back_where_it_was_with_its_text(session: Session, workspace: Workspace, moment: datetime) -> None:
    cell = add_cell(session, workspace, "setup-1", "code", moment)
    save_source(session, workspace, cell.id, "precious", 1, moment)
    remove_cell(session, workspace, cell.id, moment)
    assert cell.id not in order(session, workspace)
    with pytest.raises(NotFound):
        save_source(session, workspace, cell.id, "late", 2, moment)
    back, after = put_back_cell(session, workspace, cell.id, moment)
    assert (back.source, after) == ("precious", "setup-1")


def test_a_reset_gives_back_the_text_it_replaced(session: Session, workspace: Workspace, moment: datetime) -> None:
    save_source(session, workspace, "answer-1", "long work", 1, moment)
    cell, previous = reset_cell(session, workspace, "answer-1", moment)
    assert (cell.source, previous, cell.version) == ("def f(): ...", "long work", 3)


@pytest.mark.parametrize(("after", "kind"), [("nowhere", "code"), ("setup-1", "raw")])
def test_a_cell_of_an_odd_kind_or_place_is_refused(
    session: Session, workspace: Workspace, moment: datetime, after: str, kind: str
) -> None:
    with pytest.raises(Refusal):
        add_cell(session, workspace, after, kind, moment)
