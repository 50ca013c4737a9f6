"""A sitting: begun once, changed only while its clock runs, handed in once, by the candidate or by time."""

import threading
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from server.assessments.sittings.closing import GRACE, close_overdue, is_overdue
from server.assessments.sittings.courses import seat_candidate, seat_running
from server.assessments.sittings.deadline import Phase
from server.assessments.sittings.outages import LONGEST_SILENCE, beat
from server.assessments.sittings.sitting import candidate_of, hand_in_sitting, hold_open, tasks_of
from server.assessments.tables.invitations import Candidate
from server.assessments.tables.sittings import BY_CANDIDATE, BY_TIME, Outage, Sitting, SittingPause
from server.database.engine import session_factory
from server.errors import Conflict, NotFound
from server.grading.tables import Submission
from server.queue.tables import Job
from server.workspaces.hand_in import GRADE
from server.workspaces.tables import Workspace
from tests import rounds

MINUTE, MILLISECOND = timedelta(minutes=1), timedelta(milliseconds=1)
ALLOWED = 120 * MINUTE


@pytest.fixture
def candidate(session: Session, moment: datetime) -> Candidate:
    return rounds.invited(session, rounds.make_round(session, moment), "Flint 03", moment)


@pytest.fixture
def sitting(session: Session, candidate: Candidate, moment: datetime) -> Sitting:
    return rounds.start(session, candidate, moment)


def workspace_of(session: Session, sitting: Sitting) -> Workspace:
    return session.get_one(Workspace, tasks_of(session, sitting)[0].workspace_id)


def running(session: Session) -> list[Candidate]:
    return [seated.candidate for seated in seat_running(session)]


def test_a_second_start_finds_the_sitting_of_the_first(
    session: Session, candidate: Candidate, sitting: Sitting, moment: datetime
) -> None:
    again = rounds.start(session, candidate, moment + 30 * MINUTE)
    assert again.id == sitting.id
    assert again.started_at == moment
    assert len(tasks_of(session, sitting)) == 2


@pytest.mark.parametrize(("days", "code"), [(-1, "early"), (15, "missed")])
def test_it_begins_within_its_window_only(session: Session, candidate: Candidate, moment: datetime, days: int, code: str) -> None:
    with pytest.raises(Conflict) as refused:
        rounds.start(session, candidate, moment + timedelta(days=days))
    assert refused.value.code == code


def test_an_invitation_that_was_taken_back_begins_nothing(session: Session, candidate: Candidate, moment: datetime) -> None:
    candidate.withdrawn_at = moment
    session.flush()
    with pytest.raises(Conflict, match="taken back"):
        rounds.start(session, candidate, moment + MINUTE)


@pytest.mark.parametrize(("late", "runs"), [(-MILLISECOND, True), (timedelta(), True), (MILLISECOND, False)])
def test_a_save_a_millisecond_before_the_end_is_kept_and_one_after_it_is_refused(
    session: Session, sitting: Sitting, moment: datetime, late: timedelta, runs: bool
) -> None:
    at = moment + ALLOWED + late
    if runs:
        hold_open(session, workspace_of(session, sitting), at)
        return
    with pytest.raises(Conflict) as refused:
        hold_open(session, workspace_of(session, sitting), at)
    assert refused.value.code == Phase.over


def test_handing_in_freezes_every_task_once_and_queues_its_grading(
    session: Session, candidate: Candidate, sitting: Sitting, moment: datetime
) -> None:
    rounds.write(session, sitting, "x = 1", moment + MINUTE)
    seated = seat_candidate(session, candidate)
    assert hand_in_sitting(session, seated, BY_CANDIDATE, moment + 60 * MINUTE)
    assert not hand_in_sitting(session, seated, BY_CANDIDATE, moment + 61 * MINUTE)
    tasks = tasks_of(session, sitting)
    submissions = list(session.exec(select(Submission).where(Submission.kind == "submit")))
    assert {task.submission_id for task in tasks} == {each.id for each in submissions}
    gradings = session.exec(select(Job).where(Job.kind == GRADE))
    assert {str(job.payload["submission"]) for job in gradings} >= {each.id for each in submissions}
    assert all(b"x = 1" in each.notebook for each in submissions)
    assert sitting.handed_in_at == moment + 60 * MINUTE
    assert len(sitting.fingerprint) == 64
    with pytest.raises(Conflict) as refused:
        hold_open(session, workspace_of(session, sitting), moment + 61 * MINUTE)
    assert refused.value.code == Phase.handed_in


def test_when_time_is_up_the_last_saved_state_is_handed_in_as_of_the_end(
    session: Session, candidate: Candidate, sitting: Sitting, moment: datetime
) -> None:
    rounds.write(session, sitting, "the last words", moment + ALLOWED)
    just_over = moment + ALLOWED + GRACE - MILLISECOND
    assert not close_overdue(session, seat_candidate(session, candidate), just_over)
    assert not is_overdue(seat_candidate(session, candidate), just_over)
    hours_later = moment + ALLOWED + timedelta(hours=5)
    assert is_overdue(seat_candidate(session, candidate), hours_later)
    assert candidate in running(session)
    assert close_overdue(session, seat_candidate(session, candidate), hours_later)
    assert (sitting.handed_in_at, sitting.handed_in_by) == (moment + ALLOWED, BY_TIME)
    assert candidate not in running(session)
    assert seat_candidate(session, candidate).standing(hours_later).why == "Handed in within the time."


def test_a_server_that_was_down_at_the_deadline_gives_the_time_back(
    session: Session, candidate: Candidate, sitting: Sitting, moment: datetime
) -> None:
    beat(session, moment + ALLOWED - 10 * MINUTE)
    back = moment + ALLOWED + 20 * MINUTE
    outage = beat(session, back)
    assert outage is not None
    standing = seat_candidate(session, candidate).standing(back)
    assert (standing.phase, standing.left) == (Phase.running, 10 * MINUTE)
    assert not is_overdue(seat_candidate(session, candidate), back)
    hold_open(session, workspace_of(session, sitting), back + 10 * MINUTE)


def test_whoever_asks_before_the_first_beat_after_an_outage_is_not_told_that_time_is_up(
    session: Session, candidate: Candidate, sitting: Sitting, moment: datetime
) -> None:
    beat(session, moment + ALLOWED - 10 * MINUTE)
    back = moment + ALLOWED + 20 * MINUTE
    standing = seat_candidate(session, candidate).standing(back)
    assert (standing.phase, standing.left) == (Phase.running, 10 * MINUTE)
    assert not close_overdue(session, seat_candidate(session, candidate), back)
    hold_open(session, workspace_of(session, sitting), back)


def test_short_silence_and_a_clock_set_back_are_no_outages(session: Session, moment: datetime) -> None:
    assert beat(session, moment) is None
    assert beat(session, moment + LONGEST_SILENCE) is None
    assert beat(session, moment - timedelta(hours=1)) is None
    assert beat(session, moment - timedelta(hours=1) + LONGEST_SILENCE) is None
    assert session.exec(select(Outage)).all() == []


def test_a_pause_stops_notebook_and_clock(session: Session, candidate: Candidate, sitting: Sitting, moment: datetime) -> None:
    session.add(SittingPause(sitting_id=sitting.id, since=moment + 10 * MINUTE))
    session.flush()
    with pytest.raises(Conflict) as refused:
        hold_open(session, workspace_of(session, sitting), moment + 20 * MINUTE)
    assert refused.value.code == Phase.paused
    assert seat_candidate(session, candidate).standing(moment + 50 * MINUTE).left == 110 * MINUTE


def test_all_that_run_are_read_as_each_by_itself(
    session: Session, candidate: Candidate, sitting: Sitting, moment: datetime
) -> None:
    session.add(Outage(since=moment - 60 * MINUTE, until=moment - 50 * MINUTE))
    session.add(Outage(since=moment + 10 * MINUTE, until=moment + 20 * MINUTE))
    session.add(SittingPause(sitting_id=sitting.id, since=moment + 30 * MINUTE, until=moment + 35 * MINUTE))
    session.flush()
    beat(session, moment + 40 * MINUTE)
    [found] = [seated for seated in seat_running(session) if seated.candidate.id == candidate.id]
    assert found == seat_candidate(session, candidate)
    assert found.standing(moment + 40 * MINUTE).left == 95 * MINUTE


def test_a_notebook_of_the_practice_room_has_no_clock(session: Session, candidate: Candidate, moment: datetime) -> None:
    room = Workspace(
        person_id=str(candidate.person_id),
        exercise_slug="elsewhere",
        exercise_digest="d",
        seed=1,
        created_at=moment,
        updated_at=moment,
    )
    session.add(room)
    session.flush()
    hold_open(session, room, moment + timedelta(days=400))


def test_somebody_elses_candidate_is_not_found(session: Session, candidate: Candidate) -> None:
    assert candidate_of(session, [str(candidate.person_id)], candidate.id).id == candidate.id
    for persons in ([], ["made-up"]):
        with pytest.raises(NotFound):
            candidate_of(session, persons, candidate.id)


def test_a_hand_in_waits_for_a_save_that_came_first(engine: Engine, moment: datetime) -> None:
    """The save holds the sitting open until its commit; whoever hands in at that moment has the saved text in it."""
    sessions = session_factory(engine)
    with sessions() as session:
        candidate = rounds.invited(session, rounds.make_round(session, moment), "Agate 14", moment)
        sitting = rounds.start(session, candidate, moment)
        session.commit()
    held, handed_in = threading.Event(), threading.Event()

    def close() -> None:
        held.wait(10)
        with sessions() as other:
            seated = seat_candidate(other, other.get_one(Candidate, candidate.id))
            assert hand_in_sitting(other, seated, BY_TIME, moment + ALLOWED)
            other.commit()
        handed_in.set()

    closing = threading.Thread(target=close)
    closing.start()
    with sessions() as session:
        hold_open(session, workspace_of(session, sitting), moment + MINUTE)
        held.set()
        assert not handed_in.wait(0.5)
        rounds.write(session, sitting, "written in time", moment + MINUTE)
        session.commit()
    closing.join(20)
    with sessions() as session:
        tasks = tasks_of(session, sitting)
        kept = [session.get_one(Submission, task.submission_id).notebook for task in tasks]
    assert len(kept) == 2
    assert all(b"written in time" in notebook for notebook in kept)
