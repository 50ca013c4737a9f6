"""The evidence of a sitting is what the rows say at this moment, whatever was kept in memory of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, event
from sqlmodel import Session

from server.assessments.decisions.evidence import Missing, Seen
from server.assessments.decisions.gathering import seen_by_sitting, seen_of
from server.assessments.decisions.verdicts import Evidence
from server.assessments.marking.marks import finish_marking, reopen_marking
from server.assessments.marking.reconciling import reconcile
from server.assessments.marking.rubrics import lines_of
from server.assessments.sittings.sitting import tasks_of
from server.assessments.tables.incidents import Quarantine
from server.assessments.tables.marking import Marking
from server.assessments.tables.sittings import Sitting
from server.assessments.teams.members import remove_member
from server.assessments.teams.rights import Role
from server.grading.handed_in.submissions import result_of
from server.grading.tables import Result, Submission
from tests import rounds
from tests.rounds import Round

LATER = timedelta(hours=2)


@pytest.fixture
def here(session: Session, moment: datetime) -> Round:
    return rounds.make_round(session, moment)


@pytest.fixture
def sitting(session: Session, here: Round, moment: datetime) -> Sitting:
    return rounds.sat(session, here, "Agate 14", moment)


@contextmanager
def counted(engine: Engine) -> Iterator[list[str]]:
    """The statements that are sent meanwhile."""
    sent: list[str] = []

    def note(*arguments: object) -> None:
        sent.append(str(arguments[2]))

    event.listen(engine, "before_cursor_execute", note)
    yield sent
    event.remove(engine, "before_cursor_execute", note)


def test_from_running_to_all_marks(session: Session, here: Round, moment: datetime) -> None:
    candidate = rounds.invited(session, here, "Agate 14", moment)
    sitting = rounds.start(session, candidate, moment)
    assert seen_of(session, sitting).words == "Running"
    rounds.hand_in(session, candidate, moment)
    assert seen_of(session, sitting).words == "Being graded"
    rounds.graded(session, sitting, moment)
    assert seen_of(session, sitting).words == "To mark"
    rounds.marked(session, here, sitting, moment, markers=1)
    assert seen_of(session, sitting).words == "To mark"
    rounds.marked(session, here, sitting, moment, markers=1)
    assert seen_of(session, sitting).words == "Meets every floor"


def test_marks_and_machines_are_both_evidence(session: Session, here: Round, sitting: Sitting, moment: datetime) -> None:
    rounds.graded(session, sitting, moment, share=0.5)
    rounds.marked(session, here, sitting, moment, level=3)
    code, text = seen_of(session, sitting).works
    assert code.decided == Evidence(8.0, 11.0, 7) and code.marked is None
    assert (text.decided, text.marked) == (Evidence(0.0, 0.0, 0), Evidence(6.0, 12.0, 6))


def test_a_fault_of_ours_is_told_from_a_grading_that_takes_its_time(session: Session, sitting: Sitting, moment: datetime) -> None:
    assert seen_of(session, sitting).missing is Missing.grading
    for task in tasks_of(session, sitting):
        session.get_one(Submission, task.submission_id).state = "our_fault"
    session.flush()
    assert seen_of(session, sitting).missing is Missing.fault


def test_a_regrade_is_seen_at_once(session: Session, here: Round, sitting: Sitting, moment: datetime) -> None:
    rounds.graded(session, sitting, moment, share=0.0)
    rounds.marked(session, here, sitting, moment)
    assert seen_of(session, sitting).words == "Not shown: coding"
    submission = tasks_of(session, sitting)[0].submission_id
    assert submission is not None
    old = result_of(session, submission)
    assert old is not None
    better = [{**row, "outcome": "passed", "points": row["possible"]} for row in old.outcomes]
    columns = old.model_dump() | {"id": "regraded", "regrade_id": "r1", "outcomes": better, "created_at": moment + LATER}
    session.add(Result(**columns))
    session.flush()
    assert seen_of(session, sitting).words == "Meets every floor"


def test_what_was_rolled_back_is_not_remembered_as_what_is_stored(
    session: Session, here: Round, sitting: Sitting, moment: datetime
) -> None:
    """A regrade that was applied and rolled back, and then another one."""
    rounds.graded(session, sitting, moment, share=0.0)
    rounds.marked(session, here, sitting, moment)
    session.commit()
    submission = tasks_of(session, sitting)[0].submission_id or ""
    old = result_of(session, submission)
    assert old is not None
    kept, better = old.model_dump(), [{**row, "outcome": "passed", "points": row["possible"]} for row in old.outcomes]
    session.add(Result(**kept | {"id": "one", "regrade_id": "r1", "outcomes": better, "created_at": moment + LATER}))
    session.flush()
    assert seen_of(session, sitting).words == "Meets every floor"
    session.rollback()
    session.add(Result(**kept | {"id": "two", "regrade_id": "r2", "created_at": moment + LATER}))
    session.commit()
    assert seen_of(session, sitting).words == "Not shown: coding"


def test_marks_that_are_opened_again_and_changed_are_seen(
    session: Session, here: Round, sitting: Sitting, moment: datetime
) -> None:
    rounds.graded(session, sitting, moment)
    first, second = rounds.marked(session, here, sitting, moment, level=5)
    assert seen_of(session, sitting).words == "Meets every floor"
    line = lines_of(session, sitting)[0].key
    rounds.change_mark(session, second, sitting, line, 1, moment + LATER)
    assert seen_of(session, sitting).words == "To mark"
    reconcile(session, first, sitting, line, 2, "It says so", moment + LATER)
    agreed = seen_of(session, sitting).works[1].marked
    assert agreed is not None and agreed.points < 12
    reconcile(session, first, sitting, line, 4, "We looked again", moment + 2 * LATER)
    again = seen_of(session, sitting).works[1].marked
    assert again is not None and again.points > agreed.points
    reopen_marking(session, first, sitting, moment + LATER)
    assert seen_of(session, sitting).words == "To mark"
    finish_marking(session, first, sitting, moment + LATER)
    assert seen_of(session, sitting).missing is None


def test_a_marker_who_leaves_the_team_makes_room(session: Session, here: Round, sitting: Sitting, moment: datetime) -> None:
    rounds.graded(session, sitting, moment)
    gone = rounds.join(session, here.team, Role.reviewer, moment)
    session.add(Marking(sitting_id=sitting.id, person_id=gone.member.person_id, begun_at=moment - LATER))
    session.flush()
    rounds.marked(session, here, sitting, moment, markers=1)
    manager = rounds.join(session, here.team, Role.manager, moment)
    for line in lines_of(session, sitting):
        rounds.give_mark(session, manager, sitting, line.key, 5, "", moment)
    finish_marking(session, manager, sitting, moment)
    assert seen_of(session, sitting).words == "To mark"
    remove_member(session, here.owner, gone.member.person_id, moment)
    assert seen_of(session, sitting).words == "Meets every floor"


def test_a_quarantine_counts_until_it_is_lifted(session: Session, here: Round, sitting: Sitting, moment: datetime) -> None:
    rounds.graded(session, sitting, moment)
    rounds.marked(session, here, sitting, moment)
    assert seen_of(session, sitting).words == "Meets every floor"
    row = Quarantine(team_id=here.team.id, exercise_slug=rounds.CODING, reason="A check is wrong", by="x", at=moment)
    session.add(row)
    session.flush()
    assert seen_of(session, sitting).words == "Not enough evidence: coding"
    row.lifted_at = moment
    session.flush()
    assert seen_of(session, sitting).words == "Meets every floor"


def test_another_teams_quarantine_changes_nothing(session: Session, here: Round, sitting: Sitting, moment: datetime) -> None:
    other = rounds.make_round(session, moment, name="Others")
    session.add(Quarantine(team_id=other.team.id, exercise_slug=rounds.CODING, reason="Ours", by="x", at=moment))
    session.flush()
    rounds.graded(session, sitting, moment)
    rounds.marked(session, here, sitting, moment)
    assert seen_of(session, sitting).words == "Meets every floor"


def test_a_take_home_that_is_handed_in_again_is_judged_anew(
    session: Session, here: Round, sitting: Sitting, moment: datetime
) -> None:
    """The team opened it again: other submissions, results of their own."""
    rounds.graded(session, sitting, moment)
    rounds.marked(session, here, sitting, moment)
    assert seen_of(session, sitting).words == "Meets every floor"
    sitting.handed_in_at = None
    session.flush()
    assert seen_of(session, sitting).words == "Running"
    sitting.handed_in_at = moment + LATER
    for task in tasks_of(session, sitting):
        task.submission_id = None
    session.flush()
    assert seen_of(session, sitting).words == "Being graded"


def test_what_was_kept_outlives_the_session_that_it_was_read_in(
    session: Session, engine: Engine, here: Round, sitting: Sitting, moment: datetime
) -> None:
    rounds.graded(session, sitting, moment)
    rounds.marked(session, here, sitting, moment)
    seen_of(session, sitting)
    session.commit()
    session.rollback()
    session.expunge_all()
    with Session(engine) as another:
        kept = seen_of(another, another.get_one(Sitting, sitting.id))
        assert (kept.floors[0].asked.kind, kept.floors[0].asked.percent) == ("applied", 60)


def test_many_take_homes_cost_no_more_queries_than_one(session: Session, engine: Engine, here: Round, moment: datetime) -> None:
    def look(some: list[Sitting]) -> dict[str, Seen]:
        return seen_by_sitting(session, here.blueprint, {each.id: each.handed_in_at for each in some})

    def ask(act: Callable[[], object]) -> int:
        with counted(engine) as sent:
            act()
        return len(sent)

    one = [rounds.sat(session, here, "Agate 1", moment)]
    rounds.graded(session, one[0], moment)
    first = ask(lambda: look(one))
    many = one + [rounds.sat(session, here, f"Agate {number}", moment) for number in range(2, 12)]
    for each in many[1:]:
        rounds.graded(session, each, moment)
    assert ask(lambda: look(many)) <= first
    with counted(engine) as again:
        found = look(many)
    assert (len(found), len(again)) == (11, 5)
    assert not [statement for statement in again if "outcomes" in statement]
