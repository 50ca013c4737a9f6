"""The same notebook through nbgrader and otter-grader, where they are installed: seconds of whole commands, start included.

They are no part of the product and nothing of theirs is imported: both are called as their users call them."""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MANY = 10  # submissions in one command
LONGEST_SECONDS = 600
KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}


class NotGraded(RuntimeError):
    """A command of theirs failed, or did not give full points: then its time means nothing."""


@dataclass(frozen=True, slots=True)
class Task:
    """A notebook that solves it, and asserts that it must pass."""

    cells: Sequence[str]
    check: str
    checks: int


def measure_others(task: Task, folder: Path | None) -> dict[str, dict[str, Any]]:
    """By tool: `one_seconds` for a submission, `many_a_second` for ten in a command (otter takes one a command). `folder`: where
    their commands are; None: on the path. A tool that is not there is left out."""
    found: dict[str, dict[str, Any]] = {}
    for name, package, measure in (("nbgrader", "nbgrader", measure_nbgrader), ("otter", "otter-grader", measure_otter)):
        command = shutil.which(name, path=str(folder) if folder else None)
        if command is None:
            continue
        with tempfile.TemporaryDirectory(prefix="touchstone-bench-") as scratch:
            one, many = measure(command, Path(scratch), task)
        found[name] = {
            "version": version_of(command, package),
            "one_seconds": round(one, 3),
            "many_a_second": round(MANY / many, 3),
        }
    return found


def measure_nbgrader(command: str, scratch: Path, task: Task) -> tuple[float, float]:
    """-> seconds of `nbgrader autograde` for one submission, and for ten."""
    source = scratch / "source" / "task" / "task.ipynb"
    source.parent.mkdir(parents=True)
    cells = [code(text, nbgrader=nbgrader_metadata(f"answer{n}", solution=True)) for n, text in enumerate(task.cells)]
    cells += [code(task.check, nbgrader=nbgrader_metadata(f"check{n}", points=1)) for n in range(task.checks)]
    write(source, cells)
    run([command, "generate_assignment", "task"], scratch)
    hand_in(scratch, source, 0)
    one = run([command, "autograde", "task"], scratch)
    shutil.rmtree(scratch / "submitted")
    for number in range(1, MANY + 1):
        hand_in(scratch, source, number)
    many = run([command, "autograde", "task"], scratch)
    run([command, "export"], scratch)
    with (scratch / "grades.csv").open(newline="") as file:
        rows = [(row["score"], row["max_score"]) for row in csv.DictReader(file)]
    if len(rows) != MANY + 1 or any(float(score) != task.checks for score, _ in rows):
        raise NotGraded(f"nbgrader gave {rows}")
    return one, many


def hand_in(scratch: Path, source: Path, number: int) -> None:
    folder = scratch / "submitted" / f"person{number}" / "task"
    folder.mkdir(parents=True)
    shutil.copy(source, folder)


def nbgrader_metadata(name: str, *, solution: bool = False, points: int = 0) -> dict[str, object]:
    graded: dict[str, object] = {"points": points} if points else {}
    return {
        "schema_version": 3, "grade_id": name, "grade": bool(points), "solution": solution, "task": False, "locked": bool(points),
        **graded,
    }  # fmt: skip


def measure_otter(command: str, scratch: Path, task: Task) -> tuple[float, float]:
    """-> seconds of `otter run` for one submission, and for ten, a command each."""
    cells = [raw("# ASSIGNMENT CONFIG\ninit_cell: true\nexport_cell: false"), *map(code, task.cells)]
    cells += [raw("# BEGIN QUESTION\nname: q1"), raw("# BEGIN SOLUTION"), code("answer = 1 # SOLUTION"), raw("# END SOLUTION")]
    cells += [raw("# BEGIN TESTS"), *[code(task.check) for _ in range(task.checks)], raw("# END TESTS"), raw("# END QUESTION")]
    write(scratch / "task.ipynb", cells)
    run([command, "assign", "task.ipynb", "made"], scratch)
    [archive] = (scratch / "made" / "autograder").glob("*.zip")
    (scratch / "out").mkdir()
    submission = str(shutil.copy(scratch / "made" / "autograder" / "task.ipynb", scratch / "handed-in.ipynb"))
    grade = [command, "run", submission, "-a", str(archive), "-o", "out"]
    one = run(grade, scratch)
    tests = json.loads((scratch / "out" / "results.json").read_text())["tests"]
    if not any(test.get("score") == test.get("max_score") == 1 for test in tests):
        raise NotGraded(f"otter gave {[(test.get('score'), test.get('max_score')) for test in tests]}")
    return one, sum(run(grade, scratch) for _ in range(MANY))


def run(command: Sequence[str], folder: Path) -> float:
    """-> seconds. Their kernels are found beside the command."""
    path = f"{Path(command[0]).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    began = time.perf_counter()
    done = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        timeout=LONGEST_SECONDS,
        check=False,
    )
    if done.returncode:
        raise NotGraded(f"`{' '.join(command)}` ended with {done.returncode}: {done.stderr[-500:]}")
    return time.perf_counter() - began


def version_of(command: str, package: str) -> str:
    """As the Python beside the command knows it; what the commands print as their version is a page."""
    ask = [str(Path(command).with_name("python")), "-c", f"import importlib.metadata as m; print(m.version({package!r}))"]
    return subprocess.run(ask, capture_output=True, text=True, timeout=LONGEST_SECONDS, check=False).stdout.strip() or "unknown"


def code(source: str, **metadata: object) -> dict[str, Any]:
    return {"cell_type": "code", "metadata": metadata, "source": source, "outputs": [], "execution_count": None}


def raw(source: str) -> dict[str, Any]:
    return {"cell_type": "raw", "metadata": {}, "source": source}


def write(path: Path, cells: Sequence[dict[str, Any]]) -> None:
    named = [{**cell, "id": f"cell-{number}"} for number, cell in enumerate(cells)]
    path.write_text(json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": KERNEL, "cells": named}))
