"""An assignment of another system: imported, its reference, its release version and a student's notebook graded."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.foreign_notebooks import nbgrader_release, nbgrader_source, otter_source, otter_student, write

TOUCHSTONE = Path(sys.executable).with_name("touchstone")


def touchstone(*arguments: object, code: int = 0) -> str:
    done = subprocess.run([TOUCHSTONE, *map(str, arguments)], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + done.stderr


def imported(system: str, source: Path, into: Path) -> dict[str, Any]:
    found = json.loads(touchstone("exercises", "import", system, source, "--into", into, "--json"))["exercises"]
    assert len(found) == 1
    return dict(found[0])


def graded(exercise: str, *notebooks: Path) -> dict[str, dict[str, Any]]:
    lines = touchstone("grade", exercise, *notebooks, "--json").splitlines()
    return {Path(row["notebook"]).stem: row for row in map(json.loads, lines)}


def outcomes(row: dict[str, Any]) -> dict[str, str]:
    return {each["check"]: each["outcome"] for each in row["outcomes"]}


@pytest.fixture(scope="module")
def totals(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("nbgrader")
    source = write(folder / "source" / "totals.ipynb", nbgrader_source())
    account = imported("nbgrader", source, folder / "exercises")
    student = nbgrader_release(
        totals="def totals(values):\n    return [] if not values else [values[0], *(values[0] + x for x in totals(values[1:]))]",
        largest="def largest(values):\n    return values[-1]",
        why="Each one is the sum so far.",
    )
    handed_in = {"release": nbgrader_release(), "student": student}
    paths = [write(folder / "submitted" / f"{name}.ipynb", cells) for name, cells in handed_in.items()]
    return {"account": account, "rows": graded(account["exercise"], source, *paths)}


def test_nbgrader_every_cell_has_a_row_and_lost_points_are_counted(totals: dict[str, Any]) -> None:
    account = totals["account"]
    assert {row["cell"] for row in account["rows"]} >= set(range(1, len(nbgrader_source()) + 1))
    assert account["points"] == {"checks": 5, "marked": 6, "left_out": 1}
    assert account["obstacles"] == []
    (lost,) = [row for row in account["rows"] if row["points"] and row["verdict"] == "left out"]
    assert (lost["name"], "mock" in lost["sentence"]) == ("mocked", True)


def test_nbgrader_the_reference_earns_everything_and_the_release_nothing(totals: dict[str, Any]) -> None:
    assert (totals["rows"]["totals"]["points"], totals["rows"]["totals"]["possible"]) == (5, 5)
    assert (totals["rows"]["release"]["points"], totals["rows"]["release"]["possible"]) == (0, 5)


def test_nbgrader_a_students_notebook_is_graded_by_what_it_computes(totals: dict[str, Any]) -> None:
    row = totals["rows"]["student"]
    found = outcomes(row)
    assert (found["totals_right-hidden"], found["largest_right"]) == ("passed", "failed")
    assert row["points"] == 4
    assert (found["why"], found["drawing"], found["by_hand-mark"]) == ("to_mark", "not_attempted", "not_attempted")


@pytest.fixture(scope="module")
def words(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("otter")
    source = write(folder / "source" / "words.ipynb", otter_source())
    (source.parent / "words.txt").write_text("tea milk tea sugar")
    (source.parent / "marks.csv").write_text("not for students")
    account = imported("otter", source, folder / "exercises")
    share = "def share(word):\n    return count(word) / len(words)"
    handed_in = {
        "reference": otter_student("return words.count(word)", "max(words, key=words.count)", share, "Because."),
        "release": otter_student("...", "...", '"""The share of a word."""\n...'),
        "student": otter_student("return len(words) // 2", "'tea'", share),
    }
    paths = [write(folder / "submitted" / f"{name}.ipynb", cells) for name, cells in handed_in.items()]
    return {"account": account, "rows": graded(account["exercise"], *paths)}


def test_otter_every_cell_has_a_row_and_only_named_files_are_copied(words: dict[str, Any]) -> None:
    account = words["account"]
    assert {row["cell"] for row in account["rows"]} >= set(range(1, len(otter_source()) + 1))
    assert account["points"] == {"checks": 5, "marked": 2, "left_out": 0}
    public = Path(account["exercise"]).with_suffix("") / "public"
    assert [path.name for path in public.iterdir()] == ["words.txt"]


def test_otter_the_reference_earns_everything_and_the_release_nothing(words: dict[str, Any]) -> None:
    assert (words["rows"]["reference"]["points"], words["rows"]["reference"]["possible"]) == (5, 5)
    assert (words["rows"]["release"]["points"], words["rows"]["release"]["possible"]) == (0, 5)


def test_otter_a_students_notebook_is_graded_by_what_it_computes(words: dict[str, Any]) -> None:
    found = outcomes(words["rows"]["student"])
    assert [found[f"q1-case-{number}"] for number in (1, 2, 3)] == ["passed", "failed", "passed"]
    assert (found["q2-case-2"], found["q3"]) == ("passed", "not_attempted")


def test_a_second_import_asks_before_it_writes_over_the_first(tmp_path: Path) -> None:
    source = write(tmp_path / "source" / "totals.ipynb", nbgrader_source())
    imported("nbgrader", source, tmp_path / "exercises")
    said = touchstone("exercises", "import", "nbgrader", source, "--into", tmp_path / "exercises", code=2)
    assert "--force" in said
    said = touchstone("exercises", "import", "nbgrader", source, "--into", tmp_path / "exercises", "--force")
    assert "5 by checks, 6 by a person, 1 left out" in " ".join(said.split())


def test_a_notebook_of_another_system_is_refused_and_the_others_are_imported(tmp_path: Path) -> None:
    write(tmp_path / "source" / "totals.ipynb", nbgrader_source())
    write(tmp_path / "source" / "words.ipynb", otter_source())
    said = touchstone("exercises", "import", "nbgrader", tmp_path / "source", "--into", tmp_path / "exercises", code=1)
    assert "not imported. No cell has nbgrader's metadata" in " ".join(said.split())
    assert (tmp_path / "exercises" / "coding" / "totals.ipynb").is_file()
