"""A round of hiring from nothing to a verified report, through pages and mails alone: real browsers, a real mail server, real
kernels and graders, and a clock that is moved to the deadline."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import Engine
from sqlmodel import select

from server.assessments.blueprints.ai_policy import BY_KEY
from server.audit.tables import AuditRow
from server.exercise_format.copies.whole import reference_sources
from server.settings import SmtpServer
from tests.exercises import bundled
from tests.moving_site import MovingSite, moving_site
from tests.postbox import Postbox, free_port, postbox_on
from tests.walks.hiring_people import PATIENCE, Somebody, mail_to, note_what_is_told

ADVERT = "You must know Python and SQL. Nice to have: Docker. You will own the service that forecasts demand. We help you learn."
CODING, WRITTEN = TASKS = ("softmax-cross-entropy-stable", "explain-overfitting-to-a-pm")
PRIVATE = ("Santos", "mira@example.org", "Lisbon")
AI_RULE = BY_KEY["verified"]  # not the one that a new blueprint has


@dataclass
class Cast:
    site: MovingSite
    box: Postbox
    olga: Somebody
    rita: Somebody
    omar: Somebody
    mira: Somebody


@pytest.fixture
def cast(sqlite_engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chromium: Browser) -> Iterator[Cast]:
    port, box, before = free_port(), Postbox(), len(chromium.contexts)
    controller = postbox_on(port, box)
    controller.start()
    smtp = SmtpServer("127.0.0.1", port, None, None, "none")
    with moving_site(sqlite_engine, tmp_path, monkeypatch, smtp_url=smtp) as site:
        people = [Somebody(name, site, chromium) for name in ("Olga", "Rita", "Omar", "Mira")]
        note_what_is_told(site, people)
        yield Cast(site, box, *people)
        for context in chromium.contexts[before:]:
            context.close()
    controller.stop()
    assert [error for person in people for error in person.errors] == []


@pytest.mark.timeout(600)
def test_from_an_empty_site_to_a_verified_report(cast: Cast, tmp_path: Path) -> None:
    job = make_team_and_job(cast.olga)
    make_blueprint(cast.olga, job)
    sit_the_preview(cast.olga)
    publish(cast.olga, job)
    for reviewer in (cast.rita, cast.omar):
        join(cast, reviewer, job)
    invite(cast, job)
    sit_until_time_is_up(cast)
    wait_for_grades(cast.olga, job)
    mark(cast.rita, job, first_level=5)
    mark(cast.omar, job, first_level=3)
    agree(cast.omar, job)
    read_verdict(cast.olga, job)
    stay_blind(cast)
    unblind(cast, job)
    decide(cast.olga, job)
    report = read_report(cast, tmp_path)
    verify(cast.rita, report)


def make_team_and_job(olga: Somebody) -> str:
    olga.sign_up()
    olga.follow("Teams")
    olga.page.fill("#name", "Northwind ML")
    olga.send("Make the team")
    olga.look("team")
    olga.follow("Answer six questions")
    for question in olga.page.locator("main fieldset").all():
        question.get_by_role("radio").nth(2).check()
    olga.send("Place us")
    olga.look("profile")
    olga.follow("Northwind ML")
    olga.follow("Jobs of the team")
    olga.page.fill("#title", "ML engineer, forecasting")
    olga.page.select_option("#role", "ml_engineer")
    olga.page.fill("#advert", ADVERT)
    olga.open(olga.page.locator("form[action$='/jobs'] button.primary"))
    expect(olga.page.get_by_role("heading", level=1)).to_have_text("ML engineer, forecasting")
    olga.look("job")
    return olga.page.url


def make_blueprint(olga: Somebody, job: str) -> None:
    """The role's template, cut down to what two exercises show."""
    olga.follow("Make the blueprint")
    olga.send("Begin with the template of the role")
    olga.reads("A first draft from the role")
    for other in ("Debugging", "Take-home", "Maths"):
        olga.follow(re.compile(f"^Change (the floor for )?{other}"))
        olga.send("Remove this")
        olga.reads("Removed")
    olga.follow(re.compile("^Change the floor for Theory"))
    olga.page.select_option("#must", "Python")
    olga.send("Save", exact=True)
    olga.reads("Changed, and dated anew.")
    for slug in TASKS:
        olga.page.goto(f"{job}/blueprint/exercises?q={slug.split('-')[0]}")
        olga.open(olga.page.locator(f"button[name='slug'][value='{slug}']"))
        expect(olga.page.locator(f"button[name='slug'][value='{slug}']")).to_have_count(0)
    olga.look("chooser")
    olga.page.goto(f"{job}/blueprint")
    olga.page.get_by_label("Minutes that candidates have").fill("120")
    olga.page.locator(f"input[name='ai_policy'][value='{AI_RULE.key}']").check()
    olga.page.get_by_label("The team and the work").fill("Six people who forecast demand.")
    olga.page.get_by_label("Whom candidates can ask").fill("Olga, olga@example.org")
    olga.send("Save time and rules")
    olga.reads("Saved.")
    olga.look("blueprint")


def sit_the_preview(olga: Somebody) -> None:
    olga.send("Preview as candidate")
    olga.reads("This is a preview")
    olga.follow(re.compile("^Start, "))
    olga.send("Start the clock")
    expect(olga.page.locator("#bench[data-ready]")).to_be_visible()
    olga.follow("Hand in")
    olga.send("Hand in for good")
    olga.follow("Later")
    olga.reads("The preview is done")


def publish(olga: Somebody, job: str) -> None:
    olga.page.goto(f"{job}/blueprint")
    olga.send("Publish")
    olga.reads("Version 1 is published.")
    olga.look("published")


def join(cast: Cast, reviewer: Somebody, job: str) -> None:
    cast.olga.page.goto(job.partition("/jobs/")[0])
    cast.olga.page.fill("#email", reviewer.email)
    cast.olga.page.select_option("#role", "reviewer")
    cast.olga.send("Send the invitation")
    cast.olga.reads(f"{reviewer.email} as reviewer")
    reviewer.sign_up()
    reviewer.page.goto(mail_to(cast.box, reviewer, "join"))
    reviewer.look("join")
    reviewer.send("Join the team")
    expect(reviewer.page.get_by_role("heading", level=1)).to_have_text("Northwind ML")


def invite(cast: Cast, job: str) -> None:
    olga = cast.olga
    olga.page.goto(f"{job}/invitations")
    olga.page.fill("#email", cast.mira.email)
    olga.page.fill("#name", "Mira Santos")
    olga.page.locator("details:has(#notes) > summary").click()
    olga.page.fill("#notes", "University of Lisbon")
    olga.send("Send the invitation")
    olga.reads(f"{cast.mira.email} is invited")
    olga.look("invitations")
    olga.follow("Mira Santos")
    olga.reads("University of Lisbon")
    olga.look("invitation-of-one")


def sit_until_time_is_up(cast: Cast) -> None:
    mira = cast.mira
    mira.page.goto(mail_to(cast.box, mira, "invitation"))
    mira.look("open")
    mira.send("Open the invitation")
    mira.reads("Never recorded")
    mira.reads(AI_RULE.title)
    mira.look("invitation")
    mira.send("Practice room first")
    expect(mira.page.locator("#bench[data-ready]")).to_be_visible()
    mira.look("practice-room")
    mira.follow("Leave the practice room")
    mira.follow(re.compile("^Start, "))
    mira.look("start")
    mira.send("Start the clock")
    solve(mira)
    explain(mira)
    cast.site.pass_time(minutes=111)
    mira.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    mira.reads("10 minutes left.")
    mira.look("ten-minutes-left")
    cast.site.pass_time(minutes=10)
    mira.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(mira.page.get_by_role("heading", level=1)).to_have_text("Time is up. Your work is handed in.", timeout=PATIENCE)
    mira.look("time-up")
    mira.page.fill("#disclosure", "None.")
    mira.send("Send and get the receipt")
    mira.reads("when time was up")
    mira.look("receipt")
    mail_to(cast.box, mira, "invitation", "Received")


def solve(mira: Somebody) -> None:
    """The first task: the right answer, run in a kernel and checked."""
    expect(mira.page.locator("#bench[data-ready]")).to_be_visible()
    exercise = bundled(CODING)
    [source] = reference_sources(exercise).values()
    editor = mira.page.locator("article.answer .cm-content").first
    editor.click()
    mira.page.keyboard.press("Control+a")
    mira.page.keyboard.insert_text(source)
    mira.page.get_by_role("button", name="Run all").click()
    expect(mira.page.locator("#kernel")).to_contain_text("ready", timeout=PATIENCE)
    mira.page.locator("#check").click()
    expect(mira.page.locator("#results .check.passed").first).to_be_attached(timeout=PATIENCE)
    mira.look("sitting")


def explain(mira: Somebody) -> None:
    """The second task: a written answer."""
    mira.page.locator("#task-list summary").click()
    mira.follow(re.compile(r"^2\. "))
    expect(mira.page.locator("#bench[data-ready]")).to_be_visible()
    mira.page.locator("article.question textarea").fill("The model learnt our past customers by heart; new ones are unlike them.")
    mira.page.keyboard.press("Tab")
    expect(mira.page.locator("#saved")).to_contain_text(re.compile(r"Saved \d"))
    mira.look("sitting-written")


def wait_for_grades(olga: Somebody, job: str) -> None:
    """Until the row says what is left to do for people; the word in the filter above the table says nothing."""
    olga.page.goto(f"{job}/board")
    left = olga.page.locator("tbody .status").filter(has_text="To mark")
    until = time.monotonic() + PATIENCE / 1_000
    while not left.count() and time.monotonic() < until:
        olga.page.wait_for_timeout(500)
        olga.page.reload()
    expect(left).to_have_count(1)
    olga.look("board-to-mark")


def mark(reviewer: Somebody, job: str, first_level: int) -> None:
    """By keys: the first line as given, the others a 4; then finish."""
    page = reviewer.page
    page.goto(job)
    reviewer.look("job-of-a-reviewer")
    reviewer.follow("Mark take-homes")
    reviewer.look("marking-list")
    reviewer.open(page.locator("tbody a").first)
    reviewer.look("marking-code")
    page.goto(f"{page.url.partition('?')[0]}?task=2")
    reviewer.press(f"{first_level} Enter 4 Enter 4 Enter 4")
    expect(page.locator("#count")).to_have_text("4/4")
    reviewer.look("marking-rubric")
    reviewer.press("s")
    expect(page.get_by_role("button", name="Finish")).to_be_visible()
    reviewer.press("s")
    reviewer.reads("Your marks stand")
    reviewer.look("marking-done")


def agree(reviewer: Somebody, job: str) -> None:
    reviewer.follow(re.compile("^Agree on"))
    reviewer.look("reconcile")
    reviewer.page.locator("form[action$='/reconcile'] input[name='level'][value='4']").first.check()
    reviewer.page.locator("form[action$='/reconcile'] textarea").first.fill("It names the mechanism, not its size.")
    reviewer.send("Keep this level")
    reviewer.reads("The level is agreed on.")
    reviewer.look("agreed")


def read_verdict(olga: Somebody, job: str) -> None:
    """In words: the right answer shows the strength; three of four points in four lines are too few to tell about the floor."""
    olga.page.goto(f"{job}/board")
    expect(olga.page.locator("tbody .status")).to_have_text("Not enough evidence: theory")
    olga.look("board")
    assert "Santos" not in olga.page.content()
    olga.open(olga.page.locator("tbody th a").first)
    olga.reads("11 of 11 points in 7 checks and questions")
    olga.reads("3 of 4 points in 4 marked lines")
    olga.look("decision-sheet")
    assert "Santos" not in olga.page.content()


def stay_blind(cast: Cast) -> None:
    """The search finds each word in what the hiring manager was sent, and none in what the reviewers were."""
    assert {word for word in PRIVATE for told in cast.olga.seen if word in told.text} == set(PRIVATE)
    for reviewer in (cast.rita, cast.omar):
        assert len([told for told in reviewer.seen if "/marking/" in told.path]) >= 4
        assert [(word, told.path) for told in reviewer.seen for word in PRIVATE if word in told.text] == [], reviewer.name


def unblind(cast: Cast, job: str) -> None:
    olga = cast.olga
    olga.follow("Who is this?")
    olga.page.fill("#reason", "She asked for another room for the interview.")
    olga.send("Show me who it is")
    olga.reads("Mira Santos")
    with cast.site.house.sessions() as session:
        [row] = session.exec(select(AuditRow).where(AuditRow.act == "sitting.unblind")).all()
    assert row.subject.startswith("team:")
    assert "Mira" not in str(row.details)
    olga.page.goto(job.partition("/jobs/")[0] + "/log")
    lines = olga.page.locator("tbody tr").filter(has_text=re.compile("was shown who .* is, with a reason"))
    expect(lines).to_have_count(1)
    expect(lines).to_contain_text("Olga")
    olga.look("log")


def decide(olga: Somebody, job: str) -> None:
    olga.page.goto(f"{job}/board")
    olga.open(olga.page.locator("tbody th a").first)
    olga.page.get_by_label("Go on with this candidate").check()
    olga.page.fill("#feedback", "Clear code, and a clear explanation.")
    olga.send("Record the decision")
    expect(olga.page.get_by_role("heading", level=1)).to_contain_text("Mira Santos")
    olga.look("decided")


def read_report(cast: Cast, folder: Path) -> Path:
    mira = cast.mira
    mira.page.goto(mail_to(cast.box, mira, "invitation", "what the team says"))
    mira.send("Open the invitation")
    mira.follow("Read my report")
    mira.reads("Clear code, and a clear explanation.")
    mira.look("report")
    with mira.page.expect_download() as download:
        mira.page.get_by_role("link", name="Download as JSON").click()
    report = folder / "report.json"
    download.value.save_as(report)
    mira.page.fill("#appeal", "Please look at my second answer again.")
    mira.send("Ask for a second look")
    mira.reads("Waits for the team's answer")
    cast.olga.page.reload()
    cast.olga.page.fill("#answer", "We did, and it stays.")
    cast.olga.send("Send the answer")
    mira.page.reload()
    mira.reads("We did, and it stays.")
    mira.look("appeal-answered")
    return report


def verify(anybody: Somebody, report: Path) -> None:
    anybody.page.goto("/reports/verify")
    anybody.page.set_input_files("#file", report)
    anybody.send("Verify")
    anybody.reads("Genuine: issued by this site")
    anybody.look("verified")
    changed = bytearray(report.read_bytes())
    changed[changed.index(b"Santos")] ^= 1
    report.write_bytes(changed)
    anybody.page.goto("/reports/verify")
    anybody.page.set_input_files("#file", report)
    anybody.send("Verify")
    anybody.reads("Not genuine")
    anybody.look("not-genuine")
