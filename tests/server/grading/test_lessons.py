"""What notebook graders were seen to get wrong, or right: one test for each, on whole files and in real processes.

The numbers are those of a list made by running nbgrader 0.9.6 and otter-grader 7.0.0 on honest, odd and forged notebooks."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from sandbox.processes.forkserver import ForkServer
from server.cli.grading.file import grade_file
from server.cli.grading.report import write_reports
from server.exercise_format.copies.candidate_copy import candidate_notebook
from server.exercise_format.exercise import Exercise
from server.exercise_format.reading.reader import read_exercise
from server.exercise_format.starter import as_notebook

TEXT = """%%% front
title: Two small functions
summary: Two functions that have nothing to do with each other.
kind: coding
form: code
topics: [arrays]
roles: [ml_engineer]
level: 1
minutes: 15
needs: [numpy]
objectives: [write two functions]
prerequisites: [numpy]
%%% text
# Two small functions
%%% setup
import numpy as np
%%% answer
#| name: double
def double(x):
    ### BEGIN SOLUTION
    return 2 * x
    ### END SOLUTION
%%% answer
#| name: is_even
def is_even(n):
    ### BEGIN SOLUTION
    return n % 2 == 0
    ### END SOLUTION
%%% check
#| name: two
#| points: 1
#| message: Two times two is four.
assert double(2) == 4, "two times two"
%%% hidden-check
#| name: others
#| points: 2
#| seconds: 2
#| message: Other numbers are doubled wrongly.
HIDDEN_INPUT = 7_654_321
assert double(HIDDEN_INPUT) == 15_308_642, "another number"
%%% hidden-check
#| name: even
#| points: 3
#| message: Even and odd are mixed up.
assert [bool(is_even(n)) for n in (-2, 0, 3)] == [True, True, False], "look at three"
"""
DOUBLE, IS_EVEN = "def double(x): return 2 * x", "def is_even(n): return n % 2 == 0"
Notebook = dict[str, Any]
Grade = Callable[..., dict[str, Any]]
ALL, ONLY_EVEN = 6, 3


@pytest.fixture(scope="module")
def exercise() -> Exercise:
    reading = read_exercise(as_notebook(TEXT, "two-functions", date(2026, 11, 24)), "two-functions")
    assert reading.exercise is not None, reading.findings
    return reading.exercise


@pytest.fixture
def grade(exercise: Exercise, forkserver: ForkServer, tmp_path: Path) -> Grade:
    """Writes a notebook, or bytes, to a file and grades that."""

    def run(notebook: Notebook | bytes, name: str = "handed in.ipynb") -> dict[str, Any]:
        path = tmp_path / name
        path.write_bytes(notebook if isinstance(notebook, bytes) else json.dumps(notebook).encode())
        return grade_file(exercise, path, forkserver, b"a key")

    return run


@pytest.fixture
def notebook(exercise: Exercise) -> Callable[..., Notebook]:
    """The candidate's copy with these answers."""

    def make(double: str = DOUBLE, is_even: str = IS_EVEN) -> Notebook:
        copy = candidate_notebook(exercise, 0, {})
        for cell, source in zip(answers(copy), (double, is_even), strict=True):
            cell["source"] = source
        return copy

    return make


def answers(copy: Notebook) -> list[Any]:
    return [cell for cell in copy["cells"] if cell["id"].startswith("answer-")]


def outcomes(row: dict[str, Any]) -> dict[str, str]:
    return {outcome["check"]: outcome["outcome"] for outcome in row["outcomes"]}


def test_1_a_warning_costs_nothing(grade: Grade, notebook: Callable[..., Notebook]) -> None:
    noisy = "import warnings, logging\n" + DOUBLE.replace("return", "warnings.warn('old'); logging.error('odd'); return")
    assert grade(notebook(noisy))["points"] == ALL


def test_2_a_print_costs_nothing(grade: Grade, notebook: Callable[..., Notebook]) -> None:
    assert grade(notebook(DOUBLE.replace("return", "print('here', x); return")))["points"] == ALL


def test_3_the_way_a_library_prints_its_values_costs_nothing(grade: Grade, notebook: Callable[..., Notebook]) -> None:
    assert (
        grade(notebook("def double(x): return np.int64(2 * x)", "def is_even(n): return np.isclose(n % 2, 0)"))["points"] == ALL
    )


def test_4_stripped_metadata_and_ids_are_no_silent_nothing(grade: Grade, notebook: Callable[..., Notebook]) -> None:
    copy = notebook()
    copy["metadata"] = {}
    for cell in copy["cells"]:
        cell["metadata"] = {}
        del cell["id"]
    row = grade(copy)
    assert row["points"] == ALL
    assert any("another cell defines double" in repair for repair in row["repairs"])
    without = grade({**copy, "cells": [cell for cell in copy["cells"] if "def " not in "".join(cell["source"])]})
    assert (without["status"], without["points"]) == ("unreadable", None)


def test_5_duplicated_cells_are_resolved(grade: Grade, notebook: Callable[..., Notebook]) -> None:
    copy = notebook()
    copy["cells"] += copy["cells"][-4:] + answers(copy)
    row = grade(copy)
    assert row["points"] == ALL
    assert any("was there 2 times" in repair or "was there 3 times" in repair for repair in row["repairs"])


def test_6_a_retyped_answer_cell_is_run(grade: Grade, notebook: Callable[..., Notebook]) -> None:
    copy = notebook()
    answers(copy)[0]["cell_type"] = "markdown"
    row = grade(copy)
    assert row["points"] == ALL
    assert "had become a markdown cell" in row["repairs"][0]


def test_7_any_file_name_will_do_and_what_is_no_notebook_gets_a_sentence(
    grade: Grade, notebook: Callable[..., Notebook], exercise: Exercise, forkserver: ForkServer, tmp_path: Path
) -> None:
    assert grade(notebook(), "Copy of two-functions (3) FINAL.ipynb")["points"] == ALL
    missing = grade_file(exercise, tmp_path / "none.ipynb", forkserver, b"a key")
    assert (missing["status"], missing["points"]) == ("unreadable", None)
    broken = grade(json.dumps(notebook()).encode()[:300])
    assert (broken["status"], broken["points"]) == ("unreadable", None)
    assert "is not JSON" in broken["error"]


def test_8_an_unknown_kernel_name_is_nothing_to_us(grade: Grade, notebook: Callable[..., Notebook]) -> None:
    copy = notebook()
    copy["metadata"]["kernelspec"] = {"name": "conda-env-ml-py", "display_name": "ML", "language": "R"}
    assert grade(copy)["points"] == ALL


def test_9_a_cell_that_dies_costs_only_its_question(grade: Grade, notebook: Callable[..., Notebook]) -> None:
    row = grade(notebook("import ctypes\nctypes.string_at(0)"))
    assert row["points"] == ONLY_EVEN
    assert row["top_to_bottom"] == ["Code cell 2 ended the kernel."]


def test_10_an_endless_function_costs_its_checks_alone(grade: Grade, notebook: Callable[..., Notebook]) -> None:
    deaf = "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\ndef double(x):\n    while x != 2: pass\n    return 4"
    row = grade(notebook(deaf))
    assert (row["points"], outcomes(row)["others"]) == (1 + ONLY_EVEN, "timed_out")


def test_11_memory_and_processes_are_bounded_and_end_with_the_grading(grade: Grade, notebook: Callable[..., Notebook]) -> None:
    row = grade(notebook("def double(x): return len(bytearray(4 << 30)) and 2 * x"))
    assert row["points"] == ONLY_EVEN
    mark = "86399.75"
    row = grade(notebook(f"import subprocess\nsubprocess.Popen(['sleep', '{mark}'], start_new_session=True)\n{DOUBLE}"))
    assert row["points"] == ALL
    assert wait_until_gone(mark)


def wait_until_gone(mark: str) -> bool:
    """Taking processes down goes on while nobody waits for it."""
    looks = (any(mark.encode() in command_line(path) for path in Path("/proc").glob("[0-9]*")) for _ in range(200))
    return not all(looks)


def command_line(process: Path) -> bytes:
    try:
        return (process / "cmdline").read_bytes()
    except OSError:
        return b""


def test_12_nothing_hidden_reaches_the_page(
    grade: Grade, notebook: Callable[..., Notebook], exercise: Exercise, tmp_path: Path
) -> None:
    spying = "def double(x):\n    print(x)\n    raise ValueError(repr(x))"
    rows = [grade(notebook()), grade(notebook(spying)), grade(notebook("def double(x): return 0"))]
    write_reports([{**row, "notebook": f"{number}.ipynb"} for number, row in enumerate(rows)], exercise, tmp_path / "out")
    written = "".join(path.read_text() for path in (tmp_path / "out").rglob("*") if path.is_file())
    assert "Other numbers are doubled wrongly" in written
    assert not any(secret in written for secret in ("7654321", "7_654_321", "15308642", "HIDDEN_INPUT"))


def test_13_nothing_printed_or_missing_means_full_marks(grade: Grade, notebook: Callable[..., Notebook]) -> None:
    copy = notebook("print('6/6')", "print('score: 1000')")
    for cell in copy["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "All tests passed! 6/6"}]
    assert grade(copy)["points"] == 0


def test_14_checks_do_not_run_in_the_notebooks_process(grade: Grade, notebook: Callable[..., Notebook]) -> None:
    patched = "import builtins\nclass Yes:\n    __eq__ = __ne__ = lambda *a: True\n    def __bool__(self): return True\n"
    patched += "builtins.AssertionError = builtins.bool = Yes\ndef double(x): return Yes()"
    assert grade(notebook(patched, "def is_even(n): return Yes()"))["points"] == 0


def test_15_a_cheat_does_not_outlive_its_notebook(grade: Grade, notebook: Callable[..., Notebook]) -> None:
    plant = """
import pathlib, site, os
startup = os.path.expanduser('~/.ipython/profile_default/startup')
for place in [*site.getsitepackages(), site.getusersitepackages(), startup, '/tmp']:
    try:
        pathlib.Path(place).mkdir(parents=True, exist_ok=True)
        for name in ('sitecustomize.py', 'usercustomize.py', '00-first.py'):
            pathlib.Path(place, name).write_text('def double(x): return 2 * x')
    except OSError:
        pass
"""
    grade(notebook(plant + DOUBLE))
    assert grade(notebook("double", "is_even"))["points"] == 0


def test_16_an_honest_notebook_makes_no_noise(grade: Grade, notebook: Callable[..., Notebook]) -> None:
    row = grade(notebook())
    assert (row["repairs"], row["top_to_bottom"]) == ([], [])
    assert all(not outcome["message"] for outcome in row["outcomes"])


def test_17_old_formats_are_read(grade: Grade, notebook: Callable[..., Notebook]) -> None:
    copy = notebook()
    old = [{"cell_type": c["cell_type"], "input" if c["cell_type"] == "code" else "source": c["source"]} for c in copy["cells"]]
    assert grade({"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [{"cells": old}]})["points"] == ALL


def test_18_each_check_is_worth_what_it_says(grade: Grade, notebook: Callable[..., Notebook]) -> None:
    row = grade(notebook("def double(x): return 4"))
    assert {outcome["check"]: (outcome["points"], outcome["possible"]) for outcome in row["outcomes"]} == {
        "two": (1, 1), "others": (0, 2), "even": (3, 3),
    }  # fmt: skip
    assert (row["points"], row["possible"]) == (4, 6)


def test_19_a_notebook_is_run_once_for_all_checks(grade: Grade, notebook: Callable[..., Notebook]) -> None:
    count = "import pathlib\nruns = pathlib.Path('runs.txt')\nruns.write_text(runs.read_text() + 'x' if runs.exists() else 'x')\n"
    once = "def is_even(n): return n % 2 == 0 and runs.read_text() == 'x'"
    assert grade(notebook(count + DOUBLE, once))["points"] == ALL


def test_20_input_exit_and_floods_cost_only_their_question(grade: Grade, notebook: Callable[..., Notebook]) -> None:
    assert grade(notebook("input('your name? ')\nfor _ in range(16): print('x' * 2**20)"))["points"] == ONLY_EVEN
    assert grade(notebook("import sys\nsys.exit(0)"))["points"] == ONLY_EVEN
    assert grade(notebook(f"{DOUBLE}\nfor _ in range(16): print('x' * 2**20)"))["points"] == ALL
