"""Finding people and changing what they say about themselves."""

import unicodedata

from sqlmodel import Session, col, select

from server.accounts.tables import Person, Theme
from server.errors import Invalid

LONGEST_NAME = 80
LONGEST_EMAIL = 254


def find_by_email(session: Session, email: str) -> Person | None:
    return session.exec(select(Person).where(Person.email == plain_email(email))).first()


def has_operator(session: Session) -> bool:
    return session.exec(select(Person.id).where(col(Person.is_operator).is_(True)).limit(1)).first() is not None


def rename(session: Session, person: Person, name: str) -> None:
    problem = problem_of_name(name)
    if problem:
        raise Invalid.fields({"name": problem})
    person.name = plain_name(name)
    session.add(person)
    session.flush()


def choose_theme(session: Session, person: Person, theme: str) -> None:
    if theme not in set(Theme):
        raise Invalid("A theme is system, light or dark.")
    person.theme = theme
    session.add(person)
    session.flush()


def plain_name(name: str) -> str:
    """One line; no control or direction marks, which could change how the text around a name reads."""
    letters = "".join(" " if letter.isspace() else letter for letter in name)
    return " ".join("".join(letter for letter in letters if unicodedata.category(letter)[0] != "C").split())


def plain_email(email: str) -> str:
    return email.strip().lower()


def problem_of_name(name: str) -> str | None:
    plain = plain_name(name)
    if not plain:
        return "Enter a name"
    return f"Use at most {LONGEST_NAME} characters for the name" if len(plain) > LONGEST_NAME else None


def problem_of_email(email: str) -> str | None:
    plain = plain_email(email)
    name, _at, host = plain.rpartition("@")
    if not plain:
        return "Enter an e-mail address"
    if not name or not host or "@" in name:
        return "Enter an e-mail address with an @, like name@example.org"
    if len(plain) > LONGEST_EMAIL or not plain.isprintable() or any(letter in plain for letter in ' <>"(),:;[]\\'):
        return "Enter an e-mail address without spaces or brackets, like name@example.org"
    return None
