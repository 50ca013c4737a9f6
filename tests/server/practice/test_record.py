"""Results: stored once, and what they change for the person."""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlmodel import Session, select

from server.grading.outcome import Grade, Outcome, Reason, State
from server.grading.results import outcomes_of
from server.grading.tables import Result
from server.practice.help import attempt_of, give_up, may_see_explanation
from server.practice.record import record_result
from server.practice.tables import Progress
from server.workspaces.hand_in import hand_in
from server.workspaces.tables import Workspace

RIGHT = Outcome("example", False, State.passed, 2.0, 2.0, "", reasons=(Reason("A", "because", True),))
WRONG = replace(RIGHT, outcome=State.failed, points=0.0, message="no")
WRITTEN = Outcome("essay", False, State.to_mark, 0.0, 0.0, "")


def grade(*outcomes: Outcome) -> Grade:
    return Grade(outcomes, sum(row.points for row in outcomes), 2.0, ("a repair",), (), 0.5, 0.1)


def state(session: Session, workspace: Workspace) -> str:
    progress = session.get(Progress, (workspace.person_id, workspace.exercise_slug))
    assert progress is not None
    return progress.state


def test_grading_again_never_makes_a_second_result(session: Session, workspace: Workspace, moment: datetime) -> None:
    submission = hand_in(session, workspace, "submit", "request-1", moment)
    session.flush()
    first = record_result(session, submission, grade(RIGHT), "env", moment)
    again = record_result(session, submission, grade(WRONG), "env", moment + timedelta(seconds=1))
    assert first.id == again.id
    assert [result.points for result in session.exec(select(Result))] == [2.0]
    assert submission.state == "graded"


def test_stored_outcomes_read_back_as_they_were(session: Session, workspace: Workspace, moment: datetime) -> None:
    submission = hand_in(session, workspace, "submit", "request-1", moment)
    session.flush()
    result = record_result(session, submission, grade(RIGHT, WRITTEN), "env", moment)
    session.commit()
    session.expire_all()
    assert outcomes_of(result) == [RIGHT, WRITTEN]


def test_a_full_submit_solves_the_exercise_and_opens_the_explanation(
    session: Session, workspace: Workspace, moment: datetime
) -> None:
    submission = hand_in(session, workspace, "submit", "request-1", moment)
    session.flush()
    assert not may_see_explanation(attempt_of(session, workspace))
    record_result(session, submission, grade(RIGHT, WRITTEN), "env", moment)
    assert state(session, workspace) == "solved"
    assert may_see_explanation(attempt_of(session, workspace))


def test_neither_a_check_nor_a_partly_right_submit_solves_it(session: Session, workspace: Workspace, moment: datetime) -> None:
    for request, kind, found in (("request-1", "check", grade(RIGHT)), ("request-2", "submit", grade(RIGHT, WRONG))):
        submission = hand_in(session, workspace, kind, request, moment)
        session.flush()
        record_result(session, submission, found, "env", moment)
    assert state(session, workspace) == "tried"


def test_after_giving_up_a_right_answer_no_longer_counts_as_solved_by_own_means(
    session: Session, workspace: Workspace, moment: datetime
) -> None:
    give_up(session, workspace, moment)
    submission = hand_in(session, workspace, "submit", "request-1", moment)
    session.flush()
    record_result(session, submission, grade(RIGHT), "env", moment)
    assert state(session, workspace) == "tried"
    assert may_see_explanation(attempt_of(session, workspace))
