"""The job `regrade` with real graders: some at a time, gone on with after an interruption, never in two environments."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from server import clock
from server.assessments.incidents.regrade_mail import put_regrade_mails
from server.assessments.incidents.team_regrades import apply_regrade, is_being_tried, list_affected, propose_regrade
from server.assessments.tables.decisions import Decision
from server.assessments.tables.invitations import Candidate
from server.assessments.tables.sittings import Sitting
from server.assessments.tables.teams import Member, Team
from server.assessments.teams.seats import Seat
from server.audit.log import entries
from server.grading.regrading.diff import Effect
from server.grading.regrading.regrades import count_tries
from server.grading.seals import seal_key
from server.grading.tables import Regrade, Submission
from server.queue.tables import Job
from server.wiring import House
from server.worker import regrading
from server.worker.loop import run_next
from tests import rounds
from tests.incidents import REASON, SLUG, make_incident
from tests.people import whole_house

CODES = ("Agate 1", "Flint 2", "Jade 3")
RIGHT_ANSWER = "def answer():\n    return 1"


@pytest.fixture
def house(sqlite_engine: Engine, tmp_path: Path) -> Iterator[House]:
    house = whole_house(sqlite_engine, tmp_path)
    yield house
    house.close()


@pytest.fixture
def regrade(house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Of three who handed in the right answer and were marked down."""
    write = rounds.write
    monkeypatch.setattr(rounds, "write", lambda session, sitting, _text, now: write(session, sitting, RIGHT_ANSWER, now))
    with house.sessions() as session:
        here = make_incident(session, tmp_path / "bank", clock.now() - timedelta(days=1), CODES)
        for job in session.exec(select(Job)):
            session.delete(job)
        made = propose_regrade(session, here.owner, SLUG, house.forkservers.digest(), REASON, clock.now())
        session.commit()
        return made.id


def found(house: House, regrade_id: str) -> tuple[str, int, int, int]:
    """State, graded, faults, left."""
    with house.sessions() as session:
        regrade = session.get_one(Regrade, regrade_id)
        tries = count_tries(session, regrade)
        return regrade.state, tries.graded, tries.faults, tries.left


def test_all_are_tried_some_at_a_time_and_nothing_counts(house: House, regrade: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(regrading, "AT_A_TIME", 2)
    assert found(house, regrade) == ("trying", 0, 0, 3)
    assert run_next(house, "worker")
    assert found(house, regrade) == ("trying", 2, 0, 1)
    with house.sessions() as session:
        assert is_being_tried(session, session.get_one(Regrade, regrade))
    assert run_next(house, "worker")
    assert found(house, regrade) == ("proposed", 3, 0, 0)
    assert not run_next(house, "worker")
    with house.sessions() as session:
        affected = list_affected(session, session.get_one(Regrade, regrade))
    assert {each.change.effect for each in affected} == {Effect.raised}
    assert [(str(each.change.before), str(each.change.after)) for each in affected] == [("0 of 2", "3 of 3")] * 3


def test_a_worker_that_ends_in_the_middle_loses_one_try_at_most(
    house: House, regrade: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried, began = regrading.try_one, list[str]()

    def break_at_the_second(sessions: Callable[[], Session], regrade_id: str, submission_id: str, grade_one: object) -> None:
        began.append(submission_id)
        if len(began) == 2:
            raise KeyboardInterrupt
        tried(sessions, regrade_id, submission_id, grade_one)  # type: ignore[arg-type]

    monkeypatch.setattr(regrading, "try_one", break_at_the_second)
    with pytest.raises(KeyboardInterrupt):
        run_next(house, "worker")
    assert found(house, regrade) == ("trying", 1, 0, 2)
    monkeypatch.undo()
    with house.sessions() as session:
        session.exec(select(Job)).one().lease_until = clock.now() - timedelta(seconds=1)
        session.commit()
    assert run_next(house, "another worker")
    assert found(house, regrade) == ("proposed", 3, 0, 0)


def test_other_libraries_than_proposed_are_a_fault_of_all(house: House, regrade: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(house.forkservers._digests, "base", "an environment that was installed since")
    assert run_next(house, "worker")
    assert found(house, regrade) == ("proposed", 0, 3, 0)
    with house.sessions() as session:
        affected = list_affected(session, session.get_one(Regrade, regrade))
    assert all(each.change.fault.startswith("The libraries of the candidates' environment") for each in affected)


def test_one_that_cannot_be_graded_keeps_no_other(house: House, regrade: str) -> None:
    with house.sessions() as session:
        broken = list_affected(session, session.get_one(Regrade, regrade))[0].change.submission_id
        session.get_one(Submission, broken).notebook = b"no notebook at all"
        session.commit()
    assert run_next(house, "worker")
    assert found(house, regrade) == ("proposed", 2, 1, 0)


def test_what_was_withdrawn_meanwhile_is_left_alone(house: House, regrade: str) -> None:
    with house.sessions() as session:
        session.get_one(Regrade, regrade).state = "withdrawn"
        session.commit()
    assert run_next(house, "worker")
    assert found(house, regrade) == ("withdrawn", 0, 0, 3)
    assert not run_next(house, "worker")


def test_after_it_was_applied_the_mail_leaves_and_is_written_down(house: House, regrade: str, tmp_path: Path) -> None:
    run_next(house, "worker")
    with house.sessions() as session:
        row = session.get_one(Regrade, regrade)
        sitting = session.exec(select(Sitting).join(Candidate).where(Candidate.code == "Flint 2")).one()
        session.add(Decision(sitting_id=sitting.id, outcome="hold", by="olga", at=clock.now()))
        session.flush()
        seat = owner_of(session, sitting)
        affected = apply_regrade(session, seat, row, seal_key(house.settings.secret), clock.now())
        assert put_regrade_mails(session, row, affected, clock.now()) == 1
        session.commit()
        team = sitting.team_id
    assert run_next(house, "worker")
    [mail] = [path.read_text() for path in house.settings.outbox.glob("*.eml")]
    assert "To: flin1@example.org" in mail and f"X-Touchstone-About: candidate:{sitting.candidate_id}" in mail
    with house.sessions() as session:
        last = entries(session, f"team:{team}")[-1]
        assert (last.act, last.details["candidate"]) == ("regrade.mail", sitting.candidate_id)


def owner_of(session: Session, sitting: Sitting) -> Seat:
    member = session.exec(select(Member).where(Member.team_id == sitting.team_id, Member.role == "owner")).one()
    return Seat(session.get_one(Team, sitting.team_id), member)
