"""A guest signs in to an account that has tried the same exercise: results, help and marks of both stay."""

from datetime import datetime, timedelta

from sqlmodel import Session, select

from server.accounts.guests import become_guest
from server.exercise_format.exercise import Exercise
from server.grading.handed_in.submissions import list_submissions
from server.grading.tables import Submission
from server.practice.adopt import adopt_practice
from server.practice.help import attempt_of, show_next_hint
from server.practice.start import start_exercise
from server.practice.tables import SelfMark
from server.workspaces.cells import save_source
from server.workspaces.hand_in import hand_in
from server.workspaces.open import find_workspace, move_to_person
from server.workspaces.tables import Workspace


def test_everything_that_was_graded_in_either_copy_is_found_in_the_one_in_use(
    session: Session, workspace: Workspace, exercise: Exercise, moment: datetime
) -> None:
    account, _ = become_guest(session, moment)
    older = start_exercise(session, account.id, exercise, "digest", 8, {}, moment)
    hand_in(session, older, "submit", "of-the-account", moment)
    show_next_hint(session, older, exercise, 0, moment)
    session.add(SelfMark(workspace_id=older.id, question="explain", marks={"0": 3}, at=moment))
    save_source(session, workspace, "answer-1", "newer", 1, moment + timedelta(minutes=1))
    hand_in(session, workspace, "submit", "of-the-guest", moment)
    guest = session.get_one(type(account), workspace.person_id)

    move_to_person(session, guest.id, account.id)
    adopt_practice(session, guest.id, account.id)
    session.delete(guest)
    session.flush()

    used = find_workspace(session, account.id, exercise.slug)
    assert used is not None
    assert {submission.request for submission, _ in list_submissions(session, used.id)} == {"of-the-account", "of-the-guest"}
    assert attempt_of(session, used).hints_shown == 1
    assert session.get(SelfMark, (used.id, "explain")) is not None
    assert len(session.exec(select(Submission)).all()) == 2
