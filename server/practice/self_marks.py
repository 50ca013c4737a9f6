"""A person marks their own written answer against the rubric. It is labelled as what it is: their own mark."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlmodel import Session, col, select

from server.database.insert import insert_once
from server.errors import Conflict, Invalid, NotFound
from server.exercise_format.exercise import Exercise, Rubric
from server.exercise_format.scoring.score import self_mark_fraction
from server.grading.outcome import State
from server.grading.results import outcomes_of
from server.grading.tables import Result, Submission
from server.practice.tables import SelfMark
from server.workspaces.events import note
from server.workspaces.tables import Workspace


def rubric_for(exercise: Exercise, question: str) -> Rubric:
    """The rubric of a written question. Raises NotFound."""
    rubric = exercise.rubric_of(question)
    if rubric is None:
        raise NotFound("This question has no rubric to mark yourself with.")
    return rubric


def mark_yourself(
    session: Session, workspace: Workspace, exercise: Exercise, question: str, marks: Mapping[str, object], now: datetime
) -> SelfMark:
    """Store a mark of 1 to 5 for every line of the rubric. Marking again replaces the earlier mark; the diary keeps both."""
    given = _checked(rubric_for(exercise, question), marks)
    if not was_written(session, workspace, question):
        raise Conflict("Write an answer and submit it first; then you can mark it.")
    insert_once(session, SelfMark(workspace_id=workspace.id, question=question, marks=given, at=now))
    mark = session.get_one(SelfMark, (workspace.id, question))
    mark.marks, mark.at = given, now
    note(session, workspace, "self-mark", now, payload={"question": question, "marks": given})
    return mark


def was_written(session: Session, workspace: Workspace, question: str) -> bool:
    """Whether a submitted notebook held an answer to this question. Model answers open only after one's own."""
    submits = (
        select(Result)
        .join(Submission, col(Result.submission_id) == col(Submission.id))
        .where(Submission.workspace_id == workspace.id, Submission.kind == "submit")
    )
    rows = (row for result in session.exec(submits) for row in outcomes_of(result))
    return any(row.check == question and row.outcome is State.to_mark for row in rows)


def _checked(rubric: Rubric, marks: Mapping[str, object]) -> dict[str, int]:
    given: dict[str, int] = {}
    for index, line in enumerate(rubric.lines):
        value = marks.get(str(index))
        if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= 5:
            raise Invalid(f"Give the line “{line.line}” a mark from 1 to 5. Where the answer does not show it, that is a 1.")
        given[str(index)] = value
    return given


def list_self_marks(session: Session, workspace: Workspace) -> dict[str, SelfMark]:
    """Question name -> mark."""
    return {mark.question: mark for mark in session.exec(select(SelfMark).where(SelfMark.workspace_id == workspace.id))}


def points_of(exercise: Exercise, mark: SelfMark) -> tuple[float, float]:
    """Points that the person gave themselves, and how many there were."""
    question, rubric = exercise.question(mark.question), rubric_for(exercise, mark.question)
    possible = question.points if question is not None else 0.0
    fraction = self_mark_fraction({int(line): given for line, given in mark.marks.items()}, len(rubric.lines))
    return round(possible * fraction, 2), possible
