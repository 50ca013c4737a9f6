"""An otter-assign notebook (version 1 and later) as the parts of an exercise."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from server.exercise_format.foreign.account import Row
from server.exercise_format.foreign.assemble import made_names
from server.exercise_format.foreign.draft import Ids
from server.exercise_format.foreign.notebook import ForeignCell, NotImportable, read_foreign
from server.exercise_format.foreign.parts import Answered, CodeTest, Given, Part, Parts, Text, Written
from server.exercise_format.foreign.ready import looks_at
from server.exercise_format.foreign.shared import Earlier
from server.exercise_format.otter.blocks import Boundary, assignment_config, boundary_of, read_config
from server.exercise_format.otter.points import case_points, without_idle
from server.exercise_format.otter.solutions import reference, stub
from server.exercise_format.otter.tests import Case, read_case

SYSTEM = "otter"
IGNORED = re.compile(r"\A(##\s*ignore\s*##|#\s*ignore\b)", re.IGNORECASE)
FILES = ("files", "student_files")


def read_otter(data: bytes, beside: Mapping[str, bytes]) -> Parts:
    """Raises NotImportable."""
    notebook = read_foreign(data)
    reader = _Reader(beside)
    for cell in notebook.cells:
        reader.read(cell)
    if reader.open:
        raise NotImportable(
            f"The notebook ends inside a {reader.open[-1]} block. Add the raw cell `# END {reader.open[-1].upper()}`."
        )
    if not reader.questions:
        raise NotImportable(
            "No raw cell begins a question (`# BEGIN QUESTION`): this is no source notebook of otter-assign. Name the notebook "
            "that `otter assign` is given, not the student's."
        )
    public = tuple(PurePosixPath(name) for name in reader.files)
    return Parts(SYSTEM, tuple(reader.parts), tuple(reader.rows), reader.title, public=public)


@dataclass(slots=True)
class _Question:
    name: str
    config: Mapping[str, Any]
    number: int
    cases: list[Case] = field(default_factory=list)
    answers: int = 0
    prompt: str = ""


class _Reader:
    def __init__(self, beside: Mapping[str, bytes]) -> None:
        self.beside = beside
        self.parts: list[Part] = []
        self.rows: list[Row] = []
        self.files: list[str] = []
        self.title = ""
        self.seed: int | None = None
        self.seed_variable = ""
        self.open: list[str] = []
        self.questions: list[str] = []
        self.question = _Question("", {}, 0)
        self.names = Ids()
        self.answered: dict[str, str] = {}
        self.earlier = Earlier()
        self.models: list[ForeignCell] = []

    def read(self, cell: ForeignCell) -> None:
        config, boundary = assignment_config(cell), boundary_of(cell)
        if config is not None:
            self._assignment(cell, config)
        elif boundary is not None:
            self._boundary(cell, boundary)
            side = "Begins" if boundary.opens else "Ends"
            self.rows.append(Row(cell.number, self.question.name, "taken", f"{side} the {boundary.kind} block."))
        elif IGNORED.match(cell.source):
            self.rows.append(Row(cell.number, cell.id, "left out", "Marked to be ignored, as in otter's own copies."))
        else:
            self._content(cell)

    def _assignment(self, cell: ForeignCell, config: Mapping[str, Any]) -> None:
        values = dict(config)
        if isinstance(values.get("config_file"), str):
            name = values["config_file"]
            if name in self.beside:
                values = {**read_config(self.beside[name].decode("utf-8", "replace"), cell.number), **values}
            else:
                self.rows.append(Row(cell.number, name, "left out", "The file with the settings is not beside the notebook."))
        self.files += [name for key in FILES for name in values.get(key) or [] if isinstance(name, str)]
        seed, generate = values.get("seed"), values.get("generate")
        if isinstance(seed, dict):
            self.seed, self.seed_variable = seed.get("autograder_value"), str(seed.get("variable") or "")
        elif isinstance(generate, dict) and isinstance(generate.get("seed"), int):
            self.seed = generate["seed"]
        taken = {*FILES, "seed", "generate", "config_file", "name"}
        unused = ", ".join(f"`{key}`" for key in values if key not in taken) or "none"
        self.rows.append(
            Row(cell.number, "settings", "taken", f"Files and seed were read; without a counterpart here: {unused}.")
        )

    def _boundary(self, cell: ForeignCell, boundary: Boundary) -> None:
        if boundary.opens:
            self._check_place(cell, boundary)
            self.open.append(boundary.kind)
            if boundary.kind == "question":
                self._begin(cell, boundary.config)
            return
        if not self.open or self.open[-1] != boundary.kind:
            raise NotImportable(
                f"Cell {cell.number} ends a {boundary.kind} block that is not open. Check the raw cells above it."
            )
        self.open.pop()
        if boundary.kind == "question":
            self._end()

    def _check_place(self, cell: ForeignCell, boundary: Boundary) -> None:
        if (boundary.kind == "question") == bool(self.open):
            where = f"inside a {self.open[-1]} block" if self.open else "outside of a question"
            raise NotImportable(f"Cell {cell.number} begins a {boundary.kind} block {where}. Add the END cell that is missing.")

    def _begin(self, cell: ForeignCell, config: Mapping[str, Any]) -> None:
        name = config.get("name")
        if not isinstance(name, str | int) or str(name) in self.questions:
            raise NotImportable(f"The question in cell {cell.number} needs a `name` of its own, not {name!r}.")
        self.questions.append(str(name))
        self.question, self.models = _Question(str(name), config, cell.number), []

    def _content(self, cell: ForeignCell) -> None:
        included = "otter_include" in cell.tags  # shown to the student, wherever it stands
        block, question = self.open[-1] if self.open and not included else "", self.question
        if block == "tests":
            question.cases.append(read_case(cell))
        elif block == "solution" and cell.type == "code":
            self._answer(cell, reference(cell.source), stub(cell.source))
        elif block == "solution":
            self.models.append(cell)
            self.rows.append(Row(cell.number, question.name, "taken", "A model answer."))
        elif block == "prompt" and cell.type == "markdown":
            question.prompt += cell.source
            self.rows.append(Row(cell.number, question.name, "taken", "What the answer begins with."))
        elif block == "prompt":
            self._answer(cell, cell.source, cell.source)
        elif cell.type == "code":
            self._given(cell)
        elif cell.type == "markdown":
            self.parts.append(Text(cell.number, cell.id, cell.source))
        elif cell.type == "raw":
            self.rows.append(Row(cell.number, cell.id, "left out", "A raw cell that says nothing to otter-assign."))

    def _given(self, cell: ForeignCell) -> None:
        source = cell.source
        if self.seed_variable and isinstance(self.seed, int):
            pattern = re.compile(rf"^(\s*{re.escape(self.seed_variable)}\s*=).*$", re.MULTILINE)
            source = pattern.sub(rf"\g<1> {self.seed}", source)
        self.parts.append(Given(cell.number, cell.id, source))

    def _answer(self, cell: ForeignCell, solution: str, given: str) -> None:
        question = self.question
        if not solution.strip():
            self.rows.append(Row(cell.number, question.name, "left out", "All of it is to be ignored."))
            return
        question.answers += 1
        seeds = "random." in solution and isinstance(self.seed, int) and not self.seed_variable
        if seeds:  # as otter does before each cell
            seeding = f"import random\nimport numpy as np\n\nrandom.seed({self.seed})\nnp.random.seed({self.seed})"
            self.parts.append(Given(cell.number, f"{question.name}-seed-{question.answers}", seeding))
        wanted = question.name if question.answers == 1 else f"{question.name}-{question.answers}"
        name = self.names.name(wanted, f"answer-{cell.number}")
        points = _points(question.config) if question.config.get("manual") and question.answers == 1 else None
        self.parts.append(Answered(cell.number, cell.id or wanted, name, given, solution, points))
        self.answered |= dict.fromkeys(made_names(solution), solution)

    def _end(self) -> None:
        question = self.question
        if question.config.get("manual") and not question.answers:
            model = "\n\n".join(cell.source for cell in self.models)
            prompt = question.prompt or "_Type your answer here, replacing this text._"
            name = self.names.name(question.name, f"question-{question.number}")
            points = _points(question.config)
            self.parts.append(Written(question.number, question.name, name, points, prompt, model))
        if question.cases:
            self._tests(question)
        elif question.answers and not question.config.get("manual"):
            self.rows.append(Row(question.number, question.name, "taken", "It has no tests, so it earns nothing, as in otter."))

    def _tests(self, question: _Question) -> None:
        looks = []
        for case in question.cases:
            looks.append(not case.problem and bool(looks_at(case.body, self.answered, self.earlier)))
            self.earlier.add(case.body)
        own = case_points(question.name, question.config.get("points"), [case.points for case in question.cases])
        points = without_idle(own, looks)
        whole = bool(question.config.get("all_or_nothing"))
        last = max((place for place, look in enumerate(looks) if look), default=-1)
        names: list[str] = []
        for place, (case, look) in enumerate(zip(question.cases, looks, strict=True)):
            name = self.names.name(f"{question.name}-case-{place + 1}", f"case-{case.number}")
            if not look:
                self._idle(case, name, own[place], any(looks))
                continue
            worth = (round(sum(own), 2) if place == last else 0.0) if whole else points[place]
            needs = tuple(names) if whole and place == last else ()
            message = case.failure or f"Test {place + 1} of {question.name} fails."
            hidden = case.hidden or (whole and place == last and any(each.hidden for each in question.cases))
            self.parts.append(CodeTest(case.number, name, name, worth, hidden, message, case.body, needs))
            names.append(name)

    def _idle(self, case: Case, name: str, points: float, others: bool) -> None:
        reason = case.problem or "It looks at no answer, so everybody would have its points."
        if others:
            reason += f" Its {points:g} points go to the other cases of the question."
        self.rows.append(Row(case.number, name, "left out", reason, 0.0 if others else points))


def _points(config: Mapping[str, Any]) -> float:
    points = config.get("points")
    return float(points) if isinstance(points, int | float) and not isinstance(points, bool) else 1.0
