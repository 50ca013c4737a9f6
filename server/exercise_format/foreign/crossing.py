"""Tests that reach into the notebook cannot cross to the judge, which holds copies and handles: what they do, and what to do."""

import ast
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from server.exercise_format.foreign.code import bound_by, roots, tree_of, used_names

LOOKS_INSIDE = ("globals", "locals", "vars", "dir", "get_ipython", "input", "eval", "exec")
MOCKS = ("patch", "mock", "monkeypatch", "Mock", "MagicMock")
FUNCTION = re.compile(r"^(async def|def|class) |\blambda\b", re.MULTILINE)  # a value was made before the test ran
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
    put = put_into(tree, answered)
    return (
        f"It makes `{put}`, which answers read from the notebook, and a check cannot reach into it. {WRITE_ANEW}" if put else ""
    )


def _reason(node: ast.AST, answered: Collection[str]) -> str:
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Del) and node.id in answered:
        return f"It deletes `{node.id}` in the notebook; a check cannot reach into the notebook."
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in LOOKS_INSIDE:
        return f"It calls `{node.func.id}()`, which looks at the notebook's own names or asks a person; a check cannot."
    if isinstance(node, ast.Name) and node.id in MOCKS:
        return f"It uses `{node.id}` to replace parts of the notebook; a check cannot reach into the notebook."
    return ""


def put_into(tree: ast.Module, answered: Mapping[str, str]) -> str:
    """A name that the test makes and that the answers which it uses read: in the notebook they would meet the test's."""
    nodes = list(ast.walk(tree))
    read = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
    brought = {name for node in nodes if isinstance(node, ast.Import | ast.ImportFrom) for name in bound_by(node)}
    made = {name for statement in tree.body for name in bound_by(statement)} - brought
    sources = [answered[other] for other in read - made if other in answered]
    for name in sorted(made):
        if any(name in used_names(source) and FUNCTION.search(source) for source in sources if source != answered.get(name)):
            return name
    return ""


@dataclass(frozen=True, slots=True)
class MissingName:
    """A test that deletes `name` to see that `function` misses it when it is called as in `call`."""

    function: str
    name: str
    call: str


def missing_name_test(body: str, answered: Mapping[str, str]) -> MissingName | None:
    tree = tree_of(body)
    if tree is None:
        return None
    names = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]
    deleted = {node.id for node in names if isinstance(node.ctx, ast.Del)} & set(answered)
    called = {node.id for node in names if isinstance(node.ctx, ast.Load)} & set(answered) - deleted
    if "NameError" not in {node.id for node in names} or len(deleted) != 1 or len(called) != 1:
        return None
    (function,), (name,) = called, deleted
    alone = [call for call in _calls_of(tree, function) if used_names(call) == {function}]  # with nothing that the test made
    return MissingName(function, name, alone[0]) if alone else None


def _calls_of(tree: ast.Module, function: str) -> Iterator[str]:
    """`f(1)`, also where it is written `assert_raises(NameError, f, 1)`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            first, *more = [*map(ast.unparse, [node.func, *node.args]), *(ast.unparse(word) for word in node.keywords)]
            if first == function:
                yield ast.unparse(node)
            elif more[:2] == ["NameError", function]:
                yield f"{function}({', '.join(more[2:])})"
