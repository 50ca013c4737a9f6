"""The engine: what was committed stays, moments keep their zone, writers wait for each other."""

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from threading import Thread

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import StatementError
from sqlmodel import Session

from server.accounts.tables import Person
from server.database.engine import make_engine, session_factory
from server.database.ids import new_id


def test_sqlite_writes_ahead_and_syncs_every_commit(sqlite_engine: Engine) -> None:
    names = ("journal_mode", "synchronous", "foreign_keys")
    with sqlite_engine.connect() as connection:
        values = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in names}
    assert values == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def test_a_moment_comes_back_aware_and_in_utc(engine: Engine) -> None:
    east = timezone(timedelta(hours=5, minutes=30))
    written = datetime(2026, 11, 24, 14, 30, 15, 123456, tzinfo=east)
    with session_factory(engine)() as session:
        session.add(Person(id="p", created_at=written))
        session.commit()
    with session_factory(engine)() as session:
        read = session.get_one(Person, "p").created_at
    assert read == written
    assert read.tzinfo == UTC


def test_a_moment_without_a_zone_is_refused(session: Session) -> None:
    session.add(Person(created_at=datetime(2026, 11, 24, 9, 0)))
    with pytest.raises(StatementError, match="has no time zone"):
        session.flush()


def test_what_is_not_committed_is_gone(engine: Engine, moment: datetime) -> None:
    with session_factory(engine)() as session:
        session.add(Person(id="p", created_at=moment))
        session.flush()
    with session_factory(engine)() as session:
        assert session.get(Person, "p") is None


def test_a_second_writer_waits_for_the_first(tmp_path: Path, sqlite_engine: Engine, moment: datetime) -> None:
    other_process = make_engine(str(sqlite_engine.url))
    with session_factory(sqlite_engine)() as first:
        first.add(Person(id="first", created_at=moment))
        first.flush()  # holds the write lock from here on
        second = Thread(target=_add_person, args=(other_process, "second", moment))
        second.start()
        first.commit()
    second.join(timeout=10)
    with sqlite_engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM persons")).scalar() == 2
    other_process.dispose()


def test_a_read_before_a_write_does_not_make_the_write_fail(sqlite_engine: Engine, moment: datetime) -> None:
    """With a snapshot held since the read, SQLite would refuse the write after somebody else's commit."""
    sessions = session_factory(sqlite_engine)
    with sessions() as reader:
        assert reader.get(Person, "other") is None
        _add_person(sqlite_engine, "other", moment)
        reader.add(Person(id="own", created_at=moment))
        reader.commit()
        assert reader.get(Person, "other") is not None


def test_ids_are_not_guessable() -> None:
    ids = {new_id() for _ in range(1_000)}
    assert len(ids) == 1_000
    assert all(len(one) == 32 and int(one, 16) >= 0 for one in ids)


def _add_person(engine: Engine, person_id: str, moment: datetime) -> None:
    with session_factory(engine)() as session:
        session.add(Person(id=person_id, created_at=moment))
        session.commit()
