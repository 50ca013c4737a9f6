"""Insert once: the unique key decides, on both databases."""

from datetime import datetime

from sqlmodel import Session, select

from server.accounts.tables import Person
from server.database.insert import insert_once


def test_the_first_row_is_inserted_and_a_second_with_its_key_is_not(session: Session, moment: datetime) -> None:
    assert insert_once(session, Person(id="a", email="mira@example.org", created_at=moment))
    assert not insert_once(session, Person(id="a", name="twin", created_at=moment))
    assert not insert_once(session, Person(id="b", email="mira@example.org", created_at=moment))
    assert [(person.id, person.name) for person in session.exec(select(Person))] == [("a", "")]


def test_what_was_inserted_goes_with_its_transaction(session: Session, moment: datetime) -> None:
    insert_once(session, Person(id="a", created_at=moment))
    session.rollback()
    assert session.exec(select(Person)).all() == []
