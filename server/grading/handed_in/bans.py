"""What an exercise forbids its answers to use: words of the language, or dotted names. By the parser, so nothing is run."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from sandbox.inside.checks.syntax import first_line, parsed
from server.exercise_format.author_code.syntax import defined_names


def banned_use(source: str, bans: Sequence[str], gives: Sequence[str] = (), others: Sequence[str] = ()) -> str:
    """A sentence about the first forbidden thing that the answer uses, or an empty text.

    `others`: sources of the person's own cells. They count where the answer needs what they define, and where they define
    anew what the answer `gives`; trying something out in a cell of one's own is allowed."""
    tree = parsed(source) if bans else None
    if tree is None:
        return ""  # what does not parse will fail by itself, with a better message
    for ban in bans:
        line = first_line(tree, ban)
        if line is not None:
            return f"Line {line} uses `{ban}`, which this task does not allow."
    for helper in _needed(tree, gives, [found for other in others if (found := parsed(other))]):
        for ban in bans:
            if first_line(helper, ban) is not None:
                return f"A cell of yours that this answer needs uses `{ban}`, which this task does not allow."
    return ""


def _needed(answer: ast.Module, gives: Sequence[str], cells: list[ast.Module]) -> list[ast.Module]:
    """The cells that define a name which the answer, or another such cell, reads."""
    wanted, needed = {*gives, *_read_names(answer)}, list[ast.Module]()
    while found := next((cell for cell in cells if cell not in needed and wanted & defined_names(cell)), None):
        needed.append(found)
        wanted |= _read_names(found)
    return needed


def _read_names(tree: ast.Module) -> set[str]:
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
