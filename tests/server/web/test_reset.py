"""A forgotten password in the browser, from the question to the new sign-in."""

import pytest
from flask import Flask
from sqlmodel import select

from server.accounts.reset import JOB_KIND, reset_message
from server.queue.tables import Job
from tests.people import MIRA, MOMENT, Browser, PlainHouse

NEW = "four quite random words"


def mailed_text(house: PlainHouse) -> str:
    """Do what the worker does with the job."""
    with house.sessions() as session:
        job = session.exec(select(Job).where(Job.kind == JOB_KIND)).one()
        message = reset_message(session, house.settings.base_url, job.payload["email"], MOMENT)
        session.commit()
    assert message is not None
    return message.text


def mailed_path(house: PlainHouse) -> str:
    return next(line for line in mailed_text(house).splitlines() if "/reset/" in line).removeprefix(house.settings.base_url)


def test_from_the_question_to_the_new_password(app: Flask, house: PlainHouse) -> None:
    Browser(app).sign_up()
    browser = Browser(app)
    assert "Check your mail" in browser.post("/forgot", {"email": MIRA}).text
    assert house.woken == 1
    browser.get(mailed_path(house))
    assert "Choose a new password" in browser.get("/reset").text
    done = browser.post("/reset", {"password": NEW})
    assert (done.status_code, done.location) == (303, "/sign-in")
    assert browser.sign_in(password=NEW).status_code == 303


def test_an_unknown_address_gets_the_same_answer(browser: Browser, house: PlainHouse) -> None:
    browser.sign_up()
    browser.post("/sign-out")
    answers = [browser.post("/forgot", {"email": email}) for email in (MIRA, "eve@example.org")]
    shown = [answer.text.split("<h1>")[1].split("csrf_token")[0] for answer in answers]
    assert shown[0].replace(MIRA, "eve@example.org") == shown[1]
    assert [answer.status_code for answer in answers] == [200, 200]


def test_a_link_opened_by_a_mail_scanner_still_works_for_the_person(app: Flask, house: PlainHouse) -> None:
    Browser(app).sign_up()
    person, scanner = Browser(app), Browser(app)
    person.post("/forgot", {"email": MIRA})
    path = mailed_path(house)
    scanner.client.head(path)
    scanner.get(path)
    scanner.get("/reset")
    assert not scanner.is_signed_in()
    person.get(path)
    assert person.post("/reset", {"password": NEW}).status_code == 303


def test_the_token_leaves_the_address_at_once(app: Flask, house: PlainHouse) -> None:
    Browser(app).sign_up()
    browser = Browser(app)
    browser.post("/forgot", {"email": MIRA})
    path = mailed_path(house)
    opened = browser.get(path)
    assert (opened.status_code, opened.location) == (303, "/reset")
    assert opened.headers["Referrer-Policy"] == "no-referrer"
    assert path.removeprefix("/reset/") not in browser.get("/reset").text


def test_links_have_the_configured_address_whatever_host_was_asked(app: Flask, house: PlainHouse) -> None:
    Browser(app).sign_up()
    browser = Browser(app)
    browser.get("/")
    answer = browser.client.post("/forgot", data={"email": MIRA, "csrf_token": browser.csrf}, headers={"Host": "evil.example"})
    assert answer.status_code == 400
    browser.post("/forgot", {"email": MIRA}, headers={"X-Forwarded-Host": "evil.example"})
    assert "evil" not in mailed_text(house)


def test_a_refused_password_keeps_the_form(app: Flask, house: PlainHouse) -> None:
    Browser(app).sign_up()
    browser = Browser(app)
    browser.post("/forgot", {"email": MIRA})
    browser.get(mailed_path(house))
    refused = browser.post("/reset", {"password": "short"})
    assert refused.status_code == 422
    assert "Use at least 10 characters" in refused.text
    assert browser.post("/reset", {"password": NEW}).status_code == 303


@pytest.mark.parametrize("path", ["/reset", "/reset/unknown-token"])
def test_without_a_good_link_there_is_no_form(browser: Browser, path: str) -> None:
    answer = browser.get(path, follow_redirects=True)
    assert answer.status_code == 409
    assert "This link was used already or is too old" in answer.text


def test_an_address_that_is_none_is_told_at_once(browser: Browser) -> None:
    assert browser.post("/forgot", {"email": "mira"}).status_code == 422


def test_nobody_can_be_flooded_with_mail(browser: Browser) -> None:
    answers = [browser.post("/forgot", {"email": MIRA}).status_code for _ in range(6)]
    assert answers == [200] * 5 + [429]
