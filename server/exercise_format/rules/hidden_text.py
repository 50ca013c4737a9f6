"""Texts of hidden checks hold constants and values that the judge made, never the candidate's.

Names are followed through assignments, loops and calls: whatever is computed from a name that the notebook gives, or from
a function called with such a value, counts as the candidate's.
"""

import ast
from collections.abc import Iterator

from server.exercise_format.author_code.library import local_names
from server.exercise_format.author_code.spread import Spread
from server.exercise_format.author_code.syntax import dotted, parse
from server.exercise_format.exercise import Exercise
from server.exercise_format.finding import Finding


def hidden_texts(exercise: Exercise) -> Iterator[Finding]:
    remote = frozenset(exercise.remote_names()) | {"observe", "source", "written"}
    setups = [tree for setup in exercise.setups if (tree := parse(setup.source))]
    helpers = _helpers(setups)
    for check in exercise.checks:
        tree = parse(check.source)
        if not check.hidden or tree is None:
            continue
        yield from (
            Finding("hidden-text", sentence, check.cell)
            for sentence in _problems(tree, remote, helpers, frozenset(local_names([*setups, tree])))
        )


def _helpers(setups: list[ast.Module]) -> dict[str, ast.FunctionDef]:
    """Top-level functions of the judge's setup: they may be handed the candidate's values."""
    return {node.name: node for tree in setups for node in tree.body if isinstance(node, ast.FunctionDef)}


def _problems(
    tree: ast.Module, remote: frozenset[str], helpers: dict[str, ast.FunctionDef], library: frozenset[str]
) -> list[str]:
    own = {node.name: node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    spread = Spread(remote, helpers, own)
    spread.settle(tree)
    functions = {id(node) for function in own.values() for node in ast.walk(function)}
    found = _told(spread, [node for node in ast.walk(tree) if id(node) not in functions], spread.tainted, library)
    for name in sorted(spread.called):
        where = f" of `{name}`" if name in helpers else ""
        found += _told(spread, list(ast.walk(spread.functions[name])), spread.inside(name), library, where)
    return list(dict.fromkeys(found))


def _told(spread: Spread, nodes: list[ast.AST], tainted: set[str], library: frozenset[str], where: str = "") -> list[str]:
    """A sentence for each text among these nodes that holds a value of the candidate's."""
    texts = [(getattr(node, "lineno", 0), text) for node in nodes if (text := _text_of(node, library)) is not None]
    sentence = "Line {}{} could show `{}`, which comes from the candidate's answer."
    return [sentence.format(line, where, ast.unparse(text)[:60]) for line, text in texts if spread.is_tainted(text, tainted)]


def _text_of(node: ast.AST, library: frozenset[str]) -> ast.expr | None:
    if isinstance(node, ast.Assert):
        return node.msg
    if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
        return ast.Tuple(elts=list(node.exc.args), ctx=ast.Load())
    if isinstance(node, ast.Call) and dotted(node.func) in library:
        return next((keyword.value for keyword in node.keywords if keyword.arg == "message"), None)
    return None


RULES = (hidden_texts,)
