"""A task as it was handed in: the frozen notebook beside what the candidate was given, and what grading found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlmodel import Session, col, select

from server.assessments.tables.sittings import SittingTask
from server.bank.versions import exercise_version
from server.exercise_format.exercise import Exercise
from server.exercise_format.template import fill_exercise
from server.grading.handed_in.submissions import result_of
from server.grading.handed_in.submitted import SubmittedCell, read_submitted
from server.grading.tables import Result, Submission
from server.workspaces.starting import starting_cells
from server.workspaces.tables import WorkspaceCell

Output = dict[str, object]


@dataclass(frozen=True, slots=True)
class FrozenCell:
    """A cell as it was handed in; `starter` is what it began with. Outputs are those of its last run before that."""

    id: str
    type: str
    role: str  # text, setup, answer, question, or own
    name: str
    source: str
    starter: str
    outputs: tuple[Output, ...]
    count: int | None


@dataclass(frozen=True, slots=True)
class FrozenTask:
    """`exercise` is the version of `digest`, with this candidate's `values` filled in. `result` is None until it is graded."""

    exercise: Exercise
    digest: str
    seed: int
    values: Mapping[str, object]
    cells: tuple[FrozenCell, ...]
    result: Result | None


def frozen_task(session: Session, task: SittingTask) -> FrozenTask:
    """No cells when the submission is not kept any more."""
    exercise = exercise_version(session, task.exercise_slug, task.exercise_digest)
    submission = session.get(Submission, task.submission_id) if task.submission_id else None
    if submission is None:
        return FrozenTask(exercise, task.exercise_digest, 0, {}, (), None)
    given = {cell.id: cell for cell in starting_cells(exercise, submission.seed, submission.values)}
    shown = _outputs(session, task.workspace_id)
    cells = []
    for cell in read_submitted(submission.notebook).cells:
        start, (outputs, count) = given.get(cell.id), shown.get(cell.id, ((), None))
        role, name, starter = (start.role, start.name, start.source) if start else ("own", "", "")
        cells.append(FrozenCell(cell.id, _type(cell), role, name, cell.source, starter, outputs, count))
    values = submission.values
    filled, result = fill_exercise(exercise, values), result_of(session, submission.id)
    return FrozenTask(filled, task.exercise_digest, submission.seed, values, tuple(cells), result)


def _type(cell: SubmittedCell) -> str:
    return "code" if cell.type == "code" else "markdown"


def _outputs(session: Session, workspace_id: str) -> dict[str, tuple[tuple[Output, ...], int | None]]:
    """By cell; the submission holds none, because they are never graded."""
    columns = select(WorkspaceCell.id, WorkspaceCell.outputs, WorkspaceCell.count)
    rows = session.exec(columns.where(WorkspaceCell.workspace_id == workspace_id, col(WorkspaceCell.type) == "code"))
    return {cell_id: (tuple(outputs), count) for cell_id, outputs, count in rows}
