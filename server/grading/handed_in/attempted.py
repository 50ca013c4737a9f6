"""Whether an answer was worked on: its code differs from the starter's, comments and layout aside. Pure."""

from __future__ import annotations

import ast

from server.exercise_format.exercise import Check, Exercise


def untouched(source: str, stub: str) -> bool:
    """The same program as the starter."""
    if source.strip() == stub.strip():
        return True
    try:
        return ast.dump(ast.parse(source)) == ast.dump(ast.parse(stub))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False


def answers_of_check(exercise: Exercise, check: Check) -> tuple[str, ...]:
    """Names of the answer cells whose work the check looks at; all of them when it names none."""
    try:
        used = {node.id for node in ast.walk(ast.parse(check.source)) if isinstance(node, ast.Name)}
    except (SyntaxError, ValueError, RecursionError):
        used = set()
    named = tuple(
        answer.name for answer in exercise.answers if used & set(answer.gives) or f'source("{answer.name}")' in check.source
    )
    return named or tuple(answer.name for answer in exercise.answers)
