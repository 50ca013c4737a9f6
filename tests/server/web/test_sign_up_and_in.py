"""Accounts in the browser: forms that help, sessions that end, work that comes along."""

import re

import pytest
from flask import Flask

from server.accounts.keeping import Keeper
from server.accounts.tables import Person
from tests.people import MIRA, PASSWORD, Browser, PlainHouse


def person_of(browser: Browser) -> str:
    with browser.client.session_transaction() as cookie:
        return str(cookie["token"])


def test_signing_up_signs_in_and_keeps_the_guests_row(browser: Browser, house: PlainHouse) -> None:
    guest = browser.become_guest()
    assert browser.sign_up().location == "/exercises"
    assert "Mira" in browser.get("/").text
    with house.sessions() as session:
        person = session.get_one(Person, guest)
        assert (person.email, person.name) == (MIRA, "Mira")


def test_a_form_with_errors_comes_back_with_what_was_typed(browser: Browser) -> None:
    page = browser.post("/sign-up", {"name": "Mira <b>", "email": "mira.example.org", "password": "short-one"})
    text = page.text
    assert page.status_code == 422
    assert "<title>Error: Create an account - Touchstone</title>" in text
    assert text.index('class="error-summary"') < text.index("<h1")
    assert re.search(r'<div class="error-summary"[^>]* tabindex="-1" autofocus>', text)
    assert 'value="Mira &lt;b&gt;"' in text and 'value="mira.example.org"' in text
    assert "short-one" not in text
    for field in ("email", "password"):
        sentence = re.findall(rf'<a href="#{field}">([^<]+)</a>', text)[0]
        assert text.count(sentence) == 2
        wrong = f'aria-invalid="true" aria-describedby="{field}-hint {field}-error"'
        assert re.search(rf'<input[^>]* id="{field}"[^>]* {wrong}', text)
    assert not re.search(r'<input[^>]* id="name"[^>]* aria-invalid', text)


def test_signing_in_and_out(browser: Browser, app: Flask) -> None:
    browser.sign_up()
    assert browser.is_signed_in()
    assert browser.post("/sign-out").location == "/"
    assert not browser.is_signed_in()
    assert browser.sign_in().status_code == 303
    assert browser.is_signed_in()


def test_a_wrong_password_says_as_much_as_an_unknown_address(browser: Browser) -> None:
    browser.sign_up()
    browser.post("/sign-out")
    wrong = browser.sign_in(password="wrong password")
    unknown = browser.sign_in(email="eve@example.org")
    assert wrong.status_code == unknown.status_code == 422
    assert "The e-mail address or the password is not right" in wrong.text
    hide = re.compile(r'value="[^"]*"|content="[^"]*"|nonce="[^"]*"')
    assert hide.sub("", wrong.text) == hide.sub("", unknown.text)


def test_the_session_is_a_new_one_after_signing_in_and_the_planted_one_opens_nothing(app: Flask) -> None:
    """Fixation: a session that an attacker knew before must not become the victim's."""
    Browser(app).sign_up()
    victim, attacker = Browser(app), Browser(app)
    victim.become_guest()
    planted = person_of(victim)
    victim.sign_in()
    assert person_of(victim) != planted
    with attacker.client.session_transaction() as cookie:
        cookie["token"] = planted
    assert not attacker.is_signed_in()


def test_the_token_of_forms_changes_with_the_session(browser: Browser) -> None:
    browser.get("/")
    before = browser.csrf
    browser.sign_up()
    assert browser.client.post("/sign-out", data={"csrf_token": before}).status_code == 400


def test_a_copied_cookie_is_worth_nothing_after_signing_out(app: Flask) -> None:
    own, copy = Browser(app), Browser(app)
    own.sign_up()
    with copy.client.session_transaction() as cookie:
        cookie["token"] = person_of(own)
    assert copy.is_signed_in()
    own.post("/sign-out")
    assert not copy.is_signed_in()


def test_a_forged_cookie_opens_nothing(browser: Browser) -> None:
    browser.client.set_cookie("touchstone", "eyJ0b2tlbiI6IngifQ.aaaaaa.forged")
    assert not browser.is_signed_in()


def test_work_of_a_guest_moves_into_the_account_at_sign_in(app: Flask, house: PlainHouse) -> None:
    moves: list[str] = []
    house.keepers = [Keeper("works", lambda _s, _p: [], adopt=lambda _session, giver, _taker: moves.append(giver.id))]
    Browser(app).sign_up()
    browser = Browser(app)
    guest = browser.become_guest()
    browser.sign_in()
    assert moves == [guest]


@pytest.mark.parametrize("form", ["/sign-in", "/sign-up"])
def test_after_the_form_one_goes_on_where_one_wanted_to(app: Flask, form: str) -> None:
    Browser(app).sign_up("Tomas", "tomas@example.org")
    browser = Browser(app)
    assert 'name="next" value="/settings?a=1"' in browser.get(f"{form}?next=/settings%3Fa%3D1").text
    fields = {"name": "Mira", "email": MIRA if form == "/sign-up" else "tomas@example.org", "password": PASSWORD}
    assert browser.post(form, {**fields, "next": "/settings?a=1"}).location == "/settings?a=1"


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_after_the_form_one_never_lands_elsewhere(app: Flask, target: str) -> None:
    Browser(app).sign_up()
    browser = Browser(app)
    assert browser.sign_in().location == "/exercises"
    browser.post("/sign-out")
    assert browser.post("/sign-in", {"email": MIRA, "password": PASSWORD, "next": target}).location == "/exercises"


def test_whoever_does_not_want_to_stay_gets_a_cookie_for_this_visit_only(app: Flask) -> None:
    Browser(app).sign_up()
    stays, leaves = Browser(app), Browser(app)
    assert "Expires" in stays.sign_in().headers["Set-Cookie"]
    response = leaves.post("/sign-in", {"email": MIRA, "password": PASSWORD})
    assert "Expires" not in response.headers["Set-Cookie"]


def test_names_are_shown_as_text(browser: Browser) -> None:
    browser.sign_up(name="<img src=x onerror=alert(1)>{{7*7}}")
    text = browser.get("/").text
    assert "<img" not in text and "&lt;img" in text and "49" not in text
