"""The first run: shown to whoever has the printed link, until there is an operator; then to operators."""

from flask import Flask

from server.accounts.setup import make_setup_link
from tests.people import MOMENT, PASSWORD, Browser, PlainHouse


def printed_path(house: PlainHouse) -> str:
    with house.sessions() as session:
        link = make_setup_link(session, house.settings.base_url, MOMENT)
        session.commit()
    assert link is not None
    return link.removeprefix(house.settings.base_url)


def test_the_printed_link_leads_to_the_operators_account(browser: Browser, house: PlainHouse) -> None:
    path = printed_path(house)
    opened = browser.get(path)
    assert (opened.status_code, opened.location) == (303, "/setup")
    page = browser.get("/setup").text
    assert "none yet" in page and "Kernels are confined." in page
    assert path.removeprefix("/setup/") not in page
    assert browser.post("/setup", {"name": "Olga", "email": "olga@example.org", "password": PASSWORD}).location == "/setup"
    after = browser.get("/setup").text
    assert "You are the operator of this site." in after
    assert "This site" in browser.get("/").text


def test_errors_keep_the_page_and_the_link(browser: Browser, house: PlainHouse) -> None:
    browser.get(printed_path(house))
    refused = browser.post("/setup", {"name": "Olga", "email": "olga", "password": PASSWORD})
    assert refused.status_code == 422
    assert 'value="olga"' in refused.text
    assert browser.post("/setup", {"name": "Olga", "email": "olga@example.org", "password": PASSWORD}).status_code == 303


def test_nobody_else_sees_the_page_or_becomes_operator(app: Flask, house: PlainHouse) -> None:
    path = printed_path(house)
    stranger, late = Browser(app), Browser(app)
    assert stranger.get("/setup").status_code == 409
    fields = {"name": "Eve", "email": "eve@example.org", "password": PASSWORD}
    assert stranger.post("/setup", fields).status_code == 409
    operator = Browser(app)
    operator.get(path)
    operator.post("/setup", {"name": "Olga", "email": "olga@example.org", "password": PASSWORD})
    late.get(path)
    assert late.get("/setup").status_code == 409
    assert late.post("/setup", fields).status_code == 409
    assert not late.is_signed_in()


def test_an_ordinary_account_does_not_see_the_page(app: Flask, house: PlainHouse) -> None:
    browser = Browser(app)
    browser.sign_up()
    assert browser.get("/setup").status_code == 409
    assert "This site" not in browser.get("/").text
