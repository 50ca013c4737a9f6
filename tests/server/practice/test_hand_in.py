"""Check and submit: frozen and queued in one transaction, once for each request."""

import json
from datetime import datetime

import pytest
from sqlmodel import Session, select

from server.errors import Invalid, NotFound
from server.grading.submissions import submission_of
from server.grading.tables import Submission
from server.practice.hand_in import hand_in
from server.queue.tables import Job
from server.workspaces.cells import save_source
from server.workspaces.tables import Workspace


def test_a_submission_freezes_the_notebook_as_it_is_now(session: Session, workspace: Workspace, moment: datetime) -> None:
    save_source(session, workspace, "answer-1", "x = 1", 1, moment)
    submission = hand_in(session, workspace, "submit", "request-1", moment)
    save_source(session, workspace, "answer-1", "x = 2", 2, moment)
    cells = {cell["id"]: "".join(cell["source"]) for cell in json.loads(submission.notebook)["cells"]}
    assert cells["answer-1"] == "x = 1"


def test_the_same_request_makes_one_submission_and_one_job(session: Session, workspace: Workspace, moment: datetime) -> None:
    first = hand_in(session, workspace, "submit", "request-1", moment)
    again = hand_in(session, workspace, "submit", "request-1", moment)
    other = hand_in(session, workspace, "submit", "request-2", moment)
    session.flush()
    assert first.id == again.id != other.id
    jobs = [job for job in session.exec(select(Job)) if job.payload["submission"] == first.id]
    assert [job.id for job in jobs] == [first.job_id]


def test_submission_and_job_vanish_together_when_the_transaction_does(
    session: Session, workspace: Workspace, moment: datetime
) -> None:
    session.commit()
    hand_in(session, workspace, "submit", "request-1", moment)
    session.rollback()
    assert session.exec(select(Submission)).all() == []
    assert session.exec(select(Job)).all() == []


@pytest.mark.parametrize(("kind", "request_key"), [("steal", "request-1"), ("submit", "short"), ("submit", "x" * 65)])
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
