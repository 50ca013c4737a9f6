"""Small notebooks for the tests of the format: written as text, like the starters."""

from collections.abc import Callable
from datetime import date
from importlib.resources import files

import pytest

from server.exercise_format.exercise import Exercise
from server.exercise_format.reading.reader import Reading, read_exercise
from server.exercise_format.starter import as_notebook

TODAY = date(2026, 11, 24)


@pytest.fixture
def starter() -> Callable[[str], str]:
    """The text of a starter, to be changed."""
    return lambda kind: files("server.exercise_format").joinpath("starters", f"{kind}.txt").read_text("utf-8")


@pytest.fixture
def read() -> Callable[[str], Reading]:
    """Reads a notebook that is written as text."""
    return lambda text: read_exercise(as_notebook(text, "small-one", TODAY), "small-one")


@pytest.fixture
def read_starter(starter: Callable[[str], str], read: Callable[[str], Reading]) -> Callable[[str], Exercise]:
    """A starter as an exercise, without any finding."""

    def make(kind: str) -> Exercise:
        reading = read(starter(kind))
        assert reading.exercise is not None, reading.findings
        return reading.exercise

    return make
