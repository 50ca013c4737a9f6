"""Sessions: opened by a token, ended on the server, prolonged by use."""

from datetime import datetime, timedelta

from sqlalchemy import Engine
from sqlmodel import Session, select

from server.accounts import tables
from server.accounts.guests import become_guest, forget_lost_guests
from server.accounts.keeping import Keeper
from server.accounts.sessions import LIFE, NOTED_EVERY, end_all_sessions, end_session, find_by_token, note_visit, open_session
from server.accounts.tables import Person
from server.accounts.tokens import new_token
from server.database.engine import session_factory


def test_a_guest_is_found_again_by_the_token(session: Session, moment: datetime) -> None:
    guest, token = become_guest(session, moment)
    assert guest.is_guest
    assert find_by_token(session, token, moment) == guest
    assert find_by_token(session, new_token(), moment) is None


def test_the_database_holds_no_token_that_could_be_used(session: Session, moment: datetime) -> None:
    _guest, token = become_guest(session, moment)
    row = session.exec(select(tables.Session)).one()
    assert token not in str(row.model_dump())
    assert find_by_token(session, row.token_hash, moment) is None


def test_tokens_have_256_random_bits() -> None:
    tokens = {new_token() for _ in range(10_000)}
    assert len(tokens) == 10_000
    assert all(len(token) >= 43 for token in tokens)


def test_an_ended_session_opens_nothing(session: Session, moment: datetime) -> None:
    guest, token = become_guest(session, moment)
    other = open_session(session, guest, moment)
    end_session(session, token, moment)
    assert find_by_token(session, token, moment) is None
    assert find_by_token(session, other, moment) == guest


def test_all_sessions_of_a_person_end_together(session: Session, moment: datetime) -> None:
    guest, token = become_guest(session, moment)
    stranger, strangers = become_guest(session, moment)
    open_session(session, guest, moment)
    assert end_all_sessions(session, guest, moment) == 2
    assert find_by_token(session, token, moment) is None
    assert find_by_token(session, strangers, moment) == stranger


def test_a_session_ends_by_itself_when_nobody_comes(session: Session, moment: datetime) -> None:
    _guest, token = become_guest(session, moment)
    assert find_by_token(session, token, moment + LIFE - timedelta(seconds=1)) is not None
    assert find_by_token(session, token, moment + LIFE) is None


def test_a_visit_prolongs_the_session_but_is_noted_only_now_and_then(session: Session, moment: datetime) -> None:
    _guest, token = become_guest(session, moment)
    assert not note_visit(session, token, moment + NOTED_EVERY - timedelta(seconds=1))
    assert note_visit(session, token, moment + NOTED_EVERY)
    assert not note_visit(session, token, moment + NOTED_EVERY)
    assert find_by_token(session, token, moment + LIFE + timedelta(hours=1)) is not None


def test_a_visit_that_is_noted_already_does_not_wait_for_whoever_writes(sqlite_engine: Engine, moment: datetime) -> None:
    """Every page asks this; a page that only reads must not queue behind the one writer that SQLite allows."""
    with session_factory(sqlite_engine)() as session:
        _guest, token = become_guest(session, moment)
        session.commit()
        session.connection().exec_driver_sql("PRAGMA busy_timeout = 0")
        with sqlite_engine.connect() as writer:
            writer.exec_driver_sql("BEGIN IMMEDIATE")
            assert not note_visit(session, token, moment)
            assert not note_visit(session, new_token(), moment + NOTED_EVERY)
        assert note_visit(session, token, moment + NOTED_EVERY)


def test_a_visit_does_not_revive_an_ended_session(session: Session, moment: datetime) -> None:
    _guest, token = become_guest(session, moment)
    end_session(session, token, moment)
    assert not note_visit(session, token, moment + NOTED_EVERY)


def test_guests_who_cannot_come_back_are_forgotten(session: Session, moment: datetime) -> None:
    lost, _token = become_guest(session, moment)
    still_here, _token = become_guest(session, moment + timedelta(days=1))
    session.add(Person(id="account", email="mira@example.org", created_at=moment))
    session.flush()
    forgotten: list[str] = []
    keeper = Keeper("kernels", lambda _session, _person: [], forget=lambda _session, person: forgotten.append(person.id))
    assert forget_lost_guests(session, [keeper], moment + LIFE) == 1
    assert forgotten == [lost.id]
    assert sorted(session.exec(select(Person.id))) == sorted([still_here.id, "account"])
