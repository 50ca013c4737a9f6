"""The candidate's copy of an exercise, made by construction: only what a candidate may have is copied.

Given text, given setup, stubs, visible checks and question prompts go in; nothing else of the author's notebook is read.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from server.exercise_format.answers import expected
from server.exercise_format.exercise import Exercise
from server.exercise_format.question import Choice, Flaw, Forecast, Match, Number, Order, Question, Short
from server.exercise_format.shuffle import letters, shown_order
from server.exercise_format.template import fill, fill_question
from server.exercise_format.words import FORMAT_VERSION


@dataclass(frozen=True, slots=True)
class CopyCell:
    """One cell of the copy; a locked cell is restored when it was changed."""

    id: str
    type: str  # code, markdown or raw
    role: str  # text, setup, answer, check, question or question-answer
    name: str
    source: str
    locked: bool


def candidate_cells(exercise: Exercise, seed: int, values: Mapping[str, object]) -> tuple[CopyCell, ...]:
    """The cells of the copy in the author's order, for one variant and one order of options."""
    copied: list[CopyCell] = []
    setups = {setup.cell: setup for setup in exercise.setups if not setup.judge_only}
    answers = {answer.cell: answer for answer in exercise.answers}
    checks = {check.cell: check for check in exercise.checks if not check.hidden}
    questions = {question.cell: question for question in exercise.questions}
    for cell in exercise.cells:
        if cell.role == "text":
            copied.append(CopyCell(cell.id, "markdown", "text", "", fill(cell.body, values), True))
        elif cell.id in setups:
            copied.append(CopyCell(cell.id, "code", "setup", setups[cell.id].name, setups[cell.id].source, True))
        elif cell.id in answers:
            copied.append(CopyCell(cell.id, "code", "answer", answers[cell.id].name, answers[cell.id].stub, False))
        elif cell.id in checks:
            copied.append(CopyCell(cell.id, "code", "check", checks[cell.id].name, checks[cell.id].source, True))
        elif cell.id in questions:
            copied += _question_cells(fill_question(questions[cell.id], values), seed)
    return tuple(copied)


def _question_cells(question: Question, seed: int) -> list[CopyCell]:
    kind = "markdown" if isinstance(question, Short) else "raw"
    return [
        CopyCell(question.cell, "markdown", "question", question.name, question_text(question, seed), True),
        CopyCell(question.answer_cell, kind, "question-answer", question.name, "", False),
    ]


def question_text(question: Question, seed: int) -> str:
    """The question as Markdown: prompt, what there is to choose from, and what to type below."""
    parts = [question.prompt, *_choices(question, seed), f"*{expected(question)}*"]
    return "\n\n".join(part for part in parts if part)


def _choices(question: Question, seed: int) -> list[str]:
    match question:
        case Choice():
            return [_lettered([question.options[index].text for index in shown_order(question, seed)])]
        case Match():
            rows = [question.rows[index].text for index in shown_order(question, seed)]
            return [_lettered(rows), f"Choices: {', '.join(question.choices)}."]
        case Order():
            return [_lettered([question.items[index].text for index in shown_order(question, seed)])]
        case Forecast():
            return [_lettered([item.text for item in question.items])]
        case Flaw():
            return [f"```python\n{numbered(question.code)}\n```"]
        case Number(unit=unit) if unit:
            return [f"Unit: {unit}"]
    return []


def _lettered(texts: list[str]) -> str:
    lines = zip(letters(len(texts)), texts, strict=True)
    return "\n".join(f"- **{letter}.** " + text.replace("\n", "\n  ") for letter, text in lines)


def numbered(code: str) -> str:
    """The lines of a cell with their numbers, as a flaw question shows them."""
    lines = code.split("\n")
    width = len(str(len(lines)))
    return "\n".join(f"{number:>{width}}  {line}".rstrip() for number, line in enumerate(lines, 1))


def candidate_notebook(exercise: Exercise, seed: int, values: Mapping[str, object]) -> dict[str, Any]:
    """The copy as an nbformat 4.5 document."""
    return {
        "cells": [_as_nbformat(cell) for cell in candidate_cells(exercise, seed, values)],
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
            "touchstone": {
                "format": FORMAT_VERSION,
                "exercise": exercise.slug,
                "version": exercise.front.version,
                "seed": seed,
            },
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def _as_nbformat(cell: CopyCell) -> dict[str, Any]:
    metadata: dict[str, Any] = {"touchstone": {"role": cell.role, "name": cell.name}, "deletable": False}
    if cell.locked:
        metadata["editable"] = False
    document: dict[str, Any] = {"cell_type": cell.type, "id": cell.id, "metadata": metadata, "source": cell.source}
    return document | ({"execution_count": None, "outputs": []} if cell.type == "code" else {})
