"""Whoever touches a result in the database without the secret is found out; whoever deletes their own work is not accused."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlmodel import Session

from server.accounts.guests import become_guest
from server.bank.load import load_bundled
from server.bank.versions import exercise_version, listed_exercise
from server.grading.outcome import CellNote, Grade, Outcome, Reason, State
from server.grading.results import store_result
from server.grading.seals import Fault, Verified, seal, seal_key, verify
from server.practice.start import start_exercise
from server.workspaces.hand_in import hand_in
from server.workspaces.tables import Workspace
from tests.server.bank.notebooks import write_exercise

SLUG = "small-task"
KEY = seal_key("the secret of this site")
ROW = Outcome("adds", False, State.passed, 1, 2.5, "fine — é", 0.1234, reasons=(Reason("a", "why", True),))
GRADE = Grade((ROW,), 1, 2.5, ("put back",), (CellNote("c", "ok", ""),), 0.5, 0.25)


@pytest.fixture
def workspace(session: Session, moment: datetime, tmp_path: Path) -> Workspace:
    write_exercise(tmp_path, SLUG)
    load_bundled(session, tmp_path, moment)
    guest, _ = become_guest(session, moment)
    digest = listed_exercise(session, SLUG).digest
    return start_exercise(session, guest.id, exercise_version(session, SLUG), digest, 7, {}, moment)


@pytest.fixture
def results(session: Session, workspace: Workspace, moment: datetime) -> list[str]:
    """Three sealed results, as another process finds them."""
    ids = []
    for number in range(3):
        submission = hand_in(session, workspace, "submit", f"request-{number}", moment + timedelta(seconds=number))
        submission.state = "graded"  # so that the next hand-in is a new one
        result, _ = store_result(session, submission, replace(GRADE, points=number), "env", moment)
        seal(session, result, KEY, moment)
        seal(session, result, KEY, moment)  # twice changes nothing
        ids.append(result.id)
    session.commit()
    session.expunge_all()
    return ids


def change(session: Session, statement: str, **values: object) -> None:
    session.execute(text(statement), values)
    session.commit()


def faults(session: Session, key: bytes = KEY, link: str = "") -> list[tuple[str, Fault]]:
    return list(verify(session, key, link).faults)


def test_untouched_results_are_as_they_were_sealed(session: Session, results: list[str]) -> None:
    found = verify(session, KEY)
    assert (found.sealed, found.deleted, found.faults) == (3, 0, ())
    assert verify(session, KEY, found.last_link).faults == ()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE results SET points = 2.5 WHERE id = :id",
        "UPDATE results SET solved = NOT solved WHERE id = :id",
        "UPDATE results SET seed = 8 WHERE id = :id",
        "UPDATE results SET environment = 'other' WHERE id = :id",
        "UPDATE results SET outcomes = '[]' WHERE id = :id",
        "UPDATE results SET repairs = '[]' WHERE id = :id",
        "UPDATE results SET exercise_digest = 'x' WHERE id = :id",
    ],
)
def test_a_changed_result_is_named(session: Session, results: list[str], statement: str) -> None:
    change(session, statement, id=results[1])
    assert faults(session) == [(results[1], Fault.CHANGED)]


def test_with_the_digest_changed_too_the_link_gives_it_away(session: Session, results: list[str]) -> None:
    change(session, "UPDATE result_seals SET digest = 'f00' WHERE number = 2")
    assert (("2", Fault.FORGED)) in faults(session)


def test_a_removed_seal_leaves_a_gap_and_a_result_without_one(session: Session, results: list[str]) -> None:
    change(session, "DELETE FROM result_seals WHERE number = 2")
    assert faults(session) == [("3", Fault.MISSING), (results[1], Fault.UNSEALED)]


def test_a_gap_that_was_closed_breaks_the_chain(session: Session, results: list[str]) -> None:
    change(session, "DELETE FROM result_seals WHERE number = 2")
    change(session, "UPDATE result_seals SET number = 2 WHERE number = 3")
    assert ("2", Fault.FORGED) in faults(session)


def test_a_result_that_was_put_in_has_no_seal(session: Session, results: list[str], workspace: Workspace) -> None:
    others = "seed, points, possible, solved, outcomes, repairs, cells, seconds, created_at"
    copied = f"id, submission_id, exercise_digest, environment, {others}"
    taken = copied.replace("id,", "'forged',", 1).replace("environment", "'env 2'")
    change(session, f"INSERT INTO results ({copied}) SELECT {taken} FROM results WHERE id = :id", id=results[0])
    assert faults(session) == [("forged", Fault.UNSEALED)]


def test_a_seal_made_with_another_secret_is_forged(session: Session, results: list[str]) -> None:
    assert [fault for _, fault in faults(session, seal_key("another secret"))] == [Fault.FORGED] * 3


def test_the_loss_of_the_end_shows_by_the_link_that_was_kept(session: Session, results: list[str]) -> None:
    kept = verify(session, KEY).last_link
    change(session, "DELETE FROM result_seals WHERE number = 3")
    change(session, "DELETE FROM results WHERE id = :id", id=results[2])
    assert faults(session) == []
    assert faults(session, link=kept) == [(kept, Fault.CUT)]


def test_who_deletes_their_work_is_not_accused(session: Session, results: list[str], workspace: Workspace) -> None:
    change(session, "DELETE FROM workspaces WHERE id = :id", id=workspace.id)
    found = verify(session, KEY)
    assert (found.sealed, found.deleted, found.faults) == (3, 3, ())


def test_an_empty_database_has_an_empty_chain(session: Session) -> None:
    assert verify(session, KEY) == Verified(0, 0, "", ())
