"""Two reviewers mark a take-home by keys, agree where they differ, and neither learns whose it is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Page, Route, expect
from sqlmodel import col, select

from server.accounts.tables import Person
from server.assessments.decisions.rubric_evidence import rubric_evidence
from server.assessments.sittings.sitting import tasks_of
from server.assessments.tables.marking import Mark
from server.assessments.tables.sittings import Sitting
from server.assessments.tables.teams import Member
from server.assessments.teams.rights import Role
from server.database.engine import make_engine, session_factory
from server.workspaces.tables import WorkspaceCell
from tests import rounds
from tests.browser.accessible import look
from tests.browser.conftest import SECONDS, Watched
from tests.browser.moves import follow, send
from tests.serving import Site

ONE = "explain-overfitting-to-a-pm"  # one written answer, a rubric of four lines
BEGUN = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
TAKE_OVER = "<script>document.title = 'taken over'</script><img src=x onerror=\"document.title = 'taken over'\">"


class Office:
    """A team on the running site with two take-homes that were handed in; reviewers join it."""

    def __init__(self, site: Site, chromium: Browser, watched: Watched) -> None:
        self.site, self.chromium, self.watched = site, chromium, watched
        self.sessions = session_factory(make_engine(f"sqlite:///{site.folder}/touchstone.sqlite3"))
        with self.sessions() as session:
            here = rounds.make_round(session, BEGUN, slugs=(rounds.CODING, ONE), name=f"Team {uuid4().hex[:6]}")
            sittings = [rounds.sat(session, here, code, BEGUN) for code in ("Flint 03", "Agate 14")]
            for sitting in sittings:
                rounds.graded(session, sitting, BEGUN + timedelta(hours=2), 0.6)
                sitting.disclosure, sitting.disclosed_at = "An assistant, for names.", BEGUN
                spaces = [task.workspace_id for task in tasks_of(session, sitting)]
                for cell in session.exec(select(WorkspaceCell).where(col(WorkspaceCell.workspace_id).in_(spaces))):
                    cell.outputs = [{"t": "display", "data": {"text/html": TAKE_OVER}, "metadata": {}}]
            session.commit()
            self.team, self.job, self.ids = here.team.id, here.job.id, [sitting.id for sitting in sittings]
        self.root = f"/teams/{self.team}/jobs/{self.job}/marking"
        self.emails: dict[str, str] = {}

    def join(self, name: str, role: Role, **more: bool) -> Page:
        """A new account in the team, in a browser of its own."""
        context = self.chromium.new_context(base_url=self.site.address, viewport={"width": 1440, "height": 900}, **more)  # type: ignore[arg-type]
        context.set_default_timeout(SECONDS)
        page, email = context.new_page(), f"{name.lower()}-{uuid4().hex[:8]}@example.org"
        self.emails[name] = email
        self.watched.watch(page)
        page.goto("/sign-up")
        page.fill("#name", name)
        page.fill("#email", email)
        page.fill("#password", "three random words")
        send(page, re.compile("create", re.IGNORECASE))
        expect(page.get_by_role("link", name="Teams")).to_be_visible()
        with self.sessions() as session:
            person = session.exec(select(Person).where(Person.email == email)).one()
            session.add(Member(team_id=self.team, person_id=person.id, role=role, joined_at=BEGUN))
            session.commit()
        return page


@pytest.fixture
def office(site: Site, chromium: Browser, watched: Watched) -> Iterator[Office]:
    before = len(chromium.contexts)
    yield Office(site, chromium, watched)
    for context in chromium.contexts[before:]:
        context.close()
    assert watched.errors == []


def press(page: Page, keys: str) -> None:
    page.wait_for_load_state()  # the page knows its keys then
    for key in keys.split():
        page.keyboard.press(key)


def saved(page: Page, count: str) -> None:
    expect(page.locator("#saved")).to_contain_text("Marks saved")
    expect(page.locator("#count")).to_have_text(count)


def mark_by_keys(page: Page, address: str, keys: str) -> None:
    """To the end: levels, then save and finish with the same key."""
    page.goto(f"{address}?task=2")
    press(page, keys)
    saved(page, "4/4")
    press(page, "s")
    expect(page.get_by_role("button", name="Finish")).to_be_visible()
    press(page, "s")
    expect(page.get_by_text("Your marks stand")).to_be_visible()


def test_two_reviewers_mark_by_keys_and_agree(office: Office) -> None:
    rita, omar = office.join("Rita", Role.reviewer), office.join("Omar", Role.reviewer)
    rita.goto(f"/teams/{office.team}/jobs/{office.job}")
    follow(rita, "Mark take-homes")
    look(rita)
    follow(rita, "Flint 03")
    expect(rita.get_by_role("heading", level=1)).to_contain_text("Flint 03")
    expect(rita.get_by_text("as it was given").or_(rita.locator(".line.add")).first).to_be_visible()
    look(rita)
    assert rita.title() == "Marking Flint 03 - Touchstone"
    follow(rita, "Task 2 has lines to mark")
    look(rita)

    press(rita, "5 Enter 3")
    saved(rita, "2/4")
    expect(rita.locator("#line-2 input[value='3']")).to_be_checked()
    press(rita, "u")
    saved(rita, "1/4")
    assert rita.locator("#line-2 input:checked").count() == 0
    press(rita, "3 Enter 4 Enter x")
    saved(rita, "4/4")
    rita.locator("#evidence-1").fill("He says what the 29 points mean.")
    rita.locator("#evidence-1").press("5")  # a digit in a field is a digit
    rita.get_by_role("button", name="Save", exact=True).focus()
    expect(rita.locator("#saved")).to_contain_text("Marks saved")
    expect(rita.get_by_text("Shown when you are done")).to_be_visible()
    press(rita, "s")
    expect(rita.get_by_role("button", name="Finish")).to_be_visible()
    expect(rita.locator("#evidence-1")).to_have_value("He says what the 29 points mean.5")
    press(rita, "s")
    expect(rita.get_by_text("An assistant, for names.")).to_be_visible()
    look(rita)
    assert rita.get_by_role("link", name="Agree on").count() == 0

    mark_by_keys(omar, f"{office.root}/{office.ids[0]}", "2 Enter 3 Enter 5 Enter 4")
    assert "29 points" not in omar.content()
    follow(omar, "Agree on 2 lines")
    expect(omar.get_by_text("He says what the 29 points mean.5")).to_be_visible()
    look(omar)
    send(omar.get_by_role("region", name="Line 1:"), "Keep this level")
    expect(omar.get_by_role("alert")).to_contain_text("Say why")
    look(omar)
    for line, level in ((1, "4"), (4, "3")):
        section = omar.get_by_role("region", name=f"Line {line}:")
        section.get_by_role("radio", name=re.compile(f"^{level}")).check()
        section.get_by_role("textbox").fill("We read it again together.")
        send(section, "Keep this level")
        expect(omar.get_by_text("The level is agreed on.")).to_be_visible()
    with office.sessions() as session:
        [found] = rubric_evidence(session, session.get_one(Sitting, office.ids[0]))
    assert (found.settled, found.pieces) == (True, 4)
    assert found.share == pytest.approx((0.75 + 0.5 + 0.875 + 0.5) / 4, abs=0.005)


def test_j_and_k_go_through_the_take_homes(office: Office) -> None:
    rita = office.join("Rita", Role.reviewer)
    rita.goto(office.root)
    rita.locator("tbody a").first.click()
    expect(rita.get_by_text("1 of 2, random order")).to_be_visible()
    first = rita.url
    press(rita, "k")
    assert rita.url == first, "there is none before the first"
    press(rita, "j")
    expect(rita.get_by_text("2 of 2, random order")).to_be_visible()
    press(rita, "k")
    expect(rita.get_by_text("1 of 2, random order")).to_be_visible()
    press(rita, "?")
    expect(rita.get_by_role("heading", name="When you mark")).to_be_visible()
    rita.get_by_role("button", name="Turn single keys off").click()
    rita.goto(f"{office.root}/{office.ids[0]}?task=2")
    press(rita, "5 j")
    assert rita.locator("input:checked").count() == 0 and office.ids[0] in rita.url


def test_what_cannot_be_saved_stays_on_the_page(office: Office) -> None:
    rita = office.join("Rita", Role.reviewer)
    rita.goto(f"{office.root}/{office.ids[0]}?task=2")
    rita.context.set_offline(True)
    press(rita, "4")
    expect(rita.locator("#saved")).to_contain_text("Not saved")
    press(rita, "s")
    expect(rita.locator("#line-1 input[value='4']")).to_be_checked()
    rita.context.set_offline(False)
    press(rita, "s")
    expect(rita.get_by_role("heading", level=1)).to_contain_text("Agate 14")
    with office.sessions() as session:
        marks = session.exec(select(Mark).where(Mark.sitting_id == office.ids[0])).all()
        assert [(mark.line, mark.level) for mark in marks] == [(0, 4)]


def test_a_save_that_fails_after_the_next_key_was_pressed_is_tried_again(office: Office) -> None:
    rita = office.join("Rita", Role.reviewer)
    rita.goto(f"{office.root}/{office.ids[0]}?task=2")
    held: list[Route] = []
    rita.route("**/*", lambda route: held.append(route) if route.request.method == "POST" and not held else route.fallback())
    with rita.expect_request(lambda request: request.method == "POST"):
        press(rita, "4")
    press(rita, "s")
    held[0].abort()
    expect(rita.get_by_role("heading", level=1)).to_contain_text("Agate 14")
    with office.sessions() as session:
        assert [mark.level for mark in session.exec(select(Mark).where(Mark.sitting_id == office.ids[0]))] == [4]


def test_marks_and_forms_of_a_page_from_before_a_new_sign_in_are_not_lost(office: Office) -> None:
    rita = office.join("Rita", Role.reviewer)
    other_tab = rita.context.new_page()
    other_tab.goto("/teams")
    rita.goto(f"{office.root}/{office.ids[0]}?task=2")
    other_tab.locator(".top summary").click()
    send(other_tab, "Sign out")
    press(rita, "4")
    expect(rita.locator("#saved")).to_contain_text("Not saved: Sign in to go on.")
    other_tab.goto("/sign-in")
    other_tab.fill("#email", office.emails["Rita"])
    other_tab.fill("#password", "three random words")
    send(other_tab, "Sign in")
    press(rita, "Enter 5")
    saved(rita, "2/4")

    stale = rita.context.new_page()
    stale.goto(f"{office.root}/{office.ids[0]}?task=2")
    other_tab.locator(".top summary").click()
    send(other_tab, "Sign out")
    stale.fill("#notes", "Ask about the second table.")
    send(stale, "Save the notes")
    expect(stale.get_by_role("heading", level=1)).to_have_text("Send it again?")
    expect(stale.get_by_role("link", name="sign in in another tab")).to_be_visible()
    look(stale)
    other_tab.goto("/sign-in")
    other_tab.fill("#email", office.emails["Rita"])
    other_tab.fill("#password", "three random words")
    send(other_tab, "Sign in")
    send(stale, "Send it again")
    send(stale, "Send it again")  # the page itself was from before this sign-in
    expect(stale.locator("#notes")).to_have_value("Ask about the second table.")


def test_marking_works_without_a_script(office: Office) -> None:
    rita = office.join("Rita", Role.reviewer, java_script_enabled=False)
    rita.goto(f"{office.root}/{office.ids[0]}?task=2")
    for line, level in ((1, "5"), (2, "0"), (3, "2")):
        rita.locator(f"#line-{line} input[value='{level}']").check()
    rita.locator("#evidence-4").fill("no level yet")
    send(rita, "Save", exact=True)
    expect(rita.get_by_role("alert")).to_contain_text("Choose a level")
    expect(rita.locator("#line-3 input[value='2']")).to_be_checked()
    rita.locator("#line-4 input[value='1']").check()
    send(rita, "Save and next")
    rita.locator("#line-3").get_by_role("button", name="Take this level back").click()
    expect(rita.locator("#count")).to_have_text("3/4")
    rita.locator("#line-3 input[value='3']").check()
    send(rita, "Save and next")
    send(rita, "Finish")
    expect(rita.get_by_text("An assistant, for names.")).to_be_visible()
    send(rita, "Open my marks again")
    expect(rita.locator("#evidence-4")).to_have_value("no level yet")


def test_a_name_is_seen_with_a_reason(office: Office) -> None:
    olga = office.join("Olga", Role.owner)
    olga.goto(f"{office.root}/{office.ids[0]}")
    follow(olga, "Who this is")
    look(olga)
    send(olga, "Show me who it is")
    expect(olga.get_by_role("alert")).to_contain_text("Say why")
    olga.fill("#reason", "A reference has to be called today.")
    send(olga, "Show me who it is")
    expect(olga.get_by_role("heading", level=1)).to_have_text(f"Flint 03 is {rounds.MIRA['name']}")
    look(olga)
    follow(olga, "Back to the notebook")
    expect(olga.get_by_text("Not blind")).to_be_visible()
