"""docs/checks.md is the checks library's own words: every function with its signature and its whole description."""

import inspect
import re
from pathlib import Path
from typing import Any

from sandbox.inside.checks import plots
from sandbox.inside.checks.public import FUNCTIONS, NAMES
from sandbox.inside.checks.syntax import SYNTAX
from server.exercise_format.author_code import library

PAGE = (Path(__file__).parents[2] / "docs" / "checks.md").read_text()


def signature(function: Any) -> str:
    """Without types: names, order and defaults."""
    found = inspect.signature(function)
    bare = [parameter.replace(annotation=inspect.Parameter.empty) for parameter in found.parameters.values()]
    return f"{function.__name__}{found.replace(parameters=bare, return_annotation=inspect.Signature.empty)}"


def entry(function: Any) -> str:
    return f"### {function.__name__}\n\n```python\n{signature(function)}\n```\n\n{inspect.cleandoc(function.__doc__)}\n"


def test_every_function_stands_there_as_it_is() -> None:
    missing = [function.__name__ for function in FUNCTIONS if entry(function) not in PAGE]
    assert missing == [], f"docs/checks.md must say:\n{entry(next(f for f in FUNCTIONS if f.__name__ == missing[0]))}"


def test_nothing_else_stands_there() -> None:
    assert re.findall(r"^### (\w+)$", PAGE, re.MULTILINE) == list(NAMES)


def test_the_list_at_the_top_has_the_first_line_of_each() -> None:
    rows = re.findall(r"^\| \[`(\w+)`\]\(#\1\) \| (.+) \|$", PAGE, re.MULTILINE)
    assert rows == [(f.__name__, inspect.cleandoc(f.__doc__).split("\n")[0].replace("|", "\\|")) for f in FUNCTIONS]


def test_the_shape_of_a_figure_is_the_one_in_the_code() -> None:
    shape = inspect.cleandoc(plots.__doc__ or "").partition("\n\n")[2]
    assert shape in PAGE


def test_every_word_of_the_language_is_named() -> None:
    assert all(word in (f.__doc__ or "") for f in FUNCTIONS if f.__name__ == "uses" for word in SYNTAX)


def test_the_linter_knows_the_same_names() -> None:
    assert sorted(library.NAMES) == sorted(NAMES)
    assert set(library.REPORTED) == {f.__name__ for f in FUNCTIONS if "*Reported*" in (f.__doc__ or "")}
