"""What the web door needs of the house that server.wiring builds, and how a request reaches it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, cast

from flask import current_app
from sqlalchemy.orm import sessionmaker
from sqlmodel import Session

from sandbox.processes.forkservers import ForkServers
from server.accounts.keeping import Keeper
from server.mail.mailer import Mailer
from server.settings import Settings
from server.workspaces.rooms import Rooms

EXTENSION = "touchstone"


class House(Protocol):
    @property
    def settings(self) -> Settings: ...

    @property
    def sessions(self) -> sessionmaker[Session]: ...

    @property
    def mailer(self) -> Mailer: ...

    @property
    def keepers(self) -> Sequence[Keeper]:
        """Domains above accounts that keep things of a person, for moving, export and deletion."""

    @property
    def forkservers(self) -> ForkServers: ...

    @property
    def rooms(self) -> Rooms: ...

    def sandbox_condition(self) -> tuple[str, str, str]:
        """For the first-run page: passed, warn or failed; one word; a sentence with what the self-test found."""

    def queue_wake(self) -> None:
        """Tell idle workers that a job was put; called after the commit."""


@dataclass(frozen=True, slots=True)
class Installed:
    house: House
    now: Callable[[], datetime]


def installed() -> Installed:
    return cast(Installed, current_app.extensions[EXTENSION])


def house() -> House:
    return installed().house
