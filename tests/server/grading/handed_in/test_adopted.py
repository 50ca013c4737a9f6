"""Notebooks that were handed in with another system, laid beside the exercise that was imported from it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest

from server.exercise_format.exercise import Exercise
from server.exercise_format.foreign.imported import make_exercise
from server.exercise_format.foreign.parts import Parts
from server.exercise_format.nbgrader.reader import read_nbgrader
from server.exercise_format.otter.reader import read_otter
from server.exercise_format.reading.reader import read_exercise
from server.grading.handed_in.adopted import adopt, is_machinery
from server.grading.handed_in.repairs import reimpose
from server.grading.handed_in.submitted import SubmittedCell, read_submitted
from tests.exercises import bundled
from tests.foreign_notebooks import Cell, as_bytes, nbgrader_release, nbgrader_source, otter_source, otter_student, text


def imported(parts: Parts) -> Exercise:
    made = make_exercise(parts, "imported", {"words.txt": b"tea"}, "", date(2026, 1, 1))
    exercise = read_exercise(made.notebook, made.slug).exercise
    assert exercise is not None
    return exercise


@pytest.fixture(scope="module")
def totals() -> Exercise:
    return imported(read_nbgrader(as_bytes(*nbgrader_source())))


@pytest.fixture(scope="module")
def words() -> Exercise:
    return imported(read_otter(as_bytes(*otter_source()), {"words.txt": b"tea"}))


def cells(*made: Cell) -> tuple[SubmittedCell, ...]:
    return read_submitted(as_bytes(*made)).cells


def answers(exercise: Exercise, submitted: Sequence[SubmittedCell]) -> dict[str, str]:
    return dict(reimpose(exercise, adopt(exercise, submitted)).sources)


def texts(exercise: Exercise, submitted: Sequence[SubmittedCell]) -> dict[str, str]:
    return dict(reimpose(exercise, adopt(exercise, submitted)).texts)


def test_nbgraders_cells_are_known_by_their_names_in_any_order(totals: Exercise) -> None:
    handed_in = cells(*reversed(nbgrader_release(totals="def totals(values): return 1", largest="largest = max")))
    found = answers(totals, handed_in)
    assert (found["totals"], found["largest"]) == ("def totals(values): return 1", "largest = max")


def test_given_cells_without_a_name_are_known_by_their_text(totals: Exercise) -> None:
    found = reimpose(totals, adopt(totals, cells(*nbgrader_release())))
    assert [cell.source for cell in found.cells].count("totals([1, 2, 3])") == 1
    assert found.repairs == ()


def test_a_changed_test_is_the_exercises_own_again(totals: Exercise) -> None:
    found = reimpose(totals, adopt(totals, cells(*nbgrader_release(totals_right="pass"))))
    assert not any(cell.source == "pass" for cell in found.cells)


def test_a_prompt_is_no_answer_and_cells_below_a_task_are(totals: Exercise) -> None:
    handed_in = nbgrader_release(by_hand="print(3)")
    assert texts(totals, cells(*handed_in)) == {"why": "", "by_hand-mark": "```python\nprint(3)\n```", "drawing": ""}
    drawn = [*handed_in, text("See:"), {"cell_type": "code", "metadata": {}, "source": "plot()"}]
    assert texts(totals, cells(*drawn))["drawing"] == "See:\n\n```python\nplot()\n```"


def test_otters_answers_are_known_by_their_place_and_tag(words: Exercise) -> None:
    handed_in = cells(*otter_student("return 1", "'tea'", "def share(word): return 2", "Because."))
    found = answers(words, handed_in)
    assert (found["q1"], found["q2"]) == ("def count(word):\n    return 1\nmost = 'tea'", "def share(word): return 2")
    assert texts(words, handed_in) == {"q3": "Because."}


def test_otters_own_calls_are_not_run(words: Exercise) -> None:
    found = reimpose(words, adopt(words, cells(*otter_student("...", "...", "..."))))
    assert not any("grader" in cell.source for cell in found.cells)


def test_a_persons_own_cell_between_answers_takes_no_answers_place(words: Exercise) -> None:
    handed_in = list(otter_student("return 1", "'tea'", "def share(word): return 2"))
    handed_in.insert(5, {"cell_type": "code", "metadata": {}, "source": "scratch = 1"})
    assert answers(words, cells(*handed_in))["q2"] == "def share(word): return 2"


@pytest.mark.parametrize(
    ("source", "machinery"),
    [
        ('grader.check("q1")', True),
        ("# Initialize Otter\nimport otter\ngrader = otter.Notebook()", True),
        ('x = 1\ngrader.check("q1")', False),
        ("grader = 3", False),
        ("x = 1", False),
    ],
)
def test_a_cell_is_otters_only_when_all_of_it_is(source: str, machinery: bool) -> None:
    assert is_machinery(SubmittedCell("a", "code", source)) is machinery


def test_a_notebook_of_our_own_stays_as_it_is() -> None:
    exercise = bundled("softmax-cross-entropy-stable")
    ours = [SubmittedCell(cell.id, cell.type, cell.body) for cell in exercise.cells]
    assert adopt(exercise, ours) is ours
    labelled = [replace(cell, label="answer-1x") for cell in ours]
    assert [cell.id for cell in adopt(exercise, labelled)] == [cell.id for cell in ours]
