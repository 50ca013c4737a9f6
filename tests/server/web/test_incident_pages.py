"""Incidents as pages: by code, in steps that say what counts and what does not, each team for itself."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask
from sqlmodel import Session, select

from server.accounts.tables import Person
from server.assessments.incidents.team_regrades import list_affected
from server.assessments.tables.decisions import CandidateReport, Decision
from server.assessments.tables.invitations import Candidate
from server.assessments.tables.sittings import Sitting
from server.assessments.tables.teams import Member
from server.assessments.teams.rights import Role
from server.bank.tables import Exercise as Listed
from server.grading.tables import Regrade
from server.queue.tables import Job
from server.reports.issue import issue_report
from server.reports.signing import signer_of
from tests.incidents import REASON, RIGHT, SLUG, WRONG, make_incident, tried
from tests.people import MOMENT, Browser, PlainHouse

CODES = ("Agate 1", "Flint 2", "Jade 3")


class Office:
    """Olga owns a team that was hit by a broken exercise; Sam owns another one, hit by the same."""

    def __init__(self, app: Flask, house: PlainHouse, folder: Path) -> None:
        self.house = house
        self.olga, self.sam = Browser(app), Browser(app)
        self.olga.sign_up("Olga", "olga@example.org")
        self.sam.sign_up("Sam", "sam@example.org")
        with house.sessions() as session:
            for address, codes, name in (
                ("sam@example.org", ("Onyx 9",), "Southwind"),
                ("olga@example.org", CODES, "Northwind ML"),
            ):
                here = make_incident(session, folder, MOMENT, codes, name=name)
                person = session.exec(select(Person).where(Person.email == address)).one()
                session.add(Member(team_id=here.team.id, person_id=person.id, role=Role.owner, joined_at=MOMENT))
                session.commit()
                self.others, self.round = getattr(self, "round", here), here
            self.root, self.other_root = (f"/teams/{each.team.id}/incidents" for each in (self.round, self.others))

    def propose(self) -> str:
        response = self.olga.post(self.root, {"exercise": SLUG, "reason": REASON, "act": "again"})
        assert response.status_code == 303, response.text
        return response.headers["Location"]

    def store(self, page: str, *found: object) -> None:
        with self.house.sessions() as session:
            tried(session, self.regrade(session, page), *found)  # type: ignore[arg-type]
            session.commit()

    def regrade(self, session: Session, page: str) -> Regrade:
        return session.get_one(Regrade, page.rpartition("/")[2])

    def decide(self, code: str) -> None:
        with self.house.sessions() as session:
            sitting = session.exec(select(Sitting).join(Candidate).where(Candidate.code == code)).one()
            session.add(Decision(sitting_id=sitting.id, outcome="decline", by="olga", at=MOMENT))
            session.flush()
            issue_report(session, sitting, signer_of(self.house.settings.secret, "http://localhost"), MOMENT)
            session.commit()


@pytest.fixture
def office(app: Flask, house: PlainHouse, tmp_path: Path) -> Office:
    return Office(app, house, tmp_path / "bank")


def test_an_exercise_goes_out_of_use_and_back(office: Office) -> None:
    page = office.olga.get(office.root).text
    assert "Small task (3 take-homes)" in page and "Every exercise counts" in page and "Nothing was graded again" in page
    wrong = office.olga.post(office.root, {"exercise": SLUG, "reason": " ", "act": "out"})
    assert (wrong.status_code, "Give a reason" in wrong.text) == (422, True)
    assert office.olga.post(office.root, {"exercise": SLUG, "reason": "Its <b>data</b> leak.", "act": "out"}).status_code == 303
    page = office.olga.get(office.root).text
    assert "Its &lt;b&gt;data&lt;/b&gt; leak." in page and "Olga" in page
    assert office.olga.post(office.root, {"exercise": SLUG, "reason": "Twice.", "act": "out"}).status_code == 409
    [lift] = re.findall(r'action="([^"]+/lift)"', page)
    assert office.sam.post(lift.replace(office.root, office.other_root)).status_code == 404
    assert office.olga.post(lift).status_code == 303
    assert "In use again" in office.olga.get(office.root).text
    assert office.olga.post(lift).status_code == 409


def test_a_proposal_is_tried_looked_at_by_code_applied_and_told(office: Office) -> None:
    office.decide("Flint 2")
    page = office.propose()
    shown = office.olga.get(page).text
    assert "0 of 3 take-homes" in shown and "data-look-again" in shown and "Nothing counts yet" in shown
    assert "Let the new results count" not in shown
    assert office.olga.post(f"{page}/apply").status_code == 409
    assert office.house.woken == 1
    with office.house.sessions() as session:
        order = {each.change.submission_id: each.code for each in list_affected(session, office.regrade(session, page))}
    found = {"Agate 1": WRONG, "Flint 2": RIGHT, "Jade 3": RIGHT}
    office.store(page, *(found[order[submission]] for submission in sorted(order)))
    shown = office.olga.get(page).text
    assert re.findall(r'data-label="Candidate">([^<]+)<', shown) == ["Flint 2", "Jade 3", "Agate 1"]
    assert "2 higher, 1 unchanged." in shown and "<code>one</code> failed, now passed" in shown
    assert "1 candidate whom you have decided about and whose result changes: Flint 2." in shown
    assert "Hello,\n" in shown and f"Why: {REASON}" in shown and "data-look-again" not in shown
    for name in ("Mira Santos", "flin1@example.org"):
        assert name not in shown
    done = office.olga.post(f"{page}/apply")
    assert done.headers["Location"] == page
    shown = office.olga.get(page).text
    assert "The new results count: 2 changed. 1 mail leaves in a moment." in shown
    assert "What changed" in shown and "Let the new results count" not in shown
    with office.house.sessions() as session:
        assert [job.payload["regrade"] for job in session.exec(select(Job).where(Job.kind == "regrade-mail"))] == [
            page.rpartition("/")[2]
        ]
        reports = session.exec(select(CandidateReport).order_by(CandidateReport.issued_at)).all()
        assert len(reports) == 2
        assert REASON in reports[1].document + reports[0].document
    assert office.olga.post(f"{page}/apply").status_code == 409
    assert "Applied" in office.olga.get(office.root).text


def test_another_teams_proposal_answers_like_none(office: Office) -> None:
    page = office.propose().replace(office.root, office.other_root)
    nothing = f"{office.other_root}/regrades/nothing"
    for address in (page, nothing):
        assert office.sam.get(address).status_code == 404
        for act in ("apply", "withdraw", "go-on"):
            assert office.sam.post(f"{address}/{act}").status_code == 404
    said = [re.findall(r"<main.*</main>", office.sam.get(address).text, re.DOTALL) for address in (page, nothing)]
    assert said[0] == said[1] != []
    assert "Nothing was graded again" in office.sam.get(office.other_root).text


def test_what_met_a_fault_is_said_and_tried_once_more(office: Office) -> None:
    page = office.propose()
    office.store(page, RIGHT, "The machine was full.", RIGHT)
    shown = office.olga.get(page).text
    assert "of which 1 could not be graded" in shown and "The machine was full." in shown
    assert "Try them once more" in shown and "Let the new results count" not in shown
    assert office.olga.post(f"{page}/apply").status_code == 409
    with office.house.sessions() as session:
        session.exec(select(Job).where(Job.kind == "regrade")).one().state = "done"
        session.commit()
    assert office.olga.post(f"{page}/go-on").status_code == 303
    assert "2 of 3 take-homes" in office.olga.get(page).text
    office.store(page, RIGHT)
    assert office.olga.post(f"{page}/apply").status_code == 303


def test_a_proposal_that_stands_still_can_be_gone_on_with(office: Office) -> None:
    page = office.propose()
    with office.house.sessions() as session:
        session.exec(select(Job).where(Job.kind == "regrade")).one().state = "failed"
        session.commit()
    shown = office.olga.get(page).text
    assert "It stands still" in shown and "data-look-again" not in shown
    assert office.olga.post(f"{page}/go-on").status_code == 303
    assert "data-look-again" in office.olga.get(page).text


def test_withdrawing_changes_nothing(office: Office) -> None:
    page = office.propose()
    office.store(page, RIGHT, RIGHT, RIGHT)
    assert office.olga.post(f"{page}/withdraw").headers["Location"] == office.root
    assert "Withdrawn" in office.olga.get(office.root).text
    assert office.olga.post(f"{page}/withdraw").status_code == 409


def test_with_nothing_to_do_the_form_says_so(office: Office) -> None:
    page = office.propose()
    office.store(page, RIGHT, RIGHT, RIGHT)
    office.olga.post(f"{page}/apply")
    again = office.olga.post(office.root, {"exercise": SLUG, "reason": REASON, "act": "again"})
    assert (again.status_code, "graded with its newest version" in again.text) == (422, True)
    with office.house.sessions() as session:
        session.get_one(Listed, SLUG).retired_at = MOMENT
        session.commit()
    gone = office.olga.post(office.root, {"exercise": SLUG, "reason": REASON, "act": "again"})
    assert (gone.status_code, "not in the bank any more" in gone.text) == (422, True)
    assert office.olga.post(office.root, {"exercise": SLUG, "reason": REASON, "act": "out"}).status_code == 303
