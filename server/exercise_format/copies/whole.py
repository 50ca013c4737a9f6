"""Whole candidate notebooks: untouched, solved, or with one known mistake; the gate grades them like anybody's."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from server.exercise_format.answers import Given
from server.exercise_format.copies.answer_writer import write_answer
from server.exercise_format.copies.candidate_copy import CopyCell, candidate_cells
from server.exercise_format.exercise import Answer, Exercise, Mistake, Solution
from server.exercise_format.expressions import calculate, numbers_of
from server.exercise_format.question import (
    Choice,
    Expression,
    Flaw,
    Forecast,
    Match,
    Number,
    Order,
    Question,
)
from server.exercise_format.reading.mistake_answers import given_answer
from server.exercise_format.reading.option_values import BadValue
from server.exercise_format.template import fill_question

NAME = re.compile(r"[A-Za-z_]\w*")
WRITTEN_ELSEWHERE = "# answered in the cell above"


def stub_cells(exercise: Exercise, seed: int, values: Mapping[str, Any]) -> tuple[CopyCell, ...]:
    """The copy as it is handed out."""
    return candidate_cells(exercise, seed, values)


def solved_cells(
    exercise: Exercise, seed: int, values: Mapping[str, Any], solution: Solution | None = None
) -> tuple[CopyCell, ...]:
    """Every answer right: the reference, or one `solution` cell in place of the answers that it covers."""
    sources = reference_sources(exercise)
    if solution is not None:
        first, *others = solution.answers
        sources |= {first: solution.source} | dict.fromkeys(others, WRITTEN_ELSEWHERE)
    return _filled(exercise, seed, values, sources, key_texts(exercise, seed, values))


def answered_cells(exercise: Exercise, sources: Mapping[str, str], seed: int, values: Mapping[str, Any]) -> tuple[CopyCell, ...]:
    """These code answers, and no question answered."""
    texts = {question.name: "" for question in exercise.questions}
    return _filled(exercise, seed, values, sources, texts)


def mistake_cells(exercise: Exercise, mistake: Mistake, seed: int, values: Mapping[str, Any]) -> tuple[CopyCell, ...]:
    """Right everywhere, except for the one mistake; raises BadValue when the mistake cannot be made."""
    sources, texts = reference_sources(exercise), key_texts(exercise, seed, values)
    answer = exercise.answer(mistake.answer)
    if answer is not None:
        sources[answer.name] = mistake_source(exercise, answer, mistake)
    for name, text in mistake.answers:
        question = exercise.question(name)
        if question is None:
            raise BadValue(f"`{name}` is no question")
        texts[name] = write_answer(question, given_answer(fill_question(question, values), text, values), seed)
    return _filled(exercise, seed, values, sources, texts)


def mistake_source(exercise: Exercise, answer: Answer, mistake: Mistake) -> str:
    """The answer cell of a known mistake: its own body, or one edit of the solution or of the stub."""
    if mistake.body:
        return mistake.body
    base = answer.stub if mistake.from_stub else exercise.solution_source(answer)
    return apply_edit(base, mistake)


def apply_edit(base: str, mistake: Mistake) -> str:
    found = base.count(mistake.edit) if mistake.edit else 0
    if found != 1:
        raise BadValue(f"the edit {mistake.edit[:60]!r} matches {found} times, it must match once")
    return base.replace(mistake.edit, mistake.into)


def reference_sources(exercise: Exercise) -> dict[str, str]:
    return {answer.name: exercise.solution_source(answer) for answer in exercise.answers}


def key_texts(exercise: Exercise, seed: int, values: Mapping[str, Any]) -> dict[str, str]:
    """The right answer text of each question; short ones get a text, because a person marks them."""
    return {question.name: key_text(question, seed, values) for question in exercise.questions}


def key_text(question: Question, seed: int, values: Mapping[str, Any]) -> str:
    key = key_of(question, values)
    return "An answer in words." if key is None else write_answer(question, key, seed)


def key_of(question: Question, values: Mapping[str, Any]) -> Given | None:
    """The right answer in the author's terms; None for a question that a person marks."""
    match question:
        case Choice():
            return frozenset(index for index, option in enumerate(question.options) if option.right)
        case Match():
            return {index: row.choice for index, row in enumerate(question.rows)}
        case Number():
            return calculate(question.answer, numbers_of(values))
        case Expression():
            return written_out(question, values)
        case Order():
            return tuple(range(len(question.items)))
        case Flaw():
            return question.lines
        case Forecast():
            return {item.key: _as_forecast(values[f"{item.key}_truth"]) for item in question.items}
    return None


def written_out(question: Expression, values: Mapping[str, Any]) -> str:
    """The key as a person could type it: values of the variant are written out."""
    own = {name for name, _, _ in question.domain}
    numbers = {name: value for name, value in numbers_of(values).items() if name not in own}
    return NAME.sub(lambda found: f"({numbers[found[0]]!r})" if found[0] in numbers else found[0], question.answer)


def _as_forecast(value: Any) -> Any:
    return tuple(float(part) for part in value) if isinstance(value, list | tuple) else float(value)


def _filled(
    exercise: Exercise, seed: int, values: Mapping[str, Any], sources: Mapping[str, str], texts: Mapping[str, str]
) -> tuple[CopyCell, ...]:
    cells = candidate_cells(exercise, seed, values)
    return tuple(_filled_cell(cell, sources, texts) for cell in cells)


def _filled_cell(cell: CopyCell, sources: Mapping[str, str], texts: Mapping[str, str]) -> CopyCell:
    if cell.role == "answer":
        return replace(cell, source=sources[cell.name])
    if cell.role == "question-answer":
        return replace(cell, source=texts[cell.name])
    return cell
