"""What was found in a candidate's work and said about it, for the candidate: levels and words of markers, never their names."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from sqlmodel import Session, col, select

from server.assessments.tables.decisions import CandidateReport, Decision
from server.assessments.tables.invitations import Candidate
from server.assessments.tables.marking import Agreement, Mark, Marking, Unblinding
from server.assessments.tables.sittings import Sitting
from server.bank.versions import exercise_version
from server.exercise_format.exercise import Exercise
from server.exercise_format.template import fill_exercise
from server.grading.outcome import Outcome
from server.grading.results import outcomes_of
from server.grading.tables import Regrade, RegradeRow, Result, Submission
from server.reports.document import message_of
from server.workspaces.tables import Workspace

Json = dict[str, Any]
WITHOUT_PEOPLE = {"sitting_id", "person_id", "by"}


def submissions_of(session: Session, candidate: Candidate, *, with_results: bool) -> list[Json]:
    """Every hand-in and check, the notebook as text. Results of checks were seen when they were asked for."""
    wanted = select(Submission, Workspace).join(Workspace, col(Workspace.id) == col(Submission.workspace_id))
    mine = wanted.where(Workspace.person_id == candidate.person_id).order_by(col(Submission.created_at))
    return [
        _submission(session, submission, workspace, with_results or submission.kind == "check")
        for submission, workspace in session.exec(mine)
    ]


def _submission(session: Session, submission: Submission, workspace: Workspace, with_results: bool) -> Json:
    exported = submission.model_dump(mode="json", exclude={"notebook", "job_id", "request", "seed", "values"})
    exported["notebook"] = submission.notebook.decode("utf-8")
    if with_results:
        results = select(Result).where(Result.submission_id == submission.id).order_by(col(Result.created_at))
        exported["results"] = [_result(session, submission, workspace, result) for result in session.exec(results)]
        exported["regrades"] = _regrades(session, submission)
    return exported


def _result(session: Session, submission: Submission, workspace: Workspace, result: Result) -> Json:
    exercise = fill_exercise(exercise_version(session, submission.exercise_slug, result.exercise_digest), workspace.values)
    exported = result.model_dump(mode="json", exclude={"submission_id", "seed", "outcomes"})
    return {**exported, "outcomes": [_outcome(exercise, each) for each in outcomes_of(result)]}


def _outcome(exercise: Exercise, outcome: Outcome) -> Json:
    """As a report has it: of a hidden check nothing but what its author wrote for this."""
    return {
        "check": outcome.check,
        "hidden": outcome.hidden,
        "outcome": outcome.outcome.value,
        "points": outcome.points,
        "possible": outcome.possible,
        "message": message_of(exercise, outcome),
        "seconds": outcome.seconds,
    }


def _regrades(session: Session, submission: Submission) -> list[Json]:
    """That it was graded again for trial, and why; what counts is among the results."""
    wanted = select(Regrade).join(RegradeRow, col(RegradeRow.regrade_id) == col(Regrade.id))
    found = session.exec(wanted.where(RegradeRow.submission_id == submission.id).order_by(col(Regrade.created_at)))
    return [each.model_dump(mode="json", include={"created_at", "reason", "state", "settled_at"}) for each in found]


def said_about(session: Session, sitting: Sitting) -> Json:
    """Marks of each marker, in the order in which they began; levels that were settled; who was shown the name, and why."""
    markings = session.exec(select(Marking).where(Marking.sitting_id == sitting.id).order_by(col(Marking.begun_at))).all()
    return {
        "markings": [_marking(session, each) for each in markings],
        "settled": _rows(session.exec(select(Agreement).where(Agreement.sitting_id == sitting.id)).all()),
        "name_shown": _rows(session.exec(select(Unblinding).where(Unblinding.sitting_id == sitting.id)).all()),
    }


def _marking(session: Session, marking: Marking) -> Json:
    mine = (Mark.sitting_id == marking.sitting_id, Mark.person_id == marking.person_id)
    marks = session.exec(select(Mark).where(*mine).order_by(col(Mark.exercise_slug), col(Mark.question), col(Mark.line))).all()
    return {**_rows([marking])[0], "marks": _rows(marks)}


def decided_about(session: Session, sitting: Sitting) -> Json:
    decision = session.get(Decision, sitting.id)
    reports = select(CandidateReport).where(CandidateReport.sitting_id == sitting.id)
    return {
        "decision": _rows([decision])[0] if decision else None,
        "reports": [
            {"report": json.loads(each.document), "signature": each.signature, "issued_at": each.issued_at.isoformat()}
            for each in session.exec(reports.order_by(col(CandidateReport.issued_at)))
        ],
    }


def _rows(rows: Sequence[Marking | Mark | Agreement | Unblinding | Decision]) -> list[Json]:
    return [row.model_dump(mode="json", exclude=WITHOUT_PEOPLE) for row in rows]
