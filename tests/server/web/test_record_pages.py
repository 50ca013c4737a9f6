"""The log of a team, how long it keeps candidates, and erasing one, as pages."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlmodel import Session, col, select

from server.accounts.tables import Person
from server.assessments.privacy.looks import note_look
from server.assessments.tables.invitations import Candidate
from server.assessments.tables.sittings import Sitting
from server.assessments.tables.teams import Member, Team
from server.assessments.teams.rights import Role
from server.assessments.teams.seats import Seat
from server.audit.log import entries, record
from server.audit.seals import audit_key, verify
from tests import rounds
from tests.people import MOMENT, PASSWORD, Browser, PlainHouse
from tests.server.web.conftest import Clock

DAY = timedelta(days=1)
CANARY = {"name": "Zephyrine Quill", "email": "zq-canary@lantern.example", "notes": "Farol", "source": "a fair"}


class Office:
    """Olga owns a team in which Rita reviews and Ada audits; one candidate handed in."""

    def __init__(self, app: Flask, house: PlainHouse) -> None:
        self.house = house
        roles = {"olga": Role.owner, "rita": Role.reviewer, "ada": Role.auditor}
        self.people = {name: Browser(app) for name in roles}
        for name, browser in self.people.items():
            browser.sign_up(name.title(), f"{name}@example.org")
        with house.sessions() as session:
            self.round = rounds.make_round(session, MOMENT)
            self.team, self.job = self.round.team.id, self.round.job.id
            self.ids = {str(each.email).partition("@")[0]: each.id for each in session.exec(select(Person))}
            for name, role in roles.items():
                session.add(Member(team_id=self.team, person_id=self.ids[name], role=role, joined_at=MOMENT))
            sitting = rounds.sat(session, self.round, "Flint 03", MOMENT, **CANARY)
            self.sitting, self.candidate = sitting.id, sitting.candidate_id
            session.commit()
        self.root = f"/teams/{self.team}"

    def seat(self, session: Session, name: str) -> Seat:
        return Seat(session.get_one(Team, self.team), session.get_one(Member, (self.team, self.ids[name])))

    def note(self, who: str, act: str, details: dict[str, object]) -> None:
        with self.house.sessions() as session:
            record(session, self.ids.get(who, who), act, f"team:{self.team}", details, MOMENT)
            session.commit()


@pytest.fixture
def office(app: Flask, house: PlainHouse) -> Office:
    return Office(app, house)


def lines(page: str) -> list[tuple[str, str]]:
    return re.findall(r'data-label="Who">([^<]+)</th><td data-label="What">([^<]+)<', page)


def test_the_log_says_who_did_what_in_words_the_newest_first(office: Office) -> None:
    with office.house.sessions() as session:
        rita = office.seat(session, "rita")
        note_look(session, rita, session.get_one(Sitting, office.sitting), MOMENT)
        session.commit()
    office.note("olga", "member.role", {"person": office.ids["rita"], "from": "author", "to": "reviewer"})
    office.note("olga", "blueprint.publish", {"blueprint": office.round.blueprint.id, "version": 1})
    office.note("server", "candidate.mail", {"candidate": office.candidate})
    office.note("somebody-deleted", "job.close", {"job": office.job})
    office.note("olga", "sitting.grant", {"sitting": office.sitting, "minutes": 15})
    page = office.people["ada"].get(f"{office.root}/log").text
    assert lines(page) == [
        ("Olga", "gave Flint 03 15 minutes more"),
        ("Somebody whose account is deleted", "closed the job ML engineer"),
        ("This site", "sent the mail to Flint 03"),
        ("Olga", "published version 1 of the blueprint of ML engineer"),
        ("Olga", "changed what Rita may do: from author to reviewer"),
        ("Rita", "looked at the work of Flint 03"),
        ("Flint 03", "handed in"),
        ("Flint 03", "began the take-home"),
    ]


def test_no_name_of_a_candidate_is_in_the_log_or_in_its_file(office: Office) -> None:
    owner = office.people["olga"]
    page = owner.get(f"{office.root}/log").text
    file = owner.post(f"{office.root}/log/export", {"password": PASSWORD}).text
    for text in (page, file):
        assert "Flint 03" in text
        assert not [word for word in CANARY.values() if word in text]


def test_the_log_is_filtered_by_who_and_what_and_paged(office: Office) -> None:
    for number in range(120):
        office.note("olga" if number % 2 else "rita", "job.reword", {"job": office.job})
    owner = office.people["olga"]
    first = owner.get(f"{office.root}/log").text
    assert len(lines(first)) == 50
    seen, address = len(lines(first)), first
    while found := re.search(r'href="([^"]+)">Older<', address):
        address = owner.get(found.group(1).replace("&amp;", "&")).text
        seen += len(lines(address))
    assert seen == 122
    assert ">Newest<" in address
    mine = owner.get(f"{office.root}/log?who={office.ids['rita']}").text
    assert {who for who, _ in lines(mine)} == {"Rita"}
    assert "who=" in re.findall(r'href="([^"]+)">Older<', mine)[0]
    theirs = owner.get(f"{office.root}/log?who=candidates").text
    assert lines(theirs) == [("Flint 03", "handed in"), ("Flint 03", "began the take-home")]
    assert lines(owner.get(f"{office.root}/log?act=sitting.start").text) == [("Flint 03", "began the take-home")]
    empty = owner.get(f"{office.root}/log?act=board.export").text
    assert lines(empty) == [] and "Nothing of this kind is in the log" in empty
    for odd in ("act=no.such", "who=%25", "before=0", "before=x", "who=candidates&act=job.open"):
        assert owner.get(f"{office.root}/log?{odd}").status_code == 200


def test_another_teams_lines_are_in_no_log(office: Office) -> None:
    with office.house.sessions() as session:
        record(session, office.ids["olga"], "job.open", "team:another", {}, MOMENT)
        session.commit()
    assert len(lines(office.people["olga"].get(f"{office.root}/log").text)) == 2


def test_the_file_asks_for_the_password_is_written_down_and_holds_the_seals(office: Office) -> None:
    owner = office.people["olga"]
    office.note("olga", "job.open", {"job": office.job, "role": "=cmd|' /C calc'!A0"})
    wrong = owner.post(f"{office.root}/log/export", {"password": "guessed"})
    assert (wrong.status_code, "This is not your password" in wrong.text) == (422, True)
    with office.house.sessions() as session:
        assert "log.export" not in [row.act for row in entries(session, f"team:{office.team}")]
        session.get_one(Person, office.ids["olga"]).name = "=2+5"
        session.commit()
    response = owner.post(f"{office.root}/log/export", {"password": PASSWORD})
    assert (response.status_code, response.mimetype) == (200, "text/csv")
    rows = list(csv.DictReader(io.StringIO(response.text)))
    assert [row["act"] for row in rows] == ["sitting.start", "sitting.hand_in", "job.open", "log.export"]
    assert [row["who"] for row in rows] == ["Flint 03", "Flint 03", "'=2+5", "'=2+5"]
    assert rows[2]["what"] == "described the job ML engineer"
    with office.house.sessions() as session:
        for row in rows:
            assert row["link"] and verify(session, audit_key(office.house.settings.secret), row["link"]).faults == ()


def test_the_export_is_whole_when_it_is_long(office: Office) -> None:
    with office.house.sessions() as session:
        for _ in range(1_200):
            record(session, office.ids["rita"], "marking.notes", f"team:{office.team}", {"sitting": office.sitting}, MOMENT)
        session.commit()
    text = office.people["ada"].post(f"{office.root}/log/export", {"password": PASSWORD}).text
    assert len(list(csv.reader(io.StringIO(text)))) == 1 + 2 + 1_200 + 1


def test_the_days_are_set_on_the_page_of_the_team(office: Office) -> None:
    owner = office.people["olga"]
    page = owner.get(office.root).text
    assert 'value="180"' in page and f"{office.root}/retention" in page and f"{office.root}/log" in page
    wrong = owner.post(f"{office.root}/retention", {"retention_days": "7"})
    assert (wrong.status_code, 'value="7"' in wrong.text) == (422, True)
    assert "Give a number of days from 30 to 730" in wrong.text
    assert owner.post(f"{office.root}/retention", {"retention_days": "45"}).status_code == 303
    assert 'value="45"' in owner.get(office.root).text
    seen_by_rita = office.people["rita"].get(office.root).text
    assert f"{office.root}/retention" not in seen_by_rita and f"{office.root}/log" not in seen_by_rita


def test_the_queue_tells_by_code_who_goes_when(office: Office, clock: Clock) -> None:
    owner = office.people["olga"]
    page = owner.get(f"{office.root}/retention").text
    assert "Flint 03" in page and "handed in 24 November" in page and "23 May 2027" in page
    assert not [word for word in (*CANARY.values(), office.candidate) if word in page]
    with office.house.sessions() as session:
        for number in range(130):
            rounds.invited(session, office.round, f"Agate {number}", MOMENT)
        session.commit()
    first, second = (owner.get(f"{office.root}/retention?page={page}").text for page in (1, 2))
    assert (first.count(">Agate "), second.count(">Agate ")) == (99, 31)
    assert "Later dates" in first and "Earlier dates" in second


def test_a_team_erases_on_request_after_the_password_and_says_what_stays(office: Office) -> None:
    owner = office.people["olga"]
    page = f"/teams/{office.team}/jobs/{office.job}/candidates/{office.candidate}/erase"
    shown = owner.get(page).text
    assert "Erase Zephyrine Quill" in shown and "What stays, and why" in shown
    assert "Flint 03" not in shown, "names and codes do not stand on one page"
    wrong = owner.post(page, {"password": "guessed"})
    assert (wrong.status_code, "This is not your password" in wrong.text) == (422, True)
    done = owner.post(page, {"password": PASSWORD})
    assert done.headers["Location"].endswith("/invitations")
    after = owner.get(done.headers["Location"]).text
    assert "is deleted" in after and "1 candidate was erased" in after
    assert not [word for word in CANARY.values() if word in after]
    assert owner.get(page).status_code == 404
    assert owner.post(page, {"password": PASSWORD}).status_code == 404
    with office.house.sessions() as session:
        assert session.get_one(Candidate, office.candidate).erased_at == MOMENT
    log = lines(owner.get(f"{office.root}/log").text)
    assert ("Olga", "erased everything that was kept of Flint 03, on request") in log
    assert ("Olga", "looked at who is invited to the job ML engineer, by name") in log
    assert ("Flint 03", "handed in") in log, "earlier lines keep the code"


def test_a_running_take_home_is_warned_of_before_it_is_erased(office: Office) -> None:
    with office.house.sessions() as session:
        candidate = rounds.invited(session, office.round, "Agate 14", MOMENT)
        rounds.start(session, candidate, MOMENT)
        session.commit()
    page = f"/teams/{office.team}/jobs/{office.job}/candidates/{candidate.id}"
    assert "being worked on just now" in office.people["olga"].get(f"{page}/erase").text
    for other in ("rita", "ada"):
        assert office.people[other].get(f"{page}/erase").status_code == 403
    office.people["olga"].post(f"{page}/erase", {"password": PASSWORD})
    assert office.people["olga"].get(f"{page}/time").status_code == 404
    with office.house.sessions() as session:
        assert session.exec(select(Candidate).where(col(Candidate.erased_at).is_not(None))).one().reached == "started"
