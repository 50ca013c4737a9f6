"""The session cookie: what a browser keeps when it gets another session, and what it must not keep."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine
from sqlmodel import select

from server.accounts.tables import Person
from server.bank.load import load_bundled
from server.wiring import House
from server.workspaces.tables import Workspace
from tests.people import MOMENT, Browser, whole_house
from tests.server.bank.notebooks import write_exercise


@pytest.fixture
def house(sqlite_engine: Engine, tmp_path: Path) -> Iterator[House]:
    house = whole_house(sqlite_engine, tmp_path)
    for slug in ("stable-softmax", "leaky-split"):
        write_exercise(tmp_path / "exercises", slug)
    with house.sessions() as session:
        load_bundled(session, tmp_path / "exercises", MOMENT)
        session.commit()
    yield house
    house.close()


def test_start_in_a_second_tab_works_after_the_first_made_the_guest(house: House, browser: Browser) -> None:
    in_tabs = {}
    for slug in ("stable-softmax", "leaky-split"):
        browser.get(f"/exercises/{slug}")
        in_tabs[slug] = browser.csrf
    for slug, token in in_tabs.items():
        assert browser.client.post(f"/exercises/{slug}/start", data={"csrf_token": token}).status_code == 303
    with house.sessions() as session:
        (guest,) = session.exec(select(Person)).all()
        assert guest.is_guest
        started = {(workspace.person_id, workspace.exercise_slug) for workspace in session.exec(select(Workspace))}
    assert started == {(guest.id, slug) for slug in in_tabs}


def test_a_form_from_before_somebody_signed_in_is_over(app: Flask, browser: Browser) -> None:
    """Who knew the visitor's token must not be able to send forms for the account."""
    Browser(app).sign_up()
    browser.get("/sign-in")
    before = browser.csrf
    assert browser.sign_in().status_code == 303
    assert browser.client.post("/theme", data={"csrf_token": before, "theme": "dark"}).status_code == 400
    browser.get("/")
    assert browser.post("/theme", {"theme": "dark"}).status_code == 303


def test_the_theme_that_a_visitor_chose_stays_with_the_guest(house: House, browser: Browser) -> None:
    browser.post("/theme", {"theme": "dark"})
    assert browser.post("/exercises/leaky-split/start").status_code == 303
    with house.sessions() as session:
        assert session.exec(select(Person.theme)).one() == "dark"
