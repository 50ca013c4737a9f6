"""A blueprint in a browser, by keys alone: from the role's template to published, with a preview sat in between."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect
from sqlmodel import select

from server.accounts.tables import Person
from server.assessments.blueprints.job_openings import Wording, open_job, sort_skills
from server.assessments.teams.seats import create_team, seat_of
from server.database.engine import make_engine, session_factory
from tests import drafts
from tests.browser.accessible import look
from tests.browser.conftest import SECONDS
from tests.browser.moves import follow, send
from tests.serving import Site

MOST_TABS = 200


def tab_to(page: Page, wanted: Locator) -> None:
    """As somebody without a mouse gets there. The element is looked for once: that takes longer than a key."""
    element = wanted.element_handle()
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if element.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"{wanted} cannot be reached by the Tab key on {page.url}")


def press(page: Page, wanted: Locator) -> None:
    """What leads to a page: a link, or the button of a form."""
    tab_to(page, wanted)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def write(page: Page, wanted: Locator, text: str) -> None:
    tab_to(page, wanted)
    page.keyboard.press("Control+a")
    page.keyboard.type(text)


@pytest.fixture
def job(page: Page, site: Site) -> str:
    """A job of Olga's, with must-haves; she is signed in."""
    email = f"olga-{uuid4().hex[:8]}@example.org"
    page.goto("/sign-up")
    page.fill("#name", "Olga")
    page.fill("#email", email)
    page.fill("#password", "three random words")
    send(page, re.compile("create", re.IGNORECASE))
    expect(page.get_by_role("link", name="Teams")).to_be_visible()
    now = datetime.now(UTC)
    with session_factory(make_engine(f"sqlite:///{site.folder}/touchstone.sqlite3"))() as session:
        olga = session.exec(select(Person).where(Person.email == email)).one()
        seat = seat_of(session, create_team(session, olga.id, "Forecasting at Example", now).id, olga.id)
        made = open_job(session, seat, Wording("ML engineer, forecasting", "", "ml_engineer"), now)
        sort_skills(session, seat, made, drafts.MUSTS, [], now)
        session.commit()
        return f"/teams/{seat.team.id}/jobs/{made.id}"


@pytest.fixture
def plain_context(chromium: Browser, site: Site, context: BrowserContext) -> Iterator[BrowserContext]:
    """The same person in a browser without scripts."""
    made = chromium.new_context(base_url=site.address, java_script_enabled=False, viewport={"width": 390, "height": 900})
    made.set_default_timeout(SECONDS)
    yield made
    made.close()


def test_from_the_template_to_published_by_keys(page: Page, job: str) -> None:
    page.goto(job)
    press(page, page.get_by_role("link", name="Make the blueprint"))
    expect(page.get_by_role("heading", name="No blueprint yet")).to_be_visible()
    look(page)
    press(page, page.get_by_role("button", name="Begin with the template of the role"))
    expect(page.get_by_text("A first draft from the role")).to_be_visible()
    look(page)

    press(page, page.get_by_role("button", name="Publish"))
    expect(page.get_by_role("alert")).to_contain_text("Choose exercises that show what you look for.")
    look(page)

    change_the_first_strength(page)
    refuse_a_floor_without_a_must(page)
    choose_what_is_suggested(page)
    choose_from_the_bank(page)
    remove_and_put_back(page)

    page.goto(f"{job}/blueprint")
    write(page, page.get_by_label("Minutes that candidates have"), "0")
    press(page, page.get_by_role("button", name="Save time and rules"))
    expect(page.get_by_role("alert")).to_contain_text("a whole number above 0")
    look(page)
    write(page, page.get_by_label("Minutes that candidates have"), "240")
    write(page, page.get_by_label("The team and the work"), "Six people who forecast demand.")
    write(page, page.get_by_label("Whom candidates can ask"), "Olga, olga@example.org")
    press(page, page.get_by_role("button", name="Save time and rules"))
    expect(page.get_by_text("Saved.")).to_be_visible()
    expect(page.locator("#problems ~ ul .status.failed")).to_have_count(1)  # nobody has sat it yet

    sit_the_preview(page)
    press(page, page.get_by_role("button", name="Publish"))
    expect(page.get_by_text("Version 1 is published. Candidates can be invited to it.")).to_be_visible()
    look(page)
    press(page, page.get_by_role("button", name="Begin a new version"))
    expect(page.get_by_text("Version 2 is a draft")).to_be_visible()
    press(page, page.get_by_role("link", name="Version 1", exact=True))
    expect(page.locator("main .status").first).to_contain_text("Version 1, published on")
    expect(page.locator("main form")).to_have_count(0)
    look(page)


def change_the_first_strength(page: Page) -> None:
    press(page, page.get_by_role("link", name="Change Coding on arrays, algorithms, testing or efficiency"))
    expect(page.get_by_role("heading", name="Change this strength")).to_be_visible()
    look(page)
    write(page, page.get_by_label("What would convince you"), "Reads well to both markers")
    press(page, page.get_by_role("button", name="Save", exact=True))
    expect(page.get_by_text("Changed, and dated anew.")).to_be_visible()
    expect(page.locator("table").first).to_contain_text("Reads well to both markers")


def refuse_a_floor_without_a_must(page: Page) -> None:
    press(page, page.get_by_role("link", name="Add a floor"))
    expect(page.get_by_role("heading", name="Add a floor")).to_be_visible()
    write(page, page.get_by_label("Floor, in percent of the points"), "120")
    press(page, page.get_by_role("button", name="Add", exact=True))
    expect(page.get_by_role("alert")).to_contain_text("Name the must-have of the job that needs this floor")
    expect(page.locator("#percent")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#percent")).to_have_value("120")
    look(page)
    press(page, page.get_by_role("link", name="Cancel"))
    expect(page.locator("#percent")).to_have_count(0)


def choose_what_is_suggested(page: Page) -> None:
    while page.locator("#open").count():
        before = page.locator("#open h4").count()
        press(page, page.locator("#open button").first)
        expect(page.locator("#open h4")).to_have_count(before - 1)


def choose_from_the_bank(page: Page) -> None:
    press(page, page.get_by_role("link", name="Add an exercise"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Choose exercises")
    look(page)
    press(page, page.get_by_role("link", name=re.compile("^Past projects")))
    expect(page.get_by_role("heading", level=2)).to_have_text("3 results")
    press(page, page.get_by_role("button", name="Add Three decisions and what they cost"))
    expect(page.get_by_role("listitem").filter(has_text="Three decisions")).to_contain_text("In the blueprint")
    press(page, page.get_by_role("link", name="Back to the blueprint"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Blueprint")


def remove_and_put_back(page: Page) -> None:
    names = page.locator("ol.rows h3")
    before = names.all_inner_texts()
    press(page, page.get_by_role("button", name=re.compile("^Remove ")).nth(1))
    expect(names).to_have_count(len(before) - 1)
    look(page)
    press(page, page.get_by_role("button", name="Put it back"))
    expect(names).to_have_text(before)
    press(page, page.get_by_role("button", name=re.compile("^Down ")).first)
    expect(names).to_have_text([before[1], before[0], *before[2:]])


def sit_the_preview(page: Page) -> None:
    press(page, page.get_by_role("button", name="Preview as candidate"))
    expect(page.get_by_text("This is a preview")).to_be_visible()
    press(page, page.get_by_role("link", name=re.compile("^Start, ")))
    expect(page.get_by_role("heading", level=1)).to_have_text("Start now?")
    press(page, page.get_by_role("button", name="Start the clock"))
    expect(page.locator("#bench[data-ready]")).to_be_visible()
    page.goto(page.url.partition("/tasks/")[0] + "/hand-in")
    press(page, page.get_by_role("button", name="Hand in for good"))
    expect(page.get_by_label("AI tools, two lines")).to_be_visible()
    press(page, page.get_by_role("link", name="Later"))
    expect(page.get_by_text("The preview is done")).to_be_visible()
    press(page, page.get_by_role("link", name="Back to the blueprint"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Blueprint")
    expect(page.locator("#problems ~ ul .status.failed")).to_have_count(0)


def test_everything_works_without_scripts(job: str, context: BrowserContext, plain_context: BrowserContext) -> None:
    plain_context.add_cookies(context.cookies())  # type: ignore[arg-type]
    page = plain_context.new_page()
    page.goto(f"{job}/blueprint")
    send(page, "Begin with the template of the role")
    follow(page, "Add a strength")
    page.get_by_text("Programming", exact=False).click()
    page.get_by_label("SQL").check()
    send(page, "Add", exact=True)
    expect(page.get_by_role("rowheader", name="Coding on SQL")).to_be_visible()
    page.locator("#open button").first.click()
    expect(page.locator("ol.rows h3")).to_have_count(1)
    assert not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
