"""`touchstone grade EXERCISE FOLDER` as a person calls it: odd notebooks among good ones, killed in the middle, called again."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from server.exercise_format.copies.candidate_copy import candidate_notebook
from tests.exercises import bundled

SLUG = "softmax-cross-entropy-stable"
TOUCHSTONE = Path(sys.executable).with_name("touchstone")
SECONDS = 120


def notebook(solved: bool, note: str = "") -> str:
    exercise = bundled(SLUG)
    copy = candidate_notebook(exercise, 0, {})
    for cell in copy["cells"]:
        answer = next((each for each in exercise.answers if each.cell == cell["id"]), None)
        if solved and answer is not None:
            cell["source"] = exercise.solution_source(answer)
    copy["cells"].append({"id": "note", "cell_type": "markdown", "metadata": {}, "source": note})
    return json.dumps(copy)


def call(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [str(TOUCHSTONE), "grade", SLUG, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)


def lines(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as stream:
        return list(csv.DictReader(stream))


def document(path: Path) -> dict[str, Any]:
    found = json.loads(path.read_text())
    assert isinstance(found, dict)
    return found


def test_odd_notebooks_stop_nothing_and_are_told_apart(tmp_path: Path) -> None:
    folder = tmp_path / "handed in"
    (folder / "group b").mkdir(parents=True)
    (folder / ".ipynb_checkpoints").mkdir()
    (folder / "a right.ipynb").write_text(notebook(True))
    (folder / "group b" / "stub.ipynb").write_text(notebook(False))
    (folder / ".ipynb_checkpoints" / "a right.ipynb").write_text(notebook(True))
    (folder / "=cut().ipynb").write_text(notebook(True)[:200])
    (folder / "empty.ipynb").write_text('{"nbformat": 4, "cells": []}')
    (folder / "link.ipynb").symlink_to(folder / "a right.ipynb")
    (folder / "large.ipynb").write_bytes(b"")
    os.truncate(folder / "large.ipynb", 20_000_000_000)
    os.mkfifo(folder / "pipe.ipynb")
    other = json.loads(notebook(True))
    other["metadata"]["touchstone"]["exercise"] = "another-exercise"
    (folder / "other.ipynb").write_text(json.dumps(other))

    called = call(folder, "--jobs", 2)

    assert called.returncode == 1, called.stderr
    assert "8 notebooks: 2 graded, 6 unreadable. Points: 11 in all, 5.5 on average." in called.stdout
    into = tmp_path / "handed in-grades"
    rows = {row["notebook"]: row for row in lines(into / "results.csv")}
    assert {name: (row["status"], row["points"]) for name, row in rows.items()} == {
        "'=cut().ipynb": ("unreadable", ""),
        "a right.ipynb": ("graded", "11.0"),
        "empty.ipynb": ("unreadable", ""),
        "group b/stub.ipynb": ("graded", "0.0"),
        "large.ipynb": ("unreadable", ""),
        "link.ipynb": ("unreadable", ""),
        "other.ipynb": ("unreadable", ""),
        "pipe.ipynb": ("unreadable", ""),
    }
    assert "not JSON" in rows["'=cut().ipynb"]["error"]
    assert "None of the answer cells" in rows["empty.ipynb"]["error"]
    assert "a notebook of the exercise another-exercise" in rows["other.ipynb"]["error"]
    assert "20000 MB" in rows["large.ipynb"]["error"]
    assert "is a link" in rows["link.ipynb"]["error"]
    assert "no plain file" in rows["pipe.ipynb"]["error"]
    assert "no grade of zero" in (into / "reports" / "empty.html").read_text()
    assert document(into / "results.json")["by_status"] == {"graded": 2, "unreadable": 6}


def test_pages_hold_nothing_hidden(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "stub.ipynb").write_text(notebook(False))
    (folder / "<script>.ipynb").write_text(notebook(True))
    assert call(folder).returncode == 0
    pages = "".join(path.read_text() for path in (tmp_path / "in-grades").rglob("*.html"))
    assert "11 of 11 points" in pages
    assert "<script>" not in pages
    secret = [line.strip() for check in bundled(SLUG).checks if check.hidden for line in check.source.splitlines()]
    told = [line for line in secret if len(line) > 15 and line in pages]
    assert secret
    assert told == []


def test_killed_in_the_middle_it_goes_on_and_comes_to_the_same(tmp_path: Path) -> None:
    folder, into = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    for number in range(12):
        (folder / f"{number:02}.ipynb").write_text(notebook(number % 3 == 0, f"notebook {number}"))
    whole = call(folder, "--into", tmp_path / "whole")
    assert whole.returncode == 0, whole.stderr

    ledger = into / "results.jsonl"
    command = [str(TOUCHSTONE), "grade", SLUG, str(folder), "--into", str(into), "--jobs", "1"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running:
        until = time.monotonic() + SECONDS
        while time.monotonic() < until and (not ledger.exists() or ledger.read_text().count("\n") < 3):
            time.sleep(0.01)
        running.kill()
    done = ledger.read_text().count("\n")
    assert 3 <= done < 12

    again = call(folder, "--into", into)
    assert again.returncode == 0, again.stderr
    assert f"{done} of them were graded by an earlier call." in again.stdout
    assert "12 notebooks: 12 graded. Points: 44 in all, 3.6667 on average." in again.stdout
    first, second = (without_times(path / "results.json") for path in (tmp_path / "whole", into))
    assert first == second
    assert "12 of them were graded by an earlier call." in call(folder, "--into", into).stdout


def without_times(path: Path) -> dict[str, Any]:
    found = document(path)
    for row in found["notebooks"]:
        row["seconds"] = row["notebook_seconds"] = 0
        for outcome in row["outcomes"]:
            outcome["seconds"] = 0
    return found


@pytest.mark.parametrize(
    ("arguments", "said"),
    [(["--jobs", "2"], "are for a folder"), (["--into", "x"], "are for a folder")],
)
def test_what_only_a_folder_has_is_refused_for_files(tmp_path: Path, arguments: list[str], said: str) -> None:
    (tmp_path / "a.ipynb").write_text(notebook(True))
    called = call(tmp_path / "a.ipynb", *arguments)
    assert (called.returncode, said in called.stderr) == (2, True)


def test_a_folder_without_notebooks_says_so(tmp_path: Path) -> None:
    called = call(tmp_path)
    assert (called.returncode, "There is no notebook (*.ipynb) in" in called.stderr) == (2, True)
