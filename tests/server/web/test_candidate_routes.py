"""Every address of a candidate and of their notebooks, tried by everybody: the candidate alone gets through.

Whoever owns the team, marks, operates the site or sits another take-home is told the same as for an address that does not exist.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine
from sqlmodel import Session, select
from werkzeug.test import TestResponse

from server.accounts.sessions import open_session
from server.accounts.tables import Person
from server.assessments.decisions.decision import Wording, decide, mark_of
from server.assessments.decisions.gathering import seen_of
from server.assessments.sittings.sitting import tasks_of
from server.assessments.tables.invitations import Candidate
from server.assessments.tables.sittings import Sitting
from server.assessments.teams.rights import Role
from server.reports.issue import issue_report
from server.reports.signing import signer_of
from server.web.access import ACCESS, Who
from server.web.app import create_app
from server.wiring import House
from server.workspaces.hand_in import hand_in
from server.workspaces.tables import Workspace, WorkspaceCell
from tests import rounds
from tests.people import MOMENT, Browser, whole_house
from tests.server.web.conftest import Clock

ROUTES = [route for route, who in ACCESS.items() if who in (Who.CANDIDATE, Who.WORKER)]
OPEN = [
    (method, address)
    for (method, address), who in ACCESS.items()
    if who is Who.ANYONE and address.startswith(("/invitation", "/reports/"))
]
CAST = ("candidate", "another candidate", "owner", "reviewer", "of another team", "account", "operator", "guest", "nobody")
DECIDED = ("/report", "/report.json", "/appeal")  # tried on a take-home with a decision: before it there is nothing to refuse
NOT_YET = ("/undelete", "/undo-reset")  # nothing to put back before something was taken away
TAKE_HOME = ("/submit", "/hints", "/give-up", "/self-marks")  # of practice alone


class Round:
    """One round with somebody of each kind; a new candidate for each route, so that the rows do not disturb each other."""

    def __init__(self, house: House, app: Flask) -> None:
        self.house, self.people = house, {name: Browser(app) for name in CAST}
        with house.sessions() as session:
            self.round = rounds.make_round(session, MOMENT)
            elsewhere = rounds.make_round(session, MOMENT, name="Elsewhere")
            seats = {
                "owner": self.round.owner,
                "reviewer": rounds.join(session, self.round.team, Role.reviewer, MOMENT),
                "of another team": elsewhere.owner,
            }
            for name in ("account", "operator"):
                session.add(Person(name=name, email=f"{name}@example.org", is_operator=name == "operator", created_at=MOMENT))
            session.flush()
            accounts = {row.name: row for row in session.exec(select(Person).where(Person.email != None))}  # noqa: E711
            for name, seat in seats.items():
                self.let_in(session, name, "token", session.get_one(Person, seat.member.person_id))
            for name in ("account", "operator"):
                self.let_in(session, name, "token", accounts[name])
            other = rounds.invited(session, self.round, "Opal 31", MOMENT)
            rounds.start(session, other, MOMENT)
            self.let_in(session, "another candidate", "candidate", session.get_one(Person, other.person_id))
            session.commit()
        self.people["guest"].become_guest()
        self.count = 0

    def let_in(self, session: Session, name: str, slot: str, person: Person) -> None:
        token = open_session(session, person, MOMENT)
        with self.people[name].client.session_transaction() as cookie:
            cookie[slot] = [token] if slot == "candidate" else token

    def decide(self, session: Session, sitting: Sitting) -> None:
        rounds.graded(session, sitting, MOMENT)
        rounds.marked(session, self.round, sitting, MOMENT)
        seen = seen_of(session, sitting)
        decide(session, self.round.owner, sitting, Wording("decline", "", "Thank you.", mark_of(seen)), seen, MOMENT)
        issue_report(session, sitting, signer_of(self.house.settings.secret, self.house.settings.base_url), MOMENT)

    def variables(self, rule: str) -> dict[str, str]:
        """A candidate at work, or with a decision, let into their own browser: what stands in the address for them."""
        self.count += 1
        with self.house.sessions() as session:
            candidate = rounds.invited(session, self.round, f"Flint {self.count}", MOMENT)
            sitting = rounds.start(session, candidate, MOMENT)
            workspace = session.get_one(Workspace, tasks_of(session, sitting)[0].workspace_id)
            submission = hand_in(session, workspace, "check", f"request-{self.count}", MOMENT)
            wanted = select(WorkspaceCell).where(WorkspaceCell.workspace_id == workspace.id, WorkspaceCell.role == "answer")
            cell = session.exec(wanted).one()
            self.let_in(session, "candidate", "candidate", session.get_one(Person, candidate.person_id))
            if rule.endswith(DECIDED):
                self.decide(session, rounds.hand_in(session, candidate, MOMENT))
            session.commit()
            return {
                "candidate_id": candidate.id,
                "workspace_id": workspace.id,
                "cell_id": cell.id,
                "submission_id": submission.id,
                "int:number": "1",
            }


@pytest.fixture
def house(sqlite_engine: Engine, tmp_path: Path) -> Iterator[House]:
    house = whole_house(sqlite_engine, tmp_path)
    yield house
    house.close()


def ask(browser: Browser, method: str, address: str) -> TestResponse:
    if method == "GET":
        return browser.get(address)
    browser.get("/keys")
    if address.startswith("/workspaces/"):
        sent = {"type": "code", "kind": "code", "request": "request-of-mine", "code": "", "cursor": 0, "detail": 0, "undo": 0}
        return browser.post_json(address, sent | {"source": "x = 1", "base": 1, "seen": 0})
    return browser.post(address, {"adjustment": "More time", "answer": "no", "problem": "Unclear", "appeal": "Again"})


def refusal(method: str, rule: str, name: str) -> int:
    """What everybody but the candidate is told."""
    if rule.startswith("/invitations/") or name != "nobody":
        return 404
    return 302 if method == "GET" else 401


def test_only_the_candidate_gets_through(house: House, clock: Clock) -> None:
    here = Round(house, create_app(house, clock))
    found: dict[tuple[str, str], int] = {}
    for method, rule in ROUTES:
        variables = here.variables(rule)
        address = re.sub(r"<([^>]+)>", lambda match, known=variables: known[match[1]], rule)  # type: ignore[misc]
        for name in reversed(CAST):  # the candidate last: what they do may end it
            status = ask(here.people[name], method, address).status_code
            if name != "candidate":
                assert status == refusal(method, rule, name), (method, rule, name)
            elif rule.endswith(TAKE_HOME):
                assert status == 409, (method, rule)
            elif rule.endswith(NOT_YET):
                assert status == 404, (method, rule)
            else:
                assert status < 500 and status not in (401, 403, 404), (method, rule, status)
            found[f"{method} {rule}", name] = status
    assert len(found) == len(ROUTES) * len(CAST) == 468
    with house.sessions() as session:
        assert session.exec(select(Candidate).where(Candidate.code == "Opal 31")).one().declined_at is None


def test_what_is_open_says_the_same_to_everybody(house: House, clock: Clock) -> None:
    here = Round(house, create_app(house, clock))
    found: dict[tuple[str, str], set[int]] = {}
    for method, rule in OPEN:
        address = rule.replace("<token>", "not-a-link-of-anybody")
        found[method, rule] = {ask(here.people[name], method, address).status_code for name in CAST}
    assert {route: statuses for route, statuses in found.items() if len(statuses) != 1 or max(statuses) >= 500} == {}
    assert len(OPEN) == 6
