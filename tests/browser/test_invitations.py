"""A team invites, by one form and by a list; the mails arrive at a real mail server; a candidate opens the link in a second
browser. Every page without serious findings of axe, at two widths, light and dark."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import Engine
from sqlmodel import select

from server.accounts.tables import Person
from server.assessments.sittings.candidate_acts import ask_adjustment
from server.assessments.tables.invitations import Candidate
from server.assessments.tables.teams import Member
from server.assessments.teams.rights import Role
from server.settings import SmtpServer
from tests import rounds
from tests.browser.accessible import look
from tests.browser.conftest import SECONDS
from tests.browser.moves import follow, send
from tests.moving_site import MovingSite, moving_site
from tests.postbox import Postbox, free_port, link_in, part, postbox_on

LIST = "email;name;extra_percent\nann@example.org;Ann Bell;\nnobody@example.org;;\nwrong;Cy Dow;25\nmira@example.org;Mira;\n"


@pytest.fixture
def box() -> Postbox:
    return Postbox()


@pytest.fixture
def site(sqlite_engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, box: Postbox) -> Iterator[MovingSite]:
    port = free_port()
    controller = postbox_on(port, box)
    controller.start()
    smtp = SmtpServer("127.0.0.1", port, None, None, "none")
    with moving_site(sqlite_engine, tmp_path, monkeypatch, smtp_url=smtp) as site:
        yield site
    controller.stop()


@pytest.fixture
def candidates_browser(chromium: Browser, site: MovingSite) -> Iterator[Page]:
    context = chromium.new_context(
        base_url=site.address, viewport={"width": 390, "height": 900}, timezone_id="America/Argentina/Buenos_Aires"
    )
    context.set_default_timeout(SECONDS)
    yield context.new_page()
    context.close()


@pytest.fixture
def root(site: MovingSite, page: Page) -> str:
    """The page of invitations of a team that Olga, who is signed in, owns."""
    page.goto("/sign-up")
    page.fill("#name", "Olga")
    page.fill("#email", "olga@example.org")
    page.fill("#password", "three random words")
    send(page, re.compile("create", re.IGNORECASE))
    expect(page.get_by_role("link", name="Teams")).to_be_visible()
    with site.house.sessions() as session:
        now = site.clock.now()
        here = rounds.make_round(session, now)
        olga = session.exec(select(Person).where(Person.email == "olga@example.org")).one()
        session.add(Member(team_id=here.team.id, person_id=olga.id, role=Role.owner, joined_at=now))
        session.commit()
        return f"/teams/{here.team.id}/jobs/{here.job.id}"


def arrived(box: Postbox, count: int) -> None:
    until = time.monotonic() + SECONDS / 1_000
    while len(box.envelopes) < count and time.monotonic() < until:
        time.sleep(0.05)
    assert len(box.envelopes) == count


def row(page: Page, email: str) -> str:
    return page.get_by_role("row").filter(has_text=email).inner_text()


def test_from_one_invitation_and_a_list_to_an_opened_link(
    site: MovingSite, page: Page, root: str, box: Postbox, candidates_browser: Page
) -> None:
    page.goto(root)
    follow(page, "Invitations")
    expect(page.get_by_text("Nobody is invited yet")).to_be_visible()
    page.get_by_text("Read it").click()
    expect(page.get_by_text("the-link-of-this-candidate")).to_be_visible()
    look(page)

    page.fill("#email", "mira")
    send(page, "Send the invitation")
    expect(page.locator("#email")).to_have_attribute("aria-invalid", "true")
    look(page)
    page.fill("#email", "mira@example.org")
    page.fill("#name", "Mira Santos")
    send(page, "Send the invitation")
    expect(page.get_by_text("mira@example.org is invited")).to_be_visible()
    arrived(box, 1)

    page.fill("#csv", LIST)
    send(page, "Invite them")
    expect(page.get_by_role("alert")).to_contain_text("2 people are invited, 2 rows need you")
    expect(page.locator("#csv")).to_have_value("email;name;extra_percent\nwrong;Cy Dow;25\nmira@example.org;Mira;")
    look(page)
    page.fill("#csv", "email;name;extra_percent\ncy@example.org;Cy Dow;25")
    send(page, "Invite them")
    expect(page.get_by_text("1 person is invited")).to_be_visible()
    arrived(box, 3)

    link = link_in(box.mails()[0], "invitation")
    candidate = candidates_browser
    candidate.goto(link)
    assert candidate.url == f"{site.address}/invitation"
    look(candidate)
    page.reload()
    assert "Sent" in row(page, "mira@example.org")
    send(candidate, "Open the invitation")
    expect(candidate.get_by_role("heading", level=1)).to_have_text("ML engineer")
    with site.house.sessions() as session:
        closes = session.exec(select(Candidate).where(Candidate.email == "mira@example.org")).one().closes_at
    there = closes - timedelta(hours=3)
    expect(candidate.locator(".lede")).to_contain_text(f"{there.day} {there:%B %Y, %H:%M} (your time, Buenos Aires)")
    page.reload()
    assert "Opened" in row(page, "mira@example.org")
    follow(page, "Bounced")
    assert "Bounced" in row(page, "nobody@example.org")
    look(page)


def test_one_invitation_is_answered_changed_sent_again_and_taken_back(
    site: MovingSite, page: Page, root: str, box: Postbox, candidates_browser: Page
) -> None:
    page.goto(f"{root}/invitations")
    page.fill("#email", "mira@example.org")
    send(page, "Send the invitation")
    arrived(box, 1)
    with site.house.sessions() as session:
        candidate = session.exec(select(Candidate)).one()
        ask_adjustment(session, candidate, "I read slowly; half of the time on top would help.", site.clock.now())
        session.commit()
    page.reload()
    expect(page.get_by_text("1 request waits for your answer")).to_be_visible()
    look(page)
    with page.expect_navigation():
        page.get_by_role("link", name="mira@example.org").first.click()
    look(page)
    send(page, "Answer")
    expect(page.locator("#answer")).to_have_attribute("aria-invalid", "true")
    look(page)
    page.fill("#answer", "Of course.")
    page.fill("#extra", "50")
    send(page, "Answer")
    expect(page.get_by_text("You answered: Of course.")).to_be_visible()

    first = link_in(box.mails()[0], "invitation")
    send(page, "Send again")
    arrived(box, 2)
    mail = box.mails()[1]
    assert "180 minutes, your 50 % of extra time included" in part(mail, "plain")
    second = link_in(mail, "invitation")
    candidates_browser.goto(first)
    expect(candidates_browser.get_by_role("heading", level=1)).to_have_text("This link is over")
    look(candidates_browser)

    site.clock.move(days=15)
    page.reload()
    expect(page.get_by_text("The window closed before the work began")).to_be_visible()
    page.fill("#closes", f"{site.clock.now() + timedelta(days=3):%Y-%m-%dT%H:%M}")
    send(page, "Save")
    expect(page.get_by_text("The candidate sees it on their page")).to_be_visible()
    candidates_browser.goto(second)
    expect(candidates_browser.get_by_role("button", name="Open the invitation")).to_be_visible()
    page.get_by_text("Take the invitation back").click()
    look(page)
    send(page, "Take it back")
    expect(page.get_by_text("The team took the invitation back.")).to_be_visible()
    send(candidates_browser, "Open the invitation")
    expect(candidates_browser.get_by_role("heading", level=1)).to_have_text("This link is over")
