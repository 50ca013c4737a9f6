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
    expect(rita.locator("#line-2 [type='radio'][value='3']")).to_be_checked()
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
    expect(rita.locator("#line-1 [type='radio'][value='4']")).to_be_checked()
    rita.context.set_offline(False)
    press(rita, "s")
    expect(rita.get_by_role("heading", level=1)).to_contain_text("Agate 14")
    with office.sessions() as session:
        marks = session.exec(select(Mark).where(Mark.sitting_id == office.ids[0])).all()
        assert [(mark.line, mark.level) for mark in marks] == [(0, 4)]


class Gate:
    """While it is shut, what would store something is held, until the test lets it go or fail."""

    def __init__(self, page: Page) -> None:
        self.page, self.shut, self.held = page, True, list[Route]()
        page.route("**/marks?*", lambda route: self.held.append(route) if self.shut else route.continue_())

    def next(self) -> Route:
        while not self.held:
            self.page.wait_for_timeout(20)
        return self.held.pop(0)

    def open(self) -> None:
        self.shut = False
        while self.held:
            self.held.pop().continue_()


def marks_of(office: Office, person: str) -> list[tuple[int, int, str]]:
    with office.sessions() as session:
        me = session.exec(select(Person.id).where(Person.email == office.emails[person])).one()
        wanted = select(Mark).where(Mark.sitting_id == office.ids[0], Mark.person_id == me).order_by(col(Mark.line))
        return [(mark.line + 1, mark.level, mark.evidence) for mark in session.exec(wanted)]


def test_undo_after_a_failed_save_brings_back_what_was_on_the_page(office: Office) -> None:
    rita = office.join("Rita", Role.reviewer)
    rita.goto(f"{office.root}/{office.ids[0]}?task=2")
    rita.locator("#line-1 [type='radio'][value='4']").check()
    rita.locator("#evidence-1").fill("He says it in cell 2.")
    rita.locator("#evidence-2").focus()
    saved(rita, "1/4")
    rita.context.set_offline(True)
    rita.locator("#line-1 [type='radio'][value='2']").check()
    expect(rita.locator("#saved")).to_contain_text("Not saved: line 1.")
    press(rita, "5 u")
    expect(rita.locator("#line-1 [type='radio'][value='2']")).to_be_checked()
    press(rita, "u")
    expect(rita.locator("#line-1 [type='radio'][value='4']")).to_be_checked()
    expect(rita.locator("#evidence-1")).to_have_value("He says it in cell 2.")
    rita.context.set_offline(False)
    saved(rita, "1/4")
    assert marks_of(office, "Rita") == [(1, 4, "He says it in cell 2.")]


def test_while_one_line_is_not_stored_nothing_sounds_as_if_it_were(office: Office) -> None:
    rita = office.join("Rita", Role.reviewer)
    rita.goto(f"{office.root}/{office.ids[0]}?task=2")
    gate = Gate(rita)
    press(rita, "4 Enter 3")
    expect(rita.locator("#saved")).to_have_text("Saving…")
    gate.next().abort()
    gate.next().fulfill(json={"marked": 1, "of": 4})
    expect(rita.locator("#count")).to_have_text("1/4")
    expect(rita.locator("#saved")).to_have_text("Not saved: line 1. No answer from the server.")
    expect(rita.locator("#saved")).to_have_class(re.compile("failed"))
    look(rita)
    gate.open()
    saved(rita, "1/4")  # sent again without another key
    assert marks_of(office, "Rita") == [(1, 4, "")]


def test_what_waited_for_a_connection_is_sent_when_it_is_back(office: Office) -> None:
    rita = office.join("Rita", Role.reviewer)
    rita.goto(f"{office.root}/{office.ids[0]}?task=2")
    rita.clock.install()
    rita.clock.pause_at(datetime.now(tz=UTC) + timedelta(hours=1))  # no pause ends by itself
    rita.context.set_offline(True)
    press(rita, "4 Enter 3")
    expect(rita.locator("#saved")).to_contain_text("Not saved: line 1, line 2.")
    rita.context.set_offline(False)
    saved(rita, "2/4")
    assert marks_of(office, "Rita") == [(1, 4, ""), (2, 3, "")]


def test_a_save_whose_answer_got_lost_is_no_other_tab(office: Office) -> None:
    rita = office.join("Rita", Role.reviewer)
    rita.goto(f"{office.root}/{office.ids[0]}?task=2")
    gate = Gate(rita)
    press(rita, "4")
    lost = gate.next()
    lost.fetch()
    lost.abort()
    expect(rita.locator("#saved")).to_contain_text("Not saved: line 1. No answer")
    assert marks_of(office, "Rita") == [(1, 4, "")]
    press(rita, "2")
    gate.open()
    saved(rita, "1/4")
    assert marks_of(office, "Rita") == [(1, 2, "")]


@pytest.mark.parametrize("way", ["Final", "Save", "Save and next", "j"])
def test_whoever_leaves_while_a_save_is_under_way_loses_nothing(office: Office, way: str) -> None:
    rita = office.join("Rita", Role.reviewer)
    rita.goto(f"{office.root}/{office.ids[0]}?task=2")
    gate = Gate(rita)
    press(rita, "4")
    under_way = gate.next()
    press(rita, "Enter 5")
    {
        "Final": lambda: rita.get_by_role("link", name="Final").click(no_wait_after=True),
        "Save": lambda: rita.get_by_role("button", name="Save", exact=True).click(no_wait_after=True),
        "Save and next": lambda: rita.get_by_role("button", name="Save and next").click(no_wait_after=True),
        "j": lambda: press(rita, "j" if rita.locator('[data-key="j"]').count() else "k"),
    }[way]()
    expect(rita.locator("#saved")).to_have_text("Saving…")
    with rita.expect_navigation():
        gate.open()
        under_way.continue_()
    assert marks_of(office, "Rita") == [(1, 4, ""), (2, 5, "")]


def test_leaving_asks_while_something_is_not_stored(office: Office) -> None:
    rita = office.join("Rita", Role.reviewer)
    rita.goto(f"{office.root}/{office.ids[0]}?task=2")
    asked: list[str] = []
    rita.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    gate = Gate(rita)
    press(rita, "4")
    under_way = gate.next()
    rita.close(run_before_unload=True)
    while not asked:
        rita.wait_for_timeout(20)
    assert asked == ["beforeunload"]
    gate.open()
    under_way.continue_()
    saved(rita, "1/4")
    with rita.expect_event("close"):
        rita.close(run_before_unload=True)
    assert asked == ["beforeunload"]


def test_evidence_and_notes_are_stored_as_they_are_written(office: Office) -> None:
    rita = office.join("Rita", Role.reviewer)
    rita.goto(f"{office.root}/{office.ids[0]}?task=2")
    press(rita, "4")
    saved(rita, "1/4")
    rita.locator("#evidence-1").press_sequentially("Cell 2.")
    rita.locator("#saved").get_by_text("Saving…").wait_for()
    saved(rita, "1/4")
    expect(rita.locator("#evidence-1")).to_be_focused()
    assert marks_of(office, "Rita") == [(1, 4, "Cell 2.")]
    rita.locator("#notes").press_sequentially("Ask about")
    rita.locator("#saved").get_by_text("Saving…").wait_for()
    saved(rita, "1/4")
    rita.locator("#notes").press_sequentially(" the table.")
    with rita.expect_navigation():
        rita.get_by_role("link", name="Final").click()
    expect(rita.locator("#notes")).to_have_value("Ask about the table.")
    rita.locator("#notes").fill("Ask about cost.")
    send(rita, "Save and next")
    rita.goto(f"{office.root}/{office.ids[0]}")  # a task without a rubric
    expect(rita.locator("#notes")).to_have_value("Ask about cost.")
    rita.locator("#notes").fill("And the plot.")
    saved(rita, "1/4")
    rita.reload()
    expect(rita.locator("#notes")).to_have_value("And the plot.")


def test_evidence_without_a_level_is_told_and_asked_about(office: Office) -> None:
    rita = office.join("Rita", Role.reviewer)
    rita.goto(f"{office.root}/{office.ids[0]}?task=2")
    asked: list[str] = []
    rita.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    rita.locator("#evidence-2").fill("Cell 2.")
    expect(rita.locator("#saved")).to_have_text("Line 2 has evidence and no level")
    look(rita)
    rita.get_by_role("link", name="Final").click(no_wait_after=True)
    while not asked:
        rita.wait_for_timeout(20)
    expect(rita.locator("#evidence-2")).to_have_value("Cell 2.")
    rita.locator("#line-2 [type='radio'][value='3']").check()
    saved(rita, "1/4")
    assert marks_of(office, "Rita") == [(2, 3, "Cell 2.")]
    follow(rita, "Final")
    assert asked == ["beforeunload"]


def test_two_tabs_keep_what_each_wrote(office: Office) -> None:
    rita = office.join("Rita", Role.reviewer)
    older = rita.context.new_page()
    for tab in (rita, older):
        tab.goto(f"{office.root}/{office.ids[0]}?task=2")
    press(rita, "4")
    rita.locator("#evidence-1").fill("Newer.")
    rita.locator("#notes").focus()
    saved(rita, "1/4")
    press(older, "Enter 3")
    saved(older, "2/4")
    send(older, "Save", exact=True)
    expect(older.locator("#evidence-1")).to_have_value("Newer.")
    rita.locator("#evidence-1").fill("Newest.")
    rita.locator("#notes").focus()
    saved(rita, "2/4")
    older.locator("#evidence-1").fill("Older.")
    expect(older.locator("#saved")).to_contain_text("Not saved: line 1. Line 1 was changed in another tab: level 4, “Newest.”")
    look(older)
    send(older, "Save", exact=True)
    expect(older.get_by_role("alert")).to_contain_text("Line 1 was changed in another tab")
    expect(older.locator("#evidence-1")).to_have_value("Older.")
    look(older)
    press(older, "Enter Enter Enter 5")
    saved_of_it = [(1, 4, "Newest."), (2, 3, ""), (4, 5, "")]
    expect(older.locator("#count")).to_have_text("3/4")
    assert marks_of(office, "Rita") == saved_of_it, "what was refused waits for its person"
    send(older, "Save", exact=True)
    assert marks_of(office, "Rita") == [(1, 4, "Older."), *saved_of_it[1:]]


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
    expect(rita.locator("#saved")).to_contain_text("Not saved: line 1. Sign in to go on.")
    other_tab.goto("/sign-in")
    other_tab.fill("#email", office.emails["Rita"])
    other_tab.fill("#password", "three random words")
    send(other_tab, "Sign in")
    press(rita, "Enter 5")
    saved(rita, "2/4")


def test_a_form_of_a_page_from_before_a_new_sign_in_can_be_sent_again(office: Office) -> None:
    olga = office.join("Olga", Role.owner)
    olga.goto(f"{office.root}/{office.ids[0]}/unblind")
    other_tab = olga.context.new_page()
    other_tab.goto("/teams")
    other_tab.locator(".top summary").click()
    send(other_tab, "Sign out")
    olga.fill("#reason", "A reference has to be called today.")
    send(olga, "Show me who it is")
    expect(olga.get_by_role("heading", level=1)).to_have_text("Send it again?")
    expect(olga.get_by_role("link", name="sign in in another tab")).to_be_visible()
    look(olga)
    other_tab.goto("/sign-in")
    other_tab.fill("#email", office.emails["Olga"])
    other_tab.fill("#password", "three random words")
    send(other_tab, "Sign in")
    send(olga, "Send it again")
    send(olga, "Send it again")  # the page itself was from before this sign-in
    expect(olga.get_by_role("heading", level=1)).to_have_text(f"Flint 03 is {rounds.MIRA['name']}")


def test_marking_works_without_a_script(office: Office) -> None:
    rita = office.join("Rita", Role.reviewer, java_script_enabled=False)
    rita.goto(f"{office.root}/{office.ids[0]}?task=2")
    for line, level in ((1, "5"), (2, "0"), (3, "2")):
        rita.locator(f"#line-{line} [type='radio'][value='{level}']").check()
    rita.locator("#evidence-4").fill("no level yet")
    send(rita, "Save", exact=True)
    expect(rita.get_by_role("alert")).to_contain_text("Choose a level")
    expect(rita.locator("#line-3 [type='radio'][value='2']")).to_be_checked()
    rita.locator("#line-4 [type='radio'][value='1']").check()
    send(rita, "Save and next")
    rita.locator("#line-3").get_by_role("button", name="Take this level back").click()
    expect(rita.locator("#count")).to_have_text("3/4")
    rita.locator("#line-3 [type='radio'][value='3']").check()
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
