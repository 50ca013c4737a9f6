"""A broken notebook gets the exercise's structure back, and every repair is said."""

from dataclasses import replace

import pytest

from server.exercise_format.copies.candidate_copy import candidate_cells
from server.exercise_format.exercise import Exercise
from server.grading.handed_in.repairs import Reimposed, reimpose
from server.grading.handed_in.submitted import SubmittedCell
from tests.exercises import bundled

MINE = "def softmax_cross_entropy(logits, labels):\n    return 1.0, logits\n"


@pytest.fixture(scope="module")
def exercise() -> Exercise:
    return bundled("softmax-cross-entropy-stable")


@pytest.fixture
def handed_in(exercise: Exercise) -> list[SubmittedCell]:
    """The candidate's copy with an answer in it."""
    copied = candidate_cells(exercise, 0, {})
    return [SubmittedCell(cell.id, cell.type, MINE if cell.role == "answer" else cell.source) for cell in copied]


def sources(found: Reimposed) -> list[str]:
    return [cell.source for cell in found.cells]


def without(cells: list[SubmittedCell], cell_id: str) -> list[SubmittedCell]:
    return [cell for cell in cells if cell.id != cell_id]


def test_an_honest_notebook_needs_no_repair(exercise: Exercise, handed_in: list[SubmittedCell]) -> None:
    found = reimpose(exercise, handed_in)
    assert found.repairs == ()
    assert found.sources == {"softmax_cross_entropy": MINE}
    assert [cell.id for cell in found.cells] == ["setup-1", "answer-1"]


def test_a_deleted_given_cell_is_put_back(exercise: Exercise, handed_in: list[SubmittedCell]) -> None:
    found = reimpose(exercise, without(handed_in, "setup-1"))
    assert sources(found) == ["import numpy as np", MINE]
    assert any("was missing; it was put back" in repair for repair in found.repairs)


def test_a_changed_given_cell_is_run_as_given(exercise: Exercise, handed_in: list[SubmittedCell]) -> None:
    changed = [replace(cell, source="np = None") if cell.id == "setup-1" else cell for cell in handed_in]
    found = reimpose(exercise, changed)
    assert sources(found) == ["import numpy as np", MINE]
    assert any("had been changed" in repair for repair in found.repairs)


def test_a_given_cell_that_is_there_twice_runs_once(exercise: Exercise, handed_in: list[SubmittedCell]) -> None:
    found = reimpose(exercise, [*handed_in, SubmittedCell("setup-1", "code", "import numpy as np")])
    assert sources(found) == ["import numpy as np", MINE]
    assert any("2 times" in repair for repair in found.repairs)


def test_of_a_duplicated_answer_the_last_one_that_was_worked_on_counts(
    exercise: Exercise, handed_in: list[SubmittedCell]
) -> None:
    stub = exercise.answers[0].stub
    found = reimpose(exercise, [*handed_in, SubmittedCell("answer-1", "code", stub)])
    assert found.sources == {"softmax_cross_entropy": MINE}
    assert any("was there 2 times" in repair for repair in found.repairs)


def test_an_answer_without_its_id_is_found_by_what_it_defines(exercise: Exercise, handed_in: list[SubmittedCell]) -> None:
    moved = [replace(cell, id="") if cell.id == "answer-1" else cell for cell in handed_in]
    found = reimpose(exercise, moved)
    assert found.sources == {"softmax_cross_entropy": MINE}
    assert [cell.source for cell in found.cells].count(MINE) == 1
    assert any("another cell defines softmax_cross_entropy" in repair for repair in found.repairs)


def test_an_answer_that_gives_no_name_takes_no_other_cell(exercise: Exercise, handed_in: list[SubmittedCell]) -> None:
    silent = replace(exercise, answers=tuple(replace(answer, gives=()) for answer in exercise.answers))
    found = reimpose(silent, [*without(handed_in, "answer-1"), SubmittedCell("own", "code", "scratch = 1")])
    assert found.sources == {"softmax_cross_entropy": exercise.answers[0].stub}


def test_an_answer_that_became_markdown_is_run_as_code(exercise: Exercise, handed_in: list[SubmittedCell]) -> None:
    retyped = [replace(cell, type="markdown") if cell.id == "answer-1" else cell for cell in handed_in]
    found = reimpose(exercise, retyped)
    assert sources(found)[-1] == MINE
    assert any("had become a markdown cell" in repair for repair in found.repairs)


def test_an_answer_that_was_split_in_two_counts_as_one(exercise: Exercise, handed_in: list[SubmittedCell]) -> None:
    place = [cell.id for cell in handed_in].index("answer-1")
    parts = [SubmittedCell("answer-1", "code", "def stable(x): return x"), SubmittedCell("new", "code", MINE)]
    found = reimpose(exercise, [*handed_in[:place], *parts, *handed_in[place + 1 :]])
    assert found.sources == {"softmax_cross_entropy": f"def stable(x): return x\n\n{MINE}"}
    assert sources(found) == ["import numpy as np", f"def stable(x): return x\n\n{MINE}"]
    assert found.repairs == ("The answer cell softmax_cross_entropy had been split in two; both parts count.",)


def test_a_missing_answer_leaves_the_starter(exercise: Exercise, handed_in: list[SubmittedCell]) -> None:
    found = reimpose(exercise, without(handed_in, "answer-1"))
    assert found.sources == {"softmax_cross_entropy": exercise.answers[0].stub}
    assert any("the untouched starter was used" in repair for repair in found.repairs)


def test_cells_in_another_order_run_in_the_exercises_order(exercise: Exercise, handed_in: list[SubmittedCell]) -> None:
    assert sources(reimpose(exercise, handed_in[::-1])) == ["import numpy as np", MINE]


def test_own_cells_stay_where_they_were(exercise: Exercise, handed_in: list[SubmittedCell]) -> None:
    place = [cell.id for cell in handed_in].index("setup-1")
    mixed = [
        *handed_in[: place + 1],
        SubmittedCell("own-1", "code", "helper = 1"),
        *handed_in[place + 1 :],
        SubmittedCell("", "code", "late = 2"),
    ]
    assert sources(reimpose(exercise, mixed)) == ["import numpy as np", "helper = 1", MINE, "late = 2"]


def test_an_edited_visible_check_is_replaced_and_said(exercise: Exercise, handed_in: list[SubmittedCell]) -> None:
    edited = [replace(cell, source="pass") if cell.id == "check-1" else cell for cell in handed_in]
    found = reimpose(exercise, edited)
    assert "pass" not in sources(found)
    assert any("visible check example had been changed" in repair for repair in found.repairs)


def test_an_empty_notebook_is_the_starter_with_everything_said(exercise: Exercise) -> None:
    found = reimpose(exercise, [])
    assert sources(found) == ["import numpy as np", exercise.answers[0].stub]
    assert len(found.repairs) == 2


def test_answers_to_questions_are_found_by_their_cell() -> None:
    exercise = bundled("bias-variance-of-a-shrunken-mean")
    cell = next(question.answer_cell for question in exercise.questions if question.name == "bias2")
    found = reimpose(exercise, [SubmittedCell(cell, "raw", ""), SubmittedCell(cell, "raw", "0.25")])
    assert found.texts["bias2"] == "0.25"
    assert found.texts["variance"] == ""
    assert any("there 2 times" in repair for repair in found.repairs)
