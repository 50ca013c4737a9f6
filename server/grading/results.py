"""Store what grading found, once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlmodel import Session, select

from server.database.insert import insert_once
from server.grading.outcome import Grade, Outcome, Reason, State
from server.grading.tables import Result, Submission


def store_result(session: Session, submission: Submission, grade: Grade, environment: str, now: datetime) -> tuple[Result, bool]:
    """The result of this submission in this environment, and whether it is new. The first one stands."""
    result = Result(
        submission_id=submission.id,
        exercise_digest=submission.exercise_digest,
        environment=environment,
        seed=submission.seed,
        **grade_columns(grade),
        created_at=now,
    )
    new = insert_once(session, result)
    submission.state = "graded"
    session.add(submission)
    return _stored(session, result), new


def grade_columns(grade: Grade) -> dict[str, Any]:
    """What a row of results says of a grade, as plain data."""
    return {
        "points": grade.points,
        "possible": grade.possible,
        "solved": grade.solved,
        "outcomes": [asdict(outcome) for outcome in grade.outcomes],
        "repairs": list(grade.repairs),
        "cells": [asdict(cell) for cell in grade.cells],
        "seconds": grade.seconds,
    }


def _stored(session: Session, twin: Result) -> Result:
    wanted = select(Result).where(
        Result.submission_id == twin.submission_id,
        Result.exercise_digest == twin.exercise_digest,
        Result.environment == twin.environment,
        Result.seed == twin.seed,
        Result.regrade_id == "",
    )
    return session.exec(wanted).one()


def outcomes_of(result: Result) -> list[Outcome]:
    """The stored rows as outcomes again."""
    return read_outcomes(result.outcomes)


def read_outcomes(rows: Iterable[Mapping[str, object]]) -> list[Outcome]:
    """Outcomes that were written as plain data."""
    return [_outcome(dict(row)) for row in rows]


def _outcome(row: dict[str, object]) -> Outcome:
    stored = row.pop("reasons", [])
    reasons = tuple(Reason(**reason) for reason in stored) if isinstance(stored, list) else ()
    return Outcome(**{**row, "outcome": State(str(row["outcome"])), "reasons": reasons})  # type: ignore[arg-type]
