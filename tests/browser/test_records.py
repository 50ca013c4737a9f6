"""What a team keeps and for how long, its log, a broken exercise, and a candidate's own data, in a browser."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import Engine
from sqlmodel import select

from server.accounts.sessions import open_session
from server.accounts.tables import Person
from server.assessments.tables.decisions import Decision
from server.assessments.tables.invitations import Candidate
from server.assessments.tables.sittings import Sitting
from server.assessments.tables.teams import Member
from server.assessments.teams.rights import Role
from server.grading.tables import Result
from server.queue.tables import Job
from tests import rounds
from tests.browser.accessible import look
from tests.browser.conftest import SECONDS
from tests.browser.moves import follow, send
from tests.browser.test_takehome import cookie
from tests.incidents import SLUG, make_incident
from tests.moving_site import MovingSite, moving_site

PASSWORD = "three random words"
RIGHT_ANSWER = "def answer():\n    return 1"
CODES = ("Agate 1", "Flint 2", "Jade 3")


@pytest.fixture
def site(sqlite_engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MovingSite]:
    with moving_site(sqlite_engine, tmp_path, monkeypatch) as site:
        yield site


@pytest.fixture
def team(page: Page, site: MovingSite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Olga's, with three who handed in the right answer and were marked down; one of them was decided about. Its address."""
    page.goto("/sign-up")
    page.fill("#name", "Olga")
    page.fill("#email", "olga@example.org")
    page.fill("#password", PASSWORD)
    send(page, re.compile("create", re.IGNORECASE))
    expect(page.get_by_role("link", name="Teams")).to_be_visible()
    write = rounds.write
    monkeypatch.setattr(rounds, "write", lambda session, sitting, _text, now: write(session, sitting, RIGHT_ANSWER, now))
    with site.house.sessions() as session:
        began = site.clock.now() - timedelta(days=1)
        here = make_incident(session, tmp_path / "bank", began, CODES)
        for job in session.exec(select(Job)):
            session.delete(job)
        olga = session.exec(select(Person).where(Person.email == "olga@example.org")).one()
        session.add(Member(team_id=here.team.id, person_id=olga.id, role=Role.owner, joined_at=began))
        decided = session.exec(select(Sitting).join(Candidate).where(Candidate.code == "Flint 2")).one()
        session.add(Decision(sitting_id=decided.id, outcome="hold", by=olga.id, at=began))
        session.commit()
        return f"/teams/{here.team.id}"


def test_days_queue_and_log_of_a_team(page: Page, team: str) -> None:
    page.goto(team)
    page.fill("#retention_days", "7")
    send(page, "Save the days")
    expect(page.get_by_role("alert")).to_contain_text("Give a number of days from 30 to 730")
    look(page)
    page.fill("#retention_days", "90")
    send(page, "Save the days")
    expect(page.get_by_text("Candidates are kept for 90 days")).to_be_visible()
    follow(page, "Retention")
    expect(page.get_by_role("row")).to_have_count(4)
    look(page)
    follow(page, "Northwind ML")
    follow(page, "Log")
    expect(page.get_by_role("row", name="set how long candidates are kept: 90 days, before 180")).to_be_visible()
    look(page)
    page.select_option("#who", "candidates")
    send(page, "Show")
    expect(page.get_by_role("row", name="handed in")).to_have_count(3)
    page.select_option("#act", "board.export")
    send(page, "Show")
    expect(page.get_by_text("Nothing of this kind is in the log")).to_be_visible()
    look(page)
    page.get_by_text("Export the whole log").click()
    page.get_by_role("button", name="Download the file").click()
    expect(page.locator("#password")).to_have_attribute("aria-invalid", "true")
    look(page)
    page.fill("#password", PASSWORD)
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the file").click()
    assert "exported the log" in download.value.path().read_text()


def test_a_broken_exercise_from_out_of_use_to_new_results(page: Page, team: str, site: MovingSite) -> None:
    page.goto(f"{team}/incidents")
    look(page)
    page.select_option("#exercise", SLUG)
    send(page, "Take it out of use")
    expect(page.get_by_role("alert")).to_contain_text("Give a reason")
    look(page)
    page.fill("#reason", "A check asked for two.")
    send(page, "Take it out of use")
    expect(page.get_by_role("button", name="Put to use Small task")).to_be_visible()
    page.select_option("#exercise", SLUG)
    page.fill("#reason", "A check asked for two.")
    tried = "**/incidents/regrades/*"
    page.route(tried, lambda route: route.abort() if route.request.resource_type == "fetch" else route.continue_())
    send(page, "Grade again for trial")
    expect(page.get_by_role("heading", level=1)).to_have_text("Grading again: Small task")
    look(page)  # as it is while it is tried: what the page looks at again by itself does not get through
    page.unroute(tried)
    expect(page.get_by_text("3 higher.")).to_be_visible(timeout=4 * SECONDS)  # the page looks again by itself
    expect(page.get_by_text("1 candidate whom you have decided about")).to_be_visible()
    page.get_by_text("Read the mail").click()
    expect(page.get_by_text("Now: 3 of 3 points")).to_be_visible()
    look(page)
    send(page, "Let the new results count")
    expect(page.get_by_text("The new results count: 3 changed. 1 mail leaves in a moment.")).to_be_visible()
    look(page)
    with site.house.sessions() as session:
        assert len(session.exec(select(Result)).all()) == 6
    follow(page, "Incidents")
    send(page, "Put to use Small task")
    expect(page.get_by_text("In use again", exact=True)).to_be_visible()
    look(page)


def test_a_team_erases_somebody_on_request(page: Page, team: str, site: MovingSite) -> None:
    with site.house.sessions() as session:
        candidate = session.exec(select(Candidate).where(Candidate.code == "Jade 3")).one()
    page.goto(f"{team}/jobs/{candidate.job_id}/invitations/{candidate.id}")
    page.get_by_text("Erase everything of this person").click()
    follow(page, "What is deleted, and what stays")
    look(page)
    send(page, "Erase everything")
    expect(page.locator("#password")).to_have_attribute("aria-invalid", "true")
    look(page)
    page.fill("#password", PASSWORD)
    send(page, "Erase everything")
    expect(page.get_by_text("1 candidate was erased")).to_be_visible()
    look(page)


def test_a_candidate_takes_everything_along_and_deletes_it(page: Page, team: str, site: MovingSite) -> None:
    with site.house.sessions() as session:
        candidate = session.exec(select(Candidate).where(Candidate.code == "Agate 1")).one()
        token = open_session(session, session.get_one(Person, candidate.person_id), site.clock.now())
        session.commit()
    page.context.add_cookies([cookie(site, token)])
    page.goto(f"/invitations/{candidate.id}/receipt?later=1")
    follow(page, "sooner if you ask")
    look(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="Download everything").click()
    assert json.loads(download.value.path().read_text())["invitation"]["code"] == "Agate 1"
    send(page, "Delete everything now")
    expect(page.get_by_role("alert")).to_contain_text("Type Agate 1 to confirm")
    look(page)
    page.fill("#code", "agate 1")
    send(page, "Delete everything now")
    expect(page.get_by_text("Everything that was kept of you for this take-home is deleted.")).to_be_visible()
    assert page.goto(f"/invitations/{candidate.id}/data").status == 404  # type: ignore[union-attr]
