"""From the bytes of a notebook to an exercise, with everything that is wrong on the way."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from server.exercise_format import words
from server.exercise_format.exercise import Answer, Cell, Exercise, Mistake, Setup, Solution
from server.exercise_format.finding import Finding, errors
from server.exercise_format.question import Question
from server.exercise_format.reading.cell_reader import (
    CellReader,
    read_answer_cell,
    read_check,
    read_explanation,
    read_hint,
    read_mistake,
    read_model,
    read_rubric,
    read_setup,
    read_solution,
    read_variant,
)
from server.exercise_format.reading.front_matter import read_front_matter
from server.exercise_format.reading.notebook_json import NotANotebook, RawCell, parse_notebook
from server.exercise_format.reading.options import split_options
from server.exercise_format.reading.question_reader import QuestionReader, link_questions

TAGS = {tag.name: tag for tag in words.TAGS}


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file gave. `draft` is the best that could be read; `exercise` is there only when no error was found."""

    draft: Exercise | None
    findings: tuple[Finding, ...]

    @property
    def exercise(self) -> Exercise | None:
        return None if errors(self.findings) else self.draft


def read_exercise(
    data: bytes,
    name: str,
    public_files: Mapping[str, bytes] | None = None,
    private_files: Mapping[str, bytes] | None = None,
) -> Reading:
    """Reads a notebook in the exercise format. `name` is the file's name without its ending. Never raises on bad input."""
    try:
        raw = parse_notebook(data)
    except NotANotebook as error:
        return Reading(None, (Finding("not-a-notebook", str(error)),))
    if not raw.cells or raw.cells[0].type != "raw":
        missing = Finding("front-matter", "The first cell must be a raw cell that holds the front matter.")
        return Reading(None, (*raw.findings, missing))
    front, findings = read_front_matter(raw.cells[0].source, raw.cells[0].id)
    builder = _Builder([*raw.findings, *findings])
    if front.slug != name and not any(finding.code == "front-matter" for finding in findings):
        builder.say("slug-name", f"The file is called {name!r} and the slug is {front.slug!r}: they differ.", raw.cells[0].id)
    builder.read([builder.split(cell) for cell in raw.cells[1:]])
    draft = Exercise(front=front, public_files=public_files or {}, private_files=private_files or {}, **builder.parts())
    return Reading(draft, tuple(builder.findings))


class _Builder:
    """Collects the parts of one exercise."""

    def __init__(self, findings: list[Finding]) -> None:
        self.findings = findings
        self.cells: list[Cell] = []
        self.found: dict[str, list[Any]] = {tag: [] for tag in TAGS}

    def say(self, code: str, sentence: str, cell: str) -> None:
        self.findings.append(Finding(code, sentence, cell))

    def split(self, raw: RawCell) -> Cell:
        """The cell with its role; its options are taken off and looked at."""
        split = split_options(raw.source, raw.type == "markdown")
        for code, sentence in split.problems:
            self.say(code, sentence, raw.id)
        cell = Cell(raw.id, raw.type, self._role(raw), split.options, split.body)
        self._check_options(cell)
        return cell

    def _role(self, raw: RawCell) -> str:
        for tag in raw.tags:
            if tag not in TAGS:
                self.say("tag-unknown", f"{tag!r} is no tag of this format.", raw.id)
        roles = [tag for tag in raw.tags if tag in TAGS]
        if len(roles) > 1:
            self.say("tag-several", f"The cell has the roles {' and '.join(roles)}; it can have one.", raw.id)
        role = roles[0] if roles else "text"
        if role == "text" and raw.type != "markdown" and not set(raw.tags) - set(TAGS):
            self.say("tag-missing", f"A {raw.type} cell needs a role; only Markdown cells are text without one.", raw.id)
        if role != "text" and raw.type != TAGS[role].cell:
            self.say("tag-cell", f"The role {role} needs a {TAGS[role].cell} cell, this is a {raw.type} cell.", raw.id)
        return role

    def _check_options(self, cell: Cell) -> None:
        tag = TAGS.get(cell.role)
        for key in cell.options:
            if tag is None or key not in tag.options:
                self.say("option-unknown", f"A {cell.role} cell has no option `{key}`.", cell.id)
        for key in tag.required if tag else ():
            if not cell.options.get(key):
                self.say("option-missing", f"A {cell.role} cell needs the option `{key}`.", cell.id)

    def read(self, cells: Sequence[Cell]) -> None:
        self.cells = [cell for cell in cells if cell.role != "text" or cell.type == "markdown"]
        for cell in self.cells:
            if cell.role in READERS and cell.type == TAGS[cell.role].cell:
                reader = CellReader(cell)
                self.found[cell.role].append(READERS[cell.role](reader))
                self.findings += reader.findings
        for cell in self.cells:
            if cell.role == "question" and cell.type == "markdown":
                self._read_question(cell)

    def _read_question(self, cell: Cell) -> None:
        reader = QuestionReader(cell, self._code_of)
        question = reader.read()
        self.findings += reader.findings
        if question is not None:
            self.found["question"].append(question)

    def _code_of(self, name: str) -> str | None:
        """The code that the candidate sees under this name."""
        answer: Answer | None = next((a for a in self.found["answer"] if a.name == name), None)
        setup: Setup | None = next((s for s in self.found["setup"] if s.name == name and not s.judge_only), None)
        return answer.stub if answer else setup.source if setup else None

    def parts(self) -> dict[str, Any]:
        found = self.found
        answers: tuple[Answer, ...] = tuple(found["answer"])
        questions: tuple[Question, ...] = link_questions(found["question"])
        if len(found["variant"]) > 1:
            self.say("variant-several", "An exercise has one variant cell.", found["variant"][1].cell)
        checks = [check for cell in self.cells for check in found["check"] + found["hidden-check"] if check.cell == cell.id]
        return {
            "cells": tuple(self.cells),
            "setups": tuple(found["setup"]),
            "answers": answers,
            "checks": tuple(checks),
            "questions": questions,
            "hints": tuple(sorted(found["hint"], key=lambda hint: hint.level)),
            "explanations": tuple(found["explanation"]),
            "solutions": tuple(self._solution(solution, answers) for solution in found["solution"]),
            "mistakes": tuple(self._mistake(mistake, answers) for mistake in found["mistake"]),
            "rubrics": tuple(found["rubric"]),
            "models": tuple(found["model"]),
            "variant": found["variant"][0] if found["variant"] else None,
        }

    def _solution(self, solution: Solution, answers: tuple[Answer, ...]) -> Solution:
        if solution.answers or not answers:
            return solution
        if len(answers) > 1:
            self.say("for-missing", "With several answers a solution needs `for`.", solution.cell)
        return Solution(solution.cell, solution.name, (answers[0].name,), solution.source)

    def _mistake(self, mistake: Mistake, answers: tuple[Answer, ...]) -> Mistake:
        """A mistake that changes code names the answer that it changes."""
        if mistake.answer or not answers or not (mistake.edit or mistake.body):
            return mistake
        if len(answers) > 1:
            self.say("for-missing", "With several answers a mistake needs `for`.", mistake.cell)
        return replace(mistake, answer=answers[0].name)


READERS: dict[str, Callable[[CellReader], Any]] = {
    "answer": read_answer_cell,
    "setup": read_setup,
    "check": read_check,
    "hidden-check": read_check,
    "hint": read_hint,
    "explanation": read_explanation,
    "solution": read_solution,
    "mistake": read_mistake,
    "rubric": read_rubric,
    "model": read_model,
    "variant": read_variant,
}
