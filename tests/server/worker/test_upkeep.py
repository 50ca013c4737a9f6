"""The daily sweep, and that it is daily."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import sessionmaker
from sqlmodel import Session, select

from server import clock
from server.accounts.guests import become_guest
from server.accounts.reset import JOB_KIND as RESET_MAIL
from server.accounts.tables import Person
from server.database.engine import session_factory
from server.queue.jobs import put
from server.queue.tables import JobState
from server.worker.upkeep import Upkeep


@dataclass
class NoRooms:
    looks: int = 0

    def close_idle(self) -> int:
        self.looks += 1
        return 0


@dataclass
class BareHouse:
    sessions: sessionmaker[Session]
    keepers: tuple[object, ...] = ()
    rooms: NoRooms = field(default_factory=NoRooms)
    tests: int = 0

    def test_sandbox(self) -> None:
        self.tests += 1


def test_the_walls_are_tried_every_hour(engine: Engine) -> None:
    house, began = BareHouse(session_factory(engine)), clock.now()
    upkeep = Upkeep(house)  # type: ignore[arg-type]
    for minutes in (1, 59, 61, 90, 120, 122):
        upkeep.look(began + timedelta(minutes=minutes))
    assert house.tests == 2


def test_a_failed_job_is_told_of_soon_and_not_for_ever(engine: Engine, caplog: pytest.LogCaptureFixture) -> None:
    house, began = BareHouse(session_factory(engine)), clock.now()
    upkeep = Upkeep(house)  # type: ignore[arg-type]
    with house.sessions() as session:
        job = put(session, RESET_MAIL, {"email": "mira@example.org"}, began)
        job.state, job.finished_at = JobState.FAILED, began - timedelta(hours=1)
        session.commit()
    upkeep.look(began)
    assert [record for record in caplog.records if job.id in record.getMessage()]
    caplog.clear()
    for minutes in range(1, 30):
        upkeep.look(began + timedelta(minutes=minutes))
    assert caplog.records == []


def test_guests_who_cannot_come_back_are_forgotten_once_a_day(engine: Engine, moment: datetime) -> None:
    house = BareHouse(session_factory(engine))
    upkeep = Upkeep(house)  # type: ignore[arg-type]
    upkeep.look(moment)
    with house.sessions() as session:
        become_guest(session, moment - timedelta(days=365))
        session.commit()
    upkeep.look(moment + timedelta(hours=23))
    assert people(house) == 1
    upkeep.look(moment + timedelta(hours=25))
    assert people(house) == 0
    assert house.rooms.looks == 3


def people(house: BareHouse) -> int:
    with house.sessions() as session:
        return len(session.exec(select(Person)).all())
