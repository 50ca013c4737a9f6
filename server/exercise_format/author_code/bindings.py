"""Which names a statement binds to what, pair by pair where the code spells the pairs out."""

import ast
from collections.abc import Iterator

from server.exercise_format.author_code.syntax import dotted

UNKNOWN = ast.Name(id="observe", ctx=ast.Load())  # stands for a value of the candidate's


def bindings(node: ast.AST) -> Iterator[tuple[ast.AST, ast.AST]]:
    """(target, value) of one node of the tree."""
    if isinstance(node, ast.Assign):
        for target in node.targets:
            yield from _pairwise(target, node.value)
    elif isinstance(node, ast.AugAssign | ast.AnnAssign) and node.value is not None:
        yield _stored(node.target), node.value
    elif isinstance(node, ast.NamedExpr):
        yield node.target, node.value
    elif isinstance(node, ast.For | ast.comprehension):
        yield from _looped(node.target, node.iter)
    elif isinstance(node, ast.withitem) and node.optional_vars is not None:
        yield node.optional_vars, node.context_expr
    elif isinstance(node, ast.ExceptHandler) and node.name:
        yield ast.Name(id=node.name, ctx=ast.Store()), UNKNOWN  # the text of an exception may be the candidate's


def _pairwise(target: ast.expr, value: ast.expr) -> Iterator[tuple[ast.AST, ast.AST]]:
    """`a, b = x, y` binds each name to its own value."""
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple) and len(target.elts) == len(value.elts):
        for inner, part in zip(target.elts, value.elts, strict=True):
            yield from _pairwise(inner, part)
    else:
        yield _stored(target), value


def _looped(target: ast.expr, values: ast.expr) -> Iterator[tuple[ast.AST, ast.AST]]:
    """`for a, b in zip(x, y)` and `for i, a in enumerate(x)` bind each name to its own part."""
    name = dotted(values.func) if isinstance(values, ast.Call) else ""
    parts = values.args if isinstance(values, ast.Call) else []
    if name == "enumerate" and isinstance(target, ast.Tuple) and len(target.elts) == 2 and parts:
        yield from _looped(target.elts[1], parts[0])
    elif name == "zip" and isinstance(target, ast.Tuple) and len(target.elts) == len(parts):
        for inner, part in zip(target.elts, parts, strict=True):
            yield from _looped(inner, part)
    else:
        yield target, values


def _stored(target: ast.expr) -> ast.AST:
    """`a[i] = x` and `a.b = x` change `a`; the other names in the target are only read."""
    inner = target
    while isinstance(inner, ast.Subscript | ast.Attribute | ast.Starred):
        inner = inner.value
    return ast.Name(id=inner.id, ctx=ast.Store()) if isinstance(inner, ast.Name) else target
