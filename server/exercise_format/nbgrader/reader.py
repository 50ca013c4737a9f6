"""An nbgrader source notebook as the parts of an exercise."""

import ast
from collections.abc import Mapping

from server.exercise_format.foreign.account import Row
from server.exercise_format.foreign.code import plain, tree_of
from server.exercise_format.foreign.draft import Ids
from server.exercise_format.foreign.notebook import ForeignCell, read_foreign
from server.exercise_format.foreign.parts import Answered, CodeTest, Given, Part, Parts, Text, Written
from server.exercise_format.nbgrader.autotest import translate
from server.exercise_format.nbgrader.markers import CODE_STUB, TEXT_STUB, first_words, refuse_strays, split_regions
from server.exercise_format.nbgrader.metadata import Role, roles_of

SYSTEM = "nbgrader"
NO_POINTS = (ast.Call, ast.Constant, ast.Compare, ast.BoolOp)  # as a last line they give no number of points
ABOVE = "Write your answer to the question above."


def read_nbgrader(data: bytes) -> Parts:
    """Raises NotImportable."""
    notebook = read_foreign(data)
    roles = roles_of(notebook.cells)
    reader = _Reader(roles)
    for cell in notebook.cells:
        reader.read(cell)
    reference = tuple(reader.reference) if reader.has_autotests else ()
    return Parts(SYSTEM, tuple(reader.parts), tuple(reader.rows), reference=reference)


class _Reader:
    def __init__(self, roles: Mapping[int, Role]) -> None:
        self.roles = roles
        self.parts: list[Part] = []
        self.rows: list[Row] = []
        self.reference: list[str] = []
        self.names = Ids()
        self.has_autotests = False

    def read(self, cell: ForeignCell) -> None:
        role = self.roles.get(cell.number)
        refuse_strays(cell, *(role.regions if role else ()))
        if role is not None and role.task:
            self._task(cell, role)
        elif role is not None and role.solution and cell.type == "code":
            self._answer(cell, role)
        elif role is not None and role.solution:
            self._written(cell, role)
        elif role is not None and role.grade and cell.type == "code":
            self._test(cell, role)
        elif cell.type == "code":
            self._given(cell, role)
        elif cell.type == "markdown":
            self.parts.append(Text(cell.number, role.grade_id if role else cell.id, cell.source))
        else:
            self.rows.append(Row(cell.number, cell.id, "left out", "A raw cell, which an exercise has no place for."))
        if role is not None and role.grade and cell.type == "markdown" and not role.solution:
            self.rows.append(Row(cell.number, role.grade_id, "left out", "Text that is graded and no answer.", role.points))

    def _given(self, cell: ForeignCell, role: Role | None) -> None:
        self.parts.append(Given(cell.number, role.grade_id if role else cell.id, cell.source))
        self.reference.append(plain(cell.source))

    def _answer(self, cell: ForeignCell, role: Role) -> None:
        regions = split_regions(cell, "SOLUTION", CODE_STUB)
        stub = regions.outside if regions.found else "\n".join(CODE_STUB)
        name = self.names.name(role.grade_id, f"answer-{cell.number}")
        points = role.points if role.grade else None
        self.parts.append(Answered(cell.number, role.grade_id, name, stub, regions.whole, points))
        self.reference.append(plain(regions.whole))

    def _written(self, cell: ForeignCell, role: Role) -> None:
        regions = split_regions(cell, "SOLUTION", TEXT_STUB)
        prompt = regions.outside if regions.found else ABOVE
        model = regions.inside if regions.found else regions.whole
        name = self.names.name(role.grade_id, f"question-{cell.number}")
        self.parts.append(Written(cell.number, role.grade_id, name, role.points, prompt, model))

    def _task(self, cell: ForeignCell, role: Role) -> None:
        regions = split_regions(cell, "MARK SCHEME")
        prompt = regions.outside.strip() or ABOVE
        name = self.names.name(role.grade_id, f"task-{cell.number}")
        self.parts.append(Written(cell.number, role.grade_id, name, role.points, prompt, regions.inside))

    def _test(self, cell: ForeignCell, role: Role) -> None:
        """All or nothing, as nbgrader has it: the hidden check repeats the visible part, and holds the points."""
        regions = split_regions(cell, "HIDDEN TESTS")
        whole = translate(role.grade_id, regions.whole, hidden=regions.found)
        self.has_autotests |= whole.count > 0
        self.reference.append(plain(whole.reference))
        name = self.names.name(role.grade_id, f"check-{cell.number}")
        words = first_words(regions.visible)
        message = f"This test fails: {words.rstrip('.')}." if words else f"The test {role.grade_id} fails."
        body, note = _with_partial_credit(whole.check, role.points)
        points, number, grade_id = round(role.points, 2), cell.number, role.grade_id
        if not regions.found:
            self.parts.append(CodeTest(number, grade_id, name, points, False, message, body, note=note))
            return
        if _does_something(regions.visible):
            shown = translate(role.grade_id, regions.visible).check
            self.parts.append(CodeTest(number, grade_id, name, 0.0, False, message, shown))
            hidden = self.names.name(f"{name}-hidden", f"hidden-{number}")
            message = f"A hidden test of {grade_id} fails."
            self.parts.append(CodeTest(number, f"{grade_id}-hidden", hidden, points, True, message, body, (name,), note))
            return
        self.parts.append(CodeTest(number, grade_id, name, points, True, f"A hidden test of {grade_id} fails.", body, note=note))


def _does_something(source: str) -> bool:
    """More than comments and a docstring; an AUTOTEST is a comment that does."""
    tree = tree_of(source)
    statements = tree.body if tree else []
    does = any(not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)) for node in statements)
    return does or "AUTOTEST" in source


def _with_partial_credit(body: str, points: float) -> tuple[str, str]:
    """A test whose last line is a value gives that many points. A bare call could be the person's: it gives none."""
    tree = tree_of(body)
    last = tree.body[-1] if tree and tree.body else None
    if not isinstance(last, ast.Expr) or isinstance(last.value, NO_POINTS) or points <= 0:
        return body, ""
    lines = body.split("\n")
    lines[last.lineno - 1 : last.end_lineno] = [f"award(partial_credit({ast.unparse(last.value)}, {points:g}))"]
    return "\n".join(lines), "The number on its last line is the points that it gives; anything else gives none."
