"""Threads that write at the same time on SQLite wait in line, however short SQLite's own patience is."""

from datetime import datetime
from pathlib import Path
from threading import Thread
from time import sleep

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlmodel import Session, col, select

from server.accounts.tables import Person
from server.database.engine import make_engine, session_factory
from server.database.migrate import upgrade

WRITERS, WRITES = 12, 3


@pytest.fixture
def impatient(tmp_path: Path) -> Engine:
    """An engine whose connections wait for SQLite's lock for a millisecond only."""
    engine = make_engine(f"sqlite:///{tmp_path / 'impatient.sqlite3'}")
    event.listen(engine, "connect", lambda connection, _entry: connection.execute("PRAGMA busy_timeout = 1"))
    upgrade(engine)
    return engine


def add_slowly(session: Session, moment: datetime) -> None:
    session.add(Person(created_at=moment))
    session.flush()
    sleep(0.01)


def test_nobody_is_refused(impatient: Engine, moment: datetime) -> None:
    sessions, refused = session_factory(impatient), []

    def write() -> None:
        for _ in range(WRITES):
            try:
                with sessions() as session:
                    add_slowly(session, moment)
                    session.commit()
            except OperationalError as error:
                refused.append(error)

    threads = [Thread(target=write) for _ in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with sessions() as session:
        assert (refused, len(session.exec(select(Person)).all())) == ([], WRITERS * WRITES)


@pytest.mark.parametrize("ends", ["rollback", "close"])
def test_the_turn_comes_back_without_a_commit(impatient: Engine, moment: datetime, ends: str) -> None:
    with session_factory(impatient)() as first:
        add_slowly(first, moment)
        getattr(first, ends)()
        with session_factory(impatient)() as second:
            add_slowly(second, moment)
            second.commit()
            assert len(second.exec(select(Person)).all()) == 1


def test_the_turn_comes_back_after_a_statement_that_failed(impatient: Engine, moment: datetime) -> None:
    sessions = session_factory(impatient)
    with sessions() as session:
        session.add(Person(id="own", email="taken@example.org", created_at=moment))
        session.flush()
        session.add(Person(id="other", email="taken@example.org", created_at=moment))
        with pytest.raises(IntegrityError):
            session.flush()
    with sessions() as session:
        add_slowly(session, moment)
        session.commit()


def test_readers_do_not_wait_for_the_writer(impatient: Engine, moment: datetime) -> None:
    sessions = session_factory(impatient)
    with sessions() as writer, sessions() as reader:
        add_slowly(writer, moment)
        assert reader.exec(select(Person).where(col(Person.email).is_(None))).all() == []
