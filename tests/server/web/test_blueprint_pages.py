"""The pages of a blueprint: begun, filled, refused, published, read again, by whoever may."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from sqlmodel import Session, select

from server.accounts.tables import Person
from server.assessments.blueprints.job_openings import close_job, sort_skills
from server.assessments.blueprints.real_times import FEWEST
from server.assessments.blueprints.versions import list_versions, mark_previewed, needs_of, published_of
from server.assessments.tables.blueprints import BlueprintRow, HiringJob, NeedRow
from server.assessments.tables.teams import Member
from server.assessments.teams.rights import Role
from server.assessments.teams.seats import Seat, seat_of, set_profile
from tests import drafts, rounds
from tests.drafts import CODING, PAST, THEORY
from tests.people import MOMENT, Browser, PlainHouse

STRENGTH = {"kind": "coding", "topics": ["sql", "testing"], "level": "2", "minutes": "30", "percent": "70", "words": "Reads well"}
FLOOR = {**STRENGTH, "kind": "theory", "topics": ["metrics"], "floor": "yes", "level": "1", "must": "machine learning"}
RULES = {
    "stated_minutes": "90", "ai_policy": "required", "answer_days": "5", "appeal_days": "10", "markers": "1",
    "hard_window": "on", "about": "We forecast demand.", "contact": "dana@example.org",
}  # fmt: skip


class Desk:
    """Olga, who owns a team with one job, and the rows behind what she does."""

    def __init__(self, app: Flask, house: PlainHouse) -> None:
        self.app, self.house = app, house
        self.olga = Browser(app)
        self.olga.sign_up("Olga", "olga@example.org")
        self.team = self.olga.post("/teams", {"name": "Forecasting"}).headers["Location"].rpartition("/")[2]
        with house.sessions() as session:
            drafts.fill_bank(session, MOMENT)
            self.job = drafts.job_with_musts(session, self.seat(session), MOMENT).id
            session.commit()
        self.page = f"/teams/{self.team}/jobs/{self.job}/blueprint"

    def seat(self, session: Session) -> Seat:
        return seat_of(session, self.team, session.exec(select(Person).where(Person.name == "Olga")).one().id)

    def ready(self) -> None:
        with self.house.sessions() as session:
            drafts.ready_draft(session, self.seat(session), session.get_one(HiringJob, self.job), MOMENT)
            session.commit()

    def newest(self) -> BlueprintRow:
        with self.house.sessions() as session:
            return list_versions(session, session.get_one(HiringJob, self.job))[0]

    def needs(self) -> tuple[list[NeedRow], list[NeedRow]]:
        with self.house.sessions() as session:
            return needs_of(session, self.newest())

    def slugs(self) -> list[str]:
        return [task["slug"] for task in self.newest().tasks]

    def colleague(self, role: Role) -> Browser:
        browser = Browser(self.app)
        browser.sign_up(role.value, f"{role.name}@example.org")
        with self.house.sessions() as session:
            person = session.exec(select(Person).where(Person.name == role.value)).one()
            session.add(Member(team_id=self.team, person_id=person.id, role=role, joined_at=MOMENT))
            session.commit()
        return browser


@pytest.fixture
def desk(app: Flask, house: PlainHouse) -> Desk:
    return Desk(app, house)


def test_a_blueprint_begins_with_the_template_of_the_role(desk: Desk) -> None:
    assert f'href="{desk.page}">Make the blueprint' in desk.olga.get(desk.page.removesuffix("/blueprint")).text
    assert "No blueprint yet" in desk.olga.get(desk.page).text
    assert desk.olga.post(desk.page).headers["Location"] == desk.page
    page = desk.olga.get(desk.page).text
    assert "Coding on arrays, algorithms, testing or efficiency" in page
    assert "Version 1, draft, saved" in page and "Choose exercises that show what you look for." in page
    assert page.count("Written</th>") == 2 and "24 November" in page
    assert f'href="{desk.page}">Blueprint' in desk.olga.get(desk.page.removesuffix("/blueprint")).text
    desk.olga.post(desk.page)
    assert desk.newest().version == 1


def test_what_the_profile_of_the_team_moved_is_explained(desk: Desk) -> None:
    desk.olga.post(desk.page)
    assert "Six questions about your organisation" in desk.olga.get(desk.page).text
    with desk.house.sessions() as session:
        set_profile(session, desk.seat(session), "embedded in products", {"research": 1, "data": 2, "models": 4}, MOMENT)
        session.commit()
    page = desk.olga.get(desk.page).text
    assert "because your team is embedded in products" in page
    assert "60 minutes become 75 (+20 %: embedded in products; +5 %: software or research)" in page


def test_a_strength_is_added_changed_removed_and_put_back(desk: Desk) -> None:
    desk.olga.post(desk.page)
    assert "Add a strength</h3>" in desk.olga.get(f"{desk.page}?add=strength").text
    added = desk.olga.post(f"{desk.page}/needs", STRENGTH)
    assert (added.status_code, added.headers["Location"]) == (303, f"{desk.page}#strengths")
    need = desk.needs()[0][-1]
    assert (need.kind, need.topics, need.share, need.words, need.must) == ("coding", ["sql", "testing"], 0.7, "Reads well", "")
    form = desk.olga.get(f"{desk.page}?need={need.id}").text
    assert "Change this strength" in form and 'value="Reads well"' in form
    assert form.count('name="topics" value="sql" checked') == 1
    assert desk.olga.post(f"{desk.page}/needs/{need.id}", {**STRENGTH, "percent": "80"}).status_code == 303
    assert "Changed, and dated anew" in desk.olga.get(desk.page).text
    desk.olga.post(f"{desk.page}/needs/{need.id}", {**STRENGTH, "percent": "80"})
    assert "Nothing was changed, so it keeps its date" in desk.olga.get(desk.page).text
    gone = desk.olga.post(f"{desk.page}/needs/{need.id}/remove").headers["Location"]
    assert gone == f"{desk.page}?removed={need.id}#undo"
    assert "Removed: Coding on SQL or testing." in desk.olga.get(gone.split("#")[0]).text
    assert len(desk.needs()[0]) == 3
    assert desk.olga.post(f"{desk.page}/needs/{need.id}/put-back").status_code == 303
    assert desk.needs()[0][-1].share == 0.8
    assert "Removed:" not in desk.olga.get(gone.split("#")[0]).text
    assert desk.olga.post(f"{desk.page}/needs/{need.id}/put-back").status_code == 404
    assert desk.olga.get(f"{desk.page}?need=nothing&removed=nothing&dropped=nothing&place=x&add=zoo").status_code == 200


def test_a_floor_names_a_must_have(desk: Desk) -> None:
    desk.olga.post(desk.page)
    refused = desk.olga.post(f"{desk.page}/needs", {**FLOOR, "must": ""})
    assert (refused.status_code, "Name the must-have" in refused.text) == (422, True)
    assert desk.olga.post(f"{desk.page}/needs", FLOOR).headers["Location"] == f"{desk.page}#floors"
    assert desk.needs()[1][-1].must == "machine learning"
    with desk.house.sessions() as session:
        sort_skills(session, desk.seat(session), session.get_one(HiringJob, desk.job), [], [], MOMENT)
        session.commit()
    assert 'id="must"' not in desk.olga.get(f"{desk.page}?add=floor").text
    assert desk.olga.post(f"{desk.page}/needs", {**FLOOR, "must": ""}).status_code == 303


@pytest.mark.parametrize(("change", "field", "told"), [
    ({"percent": "101"}, "percent", "from 1 to 100"), ({"percent": "lots"}, "percent", "from 1 to 100"),
    ({"percent": "0"}, "percent", "from 1 to 100"), ({"minutes": "0"}, "minutes", "from 1 to 240"),
    ({"minutes": "-5"}, "minutes", "from 1 to 240"), ({"minutes": "9" * 30}, "minutes", "from 1 to 240"),
    ({"kind": "juggling"}, "kind", "Choose a kind"), ({"topics": ["juggling"]}, "topics", "Not on the list of topics: juggling"),
    ({"level": "7"}, "level", "Choose a level"), ({"words": "<b>" * 200}, "words", "at most 300"),
])  # fmt: skip
def test_a_wrong_need_is_told_beside_its_field_and_what_was_typed_stays(
    desk: Desk, change: dict[str, Any], field: str, told: str
) -> None:
    desk.olga.post(desk.page)
    need = desk.needs()[0][0].id
    for address in (f"{desk.page}/needs", f"{desk.page}/needs/{need}"):
        answer = desk.olga.post(address, {**STRENGTH, "words": "Kept <words>", **change})
        assert answer.status_code == 422
        assert answer.text.count(told) == 2
        assert f'<a href="#{field}">' in answer.text and f'id="{field}-error"' in answer.text
        assert "Kept &lt;words&gt;" in answer.text or field == "words"
        assert "<b><b>" not in answer.text
        assert answer.text.count('value="sql" checked') == (0 if field == "topics" else 1)
    assert len(desk.needs()[0]) == 3
    assert desk.newest().changed_at == MOMENT


def test_exercises_are_chosen_from_the_bank_put_in_order_and_put_back(desk: Desk) -> None:
    desk.olga.post(desk.page)
    chooser = desk.olga.get(f"{desk.page}/exercises?kind=coding").text
    assert "3 results" in chooser and chooser.count(">Add<") == 3
    again = f"{desk.page}/exercises?kind=coding"
    assert desk.olga.post(f"{desk.page}/tasks", {"slug": CODING, "next": again}).headers["Location"] == again
    chooser = desk.olga.get(again).text
    assert (chooser.count(">Add<"), chooser.count("In the blueprint</span>")) == (2, 1)
    assert desk.olga.post(f"{desk.page}/tasks", {"slug": THEORY, "next": "//evil.example"}).headers["Location"] == (
        f"{desk.page}#exercises"
    )
    desk.olga.post(f"{desk.page}/tasks", {"slug": PAST})
    assert desk.olga.post(f"{desk.page}/tasks/{PAST}/move", {"way": "up"}).status_code == 303
    assert desk.olga.post(f"{desk.page}/tasks/{CODING}/move", {"way": "down"}).status_code == 303
    assert desk.slugs() == [PAST, CODING, THEORY]
    gone = desk.olga.post(f"{desk.page}/tasks/{CODING}/remove").headers["Location"]
    shown = desk.olga.get(gone.split("#")[0]).text
    assert "Removed: Cross-entropy that survives huge logits." in shown and 'name="place" value="1"' in shown
    desk.olga.post(f"{desk.page}/tasks", {"slug": CODING, "place": "1"})
    assert desk.slugs() == [PAST, CODING, THEORY]
    desk.olga.post(f"{desk.page}/tasks/{PAST}/remove")
    desk.olga.post(f"{desk.page}/tasks", {"slug": PAST, "place": "-" + "9" * 30})
    assert desk.slugs() == [PAST, CODING, THEORY]
    desk.olga.post(f"{desk.page}/tasks/{THEORY}/remove")
    desk.olga.post(f"{desk.page}/tasks", {"slug": THEORY, "place": "9" * 30})
    assert desk.slugs() == [PAST, CODING, THEORY]
    page = desk.olga.get(desk.page).text
    assert "Removed:" not in desk.olga.get(gone.split("#")[0]).text
    assert page.count('<span class="proof">Proven</span>') == 3
    assert "60 of at most 240 minutes: past projects 25, coding 25, theory 10" in page
    assert "Kinds used: 3 of 8" in page


def test_an_exercise_twice_or_one_that_there_is_not(desk: Desk) -> None:
    desk.olga.post(desk.page)
    desk.olga.post(f"{desk.page}/tasks", {"slug": CODING})
    twice = desk.olga.post(f"{desk.page}/tasks", {"slug": CODING})
    assert (twice.status_code, twice.text.count("This exercise is in the blueprint already")) == (422, 2)
    assert desk.olga.post(f"{desk.page}/tasks", {"slug": "nothing"}).status_code == 404
    assert desk.olga.post(f"{desk.page}/tasks").status_code == 404
    assert desk.olga.post(f"{desk.page}/tasks/{THEORY}/remove").status_code == 404
    assert desk.olga.post(f"{desk.page}/tasks/{THEORY}/move", {"way": "up"}).status_code == 404
    assert desk.slugs() == [CODING]


def test_what_nothing_shows_yet_comes_with_what_would(desk: Desk) -> None:
    desk.olga.post(desk.page)
    page = desk.olga.get(desk.page).text
    suggested = re.findall(r'name="slug" value="([^"]+)"', page)
    assert CODING in suggested and "churn-baseline-to-model" in suggested
    for slug in suggested:
        if slug not in desk.slugs():
            desk.olga.post(f"{desk.page}/tasks", {"slug": slug})
    assert "Nothing shows this yet" not in desk.olga.get(desk.page).text
    desk.olga.post(f"{desk.page}/needs", {**STRENGTH, "topics": ["vision"]})
    assert "The bank has no exercise for it" in desk.olga.get(desk.page).text


def test_a_search_without_results_says_what_to_do(desk: Desk) -> None:
    desk.olga.post(desk.page)
    page = desk.olga.get(f"{desk.page}/exercises?q=zebra&kind=coding&state=solved&page=99").text
    assert "No exercise matches" in page and f'href="{desk.page}/exercises">Clear all filters' in page


def test_more_than_four_hours_are_red(desk: Desk) -> None:
    desk.olga.post(desk.page)
    for slug in ("demand-forecast-with-interval", "churn-baseline-to-model"):
        desk.olga.post(f"{desk.page}/tasks", {"slug": slug})
    page = desk.olga.get(desk.page).text
    assert '<p class="status failed">More than four hours</p>' in page
    assert page.count('fill="var(--fail)"') == 1
    assert "State at least 270, or choose less work." in page


def test_time_and_rules_are_saved_and_told_back(desk: Desk) -> None:
    desk.olga.post(desk.page)
    assert desk.olga.post(f"{desk.page}/policies", RULES).headers["Location"] == f"{desk.page}#rules"
    row = desk.newest()
    assert (row.stated_minutes, row.ai_policy, row.answer_days, row.appeal_days, row.markers) == (90, "required", 5, 10, 1)
    assert (row.hard_window, row.about, row.contact) == (True, "We forecast demand.", "dana@example.org")
    page = desk.olga.get(desk.page).text
    assert 'value="required" checked' in page and "We forecast demand.</textarea>" in page
    desk.olga.post(f"{desk.page}/policies", {name: value for name, value in RULES.items() if name != "hard_window"})
    assert desk.newest().hard_window is False


def test_what_somebody_else_wrote_meanwhile_stays_and_what_both_wrote_is_told(desk: Desk) -> None:
    desk.olga.post(desk.page)
    desk.olga.post(f"{desk.page}/policies", {**RULES, "about": "One\r\ntwo"})
    opened = re.findall(r'name="(was_\w+)" value="([^"]*)"', desk.olga.get(desk.page).text)
    assert dict(opened)["was_about"] == "One\ntwo"
    shown = {name: value.replace("\n", "\r\n") for name, value in opened}
    desk.olga.post(f"{desk.page}/policies", {**RULES, **shown, "about": "Hers"})
    on_the_older_page = {**RULES, **shown, "about": "One\r\ntwo", "contact": "lena@example.org"}
    assert desk.olga.post(f"{desk.page}/policies", on_the_older_page).status_code == 303
    assert (desk.newest().about, desk.newest().contact) == ("Hers", "lena@example.org")

    refused = desk.olga.post(f"{desk.page}/policies", {**on_the_older_page, "about": "Mine"})
    assert refused.status_code == 422
    assert "The team changed this while your page was open, to “Hers”" in refused.text
    assert "Mine</textarea>" in refused.text and desk.newest().about == "Hers"
    again = dict(re.findall(r'name="(was_\w+)" value="([^"]*)"', refused.text))
    assert desk.olga.post(f"{desk.page}/policies", {**on_the_older_page, **again, "about": "Mine"}).status_code == 303
    assert desk.newest().about == "Mine"


@pytest.mark.parametrize(("change", "field", "told"), [
    ({"stated_minutes": "0"}, "stated_minutes", "a whole number above 0"),
    ({"stated_minutes": "an hour"}, "stated_minutes", "a whole number above 0"),
    ({"ai_policy": "zoo"}, "ai_policy", "one of the four rules"), ({"markers": "3"}, "markers", "One or two people"),
    ({"answer_days": "0"}, "answer_days", "from 1 to 90"), ({"appeal_days": ""}, "appeal_days", "from 1 to 90"),
    ({"about": "x" * 3_001}, "about", "at most 3,000"), ({"contact": "x" * 201}, "contact", "At most 200"),
])  # fmt: skip
def test_a_wrong_rule_is_told_beside_its_field(desk: Desk, change: dict[str, str], field: str, told: str) -> None:
    desk.olga.post(desk.page)
    answer = desk.olga.post(f"{desk.page}/policies", {**RULES, **change})
    assert (answer.status_code, answer.text.count(told)) == (422, 2)
    assert f'<a href="#{field}">' in answer.text and f'id="{field}-error"' in answer.text
    assert field == "about" or "We forecast demand.</textarea>" in answer.text
    assert desk.newest().contact == ""


def test_publishing_waits_until_nothing_blocks_and_then_nothing_changes(desk: Desk) -> None:
    desk.olga.post(desk.page)
    refused = desk.olga.post(f"{desk.page}/publish")
    assert refused.status_code == 409
    blocking = refused.text.count('<span class="status failed">To do</span>')
    assert blocking == 3
    summary = refused.text.split('class="error-summary"')[1].split("</div>")[0]
    assert summary.count("<li>") == blocking and 'id="problem-1"' in refused.text
    desk.ready()
    assert desk.olga.post(f"{desk.page}/publish").status_code == 303
    page = desk.olga.get(desk.page).text
    assert "Version 1, published on 24 November" in page
    assert "Before it is published" not in page and "/needs" not in page and f"{desk.page}/publish" not in page
    assert "Begin a new version" in page and "90 minutes" in page
    need = desk.needs()[0][0].id
    for address, form in (
        ("/publish", {}), ("/needs", STRENGTH), (f"/needs/{need}/remove", {}), ("/tasks", {"slug": PAST}), ("/policies", RULES),
    ):  # fmt: skip
        answer = desk.olga.post(desk.page + address, form)
        assert (answer.status_code, "does not change any more" in answer.text) == (409, True)
    assert desk.olga.get(f"{desk.page}/exercises").headers["Location"] == desk.page


def test_versions_are_kept_and_read(desk: Desk) -> None:
    desk.ready()
    desk.olga.post(f"{desk.page}/publish")
    desk.olga.post(desk.page)
    assert "Version 2 is a draft" in desk.olga.get(desk.page).text
    assert [row.written_at for row in desk.needs()[0]] == [MOMENT]
    desk.olga.post(f"{desk.page}/tasks/{PAST}/remove")
    with desk.house.sessions() as session:
        mark_previewed(session, session.get_one(BlueprintRow, desk.newest().id), MOMENT)
        session.commit()
    assert desk.olga.post(f"{desk.page}/publish").status_code == 303
    page = desk.olga.get(desk.page).text
    assert f'<a href="{desk.page}/versions/1">Version 1</a>, replaced, published on 24 November' in page
    first = desk.olga.get(f"{desk.page}/versions/1").text
    assert "Version 1, published on 24 November, replaced since" in first and "Three decisions and what they cost" in first
    assert "<form" not in first.split("<main")[1].split("</main>")[0]
    assert "Three decisions and what they cost" not in page
    for version in ("0", "3", "99999999999999999999"):
        assert desk.olga.get(f"{desk.page}/versions/{version}").status_code == 404
    with desk.house.sessions() as session:
        found = published_of(session, session.get_one(HiringJob, desk.job))
    assert found is not None
    assert found.version == 2


def test_who_may_not_hire_reads_without_forms_or_not_at_all(desk: Desk) -> None:
    auditor = desk.colleague(Role.auditor)
    assert "An owner or a hiring manager can begin one" in auditor.get(desk.page).text
    desk.ready()
    page = auditor.get(desk.page).text
    assert "Version 1, draft" in page and "Strengths we expect" in page
    assert "<form" not in page.split("<main")[1].split("</main>")[0]
    reviewer = desk.colleague(Role.reviewer)
    assert reviewer.get(desk.page).status_code == 403
    assert f'href="{desk.page}"' not in reviewer.get(desk.page.removesuffix("/blueprint")).text


def test_the_blueprint_of_a_closed_job_is_read_only(desk: Desk) -> None:
    desk.ready()
    with desk.house.sessions() as session:
        close_job(session, desk.seat(session), session.get_one(HiringJob, desk.job), MOMENT)
        session.commit()
    page = desk.olga.get(desk.page).text
    assert "The job was closed on 24 November" in page
    assert "<form" not in page.split("<main")[1].split("</main>")[0]
    assert desk.olga.post(f"{desk.page}/publish").status_code == 409
    assert desk.olga.post(f"{desk.page}/needs", STRENGTH).status_code == 409


def test_needs_and_versions_of_another_job_are_not_found_through_this_one(desk: Desk, app: Flask) -> None:
    desk.ready()
    need = desk.needs()[0][0].id
    with desk.house.sessions() as session:
        other = drafts.job_with_musts(session, desk.seat(session), MOMENT).id
        session.commit()
    there = f"/teams/{desk.team}/jobs/{other}/blueprint"
    desk.olga.post(there)
    for act in ("", "/remove", "/put-back"):
        assert desk.olga.post(f"{there}/needs/{need}{act}", STRENGTH).status_code == 404
    stranger = Browser(app)
    stranger.sign_up("Sam", "sam@example.org")
    foreign = stranger.post("/teams", {"name": "Others"}).headers["Location"]
    for address in (desk.page, desk.page.replace(f"/teams/{desk.team}", foreign), f"{desk.page}/versions/1"):
        assert stranger.get(address).status_code == 404
    assert stranger.post(f"{desk.page}/needs/{need}/remove").status_code == 404
    assert len(desk.needs()[0]) == 1


def test_medians_and_exposure_of_enough_people_are_shown(desk: Desk) -> None:
    desk.ready()
    with desk.house.sessions() as session:
        here = rounds.make_round(session, MOMENT, (CODING,), "Others")
        for number in range(FEWEST):
            sitting = rounds.sat(session, here, f"Flint {number}", MOMENT)
            rounds.graded(session, sitting, MOMENT)
        for number in range(10):
            person = rounds.join(session, here.team, Role.author, MOMENT, f"Person {number}").member.person_id
            drafts.practise(session, person, CODING if number < 4 else PAST, MOMENT)
        session.commit()
    page = desk.olga.get(desk.page).text
    assert "25 min, people need 60" in page and "medians where known" in page
    assert '<span class="status due">Seen by 40 %</span>' in page
    assert '<span class="status passed">Low exposure</span>' in page
    assert "95 of at most 240 minutes: coding 60, theory 10, past projects 25" in page
    assert "90 minutes are stated, people need 95" in page


def test_the_page_of_a_need_that_was_removed_meanwhile(desk: Desk) -> None:
    desk.olga.post(desk.page)
    need = desk.needs()[0][0].id
    assert desk.olga.post(f"{desk.page}/needs/{need}/remove").status_code == 303
    assert "Change this strength" not in desk.olga.get(f"{desk.page}?need={need}").text
    gone = desk.olga.post(f"{desk.page}/needs/{need}", STRENGTH)
    assert (gone.status_code, "Somebody may have removed it" in gone.text) == (404, True)
