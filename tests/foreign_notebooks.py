"""Notebooks as nbgrader and otter-assign keep them, written for these tests in all the forms of marker that there are."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

Cell = dict[str, Any]


def code(source: str, shown: str = "", **metadata: Any) -> Cell:
    """`shown`: the saved value of its last line."""
    result = {"output_type": "execute_result", "data": {"text/plain": shown}, "metadata": {}, "execution_count": 1}
    outputs = [result] if shown else []
    return {"cell_type": "code", "metadata": metadata, "source": source, "outputs": outputs, "execution_count": None}


def printing(source: str, printed: str, **metadata: Any) -> Cell:
    return code(source, **metadata) | {"outputs": [{"output_type": "stream", "name": "stdout", "text": printed}]}


def text(source: str, **metadata: Any) -> Cell:
    return {"cell_type": "markdown", "metadata": metadata, "source": source}


def raw(source: str) -> Cell:
    return {"cell_type": "raw", "metadata": {}, "source": source}


def notebook(*cells: Cell, language: str = "python") -> dict[str, Any]:
    kernel = {"name": language, "language": language, "display_name": language}
    return {"cells": list(cells), "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 2}


def as_bytes(*cells: Cell, language: str = "python") -> bytes:
    return json.dumps(notebook(*cells, language=language)).encode()


def write(path: Path, cells: list[Cell]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(as_bytes(*cells))
    return path


def graded(name: str, *flags: str, points: float | None = None, version: int = 3) -> dict[str, Any]:
    """nbgrader's metadata of a cell."""
    known: dict[str, Any] = {flag: flag in flags for flag in ("grade", "solution", "locked", "task")}
    return {"nbgrader": known | {"grade_id": name, "schema_version": version} | ({} if points is None else {"points": points})}


def nbgrader_source() -> list[Cell]:
    return [
        text("# Running totals\n\nSums along a list.", **graded("intro", "locked")),
        code("import math\n%matplotlib inline"),
        code(
            "def totals(values):\n    ### BEGIN SOLUTION\n"
            "    return [sum(values[: k + 1]) for k in range(len(values))]\n    ### END SOLUTION",
            **graded("totals", "solution"),
        ),
        code("totals([1, 2, 3])"),
        code(
            '"""Sums of small lists"""\nassert totals([1, 2]) == [1, 3]\n### BEGIN HIDDEN TESTS\nassert totals([]) == []\n'
            "assert totals([5, -5, 2]) == [5, 0, 2]\n### END HIDDEN TESTS",
            **graded("totals_right", "grade", "locked", points=2),
        ),
        code("largest = lambda values: max(totals(values))", **graded("largest", "solution")),
        code(
            "### AUTOTEST largest([3, 1]); type(largest([2]))\n### HASHED AUTOTEST largest([5, -1])",
            **graded("largest_right", "grade", "locked", points=1),
        ),
        code("right = [totals([k]) == [k] for k in range(4)]\nright.count(True) / 2", **graded("some_right", "grade", points=2)),
        code("from unittest import mock\nassert mock.Mock(totals)", **graded("mocked", "grade", points=1)),
        text("YOUR ANSWER HERE", **graded("why", "grade", "solution", points=2)),
        code("### BEGIN SOLUTION\nprint(totals([1]))\n### END SOLUTION", **graded("by_hand", "grade", "solution", points=1)),
        text(
            "Draw it.\n=== BEGIN MARK SCHEME ===\nAxes have names.\n=== END MARK SCHEME ===",
            **graded("drawing", "task", "locked", points=3),
        ),
        raw("for the printer"),
    ]


STUB = "# YOUR CODE HERE\nraise NotImplementedError()"


def nbgrader_release(**answers: str) -> list[Cell]:
    """What students get, with their answers by grade_id."""
    cells = nbgrader_source()
    given = {
        "totals": "def totals(values):\n    # YOUR CODE HERE\n    raise NotImplementedError()",
        "totals_right": '"""Sums of small lists"""\nassert totals([1, 2]) == [1, 3]',
        "largest": STUB,
        "largest_right": "from hashlib import sha1\nassert largest([3, 1]) == 4",
        "by_hand": STUB,
        "drawing": "Draw it.",
    }
    for cell in cells:
        name = cell["metadata"].get("nbgrader", {}).get("grade_id", "")
        cell["source"] = (given | answers).get(name, cell["source"])
    return cells


def otter_source() -> list[Cell]:
    return [
        raw("# ASSIGNMENT CONFIG\nname: words\ngenerate: true\nfiles:\n  - words.txt\nexport_cell: false"),
        text("# Counting words"),
        code("import numpy as np\nwords = open('words.txt').read().split()"),
        *_question("name: q1\npoints: 3"),
        text("**Question 1.** Count a word."),
        raw("# BEGIN SOLUTION"),
        code("def count(word):\n    return words.count(word) # SOLUTION\nmost = max(words, key=words.count) # SOLUTION"),
        raw("# END SOLUTION"),
        raw("# BEGIN TESTS"),
        code("count('tea') == 2", "True"),
        code("np.array([count('tea'), count('milk')])", "array([2, 1])"),
        printing("# HIDDEN\nprint(most)", "tea\n"),
        raw("# END TESTS"),
        raw("# END QUESTION"),
        *_question("name: q2\npoints: [0, 2]"),
        raw("# BEGIN SOLUTION"),
        code(
            '""" # BEGIN PROMPT\ndef share(word):\n    """The share of a word."""\n    ...\n""" # END PROMPT\n'
            "# BEGIN SOLUTION NO PROMPT\ndef share(word):\n    return count(word) / len(words)\n# END SOLUTION"
        ),
        code("share('tea') # IGNORE"),
        raw("# END SOLUTION"),
        raw("# BEGIN TESTS"),
        code('""" # BEGIN TEST CONFIG\nfailure_message: It should be a share.\n""" # END TEST CONFIG\nassert share("tea") <= 1'),
        code(
            '""" # BEGIN TEST CONFIG\nhidden: true\n""" # END TEST CONFIG\n'
            'def test_share():\n    assert share("tea") == 0.5\ntest_share()'
        ),
        raw("# END TESTS"),
        raw("# END QUESTION"),
        *_question("name: q3\nmanual: true\npoints: 2"),
        text("**Question 3.** Why?"),
        raw("# BEGIN SOLUTION"),
        text("Because."),
        raw("# END SOLUTION"),
        raw("# END QUESTION"),
    ]


def _question(config: str) -> list[Cell]:
    return [raw(f"# BEGIN QUESTION\n{config}")]


def otter_student(count: str, most: str, share: str, why: str = "_Type your answer here, replacing this text._") -> list[Cell]:
    """What `otter assign` gives to students, with their answers."""
    answered = {"tags": ["otter_answer_cell"]}
    return [
        code('# Initialize Otter\nimport otter\ngrader = otter.Notebook("words.ipynb")'),
        text("# Counting words"),
        code("import numpy as np\nwords = open('words.txt').read().split()"),
        text("**Question 1.** Count a word."),
        code(f"def count(word):\n    {count}\nmost = {most}", **answered),
        code('grader.check("q1")'),
        code(share, **answered),
        code('grader.check("q2")'),
        text("<!-- BEGIN QUESTION -->\n\n**Question 3.** Why?"),
        text(why, **answered),
        text("<!-- END QUESTION -->"),
        text("## Submission"),
        code("grader.export(run_tests=True)"),
    ]
