"""The whole way of an exercise: nothing hidden of it is where a notebook can read, nor in anything that is written about the
notebook, whatever its code tries to tell (C017, C018)."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from server.cli.grading.batch import Batch, grade_batch
from server.cli.grading.file import grade_file
from server.cli.grading.report import write_reports
from server.exercise_format.exercise import Exercise
from server.grading.grade import grade_cells
from server.grading.handed_in.submitted import read_submitted
from tests.attacks.grading.assignments.assignment import SEED, Document, as_bytes, code_cell, make_exercise
from tests.attacks.grading.contest import KEY
from tests.attacks.grading.test_leaks import SEARCH
from tests.trials import forkserver

CANARY = "CANARY-IN"
CELLS = [
    ("setup", "import numpy as np"),
    (
        "answer",
        """
#| name: f
def f(x):
    ### BEGIN SOLUTION
    return x.replace("CANARY-IN-INPUT", "CANARY-IN-SOLUTION")
    ### END SOLUTION
""",
    ),
    (
        "setup",
        """
#| for: checks
def wanted(x): return x.replace("CANARY-IN-INPUT", "CANARY-IN-SOLUTION")  # CANARY-IN-SETUP
""",
    ),
    (
        "hidden-check",
        """
#| name: text
#| points: 2
#| message: The text is wrong.
given = "CANARY-IN-INPUT " + open(private("words.txt")).read()  # CANARY-IN-CODE
expected = wanted(given)
assert f(given) == expected
""",
    ),
    (
        "hidden-check",
        """
#| name: several
#| points: 2
#| message: One of several texts is wrong.
from touchstone.checks import cases, equal
with cases() as case:
    for number in range(3):
        with case(f"CANARY-IN-CASE {number}"):
            equal(f(f"CANARY-IN-INPUT {number}"), wanted(f"CANARY-IN-INPUT {number}"), name="CANARY-IN-NAME")
""",
    ),
    (
        "hidden-check",
        """
#| name: by-library
#| points: 1
#| message: The last text is wrong.
np.testing.assert_equal(f("CANARY-IN-INPUT"), wanted("CANARY-IN-INPUT"))
""",
    ),
]
ANSWERS: Mapping[str, str] = {
    "says": "def f(x):\n    print(x); warnings.warn(x); logging.error(x); os.write(1, x.encode()); sys.stderr.write(x)",
    "raises": "def f(x): raise ValueError(x)",
    "raises_a_key": "def f(x): raise KeyError(x)",
    "raises_by_name": "def f(x): raise type(x.replace(' ', '_'), (ValueError,), {})(x)",
    "raises_notes": "def f(x):\n    error = ValueError(x)\n    error.add_note(x)\n    raise error from RuntimeError(x)",
    "raises_a_group": "def f(x): raise ExceptionGroup(x, [ValueError(x)])",
    "asserts": "def f(x): assert False, x",
    "exits": "def f(x): sys.exit(x)",
    "interrupts": "def f(x): raise KeyboardInterrupt(x)",
    "lacks_memory": "def f(x): raise MemoryError(x)",
    "returns_it": "def f(x): return x",
    "returns_it_in_parts": "def f(x): return [list(x), {x: x}, (x,)]",
    "returns_an_object": "def f(x): return type(x.replace(' ', '_'), (), {'__repr__': lambda self: x})()",
    "returns_a_function": "def f(x):\n    def g(): pass\n    g.__name__ = g.__qualname__ = x\n    return g",
    "returns_a_generator": "def f(x): return (letter for letter in x)",
    "returns_too_much": "def f(x): return x * 6_000_000",
    "lies_about_a_name": "def f(x): raise NameError(f'name {x!r} is not defined', name=x)",
    "ends": "def f(x):\n    open(x[:14], 'w').write(x)\n    os._exit(7)",
    "renames_the_process": "def f(x):\n    open('/proc/self/comm', 'w').write(x)\n    os._exit(7)",
}
IMPORTS = "import logging, os, sys, warnings\n"


def exercise() -> Exercise:
    return make_exercise("with-canaries", "numpy", CELLS, private_files={"words.txt": b"CANARY-IN-FILE"})


def notebook(answer: str) -> Document:
    cells = [code_cell("answer-1", answer), code_cell("mine", "try: f('CANARY-OF-MINE')\nexcept BaseException: pass")]
    return {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Everything that `touchstone grade` writes about notebooks that try to tell: file -> text."""
    folder, into = tmp_path_factory.mktemp("handed-in"), tmp_path_factory.mktemp("results")
    for name, answer in ANSWERS.items():
        (folder / f"{name}.ipynb").write_bytes(as_bytes(notebook(IMPORTS + answer)))
    batch = Batch(folder, "0", "0", SEED, False, lambda path: grade_file(exercise(), path, forkserver(), KEY, SEED))
    rows = grade_batch(sorted(folder.iterdir()), into, batch, 2, lambda row, known: None)
    assert {row["status"] for row in rows} == {"graded"}
    assert sum(float(str(row["points"])) for row in rows) == 0
    write_reports(rows, exercise(), into)
    return {str(path.relative_to(into)): path.read_text() for path in into.rglob("*") if path.is_file()}


def test_nothing_hidden_is_in_any_file_about_a_notebook(told: dict[str, str]) -> None:
    assert {Path(name).suffix for name in told} == {".csv", ".json", ".jsonl", ".html"}
    assert len(told) == len(ANSWERS) + 3
    assert [name for name, text in told.items() if CANARY in text] == []


def test_the_files_say_something(told: dict[str, str]) -> None:
    """Otherwise the test above would prove nothing."""
    assert "The text is wrong." in told["reports/returns_it.html"]
    assert "ValueError" in told["reports/raises.html"]


def test_nothing_hidden_is_where_a_notebook_can_read() -> None:
    """The answer searches its memory, objects, files, environment, command line and sockets, in the cell and when it is called;
    it passes the tests of its own search if it finds nothing."""
    looks = """
import socket
def in_descriptors():
    found = []
    for number in range(3, 64):
        try:
            with socket.socket(fileno=os.dup(number)) as each:
                found += [number] if word in each.recv(1 << 16, socket.MSG_PEEK | socket.MSG_DONTWAIT) else []
        except OSError: pass
    return found
def in_processes():
    found = []
    for name in os.listdir("/proc"):
        for part in ("cmdline", "environ", "comm") if name.isdigit() else ():
            try:
                with open(f"/proc/{name}/{part}", "rb") as stream:
                    if word in stream.read(): found.append(part)
            except OSError: pass
    return found
before = in_cells + in_descriptors() + in_processes()
def f(): return [before, in_memory(), in_objects(), in_files(), in_descriptors(), in_processes()]
"""
    check = """
#| name: finds-nothing
#| points: 1
#| seconds: 60
#| message: Something was found.
secret = "CANARY-IN-CHECK" + open(private("words.txt")).read()
found = f()
assert found == [[], [], 0, [], [], []], found
"""
    cells = [*CELLS[:3], ("hidden-check", check), ("hidden-check", check.replace("finds-nothing", "again"))]
    made = make_exercise("searched", "numpy", cells, private_files={"words.txt": b"CANARY-IN-FILE"})
    submitted = read_submitted(as_bytes(notebook(SEARCH + looks)))
    assert grade_cells(made, submitted.cells, SEED, forkserver(), key=KEY).points == 2
