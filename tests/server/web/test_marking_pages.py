"""Marking in pages: blind, by form and by JSON, with agreement, unblinding, and work that is hostile."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlmodel import Session, col, select

from server.accounts.tables import Person
from server.assessments.sittings.sitting import tasks_of
from server.assessments.tables.decisions import Decision
from server.assessments.tables.invitations import Candidate
from server.assessments.tables.marking import Mark, Marking, Unblinding
from server.assessments.tables.sittings import Sitting
from server.assessments.tables.teams import Member
from server.assessments.teams.rights import Role
from server.audit.tables import AuditRow
from server.workspaces.cells import add_cell
from server.workspaces.tables import Workspace, WorkspaceCell
from tests import rounds
from tests.people import MOMENT, Browser, PlainHouse
from tests.server.web.conftest import Clock

ONE = "explain-overfitting-to-a-pm"  # one written answer, a rubric of four lines
HOSTILE = "<script>alert('canary')</script><img src=x onerror=alert(1)>"
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="  # one red point as PNG
HIDDEN = {
    "name": "Zephyrine Quillfeather",
    "email": "zq-canary@lantern.example",
    "notes": "Universidade do Farol, doutoramento",
    "source": "a fair in Ponta Delgada",
}


class Office:
    """A team with an owner and two reviewers who are signed in, and take-homes that were handed in."""

    def __init__(self, app: Flask, house: PlainHouse) -> None:
        self.app, self.house = app, house
        self.people = {name: Browser(app) for name in ("olga", "rita", "omar")}
        for name, browser in self.people.items():
            browser.sign_up(name.title(), f"{name}@example.org")
        self.olga, self.rita, self.omar = self.people.values()
        roles = {"olga@example.org": Role.owner, "rita@example.org": Role.reviewer, "omar@example.org": Role.reviewer}
        with house.sessions() as session:
            self.round = rounds.make_round(session, MOMENT, slugs=(rounds.CODING, ONE))
            self.team, self.job = self.round.team.id, self.round.job.id
            self.ids = {}
            for person in session.exec(select(Person).where(col(Person.email).in_(roles))).all():
                self.ids[str(person.email).partition("@")[0]] = person.id
                role = roles[str(person.email)]
                session.add(Member(team_id=self.team, person_id=person.id, role=role, joined_at=MOMENT))
            session.commit()
        self.root = f"/teams/{self.team}/jobs/{self.job}/marking"

    def sat(self, code: str, **more: str) -> str:
        """A handed-in take-home with results; its address."""
        with self.house.sessions() as session:
            sitting = rounds.sat(session, self.round, code, MOMENT, **more)
            rounds.graded(session, sitting, MOMENT + timedelta(hours=2), {rounds.CODING: 0.5})
            session.commit()
            return f"{self.root}/{sitting.id}"

    def sitting(self, session: Session, address: str) -> Sitting:
        return session.get_one(Sitting, address.rpartition("/")[2])

    def mark(self, who: Browser, address: str, levels: str, done: bool = True) -> None:
        """One digit for each line."""
        form = {f"level-{number}": level for number, level in enumerate(levels, 1)}
        assert who.post(f"{address}/marks?task=2", form).status_code == 303
        if done:
            assert who.post(f"{address}/finish").status_code == 303


@pytest.fixture
def office(app: Flask, house: PlainHouse) -> Office:
    return Office(app, house)


def test_the_list_is_empty_and_says_why(office: Office) -> None:
    page = office.rita.get(office.root).text
    assert "Nothing to mark yet" in page and "handed in" in page


def test_the_list_has_ones_own_states_in_ones_own_order(office: Office) -> None:
    addresses = [office.sat(f"Flint {number:02}") for number in range(6)]
    office.mark(office.rita, addresses[0], "3333")
    office.mark(office.rita, addresses[1], "33", done=False)
    office.mark(office.omar, addresses[0], "1333")
    page = office.rita.get(office.root).text
    assert re.findall(r'class="count">(\d+)<', page) == ["6", "4", "1", "1", "1"]
    assert "1 line</a>" in page and "2 of 4" in page and "6 of 6" in page
    assert "How far markers agree" not in page, "a reviewer sees no results"
    assert "4 lines marked twice so far" in office.olga.get(office.root).text
    orders = [re.findall(r">(Flint \d\d)<", each.get(office.root).text) for each in (office.rita, office.omar, office.olga)]
    assert all(sorted(order) == [f"Flint {number:02}" for number in range(6)] for order in orders)
    assert re.findall(r">(Flint \d\d)<", office.rita.get(office.root).text) == orders[0]
    begun = office.rita.get(f"{office.root}?show=begun").text
    assert re.findall(r">(Flint \d\d)<", begun) == ["Flint 01"]
    assert office.rita.get(f"{office.root}?show=nonsense").text.count(">Flint ") == 6


def test_one_goes_through_the_sittings_in_that_order(office: Office) -> None:
    for number in range(3):
        office.sat(f"Flint {number:02}")
    order = re.findall(rf'href="({office.root}/\w+)"', office.rita.get(office.root).text)
    first, last = office.rita.get(order[0]).text, office.rita.get(order[2]).text
    assert "1 of 3, random order" in first and f'rel="next" data-key="j" href="{order[1]}"' in first and 'rel="prev"' not in first
    assert "3 of 3, random order" in last and f'rel="prev" data-key="k" href="{order[1]}"' in last and 'rel="next"' not in last


def test_levels_are_saved_and_lead_on(office: Office) -> None:
    addresses = [office.sat(f"Flint {number:02}") for number in range(2)]
    here = addresses[0]
    first = office.rita.get(here).text
    assert "This task has no rubric" in first and "Task 2 has lines to mark" in first
    led = office.rita.post(f"{here}/marks", {"act": "next"})
    assert led.headers["Location"] == f"{here}?task=2&view=changes"
    form = {"level-1": "5", "evidence-1": 'he says "noise"', "level-2": "0", "act": "next"}
    led = office.rita.post(f"{here}/marks?task=2&view=final", form)
    assert led.headers["Location"] == f"{office.root}/{addresses[1].rpartition('/')[2]}", "two lines wait; one came on"
    page = office.rita.get(f"{here}?task=2").text
    assert "You are marker 1 of 2, blind" in page and 'Rubric <span id="count">2/4</span>' in page
    assert re.findall(r'name="level-(\d)" value="(\d)" checked', page) == [("1", "5"), ("2", "0")]
    assert "he says &#34;noise&#34;" in page and "Save and next" in page
    led = office.rita.post(f"{here}/marks?task=2", {**form, "level-3": "2", "level-4": "3"})
    assert led.headers["Location"] == f"{here}?task=2&view=changes"
    page = office.rita.get(f"{here}?task=2").text
    assert ">Finish <kbd>" in page and "Save and next" not in page
    assert office.rita.post(f"{here}/marks?task=2", {"undo": "3"}).headers["Location"].endswith("#line-3")
    assert 'id="count">3/4<' in office.rita.get(f"{here}?task=2").text


def test_evidence_without_a_level_is_kept_on_the_page(office: Office) -> None:
    here = office.sat("Flint 03")
    answer = office.rita.post(f"{here}/marks?task=2", {"level-1": "4", "evidence-2": "a <b>quote</b>"})
    assert answer.status_code == 422
    assert "There is a problem" in answer.text and 'href="#line-2"' in answer.text
    assert "a &lt;b&gt;quote" in answer.text and 'name="level-1" value="4" checked' in answer.text
    with office.house.sessions() as session:
        assert session.exec(select(Mark)).all() == []
    for wrong in ({"level-1": "6"}, {"level-1": "x"}, {"level-1": "4", "evidence-1": "x" * 2_001}):
        assert office.rita.post(f"{here}/marks?task=2", wrong).status_code == 422
    long = office.rita.post(f"{here}/marks", {"notes": "n" * 8_001})
    assert long.status_code == 422 and "Notes have at most" in long.text and "n" * 8_001 in long.text


SCRIPT = {"Accept": "application/json"}


def test_a_script_saves_what_changed(office: Office) -> None:
    here = office.sat("Flint 03")
    saved = office.rita.post(f"{here}/marks?task=2", {"level-2": "4", "evidence-2": "cell 2", "notes": "slow"}, headers=SCRIPT)
    assert saved.get_json() == {"marked": 1, "of": 4}
    page = office.rita.get(f"{here}?task=2").text
    assert 'name="was-level-2" value="4"' in page and 'name="was-evidence-2" value="cell 2"' in page
    assert 'name="was-notes" value="slow"' in page
    back = {"was-level-2": "4", "was-evidence-2": "cell 2", "level-2": "", "evidence-2": ""}
    assert office.rita.post(f"{here}/marks?task=2", back, headers=SCRIPT).get_json() == {"marked": 0, "of": 4}
    for bad in ({"level-1": "x"}, {"level-1": "9"}, {"evidence-1": "no level"}, {"level-1": "3", "evidence-1": "x" * 2_001}):
        refused = office.rita.post(f"{here}/marks?task=2", bad, headers=SCRIPT)
        assert (refused.status_code, refused.get_json()["error"]["code"]) == (422, "invalid")
    old = office.rita.post_json(f"{here}/marks?task=2", {"line": 2, "level": 4})
    assert (old.status_code, old.get_json()["error"]["code"]) == (422, "page_too_old")
    elsewhere = office.rita.post(f"{here}/marks", {"level-1": "3"}, headers=SCRIPT)
    assert elsewhere.get_json() == {"marked": 0, "of": 4}, "the line is not of that task"


def test_what_another_tab_wrote_is_not_undone(office: Office) -> None:
    here = office.sat("Flint 03")
    old = {f"was-{name}-{number}": "" for name in ("level", "evidence") for number in range(1, 5)} | {"was-notes": ""}
    other = {"level-1": "4", "evidence-1": "seen\r\nin cell 2", "level-2": "1", "notes": "ask"}
    assert office.rita.post(f"{here}/marks?task=2", other).status_code == 303
    mine = {**old, "evidence-1": "", "evidence-2": "", "notes": "", "level-3": "2", "evidence-3": "mine"}
    assert office.rita.post(f"{here}/marks?task=2", mine).status_code == 303
    page = office.rita.get(f"{here}?task=2").text
    assert re.findall(r'name="level-(\d)" value="(\d)" checked', page) == [("1", "4"), ("2", "1"), ("3", "2")]
    assert "seen\nin cell 2</textarea>" in page and ">ask</textarea>" in page and ">mine</textarea>" in page


def test_what_two_tabs_changed_is_refused_and_kept_on_the_page(office: Office) -> None:
    here = office.sat("Flint 03")
    old = {"was-level-1": "", "was-evidence-1": "", "was-level-2": "", "was-evidence-2": "", "was-notes": ""}
    other = {"level-1": "4", "evidence-1": "<b>theirs</b>", "level-2": "0", "notes": "theirs"}
    assert office.rita.post(f"{here}/marks?task=2", {**old, **other}).status_code == 303
    mine = {**old, "level-1": "2", "evidence-1": "mine", "evidence-2": "", "level-3": "5", "notes": "my own"}
    refused = office.rita.post(f"{here}/marks?task=2", mine)
    assert refused.status_code == 422 and 'href="#line-1"' in refused.text and 'href="#line-2"' not in refused.text
    assert "Line 1 was changed in another tab: level 4, “&lt;b&gt;theirs&lt;/b&gt;”; save again" in refused.text
    assert "Your notes were changed in another tab: “theirs”; save again" in refused.text
    checked = re.findall(r'name="level-(\d)" value="(\d)" checked', refused.text)
    assert checked == [("1", "2"), ("2", "0"), ("3", "5")], "typed where it was changed, stored elsewhere"
    assert ">mine</textarea>" in refused.text and ">my own</textarea>" in refused.text
    told = office.rita.post(f"{here}/marks?task=2", mine, headers=SCRIPT)
    assert told.status_code == 422 and "another tab: level 4" in told.get_json()["error"]["sentence"]
    given = dict(re.findall(r'name="(was-[\w-]+)" value="([^"]*)"', refused.text.replace("&lt;", "<").replace("&gt;", ">")))
    assert office.rita.post(f"{here}/marks?task=2", {**mine, **given}).status_code == 303
    page = office.rita.get(f"{here}?task=2").text
    assert ">mine</textarea>" in page and ">my own</textarea>" in page and "theirs" not in page


def test_whatever_is_sent_the_notes_are_saved_with_it(office: Office) -> None:
    here = office.sat("Flint 03")
    led = office.rita.post(f"{here}/marks", {"act": "next", "notes": "one"})
    assert led.headers["Location"] == f"{here}?task=2&view=changes"
    assert ">one</textarea>" in office.rita.get(here).text
    office.mark(office.rita, here, "3333", done=False)
    assert (
        office.rita.post(f"{here}/marks?task=2", {"undo": "1", "level-1": "3", "notes": "two", "level-2": "5"}).status_code == 303
    )
    page = office.rita.get(f"{here}?task=2").text
    assert ">two</textarea>" in page and 'name="level-2" value="5" checked' in page and 'id="count">3/4' in page
    assert office.rita.post(f"{here}/marks?task=2", {"undo": "1"}).status_code == 303, "a second click"
    office.mark(office.rita, here, "3", done=False)
    wrong = office.rita.post(f"{here}/finish?task=2", {"level-1": "4", "notes": "n" * 8_001})
    assert wrong.status_code == 422 and "n" * 8_001 in wrong.text
    assert office.rita.post(f"{here}/finish?task=2", {"level-1": "4", "notes": "three"}).status_code == 303
    page = office.rita.get(f"{here}?task=2").text
    assert "You are done" in page and "three" in page and 'name="level-1" value="4" checked' in page


def test_a_marking_is_finished_once_nothing_is_missing_and_can_be_opened_again(office: Office) -> None:
    here = office.sat("Flint 03")
    office.mark(office.rita, here, "34", done=False)
    refused = office.rita.post(f"{here}/finish")
    assert refused.status_code == 409 and "two actions" in refused.text
    office.mark(office.rita, here, "3432")
    page = office.rita.get(f"{here}?task=2").text
    assert "You are done with this take-home" in page and '<fieldset class="stack" disabled>' in page
    assert office.rita.post(f"{here}/marks?task=2", {"level-1": "1"}).status_code == 409
    assert office.rita.post(f"{here}/reopen").status_code == 303
    assert office.rita.post(f"{here}/marks", {"notes": "ask about cost"}).status_code == 303
    assert "ask about cost" in office.rita.get(here).text
    assert "ask about cost" not in office.omar.get(here).text


def test_the_disclosure_is_read_after_the_marks(office: Office) -> None:
    here = office.sat("Flint 03")
    with office.house.sessions() as session:
        sitting = office.sitting(session, here)
        sitting.disclosure, sitting.disclosed_at = f"An assistant, for names. {HOSTILE}", MOMENT
        session.commit()
    before = office.rita.get(here).text
    assert "Shown when you are done with all lines" in before and "An assistant" not in before
    office.mark(office.rita, here, "3333", done=False)
    assert "An assistant" not in office.rita.get(here).text
    office.rita.post(f"{here}/finish")
    after = office.rita.get(here).text
    assert "An assistant, for names. &lt;script&gt;" in after
    assert "An assistant" not in office.omar.get(here).text


def test_a_third_person_reads_without_a_form(office: Office) -> None:
    here = office.sat("Flint 03")
    office.mark(office.rita, here, "3", done=False)
    office.mark(office.omar, here, "4", done=False)
    third = Browser(office.app)
    third.sign_up("Tom", "tom@example.org")
    with office.house.sessions() as session:
        tom = session.exec(select(Person).where(Person.email == "tom@example.org")).one()
        session.add(Member(team_id=office.team, person_id=tom.id, role=Role.reviewer, joined_at=MOMENT))
        session.commit()
    page = third.get(f"{here}?task=2").text
    assert "2 people mark this take-home already" in page and 'name="level-1"' not in page
    assert third.post(f"{here}/marks?task=2", {"level-1": "3"}).status_code == 409
    assert "For calibration only" in office.olga.get(f"{here}?task=2").text
    assert office.olga.post(f"{here}/marks?task=2", {"level-1": "3"}).status_code == 303
    assert "You calibrate, blind" in office.olga.get(here).text


def test_marks_are_compared_and_agreed_on_when_both_are_done(office: Office) -> None:
    here = office.sat("Flint 03")
    office.rita.post(f"{here}/marks?task=2", {"level-1": "5", "evidence-1": f"seen by rita {HOSTILE}"})
    office.mark(office.rita, here, "5330")
    assert office.rita.get(f"{here}/reconcile").status_code == 409
    assert "seen by rita" not in office.omar.get(f"{here}?task=2").text
    office.mark(office.omar, here, "2340")
    page = office.omar.get(f"{here}/reconcile").text
    assert "seen by rita &lt;script&gt;" in page and "Agree on a level" in page and "Marker 2" in page
    assert page.count('<form class="stack"') == 1 and "not judged" in page and ">3.5<" in page
    assert "Rita" not in page, "markers go by number"
    wrong = office.omar.post(f"{here}/reconcile", {"line": "1", "reason": ""})
    assert wrong.status_code == 422 and 'href="#level-1"' in wrong.text and 'href="#reason-1"' in wrong.text
    kept = office.omar.post(f"{here}/reconcile", {"line": "1", "level": "3", "reason": " "})
    assert kept.status_code == 422 and 'value="3" checked' in kept.text
    assert office.omar.post(f"{here}/reconcile", {"line": "9", "level": "3", "reason": "x"}).status_code == 404
    assert office.omar.post(f"{here}/reconcile", {"line": "²", "level": "3", "reason": "x"}).status_code == 404
    assert office.omar.post(f"{here}/reconcile", {"line": "2", "level": "3", "reason": "x"}).status_code == 409
    agreed = {"line": "1", "level": "3", "reason": f"both saw {HOSTILE}"}
    assert office.omar.post(f"{here}/reconcile", agreed).status_code == 303
    page = office.rita.get(f"{here}/reconcile").text
    assert "Agreed on: level 3" in page and "both saw &lt;script&gt;" in page and "<script>alert" not in page
    assert "Agree on 1 line" not in office.rita.get(here).text


def test_hostile_work_is_shown_as_text(office: Office) -> None:
    here = office.sat("Flint 03")
    with office.house.sessions() as session:
        sitting = office.sitting(session, here)
        spoil(session, sitting)
        session.commit()
    for task in (1, 2):
        for view in ("changes", "final"):
            page = office.rita.get(f"{here}?task={task}&view={view}").text
            assert "<script>alert" not in page and "onerror=alert" not in page.replace("onerror=alert(1)&gt;", "")
            assert view == "final" or task == 2 or "&lt;script&gt;" in page, "code is shown as text"
    page = office.rita.get(f"{here}?task=1").text
    assert f'src="data:image/png;base64,{PIXEL}"' in page
    assert "&lt;table&gt;" in page and "data:image/svg" not in page and "\x1b" not in page
    assert "plain form" in page and "rich form" not in page


def spoil(session: Session, sitting: Sitting) -> None:
    """The same hostile text wherever a candidate can put one: frozen cells, and outputs of cells."""
    for task in tasks_of(session, sitting):
        workspace = session.get_one(Workspace, task.workspace_id)
        submission = rounds.submission_of_task(session, task)
        submission.notebook = submission.notebook.replace(b"# my answer", f"x = 1  # {HOSTILE}".encode().replace(b'"', b'\\"'))
        cells = session.exec(select(WorkspaceCell).where(WorkspaceCell.workspace_id == workspace.id)).all()
        for cell in (each for each in cells if each.type == "code" and each.role == "answer"):
            cell.count, cell.outputs = 3, outputs()


def outputs() -> list[dict[str, object]]:
    return [
        {"t": "stream", "name": "stdout", "text": f"\x1b[31m{HOSTILE}\x1b[0m"},
        {"t": "result", "data": {"text/html": f"rich form {HOSTILE}", "text/plain": f"plain form {HOSTILE}"}, "metadata": {}},
        {"t": "display", "data": {"text/html": f"<table>{HOSTILE}</table>"}, "metadata": {}},
        {"t": "display", "data": {"image/svg+xml": f"<svg>{HOSTILE}</svg>"}, "metadata": {}},
        {"t": "display", "data": {"image/png": PIXEL, "text/plain": HOSTILE}, "metadata": {}},
        {"t": "display", "data": {"image/png": '" onerror="alert(1)', "text/plain": "no picture"}, "metadata": {}},
        {"t": "error", "ename": HOSTILE, "evalue": HOSTILE, "traceback": [HOSTILE, "line 2"]},
        {"t": "limit", "what": "output", "sentence": HOSTILE},
    ]


def test_a_sitting_shows_the_frozen_work_its_changes_and_its_results(office: Office) -> None:
    here = office.sat("Flint 03")
    with office.house.sessions() as session:
        task = tasks_of(session, office.sitting(session, here))[0]
        workspace = session.get_one(Workspace, task.workspace_id)
        add_cell(session, workspace, None, "code", MOMENT).source = "written_after_the_hand_in = 1"
        session.commit()
    page = office.rita.get(here).text
    assert '<span class="line add"><span class="unseen">added: </span>' in page and "removed: " in page
    assert "written_after_the_hand_in" not in page
    assert "Checks, before rubric" in page and "hidden" in page and ">failed<" in page
    assert "60 min, " in page and re.search(r'role="img" aria-label="60 minutes from start to hand-in: \d+ edits?"', page)
    assert 'class="line add"' not in office.rita.get(f"{here}?view=final").text
    assert office.rita.get(f"{here}?task=3").status_code == 404


def test_what_reviewers_do_not_find(office: Office) -> None:
    here = office.sat("Flint 03")
    with office.house.sessions() as session:
        preview = rounds.sat(session, office.round, "Preview 1", MOMENT)
        session.get_one(Candidate, preview.candidate_id).preview = True
        running = rounds.start(session, rounds.invited(session, office.round, "Agate 14", MOMENT), MOMENT)
        elsewhere = rounds.make_round(session, MOMENT, slugs=(ONE,))
        foreign = rounds.sat(session, elsewhere, "Onyx 01", MOMENT)
        session.commit()
        ids = [preview.id, foreign.id, "made-up"], running.id, elsewhere.job.id
    for each in ids[0]:
        assert office.rita.get(f"{office.root}/{each}").status_code == 404
        assert office.rita.post(f"{office.root}/{each}/marks?task=1", {"level-1": "3"}).status_code == 404
    refused = office.rita.get(f"{office.root}/{ids[1]}")
    assert refused.status_code == 409 and "still being worked on" in refused.text
    assert office.rita.get(f"/teams/{office.team}/jobs/{ids[2]}/marking").status_code == 404
    listed = office.rita.get(office.root).text
    assert "Flint 03" in listed and "Agate" not in listed and "Preview" not in listed
    assert office.rita.get(here).status_code == 200


def test_no_page_of_a_reviewer_says_who_the_candidate_is(office: Office) -> None:
    """Everything that a reviewer can reach in the team by links, and every answer to what they send."""
    here = office.sat("Flint 03", **HIDDEN)
    with office.house.sessions() as session:
        candidate = session.get_one(Candidate, office.sitting(session, here).candidate_id)
        secrets = [*HIDDEN.values(), HIDDEN["name"].split()[1], "lantern.example", str(candidate.person_id), candidate.id]
    office.mark(office.omar, here, "1234")
    office.rita.post(f"{here}/marks?task=2", {"evidence-1": "without a level"})
    office.mark(office.rita, here, "4231")
    answers = [
        office.rita.post(f"{here}/finish"),
        office.rita.post(f"{here}/reopen"),
        office.rita.post(f"{here}/marks?task=2", {"level-1": "4"}, headers=SCRIPT),
        office.rita.post(f"{here}/marks?task=9", {"level-1": "4"}, headers=SCRIPT),
        office.rita.post(f"{here}/finish"),
        office.rita.post(f"{here}/reconcile", {"line": "1"}),
        office.rita.post(f"{here}/unblind", {"reason": "curious"}),
        office.rita.get(f"{here}/unblind"),
    ]
    assert [answer.status_code for answer in answers] == [409, 303, 200, 404, 303, 422, 403, 403]
    pages = crawl(office.rita, f"/teams/{office.team}")
    assert {office.root, here, f"{here}?task=2&view=final", f"{here}/reconcile"} <= set(pages)
    seen = {**pages, **{f"answer {number}": answer.text + str(answer.headers) for number, answer in enumerate(answers)}}
    found = {(where, secret) for where, text in seen.items() for secret in secrets if secret in text}
    assert found == set()


def crawl(browser: Browser, start: str) -> dict[str, str]:
    """Every page of the team that links lead to, the address with it."""
    waiting, pages = [start], dict[str, str]()
    while waiting:
        address = waiting.pop()
        if address in pages:
            continue
        answer = browser.get(address)
        assert answer.status_code == 200, address
        pages[address] = f"{address}\n{answer.text}\n{answer.headers}"
        links = re.findall(r'(?:href|action)="([^"#]+)', answer.text)
        gets = [link.replace("&amp;", "&") for link in re.findall(r'<a [^>]*href="([^"#]+)', answer.text)]
        assert set(gets) <= {link.replace("&amp;", "&") for link in links}
        waiting += [link for link in gets if link.startswith(start)]
    return pages


def test_whoever_hires_sees_the_name_with_a_reason_that_is_kept(office: Office, clock: Clock) -> None:
    here = office.sat("Flint 03", **HIDDEN)
    asked = office.olga.get(f"{here}/unblind")
    assert asked.status_code == 200 and HIDDEN["name"] not in asked.text
    empty = office.olga.post(f"{here}/unblind", {"reason": " "})
    assert empty.status_code == 422 and "Say why you need to know it now" in empty.text
    clock.moment = MOMENT + timedelta(hours=5)
    assert office.olga.post(f"{here}/unblind", {"reason": f"A call {HOSTILE}"}).status_code == 303
    seen = office.olga.get(f"{here}/unblind").text
    assert all(secret in seen for secret in HIDDEN.values())
    assert "A call &lt;script&gt;" in seen and "24 November 2026, 14:00 UTC" in seen
    assert "Not blind" in office.olga.get(here).text and HIDDEN["name"] not in office.olga.get(here).text
    with office.house.sessions() as session:
        assert session.exec(select(Unblinding)).one().at == clock.moment
        row = session.exec(select(AuditRow).where(AuditRow.act == "sitting.unblind")).one()
        assert (row.actor, row.subject, row.at) == (office.ids["olga"], f"team:{office.team}", clock.moment)
        assert row.details == {"sitting": here.rpartition("/")[2]}


def test_after_the_decision_the_name_needs_no_reason_and_marks_stay(office: Office) -> None:
    here = office.sat("Flint 03", **HIDDEN)
    office.mark(office.rita, here, "3", done=False)
    with office.house.sessions() as session:
        session.add(Decision(sitting_id=here.rpartition("/")[2], outcome="go-on", by=office.ids["olga"], at=MOMENT))
        session.commit()
    assert HIDDEN["name"] in office.olga.get(f"{here}/unblind").text
    assert office.rita.get(f"{here}/unblind").status_code == 403
    page = office.rita.get(f"{here}?task=2").text
    assert "The team has decided" in page and "Save and next" not in page
    assert office.rita.post(f"{here}/marks?task=2", {"level-2": "3"}).status_code == 409
    assert "decided by the team" in office.rita.get(office.root).text


def test_every_look_is_in_the_log_once_an_hour(office: Office, clock: Clock) -> None:
    here, other = office.sat("Flint 03"), office.sat("Agate 14")
    for minutes in (0, 10, 59, 61):
        clock.moment = MOMENT + timedelta(hours=3, minutes=minutes)
        assert office.rita.get(here).status_code == 200
    office.rita.get(f"{other}?task=2")
    office.rita.get(office.root)
    with office.house.sessions() as session:
        looks = session.exec(select(AuditRow).where(AuditRow.act == "sitting.look").order_by(col(AuditRow.id))).all()
        assert [(row.actor, row.details["sitting"]) for row in looks] == [
            (office.ids["rita"], each.rpartition("/")[2]) for each in (here, here, other)
        ]
        assert session.exec(select(Marking)).all() == [], "looking begins nothing"
