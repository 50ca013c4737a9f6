"""From the board to a decision, and to a report that its owner takes along and anybody can verify."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlmodel import select

from server.accounts.tables import Person
from server.assessments.tables.teams import Member
from server.assessments.teams.rights import Role
from server.database.engine import make_engine, session_factory
from server.queue.tables import Job
from tests import rounds
from tests.browser.accessible import look
from tests.browser.conftest import SECONDS, Watched
from tests.browser.moves import follow, send
from tests.serving import Site

THEORY = "explain-overfitting-to-a-pm"
PASSWORD = "three random words"


class Hiring:
    """A round on the running site whose take-homes were handed in, most of them graded and marked."""

    def __init__(self, site: Site, chromium: Browser, watched: Watched) -> None:
        self.site, self.chromium, self.watched = site, chromium, watched
        self.sessions = session_factory(make_engine(f"sqlite:///{site.folder}/touchstone.sqlite3"))
        began, self.name = datetime.now(UTC) - timedelta(hours=5), f"Team {uuid4().hex[:6]}"
        with self.sessions() as session:
            here = rounds.make_round(session, began, slugs=(rounds.CODING, rounds.MARKED, THEORY), name=self.name)
            rounds.add_need(session, here.blueprint, floor=True, kind="theory", share=0.5, now=began)
            for number, (code, share, level) in enumerate((("Flint 03", 1.0, 1), ("Agate 14", 1.0, 5), ("Opal 31", 0.6, 4))):
                sitting = rounds.sat(session, here, code, began + timedelta(minutes=number))
                rounds.graded(session, sitting, began + timedelta(hours=2), share)
                rounds.marked(session, here, sitting, began + timedelta(hours=3), level=level)
            rounds.graded(session, rounds.sat(session, here, "Beryl 18", began), began + timedelta(hours=2))
            for job in session.exec(select(Job)).all():  # what graders would find is stored already
                session.delete(job)
            session.commit()
            self.team, self.root = here.team.id, f"/teams/{here.team.id}/jobs/{here.job.id}"

    def browser(self) -> Page:
        context = self.chromium.new_context(base_url=self.site.address, viewport={"width": 1440, "height": 900})
        context.set_default_timeout(SECONDS)
        page = context.new_page()
        self.watched.watch(page)
        return page

    def manager(self) -> Page:
        page, email = self.browser(), f"dana-{uuid4().hex[:8]}@example.org"
        page.goto("/sign-up")
        page.fill("#name", "Dana")
        page.fill("#email", email)
        page.fill("#password", PASSWORD)
        send(page, re.compile("create", re.IGNORECASE))
        expect(page.get_by_role("link", name="Teams")).to_be_visible()
        with self.sessions() as session:
            person = session.exec(select(Person).where(Person.email == email)).one()
            session.add(Member(team_id=self.team, person_id=person.id, role=Role.manager, joined_at=person.created_at))
            session.commit()
        return page

    def candidate(self) -> Page:
        """With the link of the mail that tells of the decision."""
        page = self.browser()
        page.goto(self.link())
        send(page, "Open the invitation")
        return page

    def link(self) -> str:
        """The worker needs a moment to send it."""
        until = time.monotonic() + SECONDS / 1_000
        while time.monotonic() < until:
            for path in self.site.folder.glob("outbox/*.eml"):
                mail = message_from_bytes(path.read_bytes(), policy=default)
                text = mail.get_body(("plain",))
                if self.name in mail["subject"] and "what the team says" in mail["subject"] and text is not None:
                    return re.findall(r"/invitation/\S+", text.get_content())[0]
            time.sleep(0.2)
        raise AssertionError(f"no mail tells of the decision: {self.site.log()[-2_000:]}")


@pytest.fixture
def hiring(site: Site, chromium: Browser, watched: Watched) -> Iterator[Hiring]:
    before = len(chromium.contexts)
    yield Hiring(site, chromium, watched)
    for context in chromium.contexts[before:]:
        context.close()
    assert watched.errors == []


def test_from_the_board_to_a_report_that_can_be_verified(hiring: Hiring, tmp_path: Path) -> None:
    dana = hiring.manager()
    dana.goto(hiring.root)
    follow(dana, "Candidates")
    expect(dana.locator("tbody tr")).to_have_count(4)
    look(dana)
    follow(dana, "Show numbers")
    expect(dana.get_by_text("100 (81 to 100)").first).to_be_visible()
    follow(dana, re.compile("^Strength not shown"))
    expect(dana.get_by_text("Nobody is in this group")).to_be_visible()
    look(dana)
    follow(dana, re.compile("^Below a floor"))
    expect(dana.locator("tbody tr")).to_have_count(1)
    assert "Mira" not in dana.content()

    follow(dana, "Flint 03")
    expect(dana.get_by_text("before any result of this take-home").first).to_be_visible()
    look(dana)
    send(dana, "Record the decision")
    expect(dana.get_by_role("alert")).to_contain_text("Choose one")
    look(dana)
    dana.get_by_label("Decline").check()
    dana.fill("#feedback", "Thank you. Your code was clear; the written answers were short.")
    send(dana, "Record the decision")
    expect(dana.get_by_role("heading", level=1)).to_have_text("Flint 03: Mira Santos")
    look(dana)

    mira = hiring.candidate()
    look(mira)
    follow(mira, "Read my report")
    expect(mira.get_by_role("heading", level=1)).to_have_text("Mira Santos: ML engineer")
    expect(mira.get_by_role("button", name="Print or save as PDF")).to_be_visible()
    look(mira)
    mira.emulate_media(media="print")
    expect(mira.get_by_role("button", name="Ask for a second look")).to_be_hidden()
    assert not mira.get_by_role("link", name="Download as JSON").is_visible()
    mira.emulate_media(media="screen")
    with mira.expect_download() as download:
        mira.get_by_role("link", name="Download as JSON").click()
    report = tmp_path / "report.json"
    download.value.save_as(report)
    mira.fill("#appeal", "The third line was answered in the second task.")
    send(mira, "Ask for a second look")
    expect(mira.get_by_text("Waits for the team's answer")).to_be_visible()

    answer(dana, mira)
    verify(hiring.browser(), report)


def verify(anybody: Page, report: Path) -> None:
    anybody.goto("/reports/verify")
    look(anybody)
    anybody.set_input_files("#file", report)
    send(anybody, "Verify")
    expect(anybody.get_by_role("status")).to_contain_text("Genuine: issued by this site")
    look(anybody)
    anybody.fill("#report", report.read_text().replace("Mira Santos", "Mara Santos"))
    send(anybody, "Verify")
    expect(anybody.get_by_role("alert")).to_contain_text("Not genuine")
    anybody.fill("#report", "Mira Santos is very good.")
    send(anybody, "Verify")
    expect(anybody.get_by_role("alert")).to_contain_text("could not be read as a report")


def answer(dana: Page, mira: Page) -> None:
    dana.reload()
    dana.fill("#answer", "We looked again and stay with it.")
    send(dana, "Send the answer")
    look(dana)
    follow(dana, "The candidate's report")
    look(dana)
    mira.reload()
    expect(mira.get_by_text("We looked again and stay with it.")).to_be_visible()


def test_the_file_of_the_board_is_asked_for_with_the_password(hiring: Hiring) -> None:
    dana = hiring.manager()
    dana.goto(f"{hiring.root}/board")
    follow(dana, "Export CSV")
    look(dana)
    dana.fill("#password", "wrong")
    dana.get_by_role("button", name="Download the file").click()
    expect(dana.get_by_role("alert")).to_contain_text("not your password")
    look(dana)
    dana.fill("#password", PASSWORD)
    with dana.expect_download() as download:
        dana.get_by_role("button", name="Download the file").click()
    assert download.value.suggested_filename.startswith("candidates-")
    expect(dana.get_by_role("alert")).to_have_count(0)
    expect(dana.locator("#password")).to_have_value("")
