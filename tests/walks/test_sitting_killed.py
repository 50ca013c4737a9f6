"""The server is killed with SIGKILL at random moments of a sitting, and while it is handed in: what was said to be saved is there
afterwards, and there is one submission of each task.

TOUCHSTONE_TEST_KILLS sets how often; a few by default.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import re
import threading
import time
import urllib.error
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, select

from server.accounts.tokens import new_token, token_hash
from server.assessments.tables.invitations import Candidate
from server.assessments.tables.sittings import Sitting, SittingTask
from server.database.engine import make_engine, session_factory
from server.database.migrate import upgrade
from server.grading.tables import Submission
from tests import rounds
from tests.serving import Site

KILLS = int(os.environ.get("TOUCHSTONE_TEST_KILLS", "4"))
LONGEST_QUIET = 1.5  # seconds between a start and the next kill
GRADED_SECONDS = 90


class Work:
    """One candidate at work over HTTP: saves one text after the other into one cell, and knows which were confirmed."""

    def __init__(self, site: Site, root: str, workspace: str, cell: str) -> None:
        self.site, self.root, self.workspace, self.cell = site, root, workspace, cell
        self.number = 0
        self.confirmed = self.sent = str(self.stored()["source"])  # as it was given

    def stored(self) -> dict[str, Any]:
        state = json.loads(self.site.get(f"/workspaces/{self.workspace}"))
        return next(cell for cell in state["cells"] if cell["id"] == self.cell)

    def write_until_it_dies(self) -> None:
        """From the version that is stored now."""
        try:
            base = int(self.stored()["version"])
            while True:
                self.number += 1
                self.sent = f"answer = {self.number}"
                sent: dict[str, object] = {"source": self.sent, "base": base}
                answer = json.loads(self.site.post(f"/workspaces/{self.workspace}/cells/{self.cell}/save", sent))
                self.confirmed, base = self.sent, int(answer["version"])
                time.sleep(0.02)
        except (OSError, ValueError):  # no whole answer: it died
            return


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


def test_what_was_saved_is_there_after_every_kill_and_is_handed_in_once(site: Site) -> None:
    sessions = session_factory(make_engine(f"sqlite:///{site.folder}/touchstone.sqlite3"))
    chance = random.Random(KILLS)
    token = _invite(site)
    site.start()
    try:
        work = _begin(site, token)
        for _ in range(KILLS):
            writer = threading.Thread(target=work.write_until_it_dies)
            writer.start()
            time.sleep(chance.uniform(0.1, LONGEST_QUIET))
            _die_and_come_back(site, work)
            writer.join()
            kept = work.stored()["source"]
            assert kept in (work.confirmed, work.sent), (kept, work.confirmed, work.sent)
        last = work.stored()["source"]
        _hand_in_while_it_dies(site, work, chance)
        notebooks = _graded_notebooks(sessions)
    finally:
        site.stop()
    assert work.number > KILLS
    assert len(notebooks) == 2
    assert sum(last in notebook for notebook in notebooks) == 1


def _invite(site: Site) -> str:
    engine = make_engine(f"sqlite:///{site.folder}/touchstone.sqlite3")
    upgrade(engine)
    token, now = new_token(), datetime.now(UTC)
    with session_factory(engine)() as session:
        candidate = rounds.invited(session, rounds.make_round(session, now - timedelta(minutes=1)), "Flint 03", now)
        candidate.token_hash = token_hash(token)
        session.commit()
    engine.dispose()
    return token


def _begin(site: Site, token: str) -> Work:
    site.get(f"/invitation/{token}")
    site.post("/invitation", {})
    root = _root(site)
    site.get(root)
    site.post(f"{root}/start", {})
    state = _state(site.get(f"{root}/tasks/1"))
    cell = next(cell["id"] for cell in state["cells"] if cell["role"] == "answer")
    return Work(site, root, state["id"], cell)


def _root(site: Site) -> str:
    sessions = session_factory(make_engine(f"sqlite:///{site.folder}/touchstone.sqlite3"))
    with sessions() as session:
        return f"/invitations/{session.exec(select(Candidate.id)).one()}"


def _state(page: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/json" id="workspace"[^>]*>(.*?)</script>', page, re.DOTALL)
    assert found is not None
    state = json.loads(found[1])
    assert isinstance(state, dict)
    return state


def _die_and_come_back(site: Site, work: Work) -> None:
    site.kill()
    site.start()
    site.get(work.root)  # the token of a page of the new process


def _hand_in_while_it_dies(site: Site, work: Work, chance: random.Random) -> None:
    """Whether the first hand-in got through or not: asking again leads to one that is handed in."""

    def hand_in() -> None:
        with contextlib.suppress(OSError):
            site.post(f"{work.root}/hand-in", {})

    sending = threading.Thread(target=hand_in)
    sending.start()
    time.sleep(chance.uniform(0.0, 0.05))
    _die_and_come_back(site, work)
    sending.join()
    try:
        site.post(f"{work.root}/hand-in", {})
    except urllib.error.HTTPError as refused:
        raise AssertionError(refused.read().decode()) from refused


def _graded_notebooks(sessions: Any) -> list[str]:
    """What was handed in, once all of it is graded."""
    until = time.monotonic() + GRADED_SECONDS
    while time.monotonic() < until:
        with sessions() as session:
            submissions = session.exec(select(Submission).where(Submission.kind == "submit")).all()
            named = set(session.exec(select(SittingTask.submission_id).where(col(SittingTask.submission_id).is_not(None))))
            handed_in = session.exec(select(Sitting.handed_in_at)).one()
        if handed_in is not None and submissions and all(each.state == "graded" for each in submissions):
            assert {each.id for each in submissions} == named
            return [each.notebook.decode() for each in submissions]
        time.sleep(0.2)
    raise AssertionError("not graded in time")
