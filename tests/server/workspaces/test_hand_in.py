"""Check and submit: frozen and queued in one transaction, once for each request."""

import json
from datetime import datetime

import pytest
from sqlmodel import Session, select

from server.accounts.guests import become_guest
from server.errors import Invalid, NotFound, TooMany
from server.exercise_format.exercise import Exercise
from server.grading.handed_in.submissions import submission_of
from server.grading.tables import Submission
from server.practice.start import start_exercise
from server.queue.tables import Job
from server.workspaces.cells import LONGEST_SOURCE, add_cell, save_source
from server.workspaces.hand_in import MOST_WAITING, hand_in
from server.workspaces.tables import Workspace
from tests.exercises import bundled


@pytest.fixture(scope="session")
def exercise() -> Exercise:
    return bundled("softmax-cross-entropy-stable")


@pytest.fixture
def workspace(session: Session, exercise: Exercise, moment: datetime) -> Workspace:
    person, _ = become_guest(session, moment)
    return start_exercise(session, person.id, exercise, "digest", 7, {}, moment)


def test_a_submission_freezes_the_notebook_as_it_is_now(session: Session, workspace: Workspace, moment: datetime) -> None:
    save_source(session, workspace, "answer-1", "x = 1", 1, moment)
    submission = hand_in(session, workspace, "submit", "request-1", moment)
    save_source(session, workspace, "answer-1", "x = 2", 2, moment)
    cells = {cell["id"]: "".join(cell["source"]) for cell in json.loads(submission.notebook)["cells"]}
    assert cells["answer-1"] == "x = 1"


def test_the_same_request_makes_one_submission_and_one_job(session: Session, workspace: Workspace, moment: datetime) -> None:
    first = hand_in(session, workspace, "submit", "request-1", moment)
    again = hand_in(session, workspace, "submit", "request-1", moment)
    session.flush()
    assert first.id == again.id
    jobs = [job for job in session.exec(select(Job)) if job.payload["submission"] == first.id]
    assert [job.id for job in jobs] == [first.job_id]


def test_two_tabs_that_send_the_same_notebook_make_one_submission(
    session: Session, workspace: Workspace, moment: datetime
) -> None:
    first = hand_in(session, workspace, "submit", "from-one-tab", moment)
    assert hand_in(session, workspace, "submit", "from-the-other", moment).id == first.id
    assert hand_in(session, workspace, "check", "request-3", moment).id != first.id
    save_source(session, workspace, "answer-1", "x = 1", 1, moment)
    assert hand_in(session, workspace, "submit", "request-4", moment).id != first.id


def test_the_same_notebook_may_be_sent_again_once_it_has_its_result(
    session: Session, workspace: Workspace, moment: datetime
) -> None:
    first = hand_in(session, workspace, "submit", "request-1", moment)
    first.state = "graded"
    session.flush()
    assert hand_in(session, workspace, "submit", "request-2", moment).id != first.id


def test_one_exercise_cannot_fill_the_queue(session: Session, workspace: Workspace, moment: datetime) -> None:
    for number in range(MOST_WAITING):
        save_source(session, workspace, "answer-1", f"x = {number}", number + 1, moment)
        hand_in(session, workspace, "submit", f"request-{number}", moment)
        session.flush()
    save_source(session, workspace, "answer-1", "x = 99", MOST_WAITING + 1, moment)
    with pytest.raises(TooMany, match="still wait") as refused:
        hand_in(session, workspace, "submit", "one-too-many", moment)
    assert refused.value.wait_seconds > 0
    assert hand_in(session, workspace, "submit", "request-0", moment).request == "request-0"  # a retry is no new one


@pytest.mark.parametrize("state", ["graded", "our_fault"])
def test_a_submission_that_has_its_end_makes_room_for_the_next(
    session: Session, workspace: Workspace, moment: datetime, state: str
) -> None:
    for number in range(MOST_WAITING + 2):
        save_source(session, workspace, "answer-1", f"x = {number}", number + 1, moment)
        submission = hand_in(session, workspace, "submit", f"request-{number}", moment)
        submission.state = state if number < 2 else "running"
        session.flush()
    assert len(session.exec(select(Job)).all()) == MOST_WAITING + 2


def test_the_submissions_of_one_workspace_do_not_keep_another_waiting(
    session: Session, workspace: Workspace, exercise: Exercise, moment: datetime
) -> None:
    for number in range(MOST_WAITING):
        save_source(session, workspace, "answer-1", f"x = {number}", number + 1, moment)
        hand_in(session, workspace, "submit", f"request-{number}", moment)
    tomas, _ = become_guest(session, moment)
    other = start_exercise(session, tomas.id, exercise, "digest", 7, {}, moment)
    assert hand_in(session, other, "submit", "request-0", moment).workspace_id == other.id


def test_a_notebook_that_the_graders_could_not_read_is_refused_at_once(
    session: Session, workspace: Workspace, moment: datetime
) -> None:
    for _ in range(110):
        cell = add_cell(session, workspace, None, "markdown", moment)
        save_source(session, workspace, cell.id, "x" * LONGEST_SOURCE, 1, moment)
    with pytest.raises(Invalid, match="at most 10 MB"):
        hand_in(session, workspace, "submit", "request-1", moment)


def test_submission_and_job_vanish_together_when_the_transaction_does(
    session: Session, workspace: Workspace, moment: datetime
) -> None:
    session.commit()
    hand_in(session, workspace, "submit", "request-1", moment)
    session.rollback()
    assert session.exec(select(Submission)).all() == []
    assert session.exec(select(Job)).all() == []


@pytest.mark.parametrize(
    ("kind", "request_key"),
    [("steal", "request-1"), ("submit", "short"), ("submit", "x" * 65), ("submit", "\ud800aaaaaaaa"), ("submit", "a\0aaaaaaaa")],
)
def test_an_odd_kind_or_key_is_refused(
    session: Session, workspace: Workspace, moment: datetime, kind: str, request_key: str
) -> None:
    with pytest.raises(Invalid):
        hand_in(session, workspace, kind, request_key, moment)


def test_a_submission_is_found_through_its_own_workspace_only(session: Session, workspace: Workspace, moment: datetime) -> None:
    submission = hand_in(session, workspace, "check", "request-1", moment)
    session.flush()
    assert submission_of(session, workspace.id, submission.id).id == submission.id
    with pytest.raises(NotFound):
        submission_of(session, "another", submission.id)
