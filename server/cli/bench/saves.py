"""How many saves of a cell a second one server's database takes: SQLite has one writer at a time."""

from __future__ import annotations

import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from sqlalchemy.orm import sessionmaker
from sqlmodel import Session

from server import clock
from server.accounts.guests import become_guest
from server.database.engine import make_engine, session_factory
from server.database.migrate import upgrade
from server.workspaces.cells import save_source
from server.workspaces.open import StartingCell, open_workspace, workspace_of

THREADS = 8


def saves_per_second(seconds: float = 3.0) -> float:
    """Saves as the page sends them, each committed and synced to the disk, from several people at once."""
    with tempfile.TemporaryDirectory(prefix="touchstone-saves-") as folder:
        engine = make_engine(f"sqlite:///{Path(folder) / 'saves.sqlite3'}")
        upgrade(engine)
        sessions = session_factory(engine)
        people = [_person_with_work(sessions) for _ in range(THREADS)]
        until = time.monotonic() + seconds
        with ThreadPoolExecutor(THREADS) as threads:
            saved: int = sum(threads.map(partial(_save_until, sessions, until), people))
        engine.dispose()
    return round(saved / seconds, 1)


def _person_with_work(sessions: sessionmaker[Session]) -> tuple[str, str]:
    now = clock.now()
    with sessions() as session:
        person, _ = become_guest(session, now)
        cell = StartingCell("answer-1", "code", "answer", "answer", "")
        workspace = open_workspace(session, person.id, "saves", "none", cells=[cell], seed=0, values={}, now=now)
        session.commit()
        return person.id, workspace.id


def _save_until(sessions: sessionmaker[Session], until: float, work: tuple[str, str]) -> int:
    person, workspace_id = work
    saved = 0
    while time.monotonic() < until:
        with sessions() as session:
            workspace = workspace_of(session, (person,), workspace_id)
            save_source(session, workspace, "answer-1", f"answer = {saved}\n" * 20, saved + 1, clock.now())
            session.commit()
        saved += 1
    return saved
