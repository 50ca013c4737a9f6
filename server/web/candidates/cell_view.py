"""Cells as the notebook page needs them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from server.exercise_format.exercise import Exercise
from server.web.candidates.question_view import prompt_html, question_view
from server.web.code import highlight
from server.web.markdown import render
from server.workspaces.outputs import fold
from server.workspaces.room import Run
from server.workspaces.starting import starting_cells
from server.workspaces.tables import WorkspaceCell

Json = dict[str, Any]
EDITABLE = ("answer", "question", "own")


def cell_view(exercise: Exercise, cell: WorkspaceCell, seed: int, run: Run | None = None, *, practice: bool = True) -> Json:
    """`exercise` with the attempt's values filled in. Outputs of a run that is going on come from the run itself.

    Outside practice nobody marks themselves, so the rubric stays with those who do.
    """
    running = run is not None and run.cell_id == cell.id
    return {
        "id": cell.id,
        "type": cell.type,
        "role": cell.role,
        "name": cell.name,
        "title": cell.name.replace("_", " ").replace("-", " ") if cell.role == "question" else cell.name,
        "locked": cell.role not in EDITABLE,
        "source": cell.source,
        "version": cell.version,
        "starter": cell.starter,
        "outputs": fold(run.events) if running and run is not None else cell.outputs,
        "count": cell.count,
        "html": _html(exercise, cell.id, cell.role, cell.type, cell.source),
        "question": _question(exercise, cell.id, seed, practice),
    }


def preview_cells(exercise: Exercise, values: Mapping[str, object], seed: int = 0) -> list[Json]:
    """The cells before anybody started: read only, with highlighted code."""
    return [
        {
            "id": cell.id,
            "type": cell.type,
            "role": cell.role,
            "name": cell.name,
            "title": cell.name,
            "locked": True,
            "source": cell.source,
            "version": 0,
            "starter": cell.source,
            "outputs": [],
            "count": None,
            "html": _html(exercise, cell.id, cell.role, cell.type, cell.source),
            "code_html": highlight(cell.source) if cell.type == "code" else "",
            "question": _question(exercise, cell.id, seed),
        }
        for cell in starting_cells(exercise, seed, values)
    ]


def _html(exercise: Exercise, cell_id: str, role: str, kind: str, source: str) -> str:
    if role == "question":
        return next((prompt_html(question) for question in exercise.questions if question.answer_cell == cell_id), "")
    if role == "text":
        return next((render(cell.body) for cell in exercise.cells if cell.id == cell_id), "")
    return render(source) if kind == "markdown" else ""


def _question(exercise: Exercise, cell_id: str, seed: int, practice: bool = True) -> Json | None:
    question = next((question for question in exercise.questions if question.answer_cell == cell_id), None)
    if question is None:
        return None
    view = question_view(exercise, question, seed)
    return view if practice else view | {"self_mark": False, "rubric": None}


def split_task(cells: list[Json]) -> tuple[list[Json], list[Json]]:
    """The texts before the first other cell are the task; the rest is the notebook."""
    first = next((index for index, cell in enumerate(cells) if cell["role"] != "text"), len(cells))
    return cells[:first], cells[first:]
