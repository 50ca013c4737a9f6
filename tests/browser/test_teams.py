"""A team is made, its organisation placed, somebody invited, in a browser; every page without serious findings of axe."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from playwright.sync_api import Dialog, Page, expect

from tests.browser.accessible import look
from tests.browser.moves import follow, send


@pytest.fixture
def signed_up(page: Page) -> Page:
    page.goto("/sign-up")
    page.fill("#name", "Olga")
    page.fill("#email", f"olga-{uuid4().hex[:8]}@example.org")
    page.fill("#password", "three random words")
    send(page, re.compile("create", re.IGNORECASE))
    expect(page.get_by_role("link", name="Teams")).to_be_visible()
    return page


def test_a_team_from_nothing_to_its_first_invitation(signed_up: Page) -> None:
    page = signed_up
    follow(page, "Teams")
    expect(page.get_by_text("You are in no team yet")).to_be_visible()
    look(page)
    send(page, "Make the team")
    expect(page.get_by_role("alert")).to_contain_text("Give the team a name")
    page.fill("#name", "Forecasting at Example")
    send(page, "Make the team")
    expect(page.get_by_role("heading", level=1)).to_have_text("Forecasting at Example")
    page.fill("#email", "no address")
    send(page, "Send the invitation")
    expect(page.locator("#email")).to_have_attribute("aria-invalid", "true")
    look(page)
    page.fill("#email", "rita@example.org")
    send(page, "Send the invitation")
    expect(page.get_by_text("rita@example.org as reviewer")).to_be_visible()
    look(page)
    follow(page, "Answer six questions")
    for question in page.locator("main fieldset").all():
        question.get_by_role("radio").first.check()
    send(page, "Place us")
    expect(page.get_by_role("heading", name="Ad-hoc")).to_be_visible()
    look(page)
    follow(page, "Forecasting at Example")
    follow(page, "Jobs of the team")
    look(page)
    page.fill("#title", "Data scientist")
    page.fill("#advert", "Data scientist\n\nYou must know Python and have 5 years of SQL.")
    page.select_option("#role", "data_scientist")
    send(page, "Read the advert")
    expect(page.locator("#composed_of")).to_have_attribute("aria-invalid", "true")
    look(page)
    page.select_option("#composed_of", "analytics")
    send(page, "Read the advert")
    expect(page.get_by_text("5 years measure time, not skill")).to_be_visible()
    look(page)


def test_two_presses_of_a_button_send_once(signed_up: Page) -> None:
    page = signed_up
    page.goto("/teams")
    page.evaluate("""() => {  // instead of the answer that takes its time
      window.presses = [];
      window.addEventListener("submit", (event) => {
        presses.push(event.defaultPrevented ? "held back" : "sent");
        event.preventDefault();
      });
    }""")
    page.fill("#name", "Twice")
    button = page.get_by_role("button", name="Make the team")
    button.click()
    expect(button).to_have_attribute("aria-busy", "true")
    button.click()
    assert page.evaluate("presses") == ["sent", "held back"]


def test_leaving_asks_where_something_is_written_that_nothing_sends(signed_up: Page) -> None:
    page = signed_up
    page.goto("/teams")
    page.fill("#name", "Forecasting")
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.once("dialog", stay)
    with page.expect_event("dialog"):
        page.get_by_role("link", name="Exercises").click(no_wait_after=True)
    assert asked == ["beforeunload"]
    expect(page.locator("#name")).to_have_value("Forecasting")
    send(page, "Make the team")
    follow(page, "Exercises")
    expect(page.get_by_role("heading", level=1)).to_have_text("Exercises")
