"""A person's own page: every change, the export and the end."""

import pytest
from flask import Flask
from sqlalchemy import text

from server.accounts.keeping import Keeper
from tests.people import MIRA, PASSWORD, Browser, PlainHouse

NEW = "four quite random words"


def test_the_name_is_changed_and_errors_keep_what_was_typed(browser: Browser) -> None:
    browser.sign_up()
    browser.post("/settings/name", {"name": "Mira S."})
    assert 'value="Mira S."' in browser.get("/settings").text
    refused = browser.post("/settings/name", {"name": ""})
    assert refused.status_code == 422
    assert "Enter a name" in refused.text


@pytest.mark.parametrize("as_guest", [True, False])
def test_the_theme_is_kept(browser: Browser, as_guest: bool) -> None:
    if as_guest:
        browser.become_guest()
    else:
        browser.sign_up()
    browser.post("/settings/theme", {"theme": "dark"})
    assert '<html lang="en" data-theme="dark">' in browser.get("/").text
    assert browser.post("/settings/theme", {"theme": "pink"}).status_code == 422


def test_a_visitors_theme_is_kept_in_the_cookie_and_comes_along(browser: Browser) -> None:
    assert browser.post("/theme", {"theme": "dark", "next": "/keys"}).location == "/keys"
    assert browser.post("/theme", {"theme": "dark", "next": "//evil.example"}).location == "/"
    assert 'data-theme="dark"' in browser.get("/").text
    assert browser.post("/theme", {"theme": "<script>"}).status_code == 422
    assert browser.post_json("/theme", {"theme": "light"}).status_code == 204
    assert 'data-theme="light"' in browser.get("/").text


def test_a_new_password_signs_out_the_other_browsers(app: Flask) -> None:
    here, there = Browser(app), Browser(app)
    here.sign_up()
    there.sign_in()
    answer = here.post("/settings/password", {"current": PASSWORD, "new": NEW})
    assert answer.status_code == 303
    assert here.is_signed_in()
    assert not there.is_signed_in()
    assert there.sign_in(password=NEW).status_code == 303


def test_a_wrong_current_password_changes_nothing(browser: Browser) -> None:
    browser.sign_up()
    refused = browser.post("/settings/password", {"current": "wrong", "new": NEW})
    assert refused.status_code == 422
    assert "This is not your current password" in refused.text
    assert browser.is_signed_in()


def test_the_export_is_a_file_after_the_password_is_asked_again(browser: Browser, house: PlainHouse) -> None:
    house.keepers = [Keeper("works", lambda _session, person: [person.id])]
    browser.sign_up()
    assert browser.post("/settings/export", {"password": "wrong"}).status_code == 422
    answer = browser.post("/settings/export", {"password": PASSWORD})
    assert answer.headers["Content-Disposition"] == 'attachment; filename="touchstone-2026-11-24.json"'
    data = answer.get_json()
    assert data["account"]["email"] == MIRA
    assert len(data["works"]) == 1


def test_a_guest_exports_and_deletes_without_a_password(browser: Browser, house: PlainHouse) -> None:
    guest = browser.become_guest()
    assert browser.post("/settings/export").get_json()["account"]["email"] is None
    assert browser.post("/settings/delete").location == "/"
    with house.sessions() as session:
        assert session.execute(text("SELECT count(*) FROM persons WHERE id = :id"), {"id": guest}).scalar() == 0


def test_deleting_the_account_is_real_and_needs_the_password(app: Flask, house: PlainHouse) -> None:
    browser, other = Browser(app), Browser(app)
    browser.sign_up()
    other.sign_in()
    assert browser.post("/settings/delete", {"password": "wrong"}).status_code == 422
    assert browser.post("/settings/delete", {"password": PASSWORD}).location == "/"
    assert "deleted" in browser.get("/").text
    assert not other.is_signed_in()
    assert other.sign_in().status_code == 422
    with house.sessions() as session:
        assert session.execute(text("SELECT count(*) FROM persons")).scalar() == 0


def test_guests_see_no_fields_of_accounts(browser: Browser) -> None:
    browser.become_guest()
    page = browser.get("/settings").text
    assert "/settings/password" not in page and "/settings/name" not in page
    assert "Keep my work" in page
