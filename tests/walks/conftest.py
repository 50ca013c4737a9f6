"""A whole site: real kernels, real graders, the bundled bank, the queue's threads; and people who use it."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from server import clock
from server.bank.load import load_bundled
from server.database.migrate import upgrade
from server.files import exercises_folder
from server.web.app import create_app
from server.wiring import House, open_house
from server.worker.loop import Workers
from tests.people import Browser, settings_for


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    house = open_house(settings_for(tmp_path_factory.mktemp("site")))
    upgrade(house.engine)
    with house.sessions() as session:
        load_bundled(session, exercises_folder(), clock.now())
        session.commit()
    workers = Workers(house, 2)
    workers.start()
    yield house
    workers.stop()
    house.close()


@pytest.fixture(scope="module")
def app(house: House) -> Flask:
    return create_app(house)


class Learner(Browser):
    """Somebody who works on exercises in a browser."""

    def start(self, slug: str) -> dict[str, Any]:
        """Start an exercise; the page's own state of it."""
        self.get(f"/exercises/{slug}")
        assert self.post(f"/exercises/{slug}/start").status_code == 303
        return self.state(slug)

    def state(self, slug: str) -> dict[str, Any]:
        page = self.get(f"/exercises/{slug}").text
        found = re.search(r'<script type="application/json" id="workspace"[^>]*>(.*?)</script>', page, re.DOTALL)
        assert found is not None
        state = json.loads(found.group(1))
        assert isinstance(state, dict)
        return state

    def save(self, state: dict[str, Any], cell_id: str, source: str) -> dict[str, Any]:
        cell = cell_of(state, cell_id)
        answer = self.post_json(f"{state['urls']['cells']}/{cell_id}/save", {"source": source, "base": cell["version"]})
        assert answer.status_code == 200, answer.text
        cell["version"] = answer.json["version"]
        return dict(answer.json)

    def run(self, state: dict[str, Any], cell_id: str, source: str | None = None) -> list[dict[str, Any]]:
        """All events of a run, to its end."""
        cell = cell_of(state, cell_id)
        sent = {"source": cell["source"] if source is None else source, "base": cell["version"]}
        answer = self.post_json(f"{state['urls']['cells']}/{cell_id}/run", sent)
        assert answer.status_code == 200, answer.text
        return [json.loads(line) for line in answer.text.splitlines() if line]

    def hand_in(self, state: dict[str, Any], kind: str, request: str) -> dict[str, Any]:
        """Check or submit, and wait for the result."""
        answer = self.post_json(state["urls"][kind], {"request": request})
        assert answer.status_code == 202, answer.text
        return self.wait_for(state, answer.json["submission"])

    def wait_for(self, state: dict[str, Any], submission: str) -> dict[str, Any]:
        until = time.monotonic() + 60
        while time.monotonic() < until:
            found = self.get(f"{state['urls']['submissions']}/{submission}").json
            assert isinstance(found, dict)
            if found["state"] in ("graded", "our_fault"):
                return found
            time.sleep(0.05)
        raise AssertionError("the submission was not graded within a minute")


def cell_of(state: dict[str, Any], cell_id: str) -> dict[str, Any]:
    return next(cell for cell in state["cells"] if cell["id"] == cell_id)


@pytest.fixture
def mira(app: Flask) -> Learner:
    return Learner(app)


@pytest.fixture
def tomas(app: Flask) -> Learner:
    return Learner(app)
