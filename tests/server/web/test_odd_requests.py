"""Values that no page of ours sends: each gets a 4xx with a sentence, on each database, and nothing breaks."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from server.bank.load import load_bundled
from server.web.app import create_app
from server.wiring import House
from server.workspaces.tables import Workspace
from tests.people import MOMENT, PASSWORD, Browser, whole_house
from tests.server.bank.notebooks import write_exercise

SLUG = "stable-softmax"
NUMBERS = (2**31, 2**63, 10**400, -1, 1.5, True, "1", None)
TEXTS = ("\ud800", "a\udfffb", "\x00")
NESTED = "[" * 100_000 + "]" * 100_000
ODD_THEMES = ('["dark"]', '{"dark": 1}', '"\\ud800"', "1", "null", NESTED)


@pytest.fixture
def house(engine: Engine, tmp_path: Path) -> Iterator[House]:
    """A site with one exercise; no test of this file runs code."""
    house = whole_house(engine, tmp_path)
    write_exercise(tmp_path / "exercises", SLUG)
    with house.sessions() as session:
        load_bundled(session, tmp_path / "exercises", MOMENT)
        session.commit()
    yield house
    house.close()


@pytest.fixture
def mira(house: House) -> Browser:
    return Browser(create_app(house))


@pytest.fixture
def desk(mira: Browser, house: House) -> str:
    """The address of a workspace that she has started."""
    assert mira.post(f"/exercises/{SLUG}/start").status_code == 303
    mira.get("/")
    with house.sessions() as session:
        return f"/workspaces/{session.exec(select(Workspace)).one().id}"


def status(mira: Browser, address: str, sent: str) -> int:
    """How JSON is answered; what is refused says in a sentence why."""
    answer = mira.client.post(address, data=sent, content_type="application/json", headers={"X-CSRFToken": mira.csrf})
    if answer.status_code >= 400:
        assert answer.get_json()["error"]["sentence"]
    return answer.status_code


@pytest.mark.parametrize(
    ("path", "name", "more"),
    [
        ("/cells/answer/save", "base", {"source": "x"}),
        ("/cells/answer/run", "base", {"source": "x"}),
        ("/complete", "cursor", {"code": "x"}),
        ("/undo-reset", "undo", {}),
        ("/hints", "seen", {}),
    ],
)
def test_a_number_that_no_column_holds_is_refused(mira: Browser, desk: str, path: str, name: str, more: dict[str, str]) -> None:
    assert {number: status(mira, desk + path, json.dumps({**more, name: number})) for number in NUMBERS} == dict.fromkeys(
        NUMBERS, 422
    )
    assert status(mira, desk + path, f'{{"source": "x", "code": "x", "{name}": {"1" * 6_000}}}') == 422


@pytest.mark.parametrize(
    ("path", "sent"),
    [
        ("/cells", {"type": "?"}),
        ("/cells", {"type": "code", "after": "?"}),
        ("/cells/answer/move", {"after": "?"}),
        ("/check", {"request": "?" * 8}),
        ("/submit", {"request": "?" * 8}),
        ("/hints", {"seen": "?"}),
        ("/self-marks", {"question": "?", "marks": {"?": 3}}),
    ],
)
def test_a_name_with_signs_that_no_text_has_is_refused(mira: Browser, desk: str, path: str, sent: Any) -> None:
    for text in TEXTS:
        assert status(mira, desk + path, json.dumps(sent).replace("?", json.dumps(text)[1:-1])) in (404, 422)


def test_such_signs_in_what_a_person_wrote_are_taken_out(mira: Browser, desk: str) -> None:
    for version, text in enumerate(TEXTS, 1):
        sent = {"source": f"x = {version}{text}", "base": version, "code": text, "cursor": 1}
        assert [status(mira, desk + path, json.dumps(sent)) for path in ("/cells/answer/save", "/render", "/complete")] == [
            200
        ] * 3
        (answer,) = [cell for cell in mira.get(desk).get_json()["cells"] if cell["id"] == "answer"]
        assert answer["source"].startswith(f"x = {version}") and answer["source"].isprintable()


@pytest.mark.parametrize("sent", [NESTED, f'{{"source": {NESTED}, "base": 1}}', "{", "NaN", "null", "[]", "1" * 6_000, "\xff"])
def test_json_that_is_no_object_is_refused(mira: Browser, desk: str, sent: str) -> None:
    for path in ("/cells/answer/save", "/cells/answer/run", "/cells", "/submit", "/complete", "/self-marks", "/render"):
        assert status(mira, desk + path, sent) == 422


@pytest.mark.parametrize("sent", [NESTED, "{", "null", '["dark"]', '"dark"', *(f'{{"theme": {odd}}}' for odd in ODD_THEMES)])
def test_a_theme_that_is_none_is_refused(mira: Browser, sent: str) -> None:
    mira.get("/")
    assert status(mira, "/theme", sent) in (400, 422)


@pytest.mark.parametrize(
    "path", ["/%00", "/exercises/a%00b", "/reset/%00", "/setup/%00", "/static/%00.css", "/exercises/%ED%A0%80"]
)
def test_an_address_with_signs_that_no_name_has_is_no_page(mira: Browser, path: str) -> None:
    assert mira.get(path).status_code == 404


@pytest.mark.parametrize("search", ["q=%00", "q=%ED%A0%80", "kind=%00", f"page={'9' * 30}", f"level={'9' * 30}", "minutes=-1"])
def test_a_search_for_nonsense_is_a_search(mira: Browser, search: str) -> None:
    assert mira.get(f"/exercises?{search}").status_code == 200


@pytest.mark.parametrize("path", ["/sign-up", "/sign-in", "/forgot", "/reset", "/setup", "/theme"])
def test_a_form_with_a_nul_is_refused(mira: Browser, path: str) -> None:
    sent = {"name": "Mira", "email": "mira\x00@example.org", "password": PASSWORD, "theme": "dark\x00"}
    answer = mira.post(path, sent)
    assert answer.status_code == 422
    assert "NUL" in answer.text
