"""The composition root: from settings to a house in which everything is connected."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Engine
from sqlalchemy.orm import sessionmaker
from sqlmodel import Session

from sandbox.environments import candidate_python, digest
from sandbox.errors import SandboxError
from sandbox.forkserver import ForkServer
from sandbox.pool import Kernels
from sandbox.probe import probe
from server.accounts.keeping import Keeper
from server.all_tables import metadata
from server.database.engine import make_engine, session_factory
from server.mail.mailer import Mailer
from server.mail.outbox import Outbox
from server.mail.smtp import Smtp
from server.practice.keeping import practice_keeper
from server.settings import Settings
from server.workspaces.keeping import workspace_keeper
from server.workspaces.rooms import Rooms

NOT_TESTED = ("warn", "starting", "The self-test has not run yet; reload this page in a few seconds.")
OPEN = ("warn", "open", "Code runs without walls (TOUCHSTONE_SANDBOX=open). Use this alone, on your own computer.")


class Bell:
    """Wakes the queue's threads when a job was put in, so that nobody waits for the next look."""

    def __init__(self) -> None:
        self._rung = threading.Condition()

    def ring(self) -> None:
        with self._rung:
            self._rung.notify_all()

    def wait(self, seconds: float) -> None:
        with self._rung:
            self._rung.wait(seconds)


@dataclass(slots=True)
class House:
    """What the doors need. Nothing in it is started before it is used."""

    settings: Settings
    engine: Engine
    sessions: sessionmaker[Session]
    mailer: Mailer
    forkserver: ForkServer
    kernels: Kernels
    rooms: Rooms
    bell: Bell
    keepers: Sequence[Keeper]
    environment: str  # digest of what people's code runs with; stored with every result
    condition: tuple[str, str, str] = NOT_TESTED

    def sandbox_condition(self) -> tuple[str, str, str]:
        """Status, one word and a sentence about the sandbox, as the last self-test found it."""
        return self.condition

    def test_sandbox(self) -> None:
        """Start the fork-server and try the walls from inside; takes some seconds."""
        if self.settings.sandbox == "open":
            self.condition = OPEN
            return
        try:
            self.forkserver.start()
            layers = probe(self.forkserver)
        except SandboxError as error:
            self.condition = ("failed", "not there", f"{error} Until then nobody's code is run.")
            return
        broken = [layer for layer in layers if layer.needed and not layer.works]
        working = sum(layer.works for layer in layers)
        tally = f"Self-test: {working} of {len(layers)}."
        if broken:
            self.condition = ("failed", "has a hole", f"{broken[0].name}: {broken[0].why} {broken[0].advice} {tally}")
        else:
            self.condition = ("passed", "works", f"People's code runs behind every wall. {tally}")

    def queue_wake(self) -> None:
        self.bell.ring()

    def close(self) -> None:
        self.rooms.close()
        self.kernels.close()
        self.forkserver.close()
        self.engine.dispose()


def open_house(settings: Settings) -> House:
    """Connect everything. Neither migrates nor starts a process or thread."""
    assert metadata.tables  # foreign keys name tables of other domains: all must be known before the first query
    engine = make_engine(settings.database_url)
    python = settings.candidate_python or candidate_python(settings.data)
    forkserver = ForkServer(python, settings.sandbox)
    kernels = Kernels(forkserver, settings.kernels)
    rooms = Rooms(kernels)
    return House(
        settings=settings,
        engine=engine,
        sessions=session_factory(engine),
        mailer=_mailer(settings),
        forkserver=forkserver,
        kernels=kernels,
        rooms=rooms,
        bell=Bell(),
        keepers=(workspace_keeper(rooms), practice_keeper()),
        environment=digest(python),
    )


def _mailer(settings: Settings) -> Mailer:
    if settings.smtp_url is None:
        return Outbox(settings.data / "outbox", settings.mail_from)
    return Smtp(settings.smtp_url, settings.mail_from)
