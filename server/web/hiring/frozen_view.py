"""A handed-in notebook for whoever marks it: given cells as the candidate saw them, answers as changes of what was given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup

from server.assessments.marking.frozen import FrozenCell, FrozenTask
from server.exercise_format.exercise import Exercise
from server.exercise_format.question import Question, Short
from server.grading.outcome import Outcome, State
from server.grading.results import outcomes_of
from server.grading.tables import Result
from server.web.candidates.question_view import prompt_html, question_view
from server.web.code import code_block
from server.web.diff import diff_block
from server.web.hiring.output_view import Shown, output_view
from server.web.markdown import render

CHANGES, FINAL = "changes", "final"
HEADINGS = {"setup": "Given", "answer": "Answer", "question": "Question", "own": "Own cell"}
STATES = {  # what became of a check -> class of its status, and the word
    State.passed: ("passed", "passed"),
    State.failed: ("failed", "failed"),
    State.crashed: ("failed", "crashed"),
    State.timed_out: ("failed", "took too long"),
    State.out_of_memory: ("failed", "out of memory"),
    State.not_attempted: ("", "not attempted"),
    State.blocked: ("locked", "needs an earlier check"),
    State.to_mark: ("", "by rubric"),
    State.our_fault: ("warn", "our fault, tried again"),
}


@dataclass(frozen=True, slots=True)
class CellView:
    """`html` is what was given, `answer` what the candidate wrote; both are safe. `state`: class and words of its outcome."""

    number: int
    role: str
    heading: str
    title: str
    html: Markup
    answer: Markup | None = None
    question: Mapping[str, Any] | None = None
    untouched: bool = False
    count: int | None = None
    outputs: Sequence[Shown] = field(default_factory=tuple)
    state: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the score sheet."""

    title: str
    hidden: bool
    reported: bool
    state: tuple[str, str]
    points: float | None  # None where people mark
    possible: float
    why: Markup | None


@dataclass(frozen=True, slots=True)
class ScoreSheet:
    """What the graders found in one task. `ran`: what became of its cells when the notebook was run from the top."""

    rows: Sequence[Row]
    points: float
    possible: float
    repairs: Sequence[str]
    ran: Sequence[str]


def notebook_view(task: FrozenTask, view: str) -> tuple[list[CellView], list[CellView]]:
    """The task's own text, and the notebook below it."""
    outcomes = {row.check: row for row in outcomes_of(task.result)} if task.result else {}
    cells = [_cell(task, number, cell, view, outcomes) for number, cell in enumerate(task.cells, 1)]
    first = next((index for index, cell in enumerate(cells) if cell.role not in ("text", "own")), len(cells))
    given = [cell for cell in cells[:first] if cell.role == "text"]
    return given, [cell for cell in cells if cell not in given]


def _cell(task: FrozenTask, number: int, cell: FrozenCell, view: str, outcomes: Mapping[str, Outcome]) -> CellView:
    if cell.role == "question":
        asked = next((each for each in task.exercise.questions if each.answer_cell == cell.id), None)
        if asked is not None:
            return _question(task, number, cell, asked, outcomes.get(asked.name))
    html, answer = Markup(""), None
    if cell.role in ("text", "question") or cell.type == "markdown":
        html = _text(task.exercise, cell)
    elif cell.role == "answer" and view == CHANGES:
        answer = diff_block(cell.starter, cell.source)
    else:
        answer = code_block(cell.source, numbered=True)
    return CellView(
        number,
        cell.role,
        HEADINGS.get(cell.role, "Text"),
        cell.name,
        html,
        answer,
        untouched=cell.role == "answer" and cell.source.strip() == cell.starter.strip(),
        count=cell.count,
        outputs=output_view(cell.outputs),
    )


def _text(exercise: Exercise, cell: FrozenCell) -> Markup:
    """Given text is the exercise's own, whatever was handed in under its name."""
    given = next((each.body for each in exercise.cells if each.id == cell.id), None) if cell.role == "text" else None
    return render(cell.source if given is None else given)


def _question(task: FrozenTask, number: int, cell: FrozenCell, asked: Question, outcome: Outcome | None) -> CellView:
    written = isinstance(asked, Short)
    answer = render(cell.source) if written else Markup("<p>{}</p>").format(cell.source)
    return CellView(
        number,
        "question",
        HEADINGS["question"],
        asked.title,
        Markup(prompt_html(asked)),
        answer if cell.source.strip() else None,
        question=question_view(task.exercise, asked, task.seed) | {"rubric": None},
        untouched=not cell.source.strip(),
        state=STATES[outcome.outcome] if outcome is not None and not written else ("", ""),
    )


def score_sheet(exercise: Exercise, result: Result, cells: Sequence[FrozenCell]) -> ScoreSheet:
    """`exercise` in the version that the result was graded with; `cells` as they are numbered on the page."""
    numbers = {cell.id: number for number, cell in enumerate(cells, 1)}
    rows = [_row(exercise, outcome) for outcome in outcomes_of(result)]
    stopped = [_ran(cell, numbers) for cell in result.cells if cell.get("status") != "ok"]
    return ScoreSheet(rows, result.points, result.possible, result.repairs, stopped)


def _row(exercise: Exercise, outcome: Outcome) -> Row:
    found = exercise.question(outcome.check) if outcome.question else exercise.check(outcome.check)
    told = outcome.message if outcome.outcome not in (State.passed, State.to_mark) else ""
    return Row(
        title=found.title if found is not None else outcome.check,
        hidden=outcome.hidden,
        reported=outcome.reported,
        state=STATES[outcome.outcome],
        points=None if outcome.outcome is State.to_mark else outcome.points,
        possible=outcome.possible,
        why=render(told) if told else None,
    )


def _ran(cell: Mapping[str, object], numbers: Mapping[str, int]) -> str:
    cell_id, error, later = str(cell.get("id")), cell.get("error"), cell.get("needs_from_below")
    told = [f"Cell {numbers.get(cell_id, cell_id)}: {str(cell.get('status')).replace('_', ' ')}"]
    told += [f"{error}"] if error else []
    told += [f"{later} is made by a later cell only"] if later else []
    return ", ".join(told)
