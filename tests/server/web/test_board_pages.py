"""Board, decision sheet, report and its verification, as the people of a round see them."""

from __future__ import annotations

import csv
import html
import io
import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlmodel import Session, col, select

from server.accounts.sessions import open_session
from server.accounts.tables import Person
from server.assessments.blueprints.preview import begin_preview
from server.assessments.invitations.mail import JOB_KIND, invitation_message
from server.assessments.tables.blueprints import BlueprintRow
from server.assessments.tables.decisions import Decision
from server.assessments.tables.invitations import Candidate
from server.assessments.tables.marking import Unblinding
from server.assessments.tables.sittings import ProblemReport, Sitting
from server.assessments.tables.teams import Member
from server.assessments.teams.rights import Role
from server.audit.tables import AuditRow
from server.bank.versions import exercise_version
from server.queue.tables import Job
from tests import rounds
from tests.people import MOMENT, PASSWORD, Browser, PlainHouse
from tests.server.web.conftest import Clock

DAY = timedelta(days=1)
FEEDBACK = "Thank you.\nYour code was clear."


class Hiring:
    """A round, its owner and an auditor in browsers of their own, and candidates."""

    def __init__(self, app: Flask, house: PlainHouse) -> None:
        self.app, self.house = app, house
        self.owner, self.auditor = Browser(app), Browser(app)
        self.owner.sign_up("Dana", "dana@example.org")
        self.auditor.sign_up("Ada", "ada@example.org")
        with house.sessions() as session:
            self.here = rounds.make_round(session, MOMENT)
            for name, role in (("Dana", Role.owner), ("Ada", Role.auditor)):
                person = session.exec(select(Person).where(Person.name == name)).one()
                session.add(Member(team_id=self.here.team.id, person_id=person.id, role=role, joined_at=MOMENT))
            session.commit()
        self.root = f"/teams/{self.here.team.id}/jobs/{self.here.job.id}"
        self.board = f"{self.root}/board"

    def sat(self, code: str, share: float = 1.0, level: int = 5, graded: bool = True, marked: bool = True) -> str:
        with self.house.sessions() as session:
            sitting = rounds.sat(session, self.here, code, MOMENT)
            if graded:
                rounds.graded(session, sitting, MOMENT, share=share)
            if marked:
                rounds.marked(session, self.here, sitting, MOMENT, level=level)
            session.commit()
            return sitting.id

    def sheet(self, sitting_id: str) -> str:
        return f"{self.root}/sittings/{sitting_id}"

    def decide(self, sitting_id: str, outcome: str = "decline", feedback: str = FEEDBACK, **more: str) -> int:
        shown = self.owner.get(self.sheet(sitting_id)).text
        given = {"outcome": outcome, "notes": "Only for us", "feedback": feedback, **more}
        given |= {name: hidden(shown, name) for name in ("looked_at", "decided")}
        return self.owner.post(f"{self.sheet(sitting_id)}/decision", given).status_code

    def candidate_of(self, sitting_id: str) -> tuple[Browser, str]:
        """A browser in which the invitation was opened, and the address of it."""
        browser = Browser(self.app)
        with self.house.sessions() as session:
            candidate = session.get_one(Candidate, session.get_one(Sitting, sitting_id).candidate_id)
            token = open_session(session, session.get_one(Person, candidate.person_id), MOMENT)
            session.commit()
        with browser.client.session_transaction() as cookie:
            cookie["candidate"] = [token]
        return browser, f"/invitations/{candidate.id}"


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found is not None
    return found.group(1)


def codes(page: str) -> list[str]:
    return re.findall(r'<th scope="row"><a href="[^"]+">([^<]+)</a>', page)


@pytest.fixture
def hiring(app: Flask, house: PlainHouse) -> Hiring:
    return Hiring(app, house)


# The board


def test_an_empty_board_says_why_and_what_next(hiring: Hiring) -> None:
    page = hiring.owner.get(hiring.board).text
    assert "Nobody is invited yet" in page and "Invite candidates" in page
    assert "Invite candidates" not in hiring.auditor.get(hiring.board).text
    with hiring.house.sessions() as session:
        rounds.invited(session, hiring.here, "Agate 1", MOMENT)
        session.commit()
    assert "1 person is invited, and nobody has started" in hiring.owner.get(hiring.board).text


def test_a_row_has_a_code_ranges_in_words_and_a_verdict(hiring: Hiring) -> None:
    hiring.sat("Agate 14", level=1)
    page = hiring.owner.get(hiring.board).text
    assert codes(page) == ["Agate 14"]
    assert 'aria-label="Coding: 100, likely 81 to 100, asked for 70"' in page
    assert 'class="streak under"' in page
    assert "Below floor: applied" in page and "1 of 1" in page
    assert "100 (81 to 100)" not in page
    assert "100 (81 to 100)" in hiring.owner.get(f"{hiring.board}?numbers=1").text


def test_nothing_on_the_board_tells_who_somebody_is(hiring: Hiring) -> None:
    sitting = hiring.sat("Agate 14")
    hiring.decide(sitting)
    for browser in (hiring.owner, hiring.auditor):
        page = browser.get(f"{hiring.board}?numbers=1").text
        assert not any(value.lower() in page.lower() for value in rounds.MIRA.values())
    assert "decided: decline" in page


def test_filters_count_and_show_their_group(hiring: Hiring) -> None:
    hiring.sat("Agate 1")
    hiring.sat("Agate 2", level=1)
    hiring.sat("Agate 3", marked=False)
    page = hiring.owner.get(hiring.board).text
    chips = dict(re.findall(r'<a href="[^"]*"[^>]*>([A-Z][^<]+) <span class="count">(\d+)</span>', page))
    assert chips == {
        "All": "3",
        "Meets every floor": "1",
        "Below a floor": "1",
        "Strength not shown": "0",
        "Not enough evidence": "0",
        "To mark": "1",
    }
    assert codes(hiring.owner.get(f"{hiring.board}?group=below").text) == ["Agate 2"]
    assert codes(hiring.owner.get(f"{hiring.board}?group=to-mark").text) == ["Agate 3"]
    none = hiring.owner.get(f"{hiring.board}?group=not-shown&numbers=1").text
    assert "Nobody is in this group" in none and 'href="?numbers=1">Show all 3' in none
    assert len(codes(hiring.owner.get(f"{hiring.board}?group=nonsense&page=x&version=").text)) == 3


def test_fifty_on_a_page(hiring: Hiring) -> None:
    with hiring.house.sessions() as session:
        for number in range(52):
            rounds.start(session, rounds.invited(session, hiring.here, f"Agate {number}", MOMENT), MOMENT)
        session.commit()
    first, second = (codes(hiring.owner.get(f"{hiring.board}?page={number}").text) for number in (1, 2))
    assert (len(first), len(second), len({*first, *second})) == (50, 2, 52)
    assert codes(hiring.owner.get(f"{hiring.board}?page=9").text) == second
    assert 'href="?group=running&amp;page=2" rel="next"' in hiring.owner.get(f"{hiring.board}?group=running").text


def test_the_funnel_tells_numbers_only_where_there_are_enough(hiring: Hiring) -> None:
    hiring.sat("Agate 1")
    page = hiring.owner.get(hiring.board).text
    assert "<b>1</b>handed in" in page and "<b>1</b>marked by all" in page
    assert "Fewer than 5 have handed in" in page and "Start rate" not in page
    for number in range(2, 6):
        hiring.sat(f"Agate {number}", graded=False, marked=False)
    with hiring.house.sessions() as session:
        begin_preview(session, hiring.here.owner, session.get_one(BlueprintRow, hiring.here.blueprint.id), MOMENT)
        session.commit()
    page = hiring.owner.get(hiring.board).text
    assert "Median time used 60 of 120 minutes" in page and "Start rate 100 %" in page
    assert "<b>5</b>invited" in page


def test_a_version_that_nobody_was_invited_to(hiring: Hiring) -> None:
    hiring.sat("Agate 1")
    assert hiring.owner.get(f"{hiring.board}?version=1").status_code == 200
    assert hiring.owner.get(f"{hiring.board}?version=7").status_code == 404


def test_the_file_asks_for_the_password_and_is_written_down(hiring: Hiring) -> None:
    hiring.sat("=1+1")
    assert "Asked again" in hiring.owner.get(f"{hiring.board}/export?version=1").text
    wrong = hiring.owner.post(f"{hiring.board}.csv", {"password": "guessed"})
    assert (wrong.status_code, "This is not your password" in wrong.text) == (422, True)
    response = hiring.auditor.get(f"{hiring.board}/export") and hiring.auditor.post(f"{hiring.board}.csv", {"password": PASSWORD})
    assert response.mimetype == "text/csv" and "candidates-2026-11-24.csv" in response.headers["Content-Disposition"]
    rows = list(csv.reader(io.StringIO(response.text)))
    assert [row[0] for row in rows] == ["candidate", "'=1+1"]
    with hiring.house.sessions() as session:
        exports = session.exec(select(AuditRow).where(AuditRow.act == "board.export")).all()
    assert [row.details["candidates"] for row in exports] == [1]


# The decision sheet


def test_the_sheet_shows_hypotheses_with_their_time_and_the_work_behind_each(hiring: Hiring) -> None:
    sitting = hiring.sat("Agate 14", level=4)
    page = hiring.owner.get(hiring.sheet(sitting)).text
    assert "Strength: coding, 70 % of the points" in page and "Floor: applied, 60 % of the points" in page
    assert "11 of 11 points in 7 checks and questions" in page and "9 of 12 points in 6 marked lines" in page
    assert page.count("after the first result of this take-home") == 2
    assert "6 of 6 lines marked twice" in page
    with hiring.house.sessions() as session:
        later = rounds.sat(session, hiring.here, "Agate 15", MOMENT)
        rounds.graded(session, later, MOMENT + DAY)
        session.commit()
    assert hiring.owner.get(hiring.sheet(later.id)).text.count("before any result of this take-home") == 2


def test_nothing_is_chosen_for_whoever_decides(hiring: Hiring) -> None:
    sitting = hiring.sat("Agate 14")
    assert " checked" not in main(hiring.owner.get(hiring.sheet(sitting)).text)
    assert hiring.decide(sitting, "hold") == 303
    assert " checked" not in main(hiring.owner.get(hiring.sheet(sitting)).text)


def main(page: str) -> str:
    return page[page.index("<main") : page.index("</main>")]


def test_the_name_comes_with_the_decision_and_only_for_who_hires(hiring: Hiring) -> None:
    sitting = hiring.sat("Agate 14")
    assert "Mira" not in hiring.owner.get(hiring.sheet(sitting)).text
    assert hiring.decide(sitting) == 303
    assert "Agate 14: Mira Santos" in hiring.owner.get(hiring.sheet(sitting)).text
    for address in (hiring.sheet(sitting), f"{hiring.sheet(sitting)}/report"):
        assert "Mira" not in hiring.auditor.get(address).text
    assert "Mira Santos: ML engineer" in hiring.owner.get(f"{hiring.sheet(sitting)}/report").text
    other = hiring.sat("Agate 15")
    with hiring.house.sessions() as session:
        dana = session.exec(select(Person).where(Person.name == "Dana")).one()
        session.add(Unblinding(sitting_id=other, person_id=dana.id, reason="A friend", at=MOMENT))
        session.commit()
    assert "Agate 15: Mira Santos" in hiring.owner.get(hiring.sheet(other)).text


def test_what_the_candidate_said_about_tools_waits_for_the_marks(hiring: Hiring) -> None:
    waiting, done = hiring.sat("Agate 14", marked=False), hiring.sat("Agate 15")
    with hiring.house.sessions() as session:
        for sitting_id in (waiting, done):
            session.get_one(Sitting, sitting_id).disclosure = "An assistant, for the plots"
            session.add(ProblemReport(sitting_id=sitting_id, exercise_slug=rounds.CODING, text="Unclear <b>", at=MOMENT))
        session.commit()
    page = hiring.owner.get(hiring.sheet(waiting)).text
    assert "for the plots" not in page and "shown when all marks are in" in page
    page = hiring.owner.get(hiring.sheet(done)).text
    assert "for the plots" in page and "Unclear &lt;b&gt;" in page


def test_a_mistake_in_the_form_keeps_what_was_typed(hiring: Hiring) -> None:
    sitting = hiring.sat("Agate 14", marked=False)
    hiring.owner.get(hiring.sheet(sitting))
    given = {"outcome": "hold", "notes": "<i>mine</i>", "feedback": "Kept words", "looked_at": "old"}
    page = hiring.owner.post(f"{hiring.sheet(sitting)}/decision", given)
    assert page.status_code == 422
    assert "evidence changed while this page was open" in page.text and "Something is missing (to mark)" in page.text
    assert "&lt;i&gt;mine&lt;/i&gt;" in page.text and ">Kept words</textarea>" in page.text
    assert hiring.decide(sitting, "hold") == 422
    assert hiring.decide(sitting, "hold", without="Took another job") == 303
    assert "Took another job" in hiring.owner.get(hiring.sheet(sitting)).text


def test_the_draft_comes_from_the_needs_and_lines_and_stays_what_was_sent(hiring: Hiring) -> None:
    sitting = hiring.sat("Agate 14", level=3)
    page = html.unescape(hiring.owner.get(hiring.sheet(sitting)).text)
    assert "- Coding: you clearly reached the 70 %" in page and "- risks: two risks of this desk" in page
    hiring.decide(sitting)
    assert f">{FEEDBACK}</textarea>" in hiring.owner.get(hiring.sheet(sitting)).text


def test_nobody_decides_about_a_running_take_home(hiring: Hiring) -> None:
    with hiring.house.sessions() as session:
        sitting = rounds.start(session, rounds.invited(session, hiring.here, "Agate 1", MOMENT), MOMENT)
        session.commit()
    page = hiring.owner.get(hiring.sheet(sitting.id)).text
    assert "still being worked on" in page and "looked_at" not in page
    assert hiring.owner.post(f"{hiring.sheet(sitting.id)}/decision", {"outcome": "hold"}).status_code == 409


def test_sittings_of_previews_other_jobs_and_teams_do_not_exist(hiring: Hiring) -> None:
    sitting = hiring.sat("Agate 14")
    with hiring.house.sessions() as session:
        other = rounds.make_round(session, MOMENT, name="Others")
        theirs = rounds.sat(session, other, "Opal 1", MOMENT)
        preview, _ = begin_preview(session, hiring.here.owner, session.get_one(BlueprintRow, hiring.here.blueprint.id), MOMENT)
        previewed = rounds.start(session, preview, MOMENT)
        session.commit()
        ids = (theirs.id, previewed.id, "nothing")
    crossed = f"/teams/{hiring.here.team.id}/jobs/{other.job.id}"
    assert hiring.owner.get(f"{crossed}/board").status_code == 404
    assert hiring.owner.get(f"{crossed}/sittings/{theirs.id}").status_code == 404
    for sitting_id in ids:
        for part in ("", "/report"):
            assert hiring.owner.get(f"{hiring.sheet(sitting_id)}{part}").status_code == 404
        for part in ("/decision", "/appeal"):
            assert hiring.owner.post(f"{hiring.sheet(sitting_id)}{part}").status_code == 404
    assert hiring.owner.get(f"{hiring.sheet(sitting)}/report").status_code == 404


def test_looking_is_written_down(hiring: Hiring) -> None:
    sitting = hiring.sat("Agate 14")
    hiring.auditor.get(hiring.sheet(sitting))
    with hiring.house.sessions() as session:
        [row] = session.exec(select(AuditRow).where(AuditRow.act == "sitting.look")).all()
    assert row.details == {"sitting": sitting}


# The report


def test_the_report_belongs_to_the_candidate_and_can_be_verified_by_anybody(hiring: Hiring, app: Flask) -> None:
    sitting = hiring.sat("Agate 14", share=0.5, level=4)
    candidate, root = hiring.candidate_of(sitting)
    assert candidate.get(f"{root}/report").status_code == 404
    hiring.decide(sitting)
    page = candidate.get(f"{root}/report").text
    assert "Mira Santos: ML engineer" in page and "Your code was clear." in page
    assert "8 of 11 points by checks" in page and "level&nbsp;4&nbsp;of&nbsp;5" in page and "Only for us" not in page
    file = candidate.get(f"{root}/report.json")
    assert 'filename="report.json"' in file.headers["Content-Disposition"]
    stranger = Browser(app)
    assert verdict(stranger, file.data) == (200, "Genuine: issued by this site on 24 November 2026, 09:00 UTC, unchanged.")
    assert verdict(stranger, file.data + b"\r\n") == (
        200,
        "Genuine: issued by this site on 24 November 2026, 09:00 UTC, unchanged.",
    )
    changed = file.data.replace(b'"level":4.0', b'"level":5.0', 1)
    not_genuine = "Not genuine: one byte or more differ, or another site signed it."
    assert verdict(stranger, changed) == (200, not_genuine)
    assert verdict(stranger, file.data[:-1]) == (422, "This could not be read as a report.")
    assert verdict(stranger, b"") == (422, "This could not be read as a report.")


def verdict(browser: Browser, report: bytes) -> tuple[int, str]:
    """By the file, which has to say the same as the pasted text."""
    browser.get("/reports/verify")
    pasted = browser.post("/reports/verify", {"report": report.decode()})
    upload = {"file": (io.BytesIO(report), "report.json")}
    uploaded = browser.post("/reports/verify", upload, content_type="multipart/form-data")
    said = [re.findall(r"<strong>(.*?)</strong>", page.text)[0] for page in (pasted, uploaded)]
    assert (pasted.status_code, said[0]) == (uploaded.status_code, said[1])
    return pasted.status_code, said[0]


def test_another_candidate_and_a_stranger_find_no_report(hiring: Hiring, app: Flask) -> None:
    first, second = hiring.sat("Agate 1"), hiring.sat("Agate 2")
    hiring.decide(first)
    _, root = hiring.candidate_of(first)
    other, _ = hiring.candidate_of(second)
    for browser in (other, Browser(app), hiring.owner):
        for part in ("/report", "/report.json"):
            assert browser.get(root + part).status_code == 404
        assert browser.post(f"{root}/appeal", {"appeal": "Mine"}).status_code == 404


def test_neither_page_nor_file_holds_the_code_of_checks(hiring: Hiring) -> None:
    sitting = hiring.sat("Agate 14", share=0.0)
    hiring.decide(sitting)
    candidate, root = hiring.candidate_of(sitting)
    texts = [candidate.get(f"{root}/report").text, candidate.get(f"{root}/report.json").text]
    texts.append(hiring.owner.get(f"{hiring.sheet(sitting)}/report").text)
    sources = [check.source for slug in (rounds.CODING, rounds.MARKED) for check in exercise_of(hiring, slug)]
    lines = [line.strip() for source in sources for line in source.splitlines() if len(line.strip()) > 15]
    assert len(lines) > 20
    assert [line for line in lines for text in texts if line in html.unescape(text)] == []


def exercise_of(hiring: Hiring, slug: str) -> list[object]:
    with hiring.house.sessions() as session:
        return list(exercise_version(session, slug).checks)


def test_what_a_report_says_is_never_markup(hiring: Hiring) -> None:
    sitting = hiring.sat("Agate 14")
    with hiring.house.sessions() as session:
        candidate = session.get_one(Candidate, session.get_one(Sitting, sitting).candidate_id)
        candidate.name = "<script>alert(1)</script>"
        session.commit()
    hiring.decide(sitting, feedback="<img src=x>")
    candidate, root = hiring.candidate_of(sitting)
    page = candidate.get(f"{root}/report").text
    assert "<script>alert" not in page and "<img src=x>" not in page and "&lt;img src=x&gt;" in page
    file = candidate.get(f"{root}/report.json").data
    candidate.get("/reports/verify")
    assert "<script>alert" not in candidate.post("/reports/verify", {"report": file.decode()}).text


def test_the_key_of_this_site_is_for_everybody(app: Flask) -> None:
    text = Browser(app).get("/reports/key").text
    assert text.startswith("-----BEGIN PUBLIC KEY-----") and re.search(r"\nfingerprint [0-9a-f]{32}\n$", text)


# The second look


def test_a_second_look_is_asked_for_and_answered(hiring: Hiring, clock: Clock) -> None:
    sitting = hiring.sat("Agate 14")
    hiring.decide(sitting)
    candidate, root = hiring.candidate_of(sitting)
    assert "Ask for a second look" in candidate.get(f"{root}/report").text
    wrong = candidate.post(f"{root}/appeal", {"appeal": " "})
    assert (wrong.status_code, "Say what should be looked at again" in wrong.text) == (422, True)
    assert candidate.post(f"{root}/appeal", {"appeal": "The third check is <b>wrong</b>"}).status_code == 303
    assert "Waits for the team" in candidate.get(f"{root}/report").text
    assert candidate.post(f"{root}/appeal", {"appeal": "Again"}).status_code == 409
    sheet = hiring.owner.get(hiring.sheet(sitting)).text
    assert "third check is &lt;b&gt;wrong" in sheet
    empty = hiring.owner.post(f"{hiring.sheet(sitting)}/appeal", {"answer": ""})
    assert (empty.status_code, "Write what the candidate will read" in empty.text) == (422, True)
    assert hiring.owner.post(f"{hiring.sheet(sitting)}/appeal", {"answer": "You are right."}).status_code == 303
    assert "You are right." in candidate.get(f"{root}/report").text


def test_a_second_look_has_its_time(hiring: Hiring, clock: Clock) -> None:
    sitting = hiring.sat("Agate 14")
    hiring.decide(sitting)
    clock.moment = MOMENT + 14 * DAY + timedelta(seconds=1)
    candidate, root = hiring.candidate_of(sitting)
    with hiring.house.sessions() as session:
        renew(session, candidate, sitting, clock)
    page = candidate.get(f"{root}/report").text
    assert "It could be asked for until 8 December" in page and "<textarea" not in page
    assert candidate.post(f"{root}/appeal", {"appeal": "Late"}).status_code == 409
    with hiring.house.sessions() as session:
        assert session.get_one(Decision, sitting).outcome == "decline"


def renew(session: Session, browser: Browser, sitting_id: str, clock: Clock) -> None:
    """The invitation is opened again two weeks later."""
    candidate = session.get_one(Candidate, session.get_one(Sitting, sitting_id).candidate_id)
    token = open_session(session, session.get_one(Person, candidate.person_id), clock.moment)
    session.commit()
    with browser.client.session_transaction() as cookie:
        cookie["candidate"] = [token]


def test_a_mail_tells_the_candidate_that_there_is_news_and_the_receipt_leads_to_the_report(hiring: Hiring) -> None:
    sitting = hiring.sat("Agate 14")
    candidate, root = hiring.candidate_of(sitting)
    assert "What happens next" in candidate.get(f"{root}/receipt?later=1").text
    woken, waiting = hiring.house.woken, mails(hiring)
    hiring.decide(sitting)
    page = candidate.get(f"{root}/receipt?later=1").text
    assert "Read my report" in page and "What happens next" not in page
    with hiring.house.sessions() as session:
        candidate_id = session.get_one(Sitting, sitting).candidate_id
        assert (mails(hiring), hiring.house.woken) == ([*waiting, {"candidate": candidate_id}], woken + 1)
        message = invitation_message(session, "http://localhost", candidate_id, MOMENT)
    assert message is not None and message.to == rounds.MIRA["email"]
    assert "what the team says" in message.subject and "decline" not in message.text and "signed report" in message.text


def mails(hiring: Hiring) -> list[dict[str, object]]:
    """What the jobs that send mails to candidates are about."""
    with hiring.house.sessions() as session:
        return [job.payload for job in session.exec(select(Job).where(Job.kind == JOB_KIND).order_by(col(Job.created_at)))]
