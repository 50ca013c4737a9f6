"""The pages of teams, as different people see them; who may do what is tried for every route and person."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlmodel import select

from server.accounts.sessions import open_session
from server.accounts.tables import Person
from server.assessments.blueprints.job_openings import Wording, open_job, sort_skills
from server.assessments.blueprints.needs import add_need, remove_need
from server.assessments.decisions.decision import mark_of, when
from server.assessments.decisions.evidence import see
from server.assessments.marking.marks import finish_marking, give_mark
from server.assessments.marking.rubrics import lines_of
from server.assessments.tables.blueprints import BlueprintRow, HiringJob
from server.assessments.tables.decisions import Appeal, Decision
from server.assessments.tables.incidents import Quarantine, TeamRegrade
from server.assessments.tables.invitations import Candidate
from server.assessments.tables.sittings import ProblemReport, Sitting
from server.assessments.tables.teams import Member, MemberInvite, Team
from server.assessments.teams.members import invite_member, invite_message
from server.assessments.teams.organisation import QUESTIONS
from server.assessments.teams.rights import Role
from server.assessments.teams.seats import seat_of
from server.grading.tables import Regrade, RegradeRow
from server.reports.issue import issue_report
from server.reports.signing import signer_of
from server.web.access import ACCESS
from tests import drafts, rounds
from tests.people import MOMENT, PASSWORD, Browser, PlainHouse

CAST = (
    "owner",
    "manager",
    "reviewer",
    "author",
    "auditor",
    "of another team",
    "account",
    "operator",
    "guest",
    "candidate",
    "nobody",
)
ROUTES = [(method, address) for method, address in ACCESS if address.startswith("/teams/")]
CANDIDATE = "/teams/<team_id>/jobs/<job_id>/candidates/<candidate_id>"
INVITATIONS = "/teams/<team_id>/jobs/<job_id>/invitations"
LATER = f"{MOMENT + timedelta(days=9):%Y-%m-%dT%H:%M}"
MARKING = "/teams/<team_id>/jobs/<job_id>/marking"
MARKED = f"{MARKING}/<sitting_id>"
BOARD, SHEET = "/teams/<team_id>/jobs/<job_id>/board", "/teams/<team_id>/jobs/<job_id>/sittings/<sitting_id>"
BLUEPRINT = "/teams/<team_id>/jobs/<job_id>/blueprint"
ANSWERS = {question.key: question.choices[0].key for question in QUESTIONS}
FORMS: dict[str, dict[str, Any]] = {
    "/teams/<team_id>/name": {"name": "Another name"},
    "/teams/<team_id>/profile": {"archetype": "ad-hoc", "research": 2, "data": 2, "models": 2},
    "/teams/<team_id>/profile/answers": ANSWERS,
    "/teams/<team_id>/invites": {"email": "new@example.org", "role": "reviewer"},
    "/teams/<team_id>/members/<person_id>/role": {"role": "author"},
    "/teams/<team_id>/jobs": {
        "title": "ML engineer",
        "role": "ml_engineer",
        "advert": "You must know Python. We help you learn.",
    },
    "/teams/<team_id>/jobs/<job_id>": {"title": "Other", "role": "ml_engineer", "advert": ""},
    "/teams/<team_id>/jobs/<job_id>/skills": {"Python": "wish"},
    INVITATIONS: {"email": "new@example.org"},
    f"{INVITATIONS}/csv": {"csv": "email\nnew@example.org"},
    f"{INVITATIONS}/<candidate_id>/window": {"opens": f"{MOMENT:%Y-%m-%dT%H:%M}", "closes": LATER},
    f"{INVITATIONS}/<candidate_id>/adjustment": {"asked": "More time, please.", "answer": "Yes.", "extra": "50"},
    "/teams/<team_id>/log/export": {"password": PASSWORD},
    "/teams/<team_id>/retention": {"retention_days": "90"},
    "/teams/<team_id>/incidents": {"exercise": rounds.MARKED, "reason": "It is broken."},
    f"{CANDIDATE}/erase": {"password": PASSWORD},
    f"{BLUEPRINT}/needs": {"kind": "coding", "level": "2", "minutes": "30", "percent": "70"},
    f"{BLUEPRINT}/needs/<need_id>": {"kind": "coding", "level": "3", "minutes": "30", "percent": "70"},
    f"{BLUEPRINT}/tasks": {"slug": "disagree-about-deadline"},
    f"{BLUEPRINT}/policies": {
        "stated_minutes": "90",
        "ai_policy": "disclosed",
        "answer_days": "7",
        "appeal_days": "14",
        "markers": "2",
    },
    f"{CANDIDATE}/grant": {"minutes": "5"},
    f"{CANDIDATE}/reopen": {"until": f"{MOMENT + timedelta(days=1):%Y-%m-%dT%H:%M}"},
    f"{CANDIDATE}/problems/<problem_id>": {"answer": "We look at it."},
    f"{MARKED}/marks": {"level-1": "3"},
    f"{MARKED}/reconcile": {"line": "1", "level": "3", "reason": "It is named in the second sentence."},
    f"{MARKED}/unblind": {"reason": "A reference has to be called."},
    f"{BOARD}.csv": {"password": PASSWORD},
    f"{SHEET}/decision": {
        "outcome": "hold",
        "feedback": "Thank you",
        "looked_at": mark_of(see([], [], [])),
        "decided": when(MOMENT),
    },
    f"{SHEET}/appeal": {"answer": "We looked again."},
}
INCIDENTS = "/teams/<team_id>/incidents"
GRADE = ("points", "possible", "solved", "outcomes", "repairs", "cells", "seconds")
FILES = {"/teams/<team_id>/log/export", f"{BOARD}.csv"}  # answered with a file where others lead on
# Who gets through; others of the team are refused (403), everybody else does not find it (404) or signs in first (302, 401).
MAY = {
    "/teams/<team_id>": {"owner", "manager", "reviewer", "author", "auditor"},
    "GET /teams/<team_id>/profile": {"owner", "manager", "reviewer", "author", "auditor"},
    "/teams/<team_id>/name": {"owner", "manager"},
    "POST /teams/<team_id>/profile": {"owner", "manager"},
    "/teams/<team_id>/profile/answers": {"owner", "manager"},
    "/teams/<team_id>/invites": {"owner"},
    "/teams/<team_id>/invites/<invite_id>/take-back": {"owner"},
    "/teams/<team_id>/members/<person_id>/role": {"owner"},
    "/teams/<team_id>/members/<person_id>/remove": {"owner"},
    "/teams/<team_id>/log": {"owner", "auditor"},
    "/teams/<team_id>/log/export": {"owner", "auditor"},
    "/teams/<team_id>/retention": {"owner", "manager"},
    INCIDENTS: {"owner", "manager"},
    f"{INCIDENTS}/quarantines/<quarantine_id>/lift": {"owner", "manager"},
    f"{INCIDENTS}/regrades/<regrade_id>": {"owner", "manager"},
    f"{INCIDENTS}/regrades/<regrade_id>/go-on": {"owner", "manager"},
    f"{INCIDENTS}/regrades/<regrade_id>/apply": {"owner", "manager"},
    f"{INCIDENTS}/regrades/<regrade_id>/withdraw": {"owner", "manager"},
    f"{CANDIDATE}/erase": {"owner", "manager"},
    "GET /teams/<team_id>/jobs": {"owner", "manager", "reviewer", "author", "auditor"},
    "GET /teams/<team_id>/jobs/<job_id>": {"owner", "manager", "reviewer", "author", "auditor"},
    "POST /teams/<team_id>/jobs": {"owner", "manager"},
    "POST /teams/<team_id>/jobs/<job_id>": {"owner", "manager"},
    "/teams/<team_id>/jobs/<job_id>/skills": {"owner", "manager"},
    "/teams/<team_id>/jobs/<job_id>/close": {"owner", "manager"},
    INVITATIONS: {"owner", "manager"},
    f"{INVITATIONS}/csv": {"owner", "manager"},
    f"{INVITATIONS}/<candidate_id>": {"owner", "manager"},
    f"{INVITATIONS}/<candidate_id>/resend": {"owner", "manager"},
    f"{INVITATIONS}/<candidate_id>/take-back": {"owner", "manager"},
    f"{INVITATIONS}/<candidate_id>/window": {"owner", "manager"},
    f"{INVITATIONS}/<candidate_id>/adjustment": {"owner", "manager"},
    f"GET {BLUEPRINT}": {"owner", "manager", "auditor"},
    f"POST {BLUEPRINT}": {"owner", "manager"},
    f"{BLUEPRINT}/versions/<int:version>": {"owner", "manager", "auditor"},
    f"{BLUEPRINT}/needs": {"owner", "manager"},
    f"{BLUEPRINT}/needs/<need_id>": {"owner", "manager"},
    f"{BLUEPRINT}/needs/<need_id>/remove": {"owner", "manager"},
    f"{BLUEPRINT}/needs/<need_id>/put-back": {"owner", "manager"},
    f"{BLUEPRINT}/exercises": {"owner", "manager"},
    f"{BLUEPRINT}/tasks": {"owner", "manager"},
    f"{BLUEPRINT}/tasks/<slug>/remove": {"owner", "manager"},
    f"{BLUEPRINT}/tasks/<slug>/move": {"owner", "manager"},
    f"{BLUEPRINT}/policies": {"owner", "manager"},
    f"{BLUEPRINT}/publish": {"owner", "manager"},
    f"{BLUEPRINT}/preview": {"owner", "manager"},
    f"{CANDIDATE}/time": {"owner", "manager"},
    f"{CANDIDATE}/grant": {"owner", "manager"},
    f"{CANDIDATE}/pause": {"owner", "manager"},
    f"{CANDIDATE}/reopen": {"owner", "manager"},
    f"{CANDIDATE}/problems/<problem_id>": {"owner", "manager"},
    MARKING: {"owner", "manager", "reviewer"},
    MARKED: {"owner", "manager", "reviewer"},
    f"{MARKED}/marks": {"owner", "manager", "reviewer"},
    f"{MARKED}/finish": {"owner", "manager", "reviewer"},
    f"{MARKED}/reopen": {"owner", "manager", "reviewer"},
    f"{MARKED}/reconcile": {"owner", "manager", "reviewer"},
    f"{MARKED}/unblind": {"owner", "manager"},
    BOARD: {"owner", "manager", "auditor"},
    f"{BOARD}/export": {"owner", "manager", "auditor"},
    f"{BOARD}.csv": {"owner", "manager", "auditor"},
    SHEET: {"owner", "manager", "auditor"},
    f"{SHEET}/decision": {"owner", "manager"},
    f"{SHEET}/appeal": {"owner", "manager"},
    f"{SHEET}/report": {"owner", "manager", "auditor"},
}


class Company:
    """A team with somebody in each role, another team, and people who are in neither."""

    def __init__(self, app: Flask, house: PlainHouse) -> None:
        self.app, self.house = app, house
        self.people = {name: Browser(app) for name in CAST}
        for name in CAST[:8]:
            self.people[name].sign_up(name, f"{name.replace(' ', '-')}@example.org")
        self.people["guest"].become_guest()
        self.let_candidate_in()
        self.team = self.made_by("owner")
        self.other = self.made_by("of another team")
        with house.sessions() as session:
            ids = {row.name: row.id for row in session.exec(select(Person)).all()}
            for name, role in zip(CAST[1:5], list(Role)[1:], strict=True):
                session.add(Member(team_id=self.team, person_id=ids[name], role=role, joined_at=MOMENT))
            session.get_one(Person, ids["operator"]).is_operator = True
            session.commit()
        self.ids = ids

    def let_candidate_in(self) -> None:
        """Somebody whose invitation of some job was opened, without an account."""
        with self.house.sessions() as session:
            hidden = Person(created_at=MOMENT)
            session.add(hidden)
            session.flush()
            token = open_session(session, hidden, MOMENT)
            session.commit()
        with self.people["candidate"].client.session_transaction() as cookie:
            cookie["candidate"] = [token]

    def made_by(self, name: str) -> str:
        address = self.people[name].post("/teams", {"name": f"Team of {name}"}).headers["Location"]
        return address.rpartition("/")[2]

    def invite(self) -> str:
        with self.house.sessions() as session:
            owner = seat_of(session, self.team, self.ids["owner"])
            made = invite_member(session, owner, "waiting@example.org", Role.reviewer, MOMENT)
            session.commit()
            return made.id

    def job(self) -> str:
        with self.house.sessions() as session:
            owner = seat_of(session, self.team, self.ids["owner"])
            made = open_job(session, owner, Wording("ML engineer", "You must know Python.", "ml_engineer"), MOMENT)
            session.commit()
            return made.id

    def blueprint(self, job_id: str, state: str = "draft") -> str:
        with self.house.sessions() as session:
            made = BlueprintRow(
                team_id=self.team,
                job_id=job_id,
                version=1,
                state=state,
                stated_minutes=60,
                tasks=[{"slug": "some-exercise"}],
                created_by=self.ids["owner"],
                created_at=MOMENT,
                changed_at=MOMENT,
            )
            session.add(made)
            session.commit()
            return made.id

    def draft(self, job_id: str, *, remove: bool) -> dict[str, str]:
        """A draft that could be published, with one need too many, removed or not; what stands in addresses for it."""
        with self.house.sessions() as session:
            owner, job = seat_of(session, self.team, self.ids["owner"]), session.get_one(HiringJob, job_id)
            sort_skills(session, owner, job, drafts.MUSTS, [], MOMENT)
            made = drafts.ready_draft(session, owner, job, MOMENT)
            need = add_need(session, owner, job, made, drafts.ARRAYS, MOMENT, floor=False).id
            if remove:
                remove_need(session, owner, job, made, need, MOMENT)
            session.commit()
            return {"<need_id>": need, "<slug>": drafts.CODING, "<int:version>": str(made.version)}

    def sitting(self, job_id: str) -> dict[str, str]:
        """A candidate whose clock runs and who reported a problem; what stands in addresses for them."""
        blueprint_id = self.blueprint(job_id)
        with self.house.sessions() as session:
            candidate = Candidate(
                team_id=self.team,
                job_id=job_id,
                blueprint_id=blueprint_id,
                code="Flint 03",
                adjustment="More time, please.",
                opens_at=MOMENT,
                closes_at=MOMENT + timedelta(days=7),
                invited_by=self.ids["owner"],
                created_at=MOMENT,
            )
            session.add(candidate)
            session.flush()
            sitting = Sitting(team_id=self.team, candidate_id=candidate.id, stated_minutes=60, started_at=MOMENT)
            session.add(sitting)
            session.flush()
            problem = ProblemReport(sitting_id=sitting.id, exercise_slug="some-exercise", text="Unclear.", at=MOMENT)
            session.add(problem)
            session.commit()
            return {"<candidate_id>": candidate.id, "<sitting_id>": sitting.id, "<problem_id>": problem.id}

    def handed_in(self, job_id: str, address: str, name: str) -> str:
        """A take-home that was handed in, marked as far as the address needs it, where `name` may mark. Returns the sitting."""
        with self.house.sessions() as session:
            seats = {each: seat_of(session, self.team, self.ids[each]) for each in CAST[:3]}
            job = session.get_one(HiringJob, job_id)
            here = rounds.publish(session, seats["owner"], job, MOMENT, slugs=("explain-overfitting-to-a-pm",))
            sitting = rounds.sat(session, here, "Flint 03", MOMENT)
            act = address.rpartition("/")[2]
            levels = {"owner": 5, "reviewer": 2} if act == "reconcile" else {name: 3} if act in ("finish", "reopen") else {}
            for each, level in levels.items():
                if each not in seats:
                    continue
                for line in lines_of(session, sitting):
                    give_mark(session, seats[each], sitting, line.key, level, "", MOMENT)
                if act != "finish":
                    finish_marking(session, seats[each], sitting, MOMENT)
            session.commit()
            return sitting.id

    def decided(self, sitting_id: str) -> None:
        """Handed in, decided and reported; the candidate asks for a second look."""
        with self.house.sessions() as session:
            sitting = session.get_one(Sitting, sitting_id)
            sitting.handed_in_at = MOMENT
            session.add(Decision(sitting_id=sitting_id, outcome="hold", by=self.ids["owner"], at=MOMENT))
            session.add(Appeal(sitting_id=sitting_id, text="Once more, please", at=MOMENT))
            session.flush()
            issue_report(session, sitting, signer_of("s" * 40, "http://localhost"), MOMENT)
            session.commit()

    def incident(self) -> dict[str, str]:
        """An exercise out of use, and a proposal to grade it again that was tried; what stands in addresses for them."""
        job_id, by = self.job(), self.ids["owner"]
        with self.house.sessions() as session:
            for row in session.exec(select(Quarantine)):
                session.delete(row)
            owner, job = seat_of(session, self.team, by), session.get_one(HiringJob, job_id)
            sitting = rounds.sat(session, rounds.publish(session, owner, job, MOMENT, (rounds.MARKED,)), "Flint 03", MOMENT)
            out = Quarantine(team_id=self.team, exercise_slug="some-exercise", reason="Broken.", by=by, at=MOMENT)
            [result] = rounds.graded(session, sitting, MOMENT)
            regrade = Regrade(
                exercise_slug=rounds.MARKED,
                exercise_digest=result.exercise_digest,
                environment="another",
                reason="Broken.",
                state="proposed",
                proposed_by=by,
                created_at=MOMENT,
            )
            session.add_all([out, regrade])
            session.flush()
            grade = {name: getattr(result, name) for name in GRADE}
            session.add(RegradeRow(regrade_id=regrade.id, submission_id=result.submission_id, result_id=result.id, grade=grade))
            session.add(TeamRegrade(regrade_id=regrade.id, team_id=self.team))
            session.commit()
            return {"<quarantine_id>": out.id, "<regrade_id>": regrade.id}

    def someone_to_lose(self) -> str:
        """A member for whoever removes or changes one; made anew, so that the rows of the table do not disturb each other."""
        with self.house.sessions() as session:
            person_id = self.ids["account"]
            if session.get(Member, (self.team, person_id)) is None:
                session.add(Member(team_id=self.team, person_id=person_id, role=Role.reviewer, joined_at=MOMENT))
                session.commit()
        return person_id

    def lose(self) -> None:
        with self.house.sessions() as session:
            found = session.get(Member, (self.team, self.ids["account"]))
            if found is not None:
                session.delete(found)
                session.commit()


@pytest.fixture
def company(app: Flask, house: PlainHouse) -> Company:
    return Company(app, house)


def test_every_route_for_every_person(company: Company) -> None:
    """The cells of the table: method and address, by person."""
    found: dict[tuple[str, str], int] = {}
    meant: dict[tuple[str, str], int] = {}
    for method, address in ROUTES:
        allowed = MAY.get(address) or MAY[f"{method} {address}"]
        for name in CAST:
            status = ask(company, method, address, name)
            found[f"{method} {address}", name] = status
            meant[f"{method} {address}", name] = (
                (200 if method == "GET" or address in FILES else 303) if name in allowed
                else 403 if name in CAST[1:5]
                else 404 if name in ("of another team", "account", "operator")
                else 302 if method == "GET" else 401
            )  # fmt: skip
    assert {cell: status for cell, status in found.items() if status != meant[cell]} == {}
    assert len(found) == len(ROUTES) * len(CAST) == 781


def ask(company: Company, method: str, address: str, name: str) -> int:
    wants_victim = "<person_id>" in address
    filled = address.replace("<team_id>", company.team)
    if wants_victim:
        filled = filled.replace("<person_id>", company.someone_to_lose() if name != "account" else company.ids["reviewer"])
    if "<invite_id>" in address:
        filled = filled.replace("<invite_id>", company.invite())
    if address.startswith(INCIDENTS):
        for variable, value in company.incident().items():
            filled = filled.replace(variable, value)
    if "<job_id>" in address:
        job_id = company.job()
        filled = filled.replace("<job_id>", job_id)
        if "<candidate_id>" in address or address.startswith((SHEET, BOARD)):
            made = company.sitting(job_id)
            if address.startswith(SHEET):
                company.decided(made["<sitting_id>"])
            for variable, value in made.items():
                filled = filled.replace(variable, value)
        elif "/marking/" in address:
            filled = filled.replace("<sitting_id>", company.handed_in(job_id, address, name))
        elif "/blueprint" in address:
            for variable, value in company.draft(job_id, remove="put-back" in address).items():
                filled = filled.replace(variable, value)
        elif "/invitations" in address:
            company.blueprint(job_id, "published")
    if name == "account":
        company.lose()
    browser = company.people[name]
    response = browser.get(filled) if method == "GET" else browser.post(filled, FORMS.get(address, {}))
    if response.status_code == 302:
        assert response.headers["Location"].startswith("/sign-in")
    company.lose()
    return response.status_code


def test_another_teams_things_answer_like_things_that_do_not_exist(company: Company) -> None:
    stranger = company.people["of another team"]
    invite = company.invite()
    for address in (f"/teams/{company.team}", "/teams/nothing"):
        assert stranger.get(address).status_code == 404
    crossed = f"/teams/{company.other}/invites/{invite}/take-back"
    assert stranger.post(crossed).status_code == 404
    assert stranger.post(f"/teams/{company.other}/members/{company.ids['owner']}/role", {"role": "author"}).status_code == 404


def test_a_job_of_another_team_does_not_exist(company: Company) -> None:
    job = company.job()
    stranger = company.people["of another team"]
    assert stranger.get(f"/teams/{company.other}/jobs/{job}").status_code == 404
    assert stranger.post(f"/teams/{company.other}/jobs/{job}/close").status_code == 404


def test_an_advert_is_read_corrected_and_kept(company: Company) -> None:
    owner = company.people["owner"]
    jobs = f"/teams/{company.team}/jobs"
    assert "No job yet" in owner.get(jobs).text
    wrong = owner.post(jobs, {"title": "", "role": "data_scientist", "advert": "Kept <b>words</b>"})
    assert wrong.status_code == 422
    assert "Give the job a title" in wrong.text and "several kinds of work" in wrong.text and "Kept &lt;b&gt;words" in wrong.text
    advert = "Requirements:\n- PhD and 7 years of Python\n\nNice to have\n- SQL\n\nYou will learn from us."
    job = owner.post(jobs, {"title": "ML engineer", "role": "ml_engineer", "advert": advert}).headers["Location"]
    page = owner.get(job).text
    assert "Line 2. A degree as a must" in page and "Line 2. 7 years measure time" in page
    assert owner.post(f"{job}/skills", {"SQL": "must", "Python": "wish"}).status_code == 303
    with company.house.sessions() as session:
        found = session.exec(select(HiringJob)).one()
        assert (found.musts, found.wishes) == (["SQL"], ["Python"])
    same = {"title": "Engineer", "role": "data_scientist", "composed_of": "analytics", "advert": advert}
    assert owner.post(job, same).status_code == 303
    with company.house.sessions() as session:
        found = session.exec(select(HiringJob)).one()
        assert (found.title, found.composed_of, found.musts) == ("Engineer", "analytics", ["SQL"])
    assert owner.post(job, {**same, "advert": "You must know Python and statistics."}).status_code == 303
    with company.house.sessions() as session:
        found = session.exec(select(HiringJob)).one()
        assert (found.musts, found.wishes) == (["SQL", "statistics"], ["Python"]), "what the team corrected stays"
    assert owner.post(f"{job}/skills", {"statistics": "must"}).status_code == 303
    assert owner.post(job, {**same, "advert": "You must know SQL."}).status_code == 303
    with company.house.sessions() as session:
        found = session.exec(select(HiringJob)).one()
        assert (found.musts, found.wishes) == (["SQL"], []), "what the team left as it was read follows the advert"
    assert owner.post(f"{job}/close").status_code == 303
    assert owner.post(f"{job}/close").status_code == 409
    assert "It stays here to be read" in owner.get(job).text


def test_from_no_team_to_a_member_who_joined(app: Flask, house: PlainHouse) -> None:
    olga, rita = Browser(app), Browser(app)
    olga.sign_up("Olga", "olga@example.org")
    assert "You are in no team yet" in olga.get("/teams").text
    assert olga.post("/teams", {"name": " "}).status_code == 422
    team = olga.post("/teams", {"name": "Forecasting"}).headers["Location"]
    assert "Answer six questions" in olga.get(team).text
    wrong = olga.post(f"{team}/invites", {"email": "rita", "role": "reviewer"})
    assert (wrong.status_code, 'value="rita"' in wrong.text) == (422, True)
    assert olga.post(f"{team}/invites", {"email": "rita@example.org", "role": "reviewer"}).status_code == 303
    assert "rita@example.org" in olga.get(team).text
    token = token_of(house)
    opened = rita.get(f"/join/{token}")
    assert (opened.status_code, opened.headers["Referrer-Policy"]) == (303, "no-referrer")
    assert "Sign in or create an account to answer" in rita.get("/join").text
    rita.sign_up("Rita", "rita@example.org")
    page = rita.get("/join").text
    assert "as <strong>reviewer</strong>" in page and "mark candidates" in page
    assert rita.post("/join", {"answer": "yes"}).headers["Location"] == team
    seen = rita.get(team).text
    assert "Forecasting" in seen and "Invite somebody" not in seen
    assert rita.get(f"/join/{token}").status_code == 303
    assert rita.get("/join").status_code == 409


def token_of(house: PlainHouse) -> str:
    with house.sessions() as session:
        invite = session.exec(select(MemberInvite)).one()
        message = invite_message(session, "http://localhost", invite.id, MOMENT)
        session.commit()
    assert message is not None
    return re.findall(r"/join/(\S+)", message.text)[0]


def test_the_profile_is_answered_shown_and_corrected(app: Flask, house: PlainHouse) -> None:
    olga = Browser(app)
    olga.sign_up("Olga", "olga@example.org")
    team = olga.post("/teams", {"name": "Forecasting"}).headers["Location"]
    unanswered = olga.post(f"{team}/profile/answers", {"people": "few"})
    assert (unanswered.status_code, unanswered.text.count("Choose one")) == (422, 10)
    assert olga.post(f"{team}/profile/answers", ANSWERS).status_code == 303
    assert "Ad-hoc" in olga.get(f"{team}/profile").text
    wrong = olga.post(f"{team}/profile", {"archetype": "zoo", "research": 1, "data": 1, "models": 1})
    assert (wrong.status_code, "Choose one of the five archetypes" in wrong.text) == (422, True)
    assert olga.post(f"{team}/profile", {"archetype": "ML first", "research": 4, "data": 4, "models": 4}).status_code == 303
    assert "+10 %: software or research" in olga.get(f"{team}/profile").text
    with house.sessions() as session:
        assert session.exec(select(Team)).one().archetype == "ML first"
