"""What an exercise forbids its answers to use: words of the language, or dotted names. By the parser, so nothing is run."""

from __future__ import annotations

from collections.abc import Sequence

from sandbox.inside.checks.syntax import first_line, parsed


def banned_use(source: str, bans: Sequence[str]) -> str:
    """A sentence about the first forbidden thing in the source, or an empty text."""
    tree = parsed(source) if bans else None
    if tree is None:
        return ""  # what does not parse will fail by itself, with a better message
    for ban in bans:
        line = first_line(tree, ban)
        if line is not None:
            return f"Line {line} uses `{ban}`, which this task does not allow."
    return ""
