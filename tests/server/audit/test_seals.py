"""The log is append-only: whoever changes or removes a row without the site's secret is named, whatever they do to the seals."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from threading import Barrier, Thread

import pytest
from sqlalchemy import Engine, text, update
from sqlalchemy.orm import sessionmaker
from sqlmodel import Session, func, select

from server.assessments.tables.sittings import Beat
from server.audit.log import entries, record
from server.audit.seals import Fault, Verified, audit_key, sealed_sessions, verify
from server.audit.tables import AuditSeal
from server.cli.audit import in_words
from server.database.engine import session_factory

SECRET = "the secret of this site"
KEY = audit_key(SECRET)
Sessions = sessionmaker[Session]


@pytest.fixture
def sealed(engine: Engine) -> Sessions:
    return sealed_sessions(engine, SECRET)


@pytest.fixture
def session(sealed: Sessions) -> Iterator[Session]:
    with sealed() as session:
        yield session


@pytest.fixture
def rows(session: Session, moment: datetime) -> list[int]:
    """Five rows, in three transactions."""
    made = []
    for acts in (["team.create"], ["job.open", "job.reword"], ["member.join", "job.close"]):
        for act in acts:
            row = record(session, "olga", act, "team:1", {"role": "é", "n": 1.5, 7: (1, 2)}, moment + timedelta(microseconds=1))
            made.append(row.id or 0)
        session.commit()
    session.expunge_all()
    return made


def change(session: Session, statement: str, **values: object) -> None:
    session.execute(text(statement), values)
    session.commit()


def faults(session: Session, key: bytes = KEY, link: str = "") -> list[tuple[str, Fault]]:
    return list(verify(session, key, link).faults)


def test_an_untouched_log_is_as_it_was_sealed(session: Session, rows: list[int]) -> None:
    found = verify(session, KEY)
    assert (found.sealed, found.earlier, found.faults) == (5, 0, ())
    assert verify(session, KEY, found.last_link).faults == ()
    assert verify(session, KEY, session.get_one(AuditSeal, 2).link).faults == ()


@pytest.mark.parametrize(
    "changed", ["actor = 'max'", "act = 'team.rename'", "subject = 'team:2'", "details = '{}'", "at = '2020-01-01 00:00:00'"]
)
def test_a_changed_row_is_named(session: Session, rows: list[int], changed: str) -> None:
    change(session, f"UPDATE audit_log SET {changed} WHERE id = :id", id=rows[1])
    assert faults(session) == [(f"row {rows[1]}", Fault.CHANGED)]


@pytest.mark.parametrize("place", [0, 2, 4])
def test_a_deleted_row_is_named_wherever_it_was(session: Session, rows: list[int], place: int) -> None:
    change(session, "DELETE FROM audit_log WHERE id = :id", id=rows[place])
    assert faults(session) == [(f"row {rows[place]}", Fault.DELETED)]


def test_the_first_of_several_faults_comes_first(session: Session, rows: list[int]) -> None:
    change(session, "DELETE FROM audit_log WHERE id = :id", id=rows[3])
    change(session, "UPDATE audit_log SET actor = 'max' WHERE id = :id", id=rows[1])
    assert faults(session) == [(f"row {rows[1]}", Fault.CHANGED), (f"row {rows[3]}", Fault.DELETED)]
    assert in_words(verify(session, KEY)).startswith(f"row {rows[1]}: the row is not the one that was sealed.")


def test_a_row_that_goes_with_its_seal_leaves_a_gap(session: Session, rows: list[int]) -> None:
    change(session, "DELETE FROM audit_log WHERE id = :id", id=rows[2])
    change(session, "DELETE FROM audit_seals WHERE row_id = :id", id=rows[2])
    assert faults(session) == [("seal 4", Fault.MISSING)]
    change(session, "UPDATE audit_seals SET number = 3 WHERE number = 4")
    assert ("seal 3", Fault.FORGED) in faults(session)


def test_with_its_digest_changed_too_the_link_gives_it_away(session: Session, rows: list[int]) -> None:
    change(session, "UPDATE audit_seals SET digest = 'f00' WHERE number = 2")
    assert ("seal 2", Fault.FORGED) in faults(session)


def test_a_row_that_was_put_in_has_no_seal(session: Session, rows: list[int]) -> None:
    forged = rows[-1] + 1_000
    copied = "SELECT :id, at, 'max', act, subject, details FROM audit_log WHERE id = :from"
    change(session, f"INSERT INTO audit_log (id, at, actor, act, subject, details) {copied}", **{"id": forged, "from": rows[0]})
    assert faults(session) == [(f"row {forged}", Fault.UNSEALED)]


def test_without_any_seal_every_row_is_a_fault(session: Session, rows: list[int]) -> None:
    change(session, "DELETE FROM audit_seals")
    assert faults(session) == [(f"row {row}", Fault.UNSEALED) for row in rows]


def test_seals_made_with_another_secret_are_forged(session: Session, rows: list[int]) -> None:
    assert [fault for _, fault in faults(session, audit_key("another secret"))] == [Fault.FORGED] * 5


def test_the_loss_of_the_end_shows_by_the_link_that_was_kept(session: Session, rows: list[int]) -> None:
    kept = verify(session, KEY).last_link
    change(session, "DELETE FROM audit_seals WHERE number = 5")
    change(session, "DELETE FROM audit_log WHERE id = :id", id=rows[-1])
    assert faults(session) == []
    assert faults(session, link=kept) == [(kept, Fault.CUT)]


def test_an_administrator_who_deletes_the_last_row_stops_nobody(session: Session, rows: list[int], moment: datetime) -> None:
    """SQLite may give the next row the number of the deleted one."""
    change(session, "DELETE FROM audit_log WHERE id = :id", id=rows[-1])
    record(session, "olga", "job.open", "team:1", {}, moment)
    session.commit()
    assert [name for name, _ in faults(session)] == [f"row {rows[-1]}"]


def test_rows_from_before_the_log_was_sealed_are_told_apart(
    engine: Engine, session: Session, sealed: Sessions, moment: datetime
) -> None:
    with session_factory(engine)() as plain:
        early = record(plain, "olga", "team.create", "team:1", {}, moment).id
        plain.commit()
    assert faults(session) == [(f"row {early}", Fault.UNSEALED)]
    record(session, "olga", "job.open", "team:1", {}, moment)
    session.commit()
    found = verify(session, KEY)
    assert (found.sealed, found.earlier, found.faults) == (1, 1, ())
    assert "from before that: 1 row." in in_words(found)


def test_an_act_that_is_rolled_back_leaves_neither_row_nor_seal(session: Session, moment: datetime) -> None:
    record(session, "olga", "team.create", "team:1", {}, moment)
    session.rollback()
    session.commit()
    record(session, "olga", "team.create", "team:1", {}, moment)
    with pytest.raises(RuntimeError), session.begin_nested():
        record(session, "olga", "job.open", "team:1", {}, moment)
        raise RuntimeError
    with session.begin_nested():
        record(session, "olga", "job.close", "team:1", {}, moment)
    session.commit()
    assert [row.act for row in entries(session, "team:1")] == ["team.create", "job.close"]
    found = verify(session, KEY)
    assert (found.sealed, found.faults) == (2, ())


def test_an_empty_log_has_an_empty_chain(session: Session) -> None:
    assert verify(session, KEY) == Verified(0, 0, "", ())


WRITERS, ACTS = 8, 6


def test_many_who_write_at_once_make_one_chain(sealed: Sessions, moment: datetime) -> None:
    """Some change a row that others change too, before or after they record: nobody waits in a circle."""
    ready, failed = Barrier(WRITERS), []

    def change_shared(session: Session) -> None:
        session.execute(update(Beat).values(at=moment))

    def write(number: int) -> None:
        ready.wait()
        try:
            for act in range(ACTS):
                with sealed() as session:
                    if act % 3 == 0:
                        change_shared(session)
                    record(session, f"writer-{number}", "job.open", "team:1", {"act": act}, moment)
                    if act % 3 == 1:
                        change_shared(session)
                    session.commit()
        except Exception as error:  # a thread's own failure is the test's
            failed.append(error)

    with sealed() as session:
        session.add(Beat(id=1, at=moment))
        session.commit()
    threads = [Thread(target=write, args=(number,)) for number in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    with sealed() as session:
        found = verify(session, KEY)
        assert (found.sealed, found.faults) == (WRITERS * ACTS, ())
        assert session.exec(select(func.max(AuditSeal.number))).one() == found.sealed


SERVER = Path(__file__).parents[3] / "server"
MAY = {"server/audit/seals.py", "server/cli/verified.py", "server/cli/bench/saves.py"}
"""The one that seals, one that only reads, and one whose rows are made up."""


def test_whatever_may_write_to_the_log_seals_it() -> None:
    plain = {
        str(path.relative_to(SERVER.parent))
        for path in SERVER.rglob("*.py")
        if re.search(r"\bsession_factory\(", path.read_text()) and path.parts[-2] != "database"
    }
    assert plain == MAY, "use server.audit.seals.sealed_sessions"
