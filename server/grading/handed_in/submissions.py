"""Freeze a hand-in, and find it again."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import ColumnElement, and_
from sqlalchemy.orm import QueryableAttribute, aliased, defer
from sqlmodel import Session, col, select

from server.database.insert import insert_once
from server.errors import Invalid, NotFound, TooMany
from server.grading.tables import Result, Submission

WITHOUT_NOTEBOOK = defer(cast("QueryableAttribute[bytes]", Submission.notebook))  # up to megabytes; read when it is asked for


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


def freeze(session: Session, hand_in: HandIn, now: datetime, most_waiting: int) -> tuple[Submission, bool]:
    """The submission of this request, and whether it is new. A repeated request gets the first one back, and so does the same
    notebook sent again before its grading is over."""
    if hand_in.kind not in ("check", "submit"):
        raise Invalid("A submission is either a check or a submit.")
    if not (8 <= len(hand_in.request) <= 64 and hand_in.request.isascii() and hand_in.request.isprintable()):
        raise Invalid("The request has no key of its own (8 to 64 characters). Reload the page and try again.")
    earlier = _of_request(session, hand_in)
    if earlier is not None:
        return earlier, False
    digest = hashlib.sha256(hand_in.notebook).hexdigest()
    waiting = _waiting(session, hand_in.workspace_id)
    twin = next((each for each in waiting if (each.kind, each.sha256) == (hand_in.kind, digest)), None)
    if twin is not None:
        return twin, False
    if len(waiting) >= most_waiting:
        raise TooMany(
            f"{len(waiting)} of your submissions still wait for a result. Send the next one after that.", wait_seconds=10
        )
    submission = Submission(
        workspace_id=hand_in.workspace_id,
        request=hand_in.request,
        kind=hand_in.kind,
        exercise_slug=hand_in.exercise_slug,
        exercise_digest=hand_in.exercise_digest,
        seed=hand_in.seed,
        values=dict(hand_in.values),
        notebook=hand_in.notebook,
        sha256=digest,
        created_at=now,
    )
    new = insert_once(session, submission)
    stored = _of_request(session, hand_in)
    assert stored is not None
    return stored, new


def _waiting(session: Session, workspace_id: str) -> list[Submission]:
    unsettled = col(Submission.state).in_(("queued", "running"))
    return list(session.exec(select(Submission).where(Submission.workspace_id == workspace_id, unsettled)))


def _of_request(session: Session, hand_in: HandIn) -> Submission | None:
    wanted = select(Submission).where(Submission.workspace_id == hand_in.workspace_id, Submission.request == hand_in.request)
    return session.exec(wanted).first()


def submission_of(session: Session, workspace_id: str, submission_id: str) -> Submission:
    """The submission, looked up through its workspace. Raises NotFound."""
    wanted = select(Submission).where(Submission.id == submission_id, Submission.workspace_id == workspace_id)
    submission = session.exec(wanted.options(WITHOUT_NOTEBOOK)).first()
    if submission is None:
        raise NotFound("There is no such submission of this exercise.")
    return submission


def counts() -> ColumnElement[bool]:
    """Of the results of one submission, the newest: earlier ones are kept, and count no more."""
    newer = aliased(Result)
    later = newer.created_at > col(Result.created_at)
    return ~select(newer.id).where(newer.submission_id == col(Result.submission_id), later).exists()


def result_of(session: Session, submission_id: str) -> Result | None:
    """The result that counts, once there is one."""
    return session.exec(select(Result).where(Result.submission_id == submission_id, counts())).first()


def results_before(session: Session, result: Result) -> list[Result]:
    """The results of the same submission that this one took the place of, newest first."""
    earlier = (Result.submission_id == result.submission_id, Result.created_at < result.created_at)
    return list(session.exec(select(Result).where(*earlier).order_by(col(Result.created_at).desc())))


def list_submissions(session: Session, workspace_id: str, most: int = 50) -> list[tuple[Submission, Result | None]]:
    """The newest submissions of a workspace with their results."""
    wanted = (
        select(Submission, Result)
        .join(Result, and_(col(Result.submission_id) == col(Submission.id), counts()), isouter=True)
        .where(Submission.workspace_id == workspace_id)
        .order_by(col(Submission.created_at).desc())
        .limit(most)
        .options(WITHOUT_NOTEBOOK)
    )
    return [(submission, result) for submission, result in session.exec(wanted)]


def latest_result(session: Session, workspace_id: str, kind: str) -> tuple[Submission, Result] | None:
    """The newest graded submission of this kind."""
    wanted = (
        select(Submission, Result)
        .join(Result, col(Result.submission_id) == col(Submission.id))
        .where(Submission.workspace_id == workspace_id, Submission.kind == kind, counts())
        .order_by(col(Submission.created_at).desc())
        .limit(1)
        .options(WITHOUT_NOTEBOOK)
    )
    row = session.exec(wanted).first()
    return (row[0], row[1]) if row else None
