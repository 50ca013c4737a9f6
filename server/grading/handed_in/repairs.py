"""Re-impose the exercise's structure on a handed-in notebook.

Answers are keyed by cell id on our side, then found by what they define. Given cells are ours, whatever was handed in.
Extra cells stay where they were. Each repair is a sentence in the result.

1. Sort the handed-in cells by id; a cell that is there twice counts once (the last one that was worked on).
2. Take each answer from the cell of its id, else from the last other cell that defines its names.
3. Take each given cell from the exercise; say so where the handed-in one differs or is missing.
4. Put the rest (the person's own code cells) behind the exercise cell that they followed.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from server.exercise_format.exercise import Answer, Exercise
from server.grading.handed_in.submitted import SubmittedCell


@dataclass(frozen=True, slots=True)
class Reimposed:
    """The notebook that is run: our structure with the person's answers, and what had to be mended."""

    cells: tuple[SubmittedCell, ...]  # code cells to run, in order
    sources: Mapping[str, str]  # answer name -> submitted source
    texts: Mapping[str, str]  # question name -> answer text
    repairs: tuple[str, ...]


@dataclass(slots=True)
class _Handed:
    """The handed-in cells by id, and the order they came in."""

    order: list[SubmittedCell]
    by_id: dict[str, list[SubmittedCell]] = field(default_factory=dict)

    @classmethod
    def sort(cls, cells: Sequence[SubmittedCell]) -> _Handed:
        handed = cls(list(cells))
        for cell in cells:
            handed.by_id.setdefault(cell.id, []).append(cell)
        return handed

    def get(self, cell_id: str) -> list[SubmittedCell]:
        return self.by_id.get(cell_id, [])


def reimpose(exercise: Exercise, submitted: Sequence[SubmittedCell]) -> Reimposed:
    """Our structure with their answers."""
    handed, repairs, used = _Handed.sort(submitted), list[str](), set[int]()
    sources = {answer.name: _answer_source(exercise, answer, handed, used, repairs) for answer in exercise.answers}
    _note_given_cells(exercise, handed, repairs)
    texts = {
        question.name: _question_text(question.answer_cell, question.title, handed, repairs) for question in exercise.questions
    }
    extras = _extra_cells(exercise, handed, used)
    return Reimposed(tuple(_in_order(exercise, sources, extras)), sources, texts, tuple(repairs))


def holds_answers(exercise: Exercise, submitted: Sequence[SubmittedCell]) -> bool:
    """Whether anything in it answers this exercise: one of its cells, or a cell that defines what an answer defines."""
    ids = {answer.cell for answer in exercise.answers} | {question.answer_cell for question in exercise.questions}
    handed = _Handed.sort(submitted)
    return any(cell.id in ids for cell in submitted) or any(
        answer.gives and _defined_elsewhere(exercise, answer, handed) is not None for answer in exercise.answers
    )


def _answer_source(exercise: Exercise, answer: Answer, handed: _Handed, used: set[int], repairs: list[str]) -> str:
    found = handed.get(answer.cell)
    if found:
        used.update(id(cell) for cell in found)
        chosen = _worked_on(found, answer.stub)
        if len(found) > 1:
            repairs.append(f"The answer cell {answer.name} was there {len(found)} times; the last one that was worked on counts.")
        if chosen.type != "code":
            repairs.append(f"The answer cell {answer.name} had become a {chosen.type or 'nameless'} cell; it was run as code.")
        if chosen.source.strip():
            return _whole(exercise, answer, chosen, handed, used, repairs)
    moved = _defined_elsewhere(exercise, answer, handed)
    if moved is not None:
        used.add(id(moved))
        repairs.append(
            f"The answer cell {answer.name} was missing; another cell defines {' and '.join(answer.gives)}, so it was used."
        )
        return moved.source
    if not found:
        repairs.append(f"The answer cell {answer.name} was missing; the untouched starter was used.")
        return answer.stub
    return found[-1].source


def _whole(exercise: Exercise, answer: Answer, cell: SubmittedCell, handed: _Handed, used: set[int], repairs: list[str]) -> str:
    """The cell's source; with that of the person's own cell behind it, when the rest of the answer went there."""
    missing = set(answer.gives) - defined_names(cell.source)
    place = next(number for number, each in enumerate(handed.order, 1) if each is cell)
    [rest] = handed.order[place : place + 1] or [cell]
    is_own = rest.type == "code" and rest.id not in _own_ids(exercise) and id(rest) not in used
    if not (is_own and missing and missing <= defined_names(rest.source)):
        return cell.source
    used.add(id(rest))
    repairs.append(f"The answer cell {answer.name} had been split in two; both parts count.")
    return f"{cell.source}\n\n{rest.source}"


def _worked_on(cells: Sequence[SubmittedCell], stub: str) -> SubmittedCell:
    changed = [cell for cell in cells if cell.source.strip() and cell.source.strip() != stub.strip()]
    return changed[-1] if changed else cells[-1]


def _defined_elsewhere(exercise: Exercise, answer: Answer, handed: _Handed) -> SubmittedCell | None:
    if not answer.gives:
        return None
    known = _own_ids(exercise)
    defining = [cell for cell in handed.order if cell.id not in known and set(answer.gives) <= defined_names(cell.source)]
    return defining[-1] if defining else None


def defined_names(source: str) -> set[str]:
    """Names that the source defines at its top level; empty when it is not Python."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return set()
    return {name for statement in tree.body for name in _names(statement)}


def _names(statement: ast.stmt) -> Iterable[str]:
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        yield statement.name
    elif isinstance(statement, ast.Assign):
        yield from (target.id for target in statement.targets if isinstance(target, ast.Name))
    elif isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
        yield statement.target.id


def _note_given_cells(exercise: Exercise, handed: _Handed, repairs: list[str]) -> None:
    for setup in exercise.setups:
        if setup.judge_only:
            continue
        found, label = handed.get(setup.cell), setup.name or setup.cell
        if not found:
            repairs.append(f"The given cell {label} was missing; it was put back.")
        elif len(found) > 1:
            repairs.append(f"The given cell {label} was there {len(found)} times; it was run once, as given.")
        elif found[0].source.strip() != setup.source.strip():
            repairs.append(f"The given cell {label} had been changed; it was run as given.")
    for check in exercise.checks:
        found = handed.get(check.cell)
        if not check.hidden and found and found[-1].source.strip() not in (check.source.strip(), ""):
            repairs.append(f"The visible check {check.name} had been changed; the exercise's own check was used.")


def _question_text(cell_id: str, title: str, handed: _Handed, repairs: list[str]) -> str:
    found = handed.get(cell_id)
    if len(found) > 1:
        repairs.append(f"The answer to {title} was there {len(found)} times; the last one that was filled in counts.")
    filled = [cell.source for cell in found if cell.source.strip()]
    return filled[-1] if filled else ""


def _extra_cells(exercise: Exercise, handed: _Handed, used: set[int]) -> dict[str, list[SubmittedCell]]:
    """The person's own code cells, by the id of the exercise's cell that they followed ("" for the top)."""
    known, extras, last = _own_ids(exercise), dict[str, list[SubmittedCell]](), ""
    for cell in handed.order:
        if cell.id in known:
            last = known[cell.id]
        elif cell.type == "code" and cell.source.strip() and id(cell) not in used:
            extras.setdefault(last, []).append(cell)
    return extras


def _own_ids(exercise: Exercise) -> dict[str, str]:
    """Each cell id of the candidate's copy -> the exercise cell it belongs to."""
    ids = {cell.id: cell.id for cell in exercise.cells}
    return ids | {question.answer_cell: question.cell for question in exercise.questions}


def _in_order(
    exercise: Exercise, sources: Mapping[str, str], extras: Mapping[str, list[SubmittedCell]]
) -> Iterable[SubmittedCell]:
    given = {setup.cell: setup.source for setup in exercise.setups if not setup.judge_only}
    answers = {answer.cell: sources[answer.name] for answer in exercise.answers}
    yield from _numbered(extras.get("", []), 0)
    for place, cell in enumerate(exercise.cells, 1):
        if cell.id in given:
            yield SubmittedCell(cell.id, "code", given[cell.id])
        elif cell.id in answers:
            yield SubmittedCell(cell.id, "code", answers[cell.id])
        yield from _numbered(extras.get(cell.id, []), place)


def _numbered(cells: Sequence[SubmittedCell], place: int) -> Iterable[SubmittedCell]:
    """Own cells keep their id where they have a usable one; ids are for the report only."""
    for number, cell in enumerate(cells, 1):
        yield SubmittedCell(cell.id[:64] or f"extra-{place}-{number}", "code", cell.source)
