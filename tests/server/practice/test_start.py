"""What a person gets when they start an exercise."""

from datetime import datetime

from sqlmodel import Session

from server.exercise_format.exercise import Exercise
from server.practice.start import start_exercise
from server.practice.tables import Progress
from server.workspaces.cells import list_cells
from server.workspaces.tables import Workspace
from tests.exercises import bundled


def test_a_start_copies_what_a_candidate_may_have_and_nothing_else(
    session: Session, workspace: Workspace, exercise: Exercise
) -> None:
    cells = list_cells(session, workspace)
    assert [(cell.id, cell.role) for cell in cells] == [("text-1", "text"), ("setup-1", "setup"), ("answer-1", "answer")]
    everything = " ".join(cell.source + cell.starter for cell in cells)
    for check in exercise.checks:
        assert check.source not in everything
    assert "log_probabilities" not in everything
    assert "mean_loss" not in everything


def test_starting_marks_the_exercise_as_tried_and_keeps_it_so(
    session: Session, workspace: Workspace, exercise: Exercise, moment: datetime
) -> None:
    start_exercise(session, workspace.person_id, exercise, "digest", 8, {}, moment)
    progress = session.get(Progress, (workspace.person_id, exercise.slug))
    assert progress is not None
    assert progress.state == "tried"


def test_questions_become_empty_answers_and_their_numbers_are_filled_in(
    session: Session, workspace: Workspace, moment: datetime
) -> None:
    theory = bundled("bias-variance-of-a-shrunken-mean")
    values = {"n": 8, "mu": 3.0, "sigma": 5.0, "c": 0.7}
    started = start_exercise(session, workspace.person_id, theory, "digest", 7, values, moment)
    cells = list_cells(session, started)
    questions = [cell for cell in cells if cell.role == "question"]
    assert {cell.name for cell in questions} == {question.name for question in theory.questions}
    assert all(cell.source == "" for cell in questions)
    assert "measure a quantity 8 times" in cells[0].source
