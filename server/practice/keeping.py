"""What of a person this domain keeps."""

from __future__ import annotations

from sqlmodel import Session, col, select

from server.accounts.keeping import Keeper
from server.accounts.tables import Person
from server.grading.tables import Result, Submission
from server.practice.adopt import adopt_practice
from server.practice.tables import Attempt, Progress, SelfMark
from server.workspaces.tables import Workspace


def practice_keeper() -> Keeper:
    return Keeper("practice", export_practice, lambda session, giver, taker: adopt_practice(session, giver.id, taker.id))


def export_practice(session: Session, person: Person) -> object:
    """Progress, help used, own marks, submissions and results, as plain data. Notebooks are given as text."""
    mine = select(Workspace.id).where(Workspace.person_id == person.id)
    progress = session.exec(select(Progress).where(Progress.person_id == person.id))
    attempts = session.exec(select(Attempt).where(col(Attempt.workspace_id).in_(mine)))
    marks = session.exec(select(SelfMark).where(col(SelfMark.workspace_id).in_(mine)))
    submissions = session.exec(
        select(Submission, Result)
        .join(Result, col(Result.submission_id) == col(Submission.id), isouter=True)
        .where(col(Submission.workspace_id).in_(mine))
    )
    return {
        "progress": [row.model_dump(mode="json", exclude={"person_id"}) for row in progress],
        "attempts": [row.model_dump(mode="json") for row in attempts],
        "self_marks": [row.model_dump(mode="json") for row in marks],
        "submissions": [_submission(submission, result) for submission, result in submissions],
    }


def _submission(submission: Submission, result: Result | None) -> dict[str, object]:
    return {
        **submission.model_dump(mode="json", exclude={"notebook", "job_id"}),
        "notebook": submission.notebook.decode("utf-8"),
        "result": result.model_dump(mode="json", exclude={"submission_id"}) if result else None,
    }
