"""A test cell of otter-assign: its settings, and its statements as ones that raise.

otter compares what the last line shows with what it showed when the notebook was saved; here the values are compared."""

import ast
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from server.exercise_format.foreign.code import tree_of
from server.exercise_format.foreign.notebook import ForeignCell
from server.exercise_format.otter.blocks import read_config
from server.exercise_format.otter.shown import holds_array, plain_value

SETTINGS = re.compile(
    r'\A(?:.\s*=\s*)?"""?\s*#\s*BEGIN TEST CONFIG[^\n]*\n(.*?)\n"""?\s*;?\s*#\s*END TEST CONFIG[^\n]*\n?', re.DOTALL | re.I
)
HIDDEN = re.compile(r"\A\s*#[^\n]*\bhidden\b[^\n]*\n", re.IGNORECASE)
NO_OUTPUT = "Its last line is a value, and no output was saved with it. Run the source notebook, save it and import it again."


@dataclass(frozen=True, slots=True)
class Case:
    number: int
    hidden: bool
    points: float | None
    failure: str
    body: str
    problem: str = ""


def read_case(cell: ForeignCell) -> Case:
    found = SETTINGS.match(cell.source)
    config: Mapping[str, Any] = read_config(found[1], cell.number) if found else {}
    source = cell.source[found.end() :] if found else cell.source
    marked = HIDDEN.match(source)
    source = source[marked.end() :] if marked else source
    points = config.get("points")
    body, problem = as_statements(source, cell.shown.strip())
    return Case(
        number=cell.number,
        hidden=bool(config.get("hidden", marked is not None)),
        points=float(points) if isinstance(points, int | float) else None,
        failure=str(config.get("failure_message") or ""),
        body=body,
        problem=problem,
    )


def as_statements(source: str, shown: str) -> tuple[str, str]:
    """(statements, what is wrong with them)."""
    tree = tree_of(source)
    last = tree.body[-1] if tree and tree.body else None
    if tree is None or not isinstance(last, ast.Expr):
        return source, ""
    lines, expression = source.split("\n"), ast.unparse(last.value)
    before = lines[: last.lineno - 1]
    if shown:
        return "\n".join([*_printing(source), *before, _comparison(expression, last.value, shown)]), ""
    if isinstance(last.value, ast.Constant) or any(isinstance(node, ast.Assert | ast.Raise) for node in ast.walk(tree)):
        return source, ""
    if isinstance(last.value, ast.Compare | ast.BoolOp | ast.UnaryOp):
        return "\n".join([*before, f"assert {expression}"]), ""
    if isinstance(last.value, ast.Call):
        return source, ""  # a function of an earlier test, or of the given code, that raises by itself
    return source, NO_OUTPUT


def _printing(source: str) -> list[str]:
    return ["PRINTED.clear()"] if "print(" in source else []


def _comparison(expression: str, node: ast.expr, shown: str) -> str:
    wanted = plain_value(shown)
    if "print(" in expression or wanted is None:
        return f"assert reads_as({expression}, {shown!r})"
    if wanted == "True" and isinstance(node, ast.Compare | ast.BoolOp):
        return f"assert {expression}"
    return f"assert same_value({expression}, {wanted}{', 1e-6' if holds_array(shown) else ''})"
