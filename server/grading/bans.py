"""What an exercise forbids its answers to use: words of the language, or dotted names. By the parser, so nothing is run."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

SYNTAX: dict[str, tuple[type[ast.AST], ...]] = {
    "for": (ast.For, ast.AsyncFor),
    "while": (ast.While,),
    "comprehension": (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp),
    "lambda": (ast.Lambda,),
    "import": (ast.Import, ast.ImportFrom),
    "class": (ast.ClassDef,),
    "try": (ast.Try,),
    "global": (ast.Global,),
}


def banned_use(source: str, bans: Sequence[str]) -> str:
    """A sentence about the first forbidden thing in the source, or an empty text."""
    if not bans:
        return ""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ""  # it will fail by itself, with a better message
    for ban in bans:
        line = next(_lines(tree, ban), None)
        if line is not None:
            return f"Line {line} uses `{ban}`, which this task does not allow."
    return ""


def _lines(tree: ast.Module, ban: str) -> Iterator[int]:
    if ban in SYNTAX:
        yield from (node.lineno for node in ast.walk(tree) if isinstance(node, SYNTAX[ban]))  # type: ignore[attr-defined]
        return
    aliases = _aliases(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute | ast.Name) and _dotted(node, aliases) == ban:
            yield node.lineno


def _aliases(tree: ast.Module) -> dict[str, str]:
    """Local name -> full dotted name, with the field's usual abbreviations taken as given."""
    names = {"np": "numpy", "pd": "pandas", "plt": "matplotlib.pyplot"}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.asname: alias.name for alias in node.names if alias.asname}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
    return names


def _dotted(node: ast.expr, aliases: dict[str, str]) -> str:
    if isinstance(node, ast.Name):
        return aliases.get(node.id, node.id)
    if isinstance(node, ast.Attribute):
        return f"{_dotted(node.value, aliases)}.{node.attr}"
    return ""
