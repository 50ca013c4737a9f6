"""Guessing passwords soon ends; the owner of an account that is being guessed at still gets in."""

from flask import Flask

from server.web.account.forms import LONGEST_FIELD
from server.web.account.guessing import MOST_KNOWN
from tests.people import MIRA, Browser


def guess(app: Flask, address: str, email: str = MIRA) -> int:
    browser = Browser(app)
    browser.client.environ_base["REMOTE_ADDR"] = address
    return browser.sign_in(email=email, password="a wrong guess").status_code


def test_one_address_cannot_go_on_guessing(app: Flask) -> None:
    answers = [guess(app, "192.0.2.1", f"person{number}@example.org") for number in range(31)]
    assert answers == [422] * 30 + [429]
    assert guess(app, "192.0.2.2") == 422


def test_many_addresses_cannot_go_on_guessing_at_one_account(app: Flask) -> None:
    answers = [guess(app, f"192.0.2.{number}") for number in range(11)]
    assert answers == [422] * 10 + [429]
    assert guess(app, "192.0.2.99", "tomas@example.org") == 422


def test_spelling_the_address_differently_does_not_help(app: Flask) -> None:
    padding = " " * LONGEST_FIELD  # the form reads no further
    spellings = (MIRA.upper(), f" {MIRA} ", f"\t{MIRA}", f"{MIRA}{padding}", f"{MIRA}{padding}else")
    for number in range(10):
        guess(app, f"192.0.2.{number}", f"{spellings[number % 5]}{number if number % 5 == 4 else ''}")
    assert guess(app, "192.0.2.99") == 429


def test_a_browser_that_signed_in_before_is_not_locked_out_by_others(app: Flask) -> None:
    own, new = Browser(app), Browser(app)
    own.sign_up()
    own.post("/sign-out")
    for number in range(11):
        guess(app, f"192.0.2.{number}")
    assert new.sign_in().status_code == 429
    assert own.sign_in().status_code == 303


def test_a_forged_address_does_not_help(app: Flask) -> None:
    answers = []
    for number in range(31):
        browser = Browser(app)
        browser.get("/")
        forged = {"X-Forwarded-For": f"192.0.2.{number}, 10.0.0.1, 10.0.0.2"}
        answers.append(browser.sign_in(email=f"p{number}@example.org", password="a wrong guess", headers=forged).status_code)
    assert answers[-1] == 429


def test_looking_at_the_form_is_not_counted(browser: Browser) -> None:
    assert {browser.get("/sign-in").status_code for _ in range(40)} == {200}


def test_accounts_cannot_be_made_by_the_hundred(app: Flask) -> None:
    browser = Browser(app)
    answers = [browser.post("/sign-up", {"name": "x"}).status_code for _ in range(31)]
    assert answers == [422] * 30 + [429]


def test_a_browser_remembers_a_few_accounts_only(browser: Browser) -> None:
    for number in range(MOST_KNOWN + 2):
        browser.sign_up(email=f"p{number}@example.org")
        browser.post("/sign-out")
    with browser.client.session_transaction() as cookie:
        assert len(cookie["known"]) == MOST_KNOWN
