"""Ordinary pages in a real browser: with and without script, by keyboard, at every width."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import Engine
from werkzeug.serving import BaseWSGIServer, make_server

from server import clock
from server.accounts.setup import make_setup_link
from server.accounts.sign_up import sign_up
from server.bank.load import load_bundled
from server.database.engine import make_engine, session_factory
from server.web.app import create_app
from tests.people import MIRA, PASSWORD, PlainHouse, settings_for
from tests.server.bank.notebooks import write_exercise

WIDTHS = (320, 768, 1600)


@pytest.fixture(scope="module")
def engine_of_site(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    path = tmp_path_factory.mktemp("site") / "site.sqlite3"
    path.write_bytes(sqlite_template.read_bytes())
    engine = make_engine(f"sqlite:///{path}")
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def house(engine_of_site: Engine, tmp_path_factory: pytest.TempPathFactory) -> PlainHouse:
    folder = tmp_path_factory.mktemp("site-data")
    for number in range(30):
        write_exercise(folder, f"a-task-with-a-long-name-{number:02}", kind="maths", roles="ml_engineer, data_engineer")
    sessions = session_factory(engine_of_site)
    with sessions() as session:
        load_bundled(session, folder, clock.now())
        sign_up(session, None, "Mira Santos-Oliveira de Albuquerque", MIRA, PASSWORD, clock.now())
        session.commit()
    return PlainHouse(settings_for(folder), sessions)


@pytest.fixture(scope="module")
def address(house: PlainHouse) -> Iterator[str]:
    server: BaseWSGIServer = make_server("127.0.0.1", 0, create_app(house), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://localhost:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def context(chromium: Chromium, address: str) -> Iterator[BrowserContext]:
    context = chromium.new_context(base_url=address)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    page, complaints = context.new_page(), []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.append(message.text) if "Content Security Policy" in message.text else None)
    yield page
    assert complaints == []


def fill_in(page: Page, **fields: str) -> None:
    for name, text in fields.items():
        page.locator(f"#{name}").fill(text)
    page.locator("main button.primary").click()


def sign_in(page: Page) -> None:
    page.goto("/sign-in")
    fill_in(page, email=MIRA, password=PASSWORD)


def look_closely(page: Page, where: str) -> None:
    """Every finding of axe counts here, not only the serious ones."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"), (where, width)
    found = Axe().run(page).response["violations"]
    assert [(each["id"], each["nodes"][0]["html"][:150]) for each in found] == [], where


def test_pages_with_forms_and_lists_are_accessible_at_every_width(page: Page, house: PlainHouse) -> None:
    with house.sessions() as session:
        link = make_setup_link(session, "", clock.now())
        session.commit()
    for where in ("/", "/exercises?all=1", "/exercises?kind=coding&level=3&q=gradient+boosting", "/forgot", "/keys", str(link)):
        page.goto(where)
        look_closely(page, where)
    sign_in(page)
    for where in ("/exercises?all=1", "/settings", "/settings/export", "/settings/delete"):
        page.goto(where)
        look_closely(page, where)


def test_a_form_with_errors_puts_the_focus_on_them(page: Page) -> None:
    page.goto("/sign-up")
    fill_in(page, name="Mira", email="mira.example.org", password="short")
    expect(page.locator("#errors")).to_be_focused()
    look_closely(page, "sign-up with errors")
    page.get_by_role("link", name="Enter an e-mail address with an @").click()
    expect(page.locator("#email")).to_be_focused()


def test_the_theme_follows_the_choice_at_once_and_is_kept(page: Page) -> None:
    page.emulate_media(color_scheme="light")
    page.goto("/")
    light = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    with page.expect_response("**/theme"):
        page.get_by_label("Dark").check()
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") != light
    page.goto("/keys")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(page.get_by_label("Dark")).to_be_checked()


def test_without_script_the_theme_has_a_button(chromium: Chromium, address: str) -> None:
    context = chromium.new_context(base_url=address, java_script_enabled=False)
    page = context.new_page()
    page.goto("/keys")
    page.get_by_label("Dark").check()
    page.get_by_role("button", name="Keep").click()
    expect(page).to_have_url(f"{address}/keys")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    context.close()


def test_without_script_an_account_is_made_used_and_left(chromium: Chromium, address: str) -> None:
    context = chromium.new_context(base_url=address, java_script_enabled=False)
    page = context.new_page()
    page.goto("/sign-up")
    fill_in(page, name="Tomas Lind", email="tomas@example.org", password=PASSWORD)
    page.locator("details.menu summary").click()
    page.get_by_role("link", name="Settings").click()
    page.get_by_role("link", name="Delete my account").click()
    page.locator("#password").fill(PASSWORD)
    page.get_by_role("button", name="Delete my account").click()
    expect(page.get_by_role("status")).to_contain_text("is deleted")
    context.close()


def test_the_menu_opens_and_closes_by_keyboard(page: Page) -> None:
    sign_in(page)
    summary = page.locator("details.menu summary")
    summary.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Settings")).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Settings")).to_be_hidden()
    expect(summary).to_be_focused()


def test_single_keys_work_outside_fields_and_can_be_turned_off(page: Page, address: str) -> None:
    page.goto("/exercises?all=1")
    page.keyboard.press("/")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.type("a/b?")
    expect(page.locator("#q")).to_have_value("a/b?")
    page.locator("h1").click()
    page.keyboard.press("?")
    expect(page).to_have_url(f"{address}/keys")
    page.get_by_role("button", name="Turn single keys off").click()
    page.goto("/exercises?all=1")
    page.keyboard.press("/")
    expect(page.locator("#q")).not_to_be_focused()


def test_a_chip_takes_along_what_was_typed_and_chosen_beside_it(page: Page) -> None:
    page.goto("/exercises?q=nothing&minutes=30")
    page.fill("#q", "a")
    page.select_option("#level", index=1)
    page.select_option("#minutes", "")
    with page.expect_navigation():
        page.get_by_role("navigation", name="Kind of exercise").get_by_role("link", name="Debugging").click()
    expect(page.get_by_role("navigation", name="Kind of exercise").locator("[aria-current]")).to_contain_text("Debugging")
    expect(page.locator("#q")).to_have_value("a")
    expect(page.locator("#level")).not_to_have_value("")
    expect(page.locator("#minutes")).to_have_value("")


def test_the_skip_link_is_first_and_leads_to_the_content(page: Page) -> None:
    page.goto("/exercises?all=1")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_enlarged_text_hides_nothing(page: Page) -> None:
    """200 % of 1280 pixels is what fits into 640."""
    page.set_viewport_size({"width": 640, "height": 450})
    page.goto("/exercises?all=1")
    expect(page.get_by_role("button", name="Search")).to_be_visible()
    expect(page.get_by_role("link", name="Next page")).to_be_attached()
    assert not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
