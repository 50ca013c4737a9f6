"""The checks library is imported by name, in cells that the judge alone grades with, and has what is imported from it."""

import ast
from collections.abc import Iterator
from difflib import get_close_matches

from server.exercise_format.author_code.library import MODULE, NAMES, library_imports
from server.exercise_format.author_code.syntax import parse
from server.exercise_format.exercise import Exercise
from server.exercise_format.finding import Finding
from server.exercise_format.rules.code import all_code

EXAMPLE = f"write `from {MODULE} import close`, with the names that the cell uses"


def library_is_imported_right(exercise: Exercise) -> Iterator[Finding]:
    grading = {check.cell for check in exercise.checks} | {setup.cell for setup in exercise.setups if setup.judge_only}
    for cell, source in all_code(exercise):
        tree = parse(source)
        for node, names in library_imports(tree) if tree else ():
            if cell not in grading:
                sentence = f"Line {node.lineno} imports `{MODULE}`: it is for checks and setup cells with `for: checks`."
                yield Finding("checks-import", sentence, cell)
            else:
                yield from (Finding("checks-import", sentence, cell) for sentence in _problems(node, names))


def _problems(node: ast.Import | ast.ImportFrom, names: list[ast.alias]) -> Iterator[str]:
    if not isinstance(node, ast.ImportFrom) or node.module != MODULE or names[0].name == "*":
        yield f"Line {node.lineno}: {EXAMPLE}."
        return
    for name in (alias.name for alias in names if alias.name not in NAMES):
        near = get_close_matches(name, NAMES, n=1)
        advice = f"it has `{near[0]}`." if near else f"it has {', '.join(NAMES)}."
        yield f"Line {node.lineno}: `{MODULE}` has no `{name}`; {advice}"


RULES = (library_is_imported_right,)
