"""Test libraries that are not installed beside the checks: nose.tools and pytest, replaced by what unittest has."""

import ast
from dataclasses import dataclass

from server.exercise_format.foreign.code import tree_of
from server.exercise_format.foreign.helpers import nose_helper

PYTEST = "SimpleNamespace(raises=CASE.assertRaises, approx=approx)"


@dataclass(frozen=True, slots=True)
class StoodIn:
    body: str  # without the imports
    lines: tuple[str, ...]  # of the judge's setup, in their place
    helpers: tuple[str, ...]
    modules: tuple[str, ...]


def stand_in(source: str) -> StoodIn:
    """The same lines, those of such imports left empty."""
    tree = tree_of(source)
    lines, setup, helpers, modules = source.split("\n"), [], set[str](), []
    for node in ast.walk(tree) if tree else ():
        replaced = _replacement(node)
        if replaced is None or not isinstance(node, ast.stmt):
            continue
        modules.append(_module(node))
        setup += replaced
        helpers |= {"CASE", "approx"} if modules[-1] == "pytest" else {"CASE"}
        for number in range(node.lineno - 1, node.end_lineno or node.lineno):
            indent = lines[number][: len(lines[number]) - len(lines[number].lstrip())]
            lines[number] = f"{indent}pass" if indent else ""
    return StoodIn("\n".join(lines), tuple(setup), tuple(sorted(helpers)), tuple(dict.fromkeys(modules)))


def _module(node: ast.AST) -> str:
    return str(node.module) if isinstance(node, ast.ImportFrom) else node.names[0].name if isinstance(node, ast.Import) else ""


def _replacement(node: ast.AST) -> list[str] | None:
    """Setup lines in place of an import; None when it is another import or a name that has no counterpart."""
    if isinstance(node, ast.ImportFrom) and node.module == "nose.tools":
        made = [(alias.asname or alias.name, nose_helper(alias.name)) for alias in node.names]
        return [f"{name} = {helper}" for name, helper in made] if all(helper for _, helper in made) else None
    if isinstance(node, ast.ImportFrom) and node.module == "pytest":
        known = {"raises": "CASE.assertRaises", "approx": "approx"}
        made = [(alias.asname or alias.name, known.get(alias.name, "")) for alias in node.names]
        return [f"{name} = {helper}" for name, helper in made if name != helper] if all(helper for _, helper in made) else None
    if isinstance(node, ast.Import) and node.names[0].name == "pytest" and len(node.names) == 1:
        return ["from types import SimpleNamespace", f"{node.names[0].asname or 'pytest'} = {PYTEST}"]
    return None
