"""Hints open one by one; marks of one's own are checked."""

from datetime import datetime

import pytest
from sqlmodel import Session

from server.errors import Conflict, Invalid, NotFound
from server.exercise_format.exercise import Exercise
from server.grading.outcome import Grade, Outcome, State
from server.practice.help import attempt_of, show_next_hint, shown_hints
from server.practice.record import record_result
from server.practice.self_marks import list_self_marks, mark_yourself, points_of
from server.practice.start import start_exercise
from server.workspaces.hand_in import hand_in
from server.workspaces.tables import Workspace
from tests.exercises import bundled


def test_hints_open_in_their_order_until_there_are_none(
    session: Session, workspace: Workspace, exercise: Exercise, moment: datetime
) -> None:
    for number in range(len(exercise.hints)):
        opened = show_next_hint(session, workspace, exercise, number, moment)
        assert [hint.level for hint in opened] == [hint.level for hint in exercise.hints[: number + 1]]
    with pytest.raises(Conflict):
        show_next_hint(session, workspace, exercise, len(exercise.hints), moment)


def test_a_double_click_opens_one_hint(session: Session, workspace: Workspace, exercise: Exercise, moment: datetime) -> None:
    show_next_hint(session, workspace, exercise, 0, moment)
    show_next_hint(session, workspace, exercise, 0, moment)
    assert len(shown_hints(attempt_of(session, workspace), exercise)) == 1


@pytest.fixture
def theory() -> Exercise:
    return bundled("bias-variance-of-a-shrunken-mean")


@pytest.fixture
def unsubmitted(session: Session, workspace: Workspace, theory: Exercise, moment: datetime) -> Workspace:
    return start_exercise(session, workspace.person_id, theory, "digest", 7, {}, moment)


@pytest.fixture
def theory_workspace(session: Session, unsubmitted: Workspace, moment: datetime) -> Workspace:
    """With a written answer that was submitted."""
    submission = hand_in(session, unsubmitted, "submit", "request-1", moment)
    session.flush()
    written = Outcome("explain", False, State.to_mark, 0.0, 0.0, "", question=True)
    record_result(session, submission, Grade((written,), 0.0, 0.0, (), (), 0.1, 0.0), "env", moment)
    return unsubmitted


def test_model_answers_open_only_after_an_answer_of_ones_own_was_submitted(
    session: Session, unsubmitted: Workspace, theory: Exercise, moment: datetime
) -> None:
    with pytest.raises(Conflict, match="submit it first"):
        mark_yourself(session, unsubmitted, theory, "explain", {"0": 5, "1": 5, "2": 5, "3": 5}, moment)


def test_own_marks_give_points_and_can_be_changed(
    session: Session, theory_workspace: Workspace, theory: Exercise, moment: datetime
) -> None:
    mark = mark_yourself(session, theory_workspace, theory, "explain", {"0": 5, "1": 5, "2": 5, "3": 5}, moment)
    assert points_of(theory, mark) == (4.0, 4.0)
    mark_yourself(session, theory_workspace, theory, "explain", {"0": 1, "1": 1, "2": 1, "3": 3}, moment)
    session.flush()
    assert points_of(theory, list_self_marks(session, theory_workspace)["explain"]) == (0.5, 4.0)


@pytest.mark.parametrize(
    "marks", [{}, {"0": 5}, {"0": 6, "1": 1, "2": 1, "3": 1}, {"0": True, "1": 1, "2": 1, "3": 1}, {"0": "5"}]
)
def test_a_mark_is_needed_for_every_line(
    session: Session, theory_workspace: Workspace, theory: Exercise, moment: datetime, marks: dict[str, object]
) -> None:
    with pytest.raises(Invalid, match="mark from 1 to 5"):
        mark_yourself(session, theory_workspace, theory, "explain", marks, moment)


def test_a_question_without_a_rubric_cannot_be_marked(
    session: Session, theory_workspace: Workspace, theory: Exercise, moment: datetime
) -> None:
    with pytest.raises(NotFound):
        mark_yourself(session, theory_workspace, theory, "bias2", {"0": 5}, moment)
