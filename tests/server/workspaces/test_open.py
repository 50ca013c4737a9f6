"""A workspace is made once, belongs to one person, and follows a guest into their account."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import sessionmaker
from sqlmodel import Session

from server.accounts.guests import become_guest
from server.database.engine import session_factory
from server.errors import NotFound
from server.workspaces.cells import Saved, list_cells, save_source
from server.workspaces.events import list_events
from server.workspaces.open import find_workspace, move_to_person, open_workspace, workspace_of
from server.workspaces.tables import Workspace
from tests.server.workspaces.conftest import CELLS


def test_opening_twice_gives_the_same_workspace_with_its_work(session: Session, workspace: Workspace, moment: datetime) -> None:
    save_source(session, workspace, "answer-1", "def f(): return 1", 1, moment)
    again = open_workspace(
        session, workspace.person_id, "some-exercise", "new digest", cells=CELLS, seed=8, values={}, now=moment
    )
    assert again.id == workspace.id
    assert (again.seed, again.exercise_digest) == (7, "digest")
    assert [cell.source for cell in list_cells(session, again)][-1] == "def f(): return 1"


def test_somebody_elses_workspace_is_unknown(session: Session, workspace: Workspace, moment: datetime) -> None:
    other, _ = become_guest(session, moment)
    assert workspace_of(session, [workspace.person_id], workspace.id).id == workspace.id
    with pytest.raises(NotFound):
        workspace_of(session, [other.id], workspace.id)
    with pytest.raises(NotFound):
        workspace_of(session, [other.id], "made-up")


def test_a_guests_workspace_moves_to_the_account(session: Session, workspace: Workspace, moment: datetime) -> None:
    account, _ = become_guest(session, moment)
    move_to_person(session, workspace.person_id, account.id)
    found = find_workspace(session, account.id, "some-exercise")
    assert found is not None
    assert found.id == workspace.id


@pytest.mark.parametrize("guest_is_newer", [True, False])
def test_when_both_started_the_newer_work_stays_in_use_and_the_other_is_kept(
    session: Session, workspace: Workspace, moment: datetime, guest_is_newer: bool
) -> None:
    account, _ = become_guest(session, moment)
    rival = open_workspace(session, account.id, "some-exercise", "digest", cells=CELLS, seed=9, values={}, now=moment)
    newer = workspace if guest_is_newer else rival
    assert isinstance(save_source(session, newer, "answer-1", "newer", 1, moment + timedelta(minutes=1)), Saved)
    guest = workspace.person_id
    move_to_person(session, guest, account.id)
    used, kept = find_workspace(session, account.id, "some-exercise"), find_workspace(session, guest, "some-exercise")
    assert used is not None
    assert kept is not None
    assert used.id == newer.id
    assert {used.id, kept.id} == {workspace.id, rival.id}


@pytest.mark.parametrize("guest_wrote", [True, False])
def test_a_copy_that_was_only_started_never_takes_the_place_of_work(
    session: Session, workspace: Workspace, moment: datetime, guest_wrote: bool
) -> None:
    account, _ = become_guest(session, moment)
    rival = open_workspace(session, account.id, "some-exercise", "digest", cells=CELLS, seed=9, values={}, now=moment)
    worked, started = (workspace, rival) if guest_wrote else (rival, workspace)
    assert isinstance(save_source(session, worked, "answer-1", "solved", 1, moment), Saved)
    started.updated_at = moment + timedelta(minutes=1)
    move_to_person(session, workspace.person_id, account.id)
    used = find_workspace(session, account.id, "some-exercise")
    assert used is not None
    assert used.id == worked.id
    assert [cell.source for cell in list_cells(session, used)][2:] == ["solved"]


def test_the_texts_of_the_other_copy_go_into_the_diary(session: Session, workspace: Workspace, moment: datetime) -> None:
    account, _ = become_guest(session, moment)
    rival = open_workspace(session, account.id, "some-exercise", "digest", cells=CELLS, seed=9, values={}, now=moment)
    save_source(session, rival, "answer-1", "older work", 1, moment)
    save_source(session, workspace, "answer-1", "newer work", 1, moment + timedelta(minutes=1))
    move_to_person(session, workspace.person_id, account.id)
    events = list_events(session, workspace)
    assert [event.payload for event in events if event.kind == "other-copy"] == [{"cells": {"answer-1": "older work"}}]
    assert {event.payload.get("source") for event in events if event.kind == "edit"} == {"older work", "newer work"}


def test_the_other_copys_answer_is_put_beside_the_one_in_use_as_a_note(
    session: Session, workspace: Workspace, moment: datetime
) -> None:
    account, _ = become_guest(session, moment)
    rival = open_workspace(session, account.id, "some-exercise", "digest", cells=CELLS, seed=9, values={}, now=moment)
    save_source(session, rival, "answer-1", "older work", 1, moment)
    save_source(session, workspace, "answer-1", "newer work", 1, moment + timedelta(minutes=1))
    move_to_person(session, workspace.person_id, account.id)
    *_, answer, beside = list_cells(session, workspace)
    assert (answer.id, answer.source) == ("answer-1", "newer work")
    assert (beside.type, beside.role) == ("markdown", "own")
    assert "older work" in beside.source


def test_two_starts_at_once_make_one_workspace(engine: Engine, moment: datetime) -> None:
    """Both find nothing, then both insert: as two clicks do on two connections."""
    sessions = session_factory(engine)
    with sessions() as session:
        person, _ = become_guest(session, moment)
        session.commit()
    with ThreadPoolExecutor(6) as pool:
        ids = set(pool.map(lambda _: _start(sessions, person.id, moment), range(12)))
    assert len(ids) == 1
    with sessions() as session:
        workspace = find_workspace(session, person.id, "some-exercise")
        assert workspace is not None
        assert [cell.id for cell in list_cells(session, workspace)] == ["text-1", "setup-1", "answer-1"]


def _start(sessions: sessionmaker[Session], person_id: str, moment: datetime) -> str:
    with sessions() as session:
        workspace = open_workspace(session, person_id, "some-exercise", "digest", cells=CELLS, seed=7, values={}, now=moment)
        session.commit()
        return workspace.id
