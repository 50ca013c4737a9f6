"""Names and addresses: taken as people write them, cleaned of what would mislead."""

from datetime import datetime

import pytest
from sqlmodel import Session

from server.accounts.people import (
    choose_theme,
    find_by_email,
    has_operator,
    plain_name,
    problem_of_email,
    problem_of_name,
    rename,
)
from server.accounts.tables import Person
from server.errors import Invalid


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("  Mira   Santos ", "Mira Santos"),
        ("Mira\nBcc: all", "Mira Bcc: all"),
        ("\u202eevil\u202c name", "evil name"),
        ("José Ñandú 李", "José Ñandú 李"),
        ("<b>{{7*7}}</b>", "<b>{{7*7}}</b>"),
    ],
)
def test_a_name_is_one_line_without_hidden_marks(written: str, kept: str) -> None:
    assert plain_name(written) == kept


def test_a_name_is_neither_empty_nor_endless() -> None:
    assert problem_of_name(" \u200b ") == "Enter a name"
    assert problem_of_name("x" * 81) == "Use at most 80 characters for the name"
    assert problem_of_name("x" * 80) is None


@pytest.mark.parametrize("email", ["mira@example.org", " Mira.Santos+ml@EXAMPLE.org ", "m@localhost", "müller@exämple.de"])
def test_addresses_that_are_accepted(email: str) -> None:
    assert problem_of_email(email) is None


@pytest.mark.parametrize(
    "email",
    ["", "mira", "mira@", "@example.org", "a@b@c", "mira @example.org", "mira@example.org\nBcc: x@y", "<mira@example.org>",
     "x" * 250 + "@example.org", "mira,tomas@example.org"],
)  # fmt: skip
def test_addresses_that_are_refused(email: str) -> None:
    assert problem_of_email(email) is not None


def test_an_address_is_found_however_it_is_written(session: Session, moment: datetime) -> None:
    session.add(Person(id="mira", email="mira@example.org", created_at=moment))
    session.flush()
    found = find_by_email(session, " MIRA@example.ORG ")
    assert found is not None
    assert found.id == "mira"
    assert find_by_email(session, "' OR 1=1 --") is None


def test_a_person_renames_themselves(session: Session, moment: datetime) -> None:
    person = Person(name="Mira", created_at=moment)
    rename(session, person, " Mira  S. ")
    assert person.name == "Mira S."
    with pytest.raises(Invalid) as caught:
        rename(session, person, "")
    assert caught.value.errors == {"name": "Enter a name"}


def test_a_theme_is_one_of_three(session: Session, moment: datetime) -> None:
    person = Person(created_at=moment)
    choose_theme(session, person, "dark")
    assert person.theme == "dark"
    with pytest.raises(Invalid):
        choose_theme(session, person, "<script>")


def test_a_site_knows_whether_it_has_an_operator(session: Session, moment: datetime) -> None:
    session.add(Person(created_at=moment))
    session.flush()
    assert not has_operator(session)
    session.add(Person(created_at=moment, is_operator=True))
    session.flush()
    assert has_operator(session)
