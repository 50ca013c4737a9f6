"""Taking everything along, and leaving for good."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from server.accounts import passwords, tables
from server.accounts.keeping import Keeper
from server.accounts.reset import forget_requests
from server.accounts.tables import Person
from server.errors import Invalid

EXPORT_FORMAT = 1


def confirm(person: Person, password: str) -> None:
    """Ask again who it is. A guest has no password: their browser is all that they have."""
    if not person.is_guest and not passwords.matches(person.password_hash, password):
        raise Invalid.fields({"password": "This is not your password"})


def export_person(session: Session, person: Person, keepers: Sequence[Keeper], now: datetime) -> dict[str, object]:
    """Everything that is kept of a person, as plain data."""
    return {
        "format": EXPORT_FORMAT,
        "exported_at": now.isoformat(),
        "account": _account(person),
        "sessions": list_sessions(session, person),
        **{keeper.name: keeper.export(session, person) for keeper in keepers},
    }


def delete_person(session: Session, person: Person, keepers: Sequence[Keeper]) -> None:
    """Rows that belong to the person go with theirs; what else is kept, its keeper removes."""
    for keeper in keepers:
        keeper.forget(session, person)
    if person.email:
        forget_requests(session, person.email)
    session.delete(person)
    session.flush()


def _account(person: Person) -> dict[str, object]:
    return {
        "name": person.name,
        "email": person.email,
        "theme": person.theme,
        "operator": person.is_operator,
        "created_at": person.created_at.isoformat(),
    }


def list_sessions(session: Session, person: Person) -> list[dict[str, object]]:
    own = select(tables.Session).where(tables.Session.person_id == person.id).order_by(col(tables.Session.created_at))
    return [
        {
            "began_at": row.created_at.isoformat(),
            "last_seen_at": row.last_seen_at.isoformat(),
            "ended_at": row.ended_at.isoformat() if row.ended_at else None,
        }
        for row in session.exec(own)
    ]
