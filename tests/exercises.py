"""Exercises of the bundled bank, read for tests."""

from functools import cache

from server.exercise_format.exercise import Exercise
from server.exercise_format.folder import exercise_paths, read_exercise_file
from server.files import exercises_folder


@cache
def bundled(slug: str) -> Exercise:
    """One exercise of the bank."""
    path = next(path for path in exercise_paths(exercises_folder()) if path.stem == slug)
    reading = read_exercise_file(path)
    assert reading.exercise is not None, reading.findings
    return reading.exercise
