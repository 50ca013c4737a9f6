"""Every exercise of the bank is read and linted without an error; the gate itself runs them."""

from pathlib import Path

import pytest

from server.exercise_format.finding import errors
from server.exercise_format.folder import exercise_paths, read_exercise_file
from server.exercise_format.linter import lint
from server.files import exercises_folder

PATHS = exercise_paths(exercises_folder())


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_a_bundled_exercise_has_no_error(path: Path) -> None:
    reading = read_exercise_file(path)
    assert errors(lint(reading, path.parent.name)) == ()
    assert reading.exercise is not None


def test_the_bank_has_every_kind() -> None:
    assert {path.parent.name for path in PATHS} == {
        "culture",
        "coding",
        "debugging",
        "maths",
        "takehome",
        "applied",
        "projects",
        "theory",
    }
