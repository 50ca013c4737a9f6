"""What a check cannot do with names of the notebook is found before anybody runs it."""

import ast

import pytest

from server.exercise_format.rules.crossing import _obstacle

REMOTE = frozenset({"Tree", "TreeError", "grow"})


def obstacles(source: str) -> list[str]:
    return [found for node in ast.walk(ast.parse(source)) if (found := _obstacle(node, REMOTE))]


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("try:\n    grow()\nexcept TreeError:\n    pass", "raises('TreeError', ...)"),
        ("try:\n    grow()\nexcept (ValueError, TreeError):\n    pass", "`except TreeError` catches nothing"),
        ("assert isinstance(grow(), Tree)", "`isinstance(..., Tree)` cannot be told here"),
        ("class Mine(Tree): pass", "`Tree` cannot be a base class here"),
        ("import inspect\ninspect.signature(grow)", "`inspect.signature(grow)` cannot look"),
        ("import pickle\npickle.dumps(grow)", "`pickle.dumps(grow)` cannot look"),
    ],
)
def test_what_cannot_cross_is_told_with_a_way_out(source: str, says: str) -> None:
    [sentence] = obstacles(source)
    assert says in sentence


@pytest.mark.parametrize(
    "source",
    ["try:\n    grow()\nexcept ValueError:\n    pass", "assert isinstance(grow(), dict)", "tree = Tree()\ngrow(tree)"],
)
def test_what_crosses_is_left_alone(source: str) -> None:
    assert obstacles(source) == []
