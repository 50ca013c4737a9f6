"""A candidate sees what is kept, takes it along, and deletes it, in their own browser."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from flask import Flask
from sqlmodel import select

from server.accounts.sessions import open_session
from server.accounts.tables import Person
from server.assessments.blueprints.preview import begin_preview
from server.assessments.tables.invitations import Candidate
from server.assessments.tables.sittings import Sitting
from server.audit.log import entries
from tests import rounds
from tests.people import MOMENT, Browser, PlainHouse
from tests.server.web.conftest import Clock


class Own:
    """Mira's browser, in which her invitation is open."""

    def __init__(self, app: Flask, house: PlainHouse) -> None:
        self.house, self.app, self.browser = house, app, Browser(app)
        with house.sessions() as session:
            self.round = rounds.make_round(session, MOMENT)
            candidate = rounds.invited(session, self.round, "Flint 03", MOMENT)
            self.id = candidate.id
            self.token = open_session(session, session.get_one(Person, candidate.person_id), MOMENT)
            session.commit()
        self.let_in(self.token)

    def let_in(self, token: str) -> None:
        with self.browser.client.session_transaction() as cookie:
            cookie["candidate"] = [token]

    @property
    def page(self) -> str:
        return f"/invitations/{self.id}/data"

    def sit(self, *, hand_in: bool) -> None:
        with self.house.sessions() as session:
            candidate = session.get_one(Candidate, self.id)
            sitting = rounds.start(session, candidate, MOMENT)
            rounds.write(session, sitting, "# my answer", MOMENT)
            if hand_in:
                rounds.hand_in(session, candidate, MOMENT)
            session.commit()

    def row(self) -> Candidate | None:
        with self.house.sessions() as session:
            return session.get(Candidate, self.id)


@pytest.fixture
def own(app: Flask, house: PlainHouse) -> Own:
    return Own(app, house)


def test_the_invitation_and_the_receipt_lead_to_it(own: Own) -> None:
    assert f'href="{own.page}"' in own.browser.get(f"/invitations/{own.id}").text
    own.sit(hand_in=True)
    assert f'href="{own.page}"' in own.browser.get(f"/invitations/{own.id}/receipt?later=1").text
    page = own.browser.get(own.page).text
    assert "everything is deleted on <strong>23 May 2027</strong>" in page
    assert "What stays, and why" in page and "no longer decide about you" in page


def test_what_was_promised_stands_there_when_the_team_keeps_others_longer(own: Own) -> None:
    with own.house.sessions() as session:
        session.get_one(Candidate, own.id).kept_days = 30
        session.commit()
    own.sit(hand_in=True)
    for page in (own.page, f"/invitations/{own.id}/receipt?later=1"):
        assert "<strong>24 December" in own.browser.get(page).text


def test_the_file_is_downloaded_by_a_post_that_stands_in_the_log(own: Own) -> None:
    own.sit(hand_in=True)
    own.browser.get(own.page)
    response = own.browser.post(own.page)
    assert response.headers["Content-Disposition"] == 'attachment; filename="touchstone-2026-11-24.json"'
    data = json.loads(response.text)
    assert (data["invitation"]["name"], data["take_home"]["team"]) == ("Mira Santos", "Northwind ML")
    assert "# my answer" in response.text
    with own.house.sessions() as session:
        assert entries(session, f"team:{own.round.team.id}")[-1].act == "candidate.export"


def test_deleting_asks_for_the_code_and_then_nothing_is_left(own: Own) -> None:
    own.sit(hand_in=True)
    own.browser.get(own.page)
    for typed in ("", "Flint 04", "delete"):
        wrong = own.browser.post(f"{own.page}/erase", {"code": typed})
        assert (wrong.status_code, "Type Flint 03 to confirm</p>" in wrong.text) == (422, True)
    done = own.browser.post(f"{own.page}/erase", {"code": " flint  03 "})
    assert (done.status_code, done.headers["Location"]) == (303, "/")
    assert "Everything that was kept of you for this take-home is deleted." in own.browser.get("/").text
    row = own.row()
    assert row is not None and row.erased_at == MOMENT and (row.name, row.email) == ("", "")
    for address in ("", "/data", "/receipt", "/notebooks.zip"):
        assert own.browser.get(f"/invitations/{own.id}{address}").status_code == 404
    own.let_in(own.token)
    assert own.browser.get(f"/invitations/{own.id}").status_code == 404
    with own.house.sessions() as session:
        last = entries(session, f"team:{own.round.team.id}")[-1]
        assert (last.act, last.actor, last.details["why"]) == ("candidate.erase", f"candidate:{own.id}", "candidate")


def test_a_running_take_home_ends_with_it(own: Own, clock: Clock) -> None:
    own.sit(hand_in=False)
    assert "Your take-home ends with it" in own.browser.get(own.page).text
    assert own.browser.post(f"{own.page}/erase", {"code": "Flint 03"}).status_code == 303
    clock.moment = MOMENT + timedelta(days=1)
    with own.house.sessions() as session:
        assert session.exec(select(Sitting)).all() == []
    row = own.row()
    assert row is not None and row.reached == "started"


def test_another_candidate_in_another_browser_finds_none_of_it(own: Own, app: Flask) -> None:
    stranger = Own(app, own.house)
    nobody = Browser(app)
    for browser in (stranger.browser, nobody):
        assert browser.get(own.page).status_code == 404
        assert browser.post(own.page).status_code == 404
        assert browser.post(f"{own.page}/erase", {"code": "Flint 03"}).status_code == 404
    row = own.row()
    assert row is not None and row.erased_at is None


def test_a_preview_goes_without_a_trace(own: Own) -> None:
    with own.house.sessions() as session:
        preview, token = begin_preview(session, own.round.owner, own.round.blueprint, MOMENT)
        session.commit()
        own.id = preview.id
    own.let_in(token)
    own.browser.get(own.page)
    assert own.browser.post(f"{own.page}/erase", {"code": preview.code}).status_code == 303
    assert own.row() is None
