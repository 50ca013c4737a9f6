"""How the domains above take part when a person's things move, are handed out or are deleted."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from sqlmodel import Session

from server.accounts.tables import Person


def _move_nothing(_session: Session, _giver: Person, _taker: Person) -> None:
    """Rows that only the giver can have."""


def _nothing_more(_session: Session, _person: Person) -> None:
    """Rows that go with the person's row by ON DELETE CASCADE; nothing that runs."""


def _holds_nobody(_session: Session) -> Collection[str]:
    """A guest whose sessions are over can go."""
    return ()


@dataclass(frozen=True, slots=True)
class Keeper:
    """One kind of thing that is kept of a person. The wiring lists all keepers.

    `export` gives plain data for JSON; `adopt` moves a guest's things to the account they sign in to; `forget` removes
    what the database does not remove by itself (files, kernels); `rest` ends what runs for the person when they sign out;
    `holds` names people without an account, by id, who stay although no browser has a session of them.
    """

    name: str
    export: Callable[[Session, Person], object]
    adopt: Callable[[Session, Person, Person], None] = _move_nothing
    forget: Callable[[Session, Person], None] = _nothing_more
    rest: Callable[[Session, Person], None] = _nothing_more
    holds: Callable[[Session], Collection[str]] = _holds_nobody
