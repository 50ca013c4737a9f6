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
from server.assessments.rights import Role
from server.assessments.round_tables import Candidate
from server.assessments.sittings import tasks_of
from server.web.access import ACCESS, Who
from server.web.app import create_app
from server.wiring import House
from server.workspaces.hand_in import hand_in
from server.workspaces.tables import Workspace, WorkspaceCell
from tests import rounds
from tests.people import MOMENT, Browser, whole_house
from tests.server.web.conftest import Clock

ROUTES = [route for route, who in ACCESS.items() if who in (Who.CANDIDATE, Who.WORKER)]
CAST = ("candidate", "another candidate", "owner", "reviewer", "of another team", "account", "operator", "guest", "nobody")
# No report before a decision, and nothing to put back before something was taken away.
NOT_YET = ("/report", "/report.json", "/appeal", "/undelete", "/undo-reset")
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

    def variables(self) -> dict[str, str]:
        """A candidate at work, let into their own browser: what stands in addresses for them."""
        self.count += 1
        with self.house.sessions() as session:
            candidate = rounds.invited(session, self.round, f"Flint {self.count}", MOMENT)
            sitting = rounds.start(session, candidate, MOMENT)
            workspace = session.get_one(Workspace, tasks_of(session, sitting)[0].workspace_id)
            submission = hand_in(session, workspace, "check", f"request-{self.count}", MOMENT)
            wanted = select(WorkspaceCell).where(WorkspaceCell.workspace_id == workspace.id, WorkspaceCell.role == "answer")
            cell = session.exec(wanted).one()
            self.let_in(session, "candidate", "candidate", session.get_one(Person, candidate.person_id))
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


def gets_through(response: TestResponse) -> bool:
    to_sign_in = response.status_code == 302 and response.headers["Location"].startswith("/sign-in")
    return response.status_code not in (401, 403, 404) and not to_sign_in


def test_only_the_candidate_gets_through(house: House, clock: Clock) -> None:
    here = Round(house, create_app(house, clock))
    found: dict[tuple[str, str], bool] = {}
    for method, rule in ROUTES:
        variables = here.variables()
        address = re.sub(r"<([^>]+)>", lambda match, known=variables: known[match[1]], rule)  # type: ignore[misc]
        for name in reversed(CAST):  # the candidate last: what they do may end it
            response = ask(here.people[name], method, address)
            found[f"{method} {rule}", name] = gets_through(response)
            if name != "candidate" and rule.startswith("/invitations/"):
                assert response.status_code == 404, (method, rule, name)
            if name == "candidate" and rule.endswith(TAKE_HOME):
                assert response.status_code == 409, (method, rule, response.text)
    meant = {(route, name): name == "candidate" and not route.endswith(NOT_YET) for route, name in found}
    assert {cell: allowed for cell, allowed in found.items() if allowed != meant[cell]} == {}
    assert len(found) == len(ROUTES) * len(CAST)
    with house.sessions() as session:
        assert session.exec(select(Candidate).where(Candidate.code == "Opal 31")).one().declined_at is None
