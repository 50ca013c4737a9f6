"""What a check cannot do with names of the notebook: classes and sources stay on their side, only plain data crosses."""

import ast
from collections.abc import Iterator

from server.exercise_format.author_code.syntax import dotted, parse
from server.exercise_format.exercise import Exercise
from server.exercise_format.finding import Finding

KINDS = ("isinstance", "issubclass")
LOOKERS = ("inspect.", "pickle.", "copy.deepcopy", "copy.copy", "dis.")


def only_data_crosses(exercise: Exercise) -> Iterator[Finding]:
    remote = frozenset(exercise.remote_names())
    for check in exercise.checks:
        tree = parse(check.source)
        for node in ast.walk(tree) if tree is not None else ():
            sentence = _obstacle(node, remote)
            if sentence:
                yield Finding("cannot-cross", f"Line {node.lineno}: {sentence}", check.cell)  # type: ignore[attr-defined]


def _obstacle(node: ast.AST, remote: frozenset[str]) -> str:
    """Why this node asks for something that a name of the notebook cannot give."""
    if isinstance(node, ast.ExceptHandler) and node.type is not None and (name := _named(node.type, remote)):
        return (
            f"`except {name}` catches nothing here: an error of the notebook's own class arrives as its built-in base. "
            f"Catch that, or use raises({name!r}, ...)."
        )
    if isinstance(node, ast.ClassDef) and (name := next((n for base in node.bases if (n := _named(base, remote))), "")):
        return f"`{name}` cannot be a base class here: the class stays in the notebook."
    if not isinstance(node, ast.Call):
        return ""
    called = dotted(node.func)
    if called in KINDS and len(node.args) == 2 and (name := _named(node.args[1], remote)):
        return f"`{called}(..., {name})` cannot be told here: an object of the notebook's arrives as a handle. Ask what it does."
    if called.startswith(LOOKERS) and (name := next((n for each in node.args if (n := _named(each, remote))), "")):
        return f"`{called}({name})` cannot look at an object of the notebook's. source(answer) is the text of an answer."
    return ""


def _named(node: ast.expr, remote: frozenset[str]) -> str:
    """The first name of the notebook in a name or a tuple of names."""
    parts = node.elts if isinstance(node, ast.Tuple) else [node]
    return next((part.id for part in parts if isinstance(part, ast.Name) and part.id in remote), "")


RULES = (only_data_crosses,)
