"""The pages of a candidate, with the clock moved: before the start, while the time runs, at its end, and after it."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine
from sqlmodel import Session, select

from server.accounts.sessions import open_session
from server.accounts.tables import Person
from server.assessments.blueprints.preview import begin_preview
from server.assessments.sittings.closing import GRACE
from server.assessments.tables.blueprints import BlueprintRow
from server.assessments.tables.invitations import Candidate
from server.assessments.tables.sittings import Outage, Sitting
from server.grading.tables import Submission
from server.web.app import create_app
from server.wiring import House
from server.workspaces.tables import Workspace
from tests import rounds
from tests.people import MOMENT, Browser, whole_house
from tests.server.web.conftest import Clock

MINUTE = timedelta(minutes=1)
END = MOMENT + 120 * MINUTE
WORDS = "I split by time, because rows of one shelf look like each other."


class Journey:
    """One candidate, their browser, and the hands of the clock."""

    def __init__(self, house: House, app: Flask, clock: Clock) -> None:
        self.house, self.clock, self.browser = house, clock, Browser(app)
        with house.sessions() as session:
            self.round = rounds.make_round(session, MOMENT)
            candidate = rounds.invited(session, self.round, "Flint 03", MOMENT)
            self.id = candidate.id
            self.let_in(session, candidate)
            session.commit()

    def let_in(self, session: Session, candidate: Candidate) -> None:
        token = open_session(session, session.get_one(Person, candidate.person_id), MOMENT)
        with self.browser.client.session_transaction() as cookie:
            cookie["candidate"] = [token]

    @property
    def root(self) -> str:
        return f"/invitations/{self.id}"

    def start(self) -> None:
        self.browser.get(f"{self.root}/start")
        response = self.browser.post(f"{self.root}/start")
        assert response.headers["Location"] == f"{self.root}/tasks/1", response.text

    def workspaces(self) -> list[str]:
        with self.house.sessions() as session:
            candidate = session.get_one(Candidate, self.id)
            return sorted(session.exec(select(Workspace.id).where(Workspace.person_id == candidate.person_id)))

    def workspace_of(self, slug: str) -> str:
        with self.house.sessions() as session:
            candidate = session.get_one(Candidate, self.id)
            wanted = select(Workspace.id).where(Workspace.person_id == candidate.person_id, Workspace.exercise_slug == slug)
            return session.exec(wanted).one()

    def save(self, text: str, base: int = 1) -> tuple[int, dict[str, object]]:
        """Into the one answer of the coding task."""
        workspace = self.workspace_of(rounds.CODING)
        self.browser.get(self.root)
        self.browser.csrf = self.browser.csrf or self.token()
        state = self.browser.get(f"/workspaces/{workspace}").json
        assert state is not None
        cell = next(cell["id"] for cell in state["cells"] if cell["role"] == "answer")
        response = self.browser.post_json(f"/workspaces/{workspace}/cells/{cell}/save", {"source": text, "base": base})
        return response.status_code, response.json or {}

    def token(self) -> str:
        self.browser.get("/keys")
        return self.browser.csrf

    def sitting(self) -> Sitting:
        with self.house.sessions() as session:
            return session.exec(select(Sitting).where(Sitting.candidate_id == self.id)).one()


@pytest.fixture
def house(sqlite_engine: Engine, tmp_path: Path) -> Iterator[House]:
    house = whole_house(sqlite_engine, tmp_path)
    yield house
    house.close()


@pytest.fixture
def journey(house: House, clock: Clock) -> Journey:
    return Journey(house, create_app(house, clock), clock)


def code_of(answer: dict[str, object]) -> object:
    error = answer["error"]
    assert isinstance(error, dict)
    return error["code"]


def test_the_invitation_says_what_a_candidate_should_know_and_starts_nothing(journey: Journey) -> None:
    text = journey.browser.get(journey.root).text
    for said in (
        "Northwind ML invites you",
        "120 minutes",
        "AI tools: allowed, with disclosure",
        "Never recorded",
        "under the code Flint 03",
        "dana@example.org",
        "Practice room first",
        "Ask for an adjustment",
    ):
        assert said in text
    for method in ("GET", "HEAD"):
        journey.browser.client.open(f"{journey.root}/start", method=method)
    with journey.house.sessions() as session:
        assert session.exec(select(Sitting)).all() == []


def test_the_invitation_says_how_long_people_really_needed(journey: Journey) -> None:
    assert "the tasks are meant to take" in journey.browser.get(journey.root).text
    with journey.house.sessions() as session:
        for number in range(5):
            sitting = rounds.sat(session, journey.round, f"Agate {number}", MOMENT)
            rounds.graded(session, sitting, MOMENT + 90 * MINUTE)
        session.commit()
    text = journey.browser.get(journey.root).text
    assert "people usually need" in text
    assert "<dd>60 minutes</dd>" in text


def test_nobody_else_finds_the_invitation(journey: Journey, clock: Clock) -> None:
    other = Journey(journey.house, journey.browser.client.application, clock)
    account = Browser(journey.browser.client.application)
    account.sign_up()
    nobody = Browser(journey.browser.client.application)
    journey.start()
    workspace = journey.workspaces()[0]
    for browser in (other.browser, account, nobody):
        for page in ("", "/tasks/1", "/clock", "/receipt", "/notebooks.zip"):
            assert browser.get(journey.root + page).status_code == 404, page
        assert browser.get(f"/workspaces/{workspace}").status_code in (302, 404)
    assert other.browser.get(other.root).status_code == 200


def test_an_account_and_a_candidate_live_in_one_browser(journey: Journey) -> None:
    journey.browser.sign_up()
    journey.start()
    assert journey.browser.get(f"{journey.root}/tasks/1").status_code == 200
    journey.browser.get("/")
    journey.browser.post("/sign-out")
    assert journey.browser.get(f"{journey.root}/tasks/2").status_code == 200
    journey.browser.get("/")
    journey.browser.post(f"{journey.root}/leave")
    assert journey.browser.get(f"{journey.root}/tasks/1").status_code == 404


def test_what_is_saved_before_the_end_is_handed_in_when_time_is_up(journey: Journey) -> None:
    journey.start()
    journey.clock.moment = END
    assert journey.save(WORDS)[0] == 200
    journey.clock.moment = END + timedelta(milliseconds=1)
    status, answer = journey.save("too late", base=2)
    assert (status, code_of(answer)) == (409, "over")
    assert journey.browser.get(f"{journey.root}/tasks/1").headers["Location"] == f"{journey.root}/over"
    assert "is being handed in" in journey.browser.get(f"{journey.root}/over").text
    assert journey.sitting().handed_in_at is None
    journey.clock.moment = END + GRACE
    assert "We took the state that was saved last" in journey.browser.get(f"{journey.root}/over").text
    sitting = journey.sitting()
    assert (sitting.handed_in_at, sitting.handed_in_by) == (END, "time")
    assert code_of(journey.save("later still", base=2)[1]) == "handed_in"
    with journey.house.sessions() as session:
        kept = [each.notebook.decode() for each in session.exec(select(Submission).where(Submission.kind == "submit"))]
    assert len(kept) == 2
    assert any(WORDS in notebook for notebook in kept)
    assert not any("too late" in notebook for notebook in kept)


def test_the_clock_of_the_page_is_the_servers(journey: Journey) -> None:
    journey.start()
    journey.clock.moment = MOMENT + 90 * MINUTE
    clock = journey.browser.get(f"{journey.root}/clock").json
    assert clock is not None
    assert (clock["phase"], clock["left_ms"]) == ("running", 30 * 60_000)
    journey.clock.moment = MOMENT - timedelta(hours=3)  # the server's own clock was set back
    clock = journey.browser.get(f"{journey.root}/clock").json
    assert clock is not None
    assert (clock["phase"], clock["left_ms"]) == ("running", 120 * 60_000)


def test_an_outage_of_ours_is_given_back(journey: Journey) -> None:
    journey.start()
    with journey.house.sessions() as session:
        session.add(Outage(since=MOMENT + 100 * MINUTE, until=MOMENT + 140 * MINUTE))
        session.commit()
    journey.clock.moment = MOMENT + 150 * MINUTE
    clock = journey.browser.get(f"{journey.root}/clock").json
    assert clock is not None
    assert (clock["phase"], clock["left_ms"], clock["given_back"]) == ("running", 10 * 60_000, "40 minutes")
    assert journey.save(WORDS)[0] == 200


def test_handing_in_early_asks_first_and_is_final(journey: Journey) -> None:
    journey.start()
    journey.save(WORDS)
    journey.clock.moment = MOMENT + 60 * MINUTE
    page = journey.browser.get(f"{journey.root}/hand-in").text
    assert "1 of 1 answer written" in page
    assert journey.sitting().handed_in_at is None
    for _ in range(2):  # a double click
        journey.browser.get("/keys")
        journey.browser.post(f"{journey.root}/hand-in")
    sitting = journey.sitting()
    assert (sitting.handed_in_at, sitting.handed_in_by) == (MOMENT + 60 * MINUTE, "candidate")
    with journey.house.sessions() as session:
        assert len(session.exec(select(Submission).where(Submission.kind == "submit")).all()) == 2
    assert journey.browser.get(f"{journey.root}/receipt").headers["Location"] == f"{journey.root}/over"
    journey.browser.get(f"{journey.root}/over")
    journey.browser.post(f"{journey.root}/disclosure", {"disclosure": "None."})
    receipt = journey.browser.get(f"{journey.root}/receipt").text
    assert sitting.fingerprint in receipt
    assert "60 minutes" in receipt
    again = journey.browser.post(f"{journey.root}/disclosure", {"disclosure": "Changed my mind."})
    assert again.status_code == 409
    assert journey.sitting().disclosure == "None."


def test_the_receipt_names_the_files_that_can_be_downloaded(journey: Journey) -> None:
    journey.start()
    journey.browser.get("/keys")
    journey.browser.post(f"{journey.root}/hand-in")
    with zipfile.ZipFile(io.BytesIO(journey.browser.get(f"{journey.root}/notebooks.zip").data)) as packed:
        files = {name: packed.read(name) for name in packed.namelist()}
    assert sorted(files) == sorted(f"{slug}.ipynb" for slug in (rounds.CODING, rounds.MARKED))
    receipt = journey.browser.get(f"{journey.root}/receipt.txt").text
    for content in files.values():
        assert json.loads(content)["nbformat"] == 4
        assert hashlib.sha256(content).hexdigest() in receipt


def test_a_take_home_gives_no_help_and_tells_no_results_of_the_hand_in(journey: Journey) -> None:
    journey.start()
    workspace = journey.workspace_of(rounds.MARKED)
    journey.browser.get("/keys")
    for act, sent in (
        ("hints", {"seen": 0}),
        ("give-up", {}),
        ("submit", {"request": "request-1"}),
        ("self-marks", {"marks": {}}),
    ):
        response = journey.browser.post_json(f"/workspaces/{workspace}/{act}", sent)
        assert (response.status_code, code_of(response.json or {})) == (409, "take_home"), act
    state = journey.browser.get(f"/workspaces/{workspace}").json
    assert state is not None
    questions = [cell["question"] for cell in state["cells"] if cell["question"]]
    assert questions
    assert all(question["rubric"] is None and not question["self_mark"] for question in questions)
    assert state["hints"] == {"shown": [], "total": 0}
    journey.browser.get("/keys")
    journey.browser.post(f"{journey.root}/hand-in")
    with journey.house.sessions() as session:
        rounds.graded(session, session.exec(select(Sitting).where(Sitting.candidate_id == journey.id)).one(), MOMENT)
        session.commit()
        submission = session.exec(select(Submission.id).where(Submission.workspace_id == workspace)).one()
    assert journey.browser.get(f"/workspaces/{workspace}/submissions").json == []
    assert journey.browser.get(f"/workspaces/{workspace}/submissions/{submission}").status_code == 404
    state = journey.browser.get(f"/workspaces/{workspace}").json
    assert state is not None
    assert state["result"] is None


@pytest.mark.parametrize(("days", "said"), [(15, "The window has closed"), (-2, "Not open yet")])
def test_outside_the_window_the_page_says_so(journey: Journey, days: int, said: str) -> None:
    journey.clock.moment = MOMENT + timedelta(days=days)
    assert said in journey.browser.get(journey.root).text
    journey.browser.get("/keys")
    assert journey.browser.post(f"{journey.root}/start").status_code == 409


def test_declining_can_be_taken_back(journey: Journey) -> None:
    journey.browser.get(journey.root)
    journey.browser.post(f"{journey.root}/decline", {"answer": "no"})
    assert "You do not take part" in journey.browser.get(journey.root).text
    assert journey.browser.post(f"{journey.root}/start").status_code == 409
    journey.browser.get(journey.root)
    journey.browser.post(f"{journey.root}/decline", {"answer": "yes"})
    journey.start()


def test_an_adjustment_and_a_problem_need_words_and_are_kept(journey: Journey) -> None:
    journey.browser.get(journey.root)
    empty = journey.browser.post(f"{journey.root}/adjustment", {"adjustment": "  "})
    assert (empty.status_code, "Say what you need" in empty.text) == (422, True)
    journey.browser.post(f"{journey.root}/adjustment", {"adjustment": "Breaks, please."})
    assert "You asked: Breaks, please." in journey.browser.get(journey.root).text
    journey.start()
    page = f"{journey.root}/tasks/2/problem"
    journey.browser.get(page)
    assert journey.browser.post(page, {"problem": ""}).status_code == 422
    journey.browser.post(page, {"problem": "The table <b>is</b> empty."})
    shown = journey.browser.get(page).text
    assert "The table &lt;b&gt;is&lt;/b&gt; empty." in shown
    assert journey.browser.get(f"{journey.root}/tasks/9/problem").status_code == 404


def test_a_notebook_file_is_put_in_by_cell_and_a_foreign_one_changes_nothing(journey: Journey) -> None:
    journey.start()
    page = f"{journey.root}/tasks/1/notebook"
    assert "put the file in; both are in the menu at the top" in journey.browser.get(f"{journey.root}/tasks/1").text
    workspace = journey.workspace_of(rounds.CODING)
    file = json.loads(journey.browser.get(f"/workspaces/{workspace}/download").data)
    answer = next(cell for cell in file["cells"] if cell["metadata"]["touchstone"]["role"] == "answer")
    answer["source"] = ["def mine(): ..."]
    file["cells"].append({"id": "new", "cell_type": "code", "metadata": {}, "source": ["my_own = 1"], "outputs": []})

    def put_in(content: bytes) -> tuple[int, str]:
        journey.browser.get(page)
        sent = {"notebook": (io.BytesIO(content), "mine.ipynb")}
        response = journey.browser.post(page, sent, content_type="multipart/form-data")
        return response.status_code, response.text

    assert put_in(json.dumps(file).encode())[0] == 303
    state = journey.browser.get(f"/workspaces/{workspace}").json
    assert state is not None
    texts = [cell["source"] for cell in state["cells"]]
    assert "def mine(): ..." in texts
    assert texts[-1] == "my_own = 1"
    file["metadata"]["touchstone"]["exercise"] = "another-one"
    answer["source"] = ["stolen()"]
    for content, said in (
        (json.dumps(file).encode(), "belongs to the exercise another-one"),
        (b'{"cells": []}', "does not come from here"),
        (b"", "is not JSON"),
        (b"\xff\xfe", "not UTF-8"),
    ):
        status, text = put_in(content)
        assert (status, said in text) == (422, True), said
    state = journey.browser.get(f"/workspaces/{workspace}").json
    assert state is not None
    assert [cell["source"] for cell in state["cells"]] == texts


def test_the_practice_room_has_no_clock_and_is_no_task(journey: Journey) -> None:
    journey.browser.get(journey.root)
    assert journey.browser.post(f"{journey.root}/room").headers["Location"] == f"{journey.root}/room"
    room = journey.browser.get(f"{journey.root}/room").text
    assert "practice room" in room
    assert "Time left" not in room
    journey.start()
    assert len(journey.workspaces()) == 3
    journey.browser.get("/keys")
    journey.browser.post(f"{journey.root}/hand-in")
    with journey.house.sessions() as session:
        assert len(session.exec(select(Submission)).all()) == 2


def test_a_preview_counts_as_one_when_it_was_handed_in(journey: Journey) -> None:
    with journey.house.sessions() as session:
        blueprint = session.get_one(BlueprintRow, journey.round.blueprint.id)
        blueprint.previewed_at = None
        candidate, token = begin_preview(session, journey.round.owner, blueprint, MOMENT)
        session.commit()
        journey.id = candidate.id
    with journey.browser.client.session_transaction() as cookie:
        cookie["candidate"] = [token]
    assert "This is a preview" in journey.browser.get(journey.root).text
    journey.start()
    journey.clock.moment = MOMENT + MINUTE
    journey.browser.get("/keys")
    journey.browser.post(f"{journey.root}/hand-in")
    with journey.house.sessions() as session:
        assert session.get_one(BlueprintRow, journey.round.blueprint.id).previewed_at == MOMENT
