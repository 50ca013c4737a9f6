"""The daily sweep erases candidates whose time is over, each by itself, and nobody before that."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from server.accounts.tables import Person
from server.assessments.blueprints.preview import begin_preview
from server.assessments.privacy import erasing
from server.assessments.tables.invitations import Candidate
from server.audit.log import entries
from server.audit.seals import audit_key, verify
from server.wiring import House
from server.worker.forgetting import forget_due_candidates
from server.worker.upkeep import sweep
from tests import rounds
from tests.people import MOMENT, whole_house

DAY = timedelta(days=1)


@pytest.fixture
def house(sqlite_engine: Engine, tmp_path: Path) -> Iterator[House]:
    house = whole_house(sqlite_engine, tmp_path)
    yield house
    house.close()


@pytest.fixture
def team(house: House) -> str:
    """With two who handed in, one who never began, and a preview."""
    with house.sessions() as session:
        here = rounds.make_round(session, MOMENT)
        for number in (1, 2):
            rounds.sat(session, here, f"Agate {number}", MOMENT)
        rounds.invited(session, here, "Flint 03", MOMENT)
        begin_preview(session, here.owner, here.blueprint, MOMENT)
        session.commit()
        return here.team.id


def erased(session: Session) -> list[str]:
    return sorted(each.code for each in session.exec(select(Candidate)) if each.erased_at is not None)


def test_whose_time_is_over_goes_and_nobody_else(house: House, team: str) -> None:
    with house.sessions() as session:
        before = len(session.exec(select(Person)).all())
    assert forget_due_candidates(house, MOMENT + 8 * DAY) == 1, "the preview"
    assert forget_due_candidates(house, MOMENT + 181 * DAY) == 2
    assert forget_due_candidates(house, MOMENT + 181 * DAY) == 0
    with house.sessions() as session:
        assert erased(session) == ["Agate 1", "Agate 2"]
        assert len(session.exec(select(Person)).all()) == before - 3
        acts = [(row.actor, row.act, row.details.get("why")) for row in entries(session, f"team:{team}")]
        assert acts[-2:] == [("server", "candidate.erase", "time")] * 2
        assert verify(session, audit_key(house.settings.secret)).faults == ()


def test_one_that_cannot_be_erased_keeps_nobody_else(
    house: House, team: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    forget = erasing.forget_work
    tried: list[str] = []

    def broken_for_one(session: Session, candidate: Candidate, *rest: object) -> None:
        tried.append(candidate.code)
        if candidate.code == "Agate 1":
            raise RuntimeError("a disk that fails")
        forget(session, candidate, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(erasing, "forget_work", broken_for_one)
    assert forget_due_candidates(house, MOMENT + 200 * DAY) == 3
    assert "Agate 1" in tried
    assert "could not be erased; tried again tomorrow" in caplog.text
    with house.sessions() as session:
        assert erased(session) == ["Agate 2", "Flint 03"]
    monkeypatch.undo()
    assert forget_due_candidates(house, MOMENT + 201 * DAY) == 1


def test_the_sweep_of_guests_takes_no_candidate_before_their_time(house: House, team: str) -> None:
    """Their browsers' sessions are over long before the team's days are."""
    sweep(house, MOMENT + 170 * DAY)
    with house.sessions() as session:
        assert erased(session) == []
        hidden = [each.person_id for each in session.exec(select(Candidate))]
        assert len(hidden) == 3
        assert all(session.get(Person, person_id) is not None for person_id in hidden)
    sweep(house, MOMENT + 181 * DAY)
    with house.sessions() as session:
        assert erased(session) == ["Agate 1", "Agate 2"]
