"""The daily sweep, and that it is daily."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Engine
from sqlalchemy.orm import sessionmaker
from sqlmodel import Session, select

from server.accounts.guests import become_guest
from server.accounts.tables import Person
from server.database.engine import session_factory
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
