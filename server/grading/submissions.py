"""Freeze a hand-in, and find it again."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from server.database.insert import insert_once
from server.errors import Invalid, NotFound
from server.grading.tables import Result, Submission


@dataclass(frozen=True, slots=True)
class HandIn:
    """What is to be frozen."""

    workspace_id: str
    kind: str
    request: str
    exercise_slug: str
    exercise_digest: str
    seed: int
    values: Mapping[str, object]
    notebook: bytes


def freeze(session: Session, hand_in: HandIn, now: datetime) -> tuple[Submission, bool]:
    """The submission of this request, and whether it is new. A repeated request gets the first one back."""
    if hand_in.kind not in ("check", "submit"):
        raise Invalid("A submission is either a check or a submit.")
    if not 8 <= len(hand_in.request) <= 64:
        raise Invalid("The request has no key of its own (8 to 64 characters). Reload the page and try again.")
    earlier = _of_request(session, hand_in)
    if earlier is not None:
        return earlier, False
    submission = Submission(
        workspace_id=hand_in.workspace_id,
        request=hand_in.request,
        kind=hand_in.kind,
        exercise_slug=hand_in.exercise_slug,
        exercise_digest=hand_in.exercise_digest,
        seed=hand_in.seed,
        values=dict(hand_in.values),
        notebook=hand_in.notebook,
        sha256=hashlib.sha256(hand_in.notebook).hexdigest(),
        created_at=now,
    )
    new = insert_once(session, submission)
    stored = _of_request(session, hand_in)
    assert stored is not None
    return stored, new


def _of_request(session: Session, hand_in: HandIn) -> Submission | None:
    wanted = select(Submission).where(Submission.workspace_id == hand_in.workspace_id, Submission.request == hand_in.request)
    return session.exec(wanted).first()


def submission_of(session: Session, workspace_id: str, submission_id: str) -> Submission:
    """The submission, looked up through its workspace. Raises NotFound."""
    submission = session.get(Submission, submission_id)
    if submission is None or submission.workspace_id != workspace_id:
        raise NotFound("There is no such submission of this exercise.")
    return submission


def result_of(session: Session, submission: Submission) -> Result | None:
    """What grading found, once it has."""
    wanted = select(Result).where(Result.submission_id == submission.id).order_by(col(Result.created_at).desc()).limit(1)
    return session.exec(wanted).first()


def list_submissions(session: Session, workspace_id: str, most: int = 50) -> list[tuple[Submission, Result | None]]:
    """The newest submissions of a workspace with their results."""
    wanted = (
        select(Submission, Result)
        .join(Result, col(Result.submission_id) == col(Submission.id), isouter=True)
        .where(Submission.workspace_id == workspace_id)
        .order_by(col(Submission.created_at).desc())
        .limit(most)
    )
    return [(submission, result) for submission, result in session.exec(wanted)]


def latest_result(session: Session, workspace_id: str, kind: str) -> tuple[Submission, Result] | None:
    """The newest graded submission of this kind."""
    wanted = (
        select(Submission, Result)
        .join(Result, col(Result.submission_id) == col(Submission.id))
        .where(Submission.workspace_id == workspace_id, Submission.kind == kind)
        .order_by(col(Submission.created_at).desc())
        .limit(1)
    )
    row = session.exec(wanted).first()
    return (row[0], row[1]) if row else None
