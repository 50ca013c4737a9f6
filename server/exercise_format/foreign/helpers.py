"""Small functions for imported checks, written once in judge_helpers.txt; a setup cell for the judge holds those in use."""

import re
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

FENCE = re.compile(r"^%%% (.+)\n", re.MULTILINE)
UNITTEST = re.compile(r"_([a-z])")


@cache
def pieces() -> dict[str, tuple[tuple[str, ...], str]]:
    """Name -> names of the pieces that it needs, and its text."""
    _, *parts = FENCE.split(files("server.exercise_format.foreign").joinpath("judge_helpers.txt").read_text("utf-8"))
    heads = [head.split() for head in parts[::2]]
    return {head[0]: (tuple(head[1:]), body.strip("\n")) for head, body in zip(heads, parts[1::2], strict=True)}


def helper_source(names: Iterable[str]) -> str:
    """The text of these pieces with all that they need, in the order of the file."""
    wanted: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in wanted:
            wanted.add(name)
            waiting += pieces()[name][0]
    return "\n\n".join(body for name, (_, body) in pieces().items() if name in wanted)


def nose_helper(name: str) -> str:
    """What stands for a function of nose.tools: the method of unittest that it is; empty when there is none."""
    if name == "eq_":
        return "CASE.assertEqual"
    if name == "ok_":
        return "CASE.assertTrue"
    method = UNITTEST.sub(lambda found: found[1].upper(), name)
    return f"CASE.{method}" if name.startswith("assert_") else ""
