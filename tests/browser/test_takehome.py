"""A take-home in a browser: the invitation, the clock with its announcements, a lost connection, a full disk, and the end."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import Engine, event
from sqlmodel import col, select

from server.accounts.sessions import open_session
from server.accounts.tables import Person
from server.assessments.tables.invitations import Candidate
from server.assessments.tables.sittings import Sitting
from server.grading.tables import Submission
from server.web.door import CANDIDATE
from server.workspaces.tables import WorkspaceCell
from tests import rounds
from tests.browser.accessible import look
from tests.browser.conftest import Watched
from tests.browser.moves import follow, send
from tests.moving_site import MovingSite, moving_site


@pytest.fixture
def site(sqlite_engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MovingSite]:
    with moving_site(sqlite_engine, tmp_path, monkeypatch) as site:
        yield site


@pytest.fixture
def root(site: MovingSite, context: BrowserContext) -> str:
    """The invitation, opened in this browser."""
    with site.house.sessions() as session:
        now = site.clock.now()
        candidate = rounds.invited(session, rounds.make_round(session, now), "Flint 03", now)
        token = open_session(session, session.get_one(Person, candidate.person_id), now)
        session.commit()
        candidate_id = candidate.id
    context.add_cookies([cookie(site, token)])
    return f"/invitations/{candidate_id}"


def cookie(site: MovingSite, token: str) -> dict[str, str]:
    """What the link of the invitation leaves in a browser."""
    from flask.sessions import SecureCookieSessionInterface

    from server.web.app import create_app

    app = create_app(site.house)
    signer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert signer is not None
    name = str(app.config["SESSION_COOKIE_NAME"])
    return {"name": name, "value": str(signer.dumps({CANDIDATE: [token], "_permanent": True})), "url": site.address}


def start(page: Page, root: str) -> None:
    page.goto(root)
    follow(page, re.compile("^Start, "))
    send(page, "Start the clock")
    ready(page)


def ready(page: Page) -> None:
    expect(page.locator("#bench[data-ready]")).to_be_visible()


def type_answer(page: Page, text: str) -> None:
    editor = page.locator("article.answer .cm-content").first
    editor.click()
    page.keyboard.press("Control+a")
    page.keyboard.type(text)


def stored(site: MovingSite) -> list[str]:
    with site.house.sessions() as session:
        return list(session.exec(select(WorkspaceCell.source).where(WorkspaceCell.role == "answer")))


def test_every_page_of_a_candidate_can_be_used_by_everybody(page: Page, root: str, site: MovingSite) -> None:
    page.goto(root)
    look(page)
    page.get_by_text("Ask for an adjustment").click()
    send(page, "Send to the team")
    expect(page.get_by_role("alert")).to_contain_text("Say what you need")
    look(page)
    page.fill("#adjustment", "A break of ten minutes.")
    send(page, "Send to the team")
    expect(page.get_by_text("You asked: A break of ten minutes.")).to_be_visible()
    send(page, "Practice room first")
    ready(page)
    look(page)
    follow(page, "Leave the practice room")
    follow(page, re.compile("^Start, "))
    look(page)
    send(page, "Start the clock")
    ready(page)
    look(page)
    follow(page, "Report a problem with this task")
    look(page)
    page.fill("#problem", "The second table is empty.")
    send(page, "Send to the team")
    ready(page)
    page.locator("#task-list summary").click()
    follow(page, re.compile(r"^2\. "))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Task 2 of 2")
    ready(page)
    look(page)
    follow(page, "Hand in")
    look(page)
    send(page, "Hand in for good")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your work is handed in.")
    look(page)
    page.fill("#disclosure", "None.")
    send(page, "Send and get the receipt")
    expect(page.get_by_role("heading", name="Receipt")).to_be_visible()
    page.get_by_label("Mostly fair").check()
    send(page, "Send", exact=True)
    expect(page.get_by_text("Thank you.")).to_be_visible()
    look(page)


def test_the_clock_is_announced_hidden_and_ends_the_sitting_with_what_was_saved_last(
    page: Page, root: str, site: MovingSite
) -> None:
    start(page, root)
    clock = page.locator("#time-left")
    expect(clock).to_contain_text(re.compile(r"^1:59:\d\d left|^2:00:00 left"))
    page.get_by_role("button", name="Hide the time left").click()
    expect(clock).to_be_hidden()
    page.get_by_role("button", name="Show the time left").click()
    type_answer(page, "the_last_words = 1")
    expect(page.locator("#saved")).to_contain_text("Saved")
    for minutes_left, moved in ((30, 90.5), (10, 20), (5, 5), (1, 4)):
        site.pass_time(minutes=moved)
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        words = f"{minutes_left} minute{'s' if minutes_left > 1 else ''} left."
        expect(page.locator("#banners")).to_contain_text(words)
        expect(page.locator("#spoken")).to_have_text(words)
    expect(clock).to_have_class(re.compile("low"))
    site.pass_time(seconds=40)
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.get_by_role("heading", level=1)).to_have_text("Time is up. Your work is handed in.")
    with site.house.sessions() as session:
        sitting = session.exec(select(Sitting)).one()
        assert sitting.handed_in_by == "time"
        notebooks = session.exec(select(Submission.notebook).where(Submission.kind == "submit")).all()
    assert sum(b"the_last_words = 1" in notebook for notebook in notebooks) == 1


def test_what_is_typed_without_a_connection_is_sent_when_it_returns(
    page: Page, context: BrowserContext, root: str, site: MovingSite
) -> None:
    start(page, root)
    context.set_offline(True)
    type_answer(page, "written_offline = True")
    expect(page.locator("#saved")).to_contain_text("Saved in this browser")
    assert "written_offline = True" not in stored(site)
    context.set_offline(False)
    expect(page.locator("#saved")).to_have_class(re.compile("passed"))
    expect(page.locator("#saved")).not_to_contain_text("in this browser")
    assert "written_offline = True" in stored(site)


def test_time_that_is_up_in_the_page_alone_goes_on_when_the_server_says_so(
    page: Page, context: BrowserContext, root: str, site: MovingSite
) -> None:
    page.clock.install()
    start(page, root)
    context.set_offline(True)
    page.clock.fast_forward("02:30:00")
    expect(page.locator("#banners")).to_contain_text("Time is up.")
    context.set_offline(False)
    expect(page.locator("#banners")).not_to_contain_text("Time is up.")
    expect(page.locator("#time-left")).to_contain_text(re.compile(r"^1:5\d:\d\d left|^2:00:00 left"))
    type_answer(page, "went_on = True")
    expect(page.locator("#saved")).to_have_class(re.compile("passed"))
    assert "went_on = True" in stored(site)


def test_without_a_connection_the_page_with_the_work_stays(page: Page, context: BrowserContext, root: str) -> None:
    start(page, root)
    context.set_offline(True)
    type_answer(page, "kept = True")
    page.get_by_role("link", name="Hand in").click()
    expect(page.locator("#notes")).to_contain_text("There is no connection.")
    expect(page.locator("article.answer").first).to_contain_text("kept = True")
    context.set_offline(False)
    expect(page.locator("#saved")).to_have_class(re.compile("passed"))
    follow(page, "Hand in")
    expect(page.get_by_role("heading", level=1)).to_have_text("Hand in now?")


def test_a_full_disk_is_said_and_costs_nothing(page: Page, root: str, site: MovingSite) -> None:
    start(page, root)
    full = {"now": True}

    def refuse(connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        """SQLite's own limit of pages: what it raises then is what a full disk raises."""
        if full["now"] and statement.startswith(("UPDATE workspace_cells", "INSERT INTO workspace_events")):
            raw = connection.connection  # type: ignore[attr-defined]
            pages = raw.execute("PRAGMA page_count").fetchone()[0]
            raw.execute(f"PRAGMA max_page_count = {pages}")

    event.listen(site.house.engine, "before_cursor_execute", refuse)
    type_answer(page, f"kept = '{'x' * 3000}'")
    page.evaluate("navigator.clipboard")
    expect(page.locator("#banners")).to_contain_text("Not saved.")
    expect(page.locator("#banners")).to_contain_text("stays in this page and in this browser")
    full["now"] = False
    event.remove(site.house.engine, "before_cursor_execute", refuse)
    site.house.engine.dispose()
    expect(page.locator("#saved")).to_have_class(re.compile("passed"), timeout=30_000)
    assert any("xxxx" in source for source in stored(site))


def test_two_tabs_keep_both_texts(page: Page, context: BrowserContext, root: str, watched: Watched) -> None:
    start(page, root)
    second = context.new_page()
    watched.watch(second)
    second.goto(f"{root}/tasks/1")
    ready(second)
    type_answer(page, "of_the_first_tab = 1")
    expect(page.locator("#saved")).to_contain_text(re.compile(r"Saved \d"))
    type_answer(second, "of_the_second_tab = 2")
    expect(second.locator("#saved")).to_have_text("Two versions, choose one")
    expect(second.locator("article.answer").first).to_contain_text("of_the_first_tab")


def test_another_tab_that_hands_in_ends_this_one_too(page: Page, context: BrowserContext, root: str, site: MovingSite) -> None:
    start(page, root)
    second = context.new_page()
    second.goto(f"{root}/hand-in")
    send(second, "Hand in for good")
    expect(second.get_by_role("heading", level=1)).to_have_text("Your work is handed in.")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your work is handed in.")
    with site.house.sessions() as session:
        assert len(session.exec(select(Submission).where(Submission.kind == "submit")).all()) == 2
        assert session.exec(select(Candidate).where(col(Candidate.code) == "Flint 03")).one()
