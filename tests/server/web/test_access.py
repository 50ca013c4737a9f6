"""Every route says who may use it, or the server does not start; and the table is what happens."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from server.web import access
from server.web.access import ACCESS, Who
from tests.people import Browser


def routes(chosen: Callable[[Who], bool] = lambda _who: True) -> list[tuple[str, str]]:
    """Method and address of every route whose rule is chosen, with something in place of its variables."""
    return [
        (method, re.sub(r"<[^>]+>", "nothing", re.sub(r"<int:[^>]+>", "1", rule)))
        for (method, rule), who in sorted(ACCESS.items())
        if chosen(who)
    ]


def ask(browser: Browser, method: str, address: str) -> TestResponse:
    return browser.get(address) if method == "GET" else browser.post(address)


def test_a_route_without_a_line_stops_the_start(app: Flask) -> None:
    app.add_url_rule("/bare", "bare", lambda: "bare")
    with pytest.raises(access.UndeclaredRoute, match="GET /bare is a route without a line"):
        access.refuse_undeclared(app)


def test_a_line_without_a_route_stops_the_start(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(access.ACCESS, ("POST", "/gone"), access.Who.ANYONE)
    with pytest.raises(access.UndeclaredRoute, match="POST /gone is a line without a route"):
        access.refuse_undeclared(app)


def test_nobody_gets_past_the_table_without_a_session(browser: Browser) -> None:
    for method, address in routes(lambda who: who is Who.CANDIDATE):
        assert ask(browser, method, address).status_code == 404, address
    for method, address in routes(lambda who: who not in (Who.ANYONE, Who.CANDIDATE)):
        response = ask(browser, method, address)
        assert response.status_code == (302 if method == "GET" else 401), address
        if method == "GET":
            assert response.location.startswith("/sign-in?next="), address


def test_a_guest_is_asked_for_an_account_where_the_table_says_so(browser: Browser) -> None:
    browser.become_guest()
    for method, address in routes(lambda who: who in (Who.ACCOUNT, Who.OPERATOR)):
        assert ask(browser, method, address).status_code == (302 if method == "GET" else 401), address


def test_operators_pages_are_closed_to_other_accounts(app: Flask, browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(access.ACCESS, ("GET", "/keys"), Who.OPERATOR)
    browser.sign_up()
    response = browser.get("/keys")
    assert response.status_code == 403
    assert "Only an operator of this site" in response.text


def test_nothing_is_changed_without_the_token_of_a_page(browser: Browser) -> None:
    browser.become_guest()
    for method, address in routes():
        if method != "GET":
            assert browser.client.open(address, method=method).status_code == 400, address


@pytest.mark.parametrize(
    "headers", [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}]
)
def test_nothing_is_changed_from_another_sites_page(browser: Browser, headers: dict[str, str]) -> None:
    browser.become_guest()
    browser.get("/")
    for method, address in routes():
        if method != "GET":
            response = browser.client.open(address, method=method, data={"csrf_token": browser.csrf}, headers=headers)
            assert response.status_code == 403, address


def test_reading_makes_no_person_and_no_session(browser: Browser) -> None:
    for method, address in routes():
        if method == "GET":
            browser.get(address)
    with browser.client.session_transaction() as cookie:
        assert "token" not in cookie
