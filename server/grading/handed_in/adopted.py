"""Notebooks that were handed in with nbgrader or otter: their cells under the ids of the imported exercise. Pure.

1. A cell that nbgrader named (`grade_id`) is the cell of that name.
2. The rest is laid beside the exercise: equal texts hold the two together.
3. Between them answers are taken in order, from the cells that otter tagged where there are any.
4. A text that is still the prompt is no answer; with nbgrader, what was written in new cells below it is.

Whatever is found this way only says which text belongs to which answer: it decides no outcome.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from itertools import takewhile

from server.exercise_format.exercise import Exercise
from server.exercise_format.foreign.code import MAGIC
from server.exercise_format.foreign.names import marked_cell
from server.grading.handed_in.submitted import SubmittedCell

MACHINERY = re.compile(r"^\s*(#.*|import otter|%pip install.*otter.*|grader\s*=\s*otter\.Notebook\(.*|grader\.\w+\(.*\))?\s*;?$")
FRAME = re.compile(r"<!--\s*(BEGIN|END) QUESTION\s*-->|^_Points:_.*$", re.MULTILINE)
UNANSWERED = ("", "YOUR ANSWER HERE", "_Type your answer here, replacing this text._")


def adopt(exercise: Exercise, cells: Sequence[SubmittedCell]) -> Sequence[SubmittedCell]:
    """The same cells for a notebook of our own."""
    if not any(cell.label or cell.asked or is_machinery(cell) for cell in cells):
        return cells
    kept = [cell for cell in cells if not is_machinery(cell)]
    named = _by_label(exercise, kept)
    matched = _beside(exercise, named)
    checks = {check.cell for check in exercise.checks}
    given = {setup.cell: setup.source for setup in exercise.setups}
    plain = [_own_text(cell, checks, given) for cell in matched]
    return [*_answered(exercise, plain), *_marked(exercise, plain)]


def _own_text(cell: SubmittedCell, checks: Collection[str], given: Mapping[str, str]) -> SubmittedCell:
    """Not what the import changed itself: the exercise's own checks and given code are run, whatever was handed in."""
    if cell.id in checks:
        return replace(cell, source="")
    same = cell.id in given and _essence(cell.source) == _essence(given[cell.id])
    return replace(cell, source=given[cell.id]) if same else cell


def is_machinery(cell: SubmittedCell) -> bool:
    """Calls of otter's own, which mean nothing here."""
    lines = cell.source.split("\n")
    return cell.type == "code" and "grader" in cell.source and all(MACHINERY.match(line) for line in lines)


def _by_label(exercise: Exercise, cells: Sequence[SubmittedCell]) -> list[SubmittedCell]:
    texts = {question.cell: question.answer_cell for question in exercise.questions}
    known = {cell.id for cell in exercise.cells}
    return [
        replace(c, id=texts.get(c.label, c.label)) if c.label in known else replace(c, id=c.id if c.id in known else "")
        for c in cells
    ]


def _beside(exercise: Exercise, cells: list[SubmittedCell]) -> list[SubmittedCell]:
    ours = _places(exercise)
    taken = {cell.id for cell in cells if cell.id}
    left = [place for place, cell in enumerate(cells) if not cell.id]
    own = [each for each in ours if each[0] not in taken]
    keys, theirs = [each[2] for each in own], [(cells[place].type, _essence(cells[place].source)) for place in left]
    blocks = SequenceMatcher(None, keys, theirs, autojunk=False).get_matching_blocks()
    found, one, other = list(cells), 0, 0
    for block in blocks:
        _fill(found, own[one : block.a], left[other : block.b])
        for step in range(block.size):
            place = left[block.b + step]
            found[place] = replace(cells[place], id=own[block.a + step][0])
        one, other = block.a + block.size, block.b + block.size
    return found


Place = tuple[str, str, tuple[str, str]]  # id in the copy, role, (type, text)


def _places(exercise: Exercise) -> list[Place]:
    """The cells that a copy of the other system would have, in order."""
    stubs = {answer.cell: answer.stub for answer in exercise.answers}
    hidden = {setup.cell for setup in exercise.setups if setup.judge_only}
    marks = {marked_cell(answer.cell) for answer in exercise.answers}
    texts = {question.cell: question.answer_cell for question in exercise.questions}
    found: list[Place] = []
    for cell in exercise.cells:
        if cell.id in stubs:
            found.append((cell.id, "answer", ("code", _essence(stubs[cell.id]))))
        elif cell.id in texts and cell.id not in marks:
            found.append((texts[cell.id], "question", ("markdown", _essence(cell.body))))
        elif cell.role == "text" or (cell.role == "setup" and cell.id not in hidden):
            found.append((cell.id, cell.role, (cell.type, _essence(cell.body))))
    return found


def _fill(cells: list[SubmittedCell], ours: Sequence[Place], places: Sequence[int]) -> None:
    """Answers between two cells that were found, in order."""
    asked = [place for place in places if cells[place].asked] or list(places)
    for role, kind in (("answer", "code"), ("question", "markdown")):
        wanted = [each for each in ours if each[1] == role]
        open_places = [place for place in asked if cells[place].type == kind and not cells[place].id]
        for (cell_id, _, _), place in zip(wanted, open_places, strict=False):
            cells[place] = replace(cells[place], id=cell_id)


def _essence(source: str) -> str:
    return " ".join(FRAME.sub(" ", MAGIC.sub("", source)).split())


def _answered(exercise: Exercise, cells: Sequence[SubmittedCell]) -> list[SubmittedCell]:
    prompts = {question.answer_cell: question.prompt for question in exercise.questions}
    found = list(cells)
    for place, cell in enumerate(cells):
        if cell.id in prompts and cell.source.strip() in (*UNANSWERED, prompts[cell.id].strip()):
            below = takewhile(lambda each: not each.id, cells[place + 1 :] if cell.label else [])
            texts = [_as_text(each) for each in below if each.source.strip() and each.type != "raw"]
            found[place] = replace(cell, source="\n\n".join(texts))
    return found


def _as_text(cell: SubmittedCell) -> str:
    return f"```python\n{cell.source}\n```" if cell.type == "code" else cell.source


def _marked(exercise: Exercise, cells: Sequence[SubmittedCell]) -> list[SubmittedCell]:
    """Code that a person marks is the text of its question."""
    questions = {question.cell: question.answer_cell for question in exercise.questions}
    sources = {cell.id: cell.source for cell in cells}
    found = []
    for answer in exercise.answers:
        source = sources.get(answer.cell, "")
        if marked_cell(answer.cell) in questions and source.strip() and source.strip() != answer.stub.strip():
            text = _as_text(SubmittedCell(answer.cell, "code", source))
            found.append(SubmittedCell(questions[marked_cell(answer.cell)], "markdown", text))
    return found
