"""A check was wrong: it is mended, the scores that change are looked at, and then they count."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from server import clock
from server.bank.load import load_bundled
from server.database.migrate import upgrade
from server.files import exercises_folder
from server.web.app import create_app
from server.wiring import House, open_house
from server.worker.loop import Workers
from tests.exercises import bundled
from tests.people import settings_for
from tests.walks.conftest import Learner

TOUCHSTONE = Path(sys.executable).with_name("touchstone")
SLUG = "softmax-cross-entropy-stable"
REASON = "A hidden check had mixed up loss and gradient."


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("site")


@pytest.fixture(scope="module")
def house(site: Path) -> Iterator[House]:
    """Its bank holds an earlier version of the exercise: a hidden check of it is wrong."""
    house = open_house(settings_for(site))
    upgrade(house.engine)
    with house.sessions() as session:
        load_bundled(session, earlier_bank(site), clock.now())
        session.commit()
    workers = Workers(house, 2)
    workers.start()
    yield house
    workers.stop()
    house.close()


def earlier_bank(site: Path) -> Path:
    [now] = exercises_folder().rglob(f"{SLUG}.ipynb")
    earlier = site / "bank" / now.parent.name / now.name
    earlier.parent.mkdir(parents=True)
    shutil.copy(now, earlier)
    document = json.loads(now.read_text())
    hidden = next(cell for cell in document["cells"] if "hidden-check" in cell["metadata"].get("tags", []))
    source = "".join(hidden["source"])
    hidden["source"] = source + "\nassert False, 'this check is wrong'"
    earlier.write_text(json.dumps(document))
    return site / "bank"


@pytest.fixture
def learners(app: Flask) -> list[Learner]:
    return [Learner(app) for _ in range(4)]


@pytest.fixture(scope="module")
def app(house: House) -> Flask:
    return create_app(house)


def call(site: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environ = {**os.environ, "TOUCHSTONE_DATA": str(site), "TOUCHSTONE_SECRET": "s" * 40}
    return subprocess.run([TOUCHSTONE, *arguments], env=environ, capture_output=True, text=True, timeout=120, check=False)


def test_a_check_is_mended_three_scores_change_and_the_old_results_stay(site: Path, learners: list[Learner]) -> None:
    exercise = bundled(SLUG)
    right = exercise.solution_source(exercise.answers[0])
    states = [learner.start(SLUG) for learner in learners]
    for number, (learner, state) in enumerate(zip(learners, states, strict=True)):
        learner.save(state, "answer-1", right if number < 3 else right.replace(".mean()", ".sum()"))
        learner.hand_in(state, "submit", "request-1")
    before = [learner.state(SLUG)["result"] for learner in learners]
    assert all(result["points"] < result["possible"] for result in before)

    proposed = call(site, "regrade", "propose", SLUG, "--reason", REASON, "--by", "Olga")
    assert proposed.returncode == 0, proposed.stderr
    assert "4 submissions: 3 higher" in proposed.stdout
    [regrade] = re.findall(r"^Regrade (\w{8}) of", proposed.stdout)
    assert [learner.state(SLUG)["result"]["points"] for learner in learners] == [result["points"] for result in before]

    applied = call(site, "regrade", "apply", regrade, "--by", "Olga")
    assert applied.returncode == 0, applied.stderr
    assert call(site, "regrade", "apply", regrade).returncode == 2
    after = [learner.state(SLUG) for learner in learners]
    assert [state["result"]["points"] for state in after[:3]] == [11, 11, 11]
    assert [state["solved"] for state in after] == [True, True, True, False]
    shown = after[0]["result"]["regraded"]
    assert (shown["reason"], shown["before"]["points"]) == (REASON, before[0]["points"])
    assert "applied" in call(site, "regrade", "list").stdout
    assert "Applied by Olga" in call(site, "regrade", "show", regrade).stdout
    verified = json.loads(call(site, "grades", "verify", "--json").stdout)
    assert (verified["sealed"], verified["faults"]) == (8, [])
