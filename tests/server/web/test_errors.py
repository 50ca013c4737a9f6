"""Errors: one status each, a page for people, JSON for scripts, and nothing of our inside."""

import pytest
from flask import Flask, request

from server.accounts.tables import Person
from server.errors import Conflict, Invalid, NotAllowed, NotFound, Refusal, TooMany, Unavailable
from server.web.access import ACCESS, Who
from server.web.door import database, moment
from tests.people import Browser

CANARY = "canary-5d1e"
FAULTS: dict[str, Exception] = {
    "missing": NotFound("There is no such thing."),
    "closed": NotAllowed("That is not yours."),
    "changed": Conflict("Somebody was faster.", code="stale"),
    "wrong": Invalid.fields({"name": "Enter a name"}),
    "often": TooMany("One a minute.", wait_seconds=40),
    "away": Unavailable("The kernels rest. Your work is saved."),
    "other": Refusal("No."),
    "broken": RuntimeError(CANARY),
}


@pytest.fixture
def faulty(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Browser:
    """A site with a page for each fault."""

    def fail(name: str) -> str:
        local = CANARY
        database().add(Person(id="half", name=local, created_at=moment()))
        database().flush()
        raise FAULTS[name]

    monkeypatch.setitem(ACCESS, ("GET", "/fault/<name>"), Who.ANYONE)
    app.add_url_rule("/fault/<name>", "fault", fail)
    return Browser(app)


@pytest.mark.parametrize(
    ("name", "status", "code"),
    [
        ("missing", 404, "not_found"),
        ("closed", 403, "not_allowed"),
        ("changed", 409, "stale"),
        ("wrong", 422, "invalid"),
        ("often", 429, "too_many"),
        ("away", 503, "unavailable"),
        ("other", 400, "refused"),
        ("broken", 500, "our_fault"),
    ],
)
def test_each_fault_has_its_status_its_page_and_its_json(faulty: Browser, name: str, status: int, code: str) -> None:
    page = faulty.get(f"/fault/{name}")
    assert (page.status_code, page.mimetype) == (status, "text/html")
    assert page.text.count("<h1") == 1
    answer = faulty.get(f"/fault/{name}", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.get_json()["error"]["code"]) == (status, code)
    if status != 500:
        sentence = getattr(FAULTS[name], "sentence", "")
        assert sentence in page.text
        assert sentence == answer.get_json()["error"]["sentence"]


def test_a_limit_names_the_wait(faulty: Browser) -> None:
    page = faulty.get("/fault/often")
    assert "Too many tries, please wait 40 seconds" in page.text
    assert page.headers["Retry-After"] == "40"
    assert faulty.get("/fault/often", headers={"Accept": "application/json"}).get_json()["error"]["wait_seconds"] == 40


def test_errors_of_a_form_are_told_by_field(faulty: Browser) -> None:
    answer = faulty.get("/fault/wrong", headers={"Accept": "application/json"})
    assert answer.get_json()["error"]["fields"] == {"name": "Enter a name"}


def test_a_fault_of_ours_shows_a_code_to_quote_and_nothing_else(faulty: Browser, capsys: pytest.CaptureFixture[str]) -> None:
    page = faulty.get("/fault/broken")
    assert CANARY not in page.text and "Traceback" not in page.text
    code = page.text.split("recorded as ")[1].split(".")[0]
    assert len(code) == 7
    assert code in capsys.readouterr().out


@pytest.mark.parametrize("name", FAULTS)
def test_what_a_failed_request_did_is_undone(faulty: Browser, app: Flask, name: str) -> None:
    faulty.get(f"/fault/{name}")
    with app.test_request_context():
        assert database().get(Person, "half") is None


def test_an_unknown_address_offers_the_search(browser: Browser) -> None:
    page = browser.get("/nothing/here")
    assert page.status_code == 404
    assert 'action="/exercises"' in page.text


def test_a_wrong_method_is_told_as_such(browser: Browser) -> None:
    assert browser.get("/sign-out").status_code == 405


def test_the_debugger_is_off(app: Flask) -> None:
    assert not app.debug
    with app.test_request_context("/?__debugger__=yes"):
        assert request.args
