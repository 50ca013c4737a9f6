"""Tests that reach into the notebook cannot cross to the judge, which holds copies and handles: what they do, and what to do."""

import ast
import re
from collections.abc import Collection, Mapping

from server.exercise_format.foreign.code import bound_by, roots, tree_of, used_names

LOOKS_INSIDE = ("globals", "locals", "vars", "dir", "get_ipython", "input", "eval", "exec")
MOCKS = ("patch", "mock", "monkeypatch", "Mock", "MagicMock")
WRITE_ANEW = "Write it anew as a check; docs/importing.md shows how."


def obstacle(body: str, answered: Mapping[str, str]) -> str:
    """Why the test cannot be a check; empty when nothing is in its way. `answered`: names of the notebook -> the code that
    makes them."""
    tree = tree_of(body)
    if tree is None:
        return f"It is no plain Python, so it was left out. {WRITE_ANEW}"
    for node in ast.walk(tree):
        reason = _reason(node, answered)
        if reason:
            return f"{reason} {WRITE_ANEW}"
    if re.search(r"^[ \t]*[%!]", body, re.MULTILINE):
        return f"It runs a magic or shell line; a check cannot. {WRITE_ANEW}"
    if "unittest.mock" in body or roots(body) & {"mock"}:
        return f"It replaces parts of the notebook by mocks; a check cannot reach into the notebook. {WRITE_ANEW}"
    replaced = replaced_name(tree, answered)
    return f"It puts another `{replaced}` into the notebook, which a check cannot reach into. {WRITE_ANEW}" if replaced else ""


def _reason(node: ast.AST, answered: Collection[str]) -> str:
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Del) and node.id in answered:
        return f"It deletes `{node.id}` in the notebook; a check cannot reach into the notebook."
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in LOOKS_INSIDE:
        return f"It calls `{node.func.id}()`, which looks at the notebook's own names or asks a person; a check cannot."
    if isinstance(node, ast.Name) and node.id in MOCKS:
        return f"It uses `{node.id}` to replace parts of the notebook; a check cannot reach into the notebook."
    return ""


def replaced_name(tree: ast.Module, answered: Mapping[str, str]) -> str:
    """A name that the test makes anew and that other answers use: in the notebook they would have met the test's."""
    read = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
    made = {name for statement in tree.body for name in bound_by(statement)} & set(answered)
    for name in sorted(made):
        others = [answered[other] for other in read - {name} if other in answered]
        if any(name in used_names(source) for source in others if source != answered[name]):
            return name
    return ""


def missing_name_test(body: str, answered: Mapping[str, str]) -> tuple[str, str] | None:
    """(function, name) of a test that deletes a name to see that a function misses it."""
    tree = tree_of(body)
    if tree is None:
        return None
    names = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]
    deleted = {node.id for node in names if isinstance(node.ctx, ast.Del)} & set(answered)
    called = {node.id for node in names if isinstance(node.ctx, ast.Load)} & set(answered) - deleted
    if "NameError" in {node.id for node in names} and len(deleted) == 1 and len(called) == 1:
        return called.pop(), deleted.pop()
    return None
