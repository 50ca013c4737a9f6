"""The composition root: from settings to a house in which everything is connected."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import Engine
from sqlalchemy.orm import sessionmaker
from sqlmodel import Session

from sandbox.errors import SandboxError
from sandbox.kernels.pool import Kernels
from sandbox.probe import Verdict, examine
from sandbox.processes.forkservers import ForkServers
from server.accounts.keeping import Keeper
from server.all_tables import metadata
from server.assessments.privacy.keeping import team_keeper
from server.audit.seals import sealed_sessions
from server.database.engine import make_engine
from server.forkservers import forkservers_of
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
        self._others: list[Callable[[], None]] = []
        self.rings = 0

    def also(self, ring: Callable[[], None]) -> None:
        """Ring there too, whenever this one is rung."""
        self._others.append(ring)

    def ring(self) -> None:
        with self._rung:
            self.rings += 1
            self._rung.notify_all()
        for ring in self._others:
            ring()

    def wait(self, heard: int, seconds: float) -> None:
        """Until it rings once more than `heard` times: also when that was while the thread still looked at the queue."""
        with self._rung:
            self._rung.wait_for(lambda: self.rings > heard, seconds)


@dataclass(slots=True)
class House:
    """What the doors need. Nothing in it is started before it is used."""

    settings: Settings
    engine: Engine
    sessions: sessionmaker[Session]
    mailer: Mailer
    forkservers: ForkServers
    kernels: Kernels
    rooms: Rooms
    bell: Bell
    keepers: Sequence[Keeper]
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
            with self.forkservers.examined() as forkserver:
                verdict = examine(forkserver)
        except SandboxError as error:
            self.condition = ("failed", "not there", f"{error} Until then nobody's code is run.")
            return
        self.forkservers.bar(verdict.why if verdict.tier == "refuse" else "")
        self.condition = condition_of(verdict)

    def queue_wake(self) -> None:
        self.bell.ring()

    def close(self) -> None:
        self.rooms.close()
        self.kernels.close()
        self.forkservers.close()
        self.engine.dispose()


def condition_of(verdict: Verdict) -> tuple[str, str, str]:
    """Status, one word and a sentence for the operator."""
    needed = [layer for layer in verdict.layers if layer.needed]
    tally = f"Self-test: {sum(layer.works for layer in needed)} of {len(needed)}."
    todo = f" {verdict.steps[0]}" if verdict.steps else ""
    if verdict.tier == "refuse":
        return "failed", "has a hole", f"{verdict.why.rstrip('.')}.{todo} {tally}"
    if verdict.tier == "reduced":
        return (
            "warn",
            "reduced",
            f"People's code runs behind fewer walls: {verdict.why}. `touchstone doctor` says what to do. {tally}",
        )
    return "passed", "works", f"People's code runs behind every wall. {tally}"


def open_house(settings: Settings) -> House:
    """Connect everything. Neither migrates nor starts a process or thread."""
    assert metadata.tables  # foreign keys name tables of other domains: all must be known before the first query
    engine = make_engine(settings.database_url)
    forkservers = forkservers_of(settings)
    kernels = Kernels(forkservers, settings.kernels, waiting_room=max(1, settings.threads // 2))  # each holds a thread
    rooms = Rooms(kernels)
    of_work = (workspace_keeper(rooms), practice_keeper())
    return House(
        settings=settings,
        engine=engine,
        sessions=sealed_sessions(engine, settings.secret),
        mailer=_mailer(settings),
        forkservers=forkservers,
        kernels=kernels,
        rooms=rooms,
        bell=Bell(),
        keepers=(*of_work, team_keeper(of_work)),
    )


def _mailer(settings: Settings) -> Mailer:
    if settings.smtp_url is None:
        return Outbox(settings.outbox, settings.mail_from)
    return Smtp(settings.smtp_url, settings.mail_from)
