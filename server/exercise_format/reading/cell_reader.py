"""One author's cell at a time: roles and options become the parts of an exercise."""

import re
from collections.abc import Callable
from typing import Any

from server.exercise_format.exercise import (
    Answer,
    Cell,
    Check,
    Explanation,
    Hint,
    Mistake,
    Model,
    Rubric,
    Setup,
    Solution,
    Variant,
)
from server.exercise_format.finding import Finding
from server.exercise_format.reading.mistake_answers import split_answers
from server.exercise_format.reading.option_values import BadValue, number, switch, whole
from server.exercise_format.reading.options import names, with_line_breaks
from server.exercise_format.reading.rubric_reader import BadTable, read_rubric_lines
from server.exercise_format.reading.solution_markers import split_solution

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*|[a-z][a-z0-9_-]*")
IDENTIFIER = re.compile(r"[A-Za-z_]\w*")
DEFAULT_SECONDS = 10.0


class CellReader:
    """Reads the options of one cell; `findings` collects what was wrong."""

    def __init__(self, cell: Cell) -> None:
        self.cell = cell
        self.findings: list[Finding] = []

    def say(self, code: str, sentence: str) -> None:
        self.findings.append(Finding(code, sentence, self.cell.id))

    def text(self, key: str, fallback: str = "") -> str:
        return self.cell.options.get(key, fallback)

    def name(self) -> str:
        """The name by which other cells call this one."""
        name = self.text("name", self.cell.id)
        if "name" in self.cell.options and not NAME.fullmatch(name):
            self.say("option-value", f"{name!r} is no name: use a-z, 0-9, - and _, beginning with a letter.")
        return name

    def value(self, key: str, read: Callable[[str], Any], fallback: Any) -> Any:
        if key not in self.cell.options:
            return fallback
        try:
            return read(self.cell.options[key])
        except BadValue as error:
            self.say("option-value", f"`{key}: {self.cell.options[key]}`: {error}.")
            return fallback


def read_answer_cell(reader: CellReader) -> Answer:
    name = reader.name()
    gives = names(reader.text("gives", name))
    for given in gives:
        if not IDENTIFIER.fullmatch(given):
            reader.say("option-value", f"`gives`: {given!r} is no Python name.")
    objects = names(reader.text("objects"))
    for stranger in sorted(set(objects) - set(gives)):
        reader.say("option-value", f"`objects`: {stranger!r} is no name that this answer gives.")
    marked = split_solution(reader.cell.body)
    if marked.problem:
        reader.say("solution-markers", marked.problem)
    return Answer(reader.cell.id, name, gives, marked.stub, marked.solution, objects)


def read_setup(reader: CellReader) -> Setup:
    use, gives = reader.text("for"), names(reader.text("gives"))
    if use not in ("", "checks", "notebook"):
        reader.say("option-value", f"`for: {use}`: a setup cell is for everybody, `for: checks` or `for: notebook`.")
    if gives and use != "notebook":
        reader.say(
            "option-value", "`gives`: only a setup cell with `for: notebook` gives names; the judge makes the others itself."
        )
    return Setup(reader.cell.id, reader.text("name"), reader.cell.body, use == "checks", use == "notebook", gives)


def read_check(reader: CellReader) -> Check:
    return Check(
        cell=reader.cell.id,
        name=reader.name(),
        points=reader.value("points", number, 1.0),
        message=reader.text("message"),
        hidden=reader.cell.role == "hidden-check",
        source=reader.cell.body,
        needs=names(reader.text("needs")),
        seconds=reader.value("seconds", _seconds, DEFAULT_SECONDS),
    )


def _seconds(text: str) -> float:
    value = number(text)
    if not 0 < value <= 60:
        raise BadValue("more than 0 and at most 60 seconds")
    return value


def read_hint(reader: CellReader) -> Hint:
    level = reader.value("level", lambda text: whole(1, 9, text), 1)
    return Hint(reader.cell.id, level, reader.cell.body, reader.text("for"))


def read_explanation(reader: CellReader) -> Explanation:
    return Explanation(reader.cell.id, reader.cell.body, reader.text("sources"))


def read_solution(reader: CellReader) -> Solution:
    name = reader.text("name", "solution")
    return Solution(reader.cell.id, name, names(reader.text("for")), reader.cell.body)


def read_mistake(reader: CellReader) -> Mistake:
    base = reader.text("base")
    if base not in ("", "answer"):
        reader.say("option-value", f"`base: {base}`: the only base is `answer`.")
    if ("edit" in reader.cell.options) != ("into" in reader.cell.options):
        reader.say("mistake-shape", "`edit` and `into` belong together.")
    return Mistake(
        cell=reader.cell.id,
        name=reader.text("name", reader.cell.id),
        fails=names(reader.text("fails")),
        says=reader.text("says"),
        answer=reader.text("for"),
        body=reader.cell.body if reader.cell.body.strip() else "",
        edit=with_line_breaks(reader.text("edit")),
        into=with_line_breaks(reader.text("into")),
        from_stub=base == "answer",
        planted=reader.value("planted", switch, False),
        answers=reader.value("answers", split_answers, ()),
    )


def read_rubric(reader: CellReader) -> Rubric:
    marks = names(reader.text("marks", "self"))
    if not marks or set(marks) - {"self", "grader"}:
        reader.say("option-value", "`marks` is self, grader or both.")
    try:
        lines = read_rubric_lines(reader.cell.body)
    except BadTable as error:
        reader.say("rubric-shape", str(error))
        lines = ()
    return Rubric(reader.cell.id, names(reader.text("for")), lines, marks)


def read_model(reader: CellReader) -> Model:
    mark = reader.value("mark", lambda text: whole(3, 5, text), 5)
    if mark == 4:
        reader.say("option-value", "`mark` is 3 or 5.")
    return Model(reader.cell.id, names(reader.text("for")), mark, reader.cell.body)


def read_variant(reader: CellReader) -> Variant:
    seeds = reader.value("seeds", lambda text: whole(50, 2000, text), 50)
    return Variant(reader.cell.id, reader.cell.body, seeds)
