"""The other grader of the comparison: it runs a notebook's checks in the notebook's own process, as many do.

A check that the notebook has a cell for is taken from there, source and points, as when nobody puts the author's back. The
exercise's private files and a module with its solution lie beside the notebook, as where an archive of tests is unpacked."""

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sandbox.environments import candidate_python
from tests.attacks.grading.assignments.assignment import Assignment, Document, judge_setups

SOLUTION = "# SOLUTION of the course"
GRADER = Path(__file__).with_name("naive_grader.py")


def points_in_same_process(assignment: Assignment, documents: Mapping[str, Document], first: bool = False) -> dict[str, float]:
    """By the names of the notebooks. `first`: only whether there are any, which takes less time."""
    cases = {name: {**as_case(assignment, document), "first": first} for name, document in documents.items()}
    passed = run(cases)
    return {name: count(assignment, document, passed[name]) for name, document in documents.items()}


def run(cases: Mapping[str, object]) -> dict[str, dict[str, bool]]:
    """Which checks of which notebook pass. The grader believes every process that leaves with 0."""
    command = [candidate_python(), "-s", GRADER]
    done = subprocess.run(command, input=json.dumps(cases), capture_output=True, text=True, check=True)
    return json.loads(done.stdout)  # type: ignore[no-any-return]


def as_case(assignment: Assignment, document: Document) -> dict[str, Any]:
    exercise, cells = assignment.exercise, document.get("cells", [])
    own = {cell["id"]: cell for cell in cells}
    checks = {check.cell: check for check in exercise.checks}
    files = {name: data.decode() for name, data in exercise.public_files.items()}
    files |= {f"private/{name}": data.decode() for name, data in exercise.private_files.items()}
    files["course/solution.py"] = f"{SOLUTION}\nimport numpy as np\nimport pandas as pd\n\n{assignment.reference}\n"
    return {
        "cells": [cell["source"] for cell in cells if cell["cell_type"] == "code" and cell["id"] not in checks],
        "setup": judge_setups(exercise),
        "checks": {check.name: own.get(check.cell, {}).get("source", check.source) for check in exercise.checks},
        "files": files,
    }


def count(assignment: Assignment, document: Document, passed: Mapping[str, bool]) -> float:
    own = {cell["id"]: cell["metadata"].get("points") for cell in document.get("cells", [])}
    return sum((own.get(check.cell) or check.points) for check in assignment.exercise.checks if passed[check.name])
