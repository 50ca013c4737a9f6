"""The team's pages of invitations: one, many, where each stands, another mail, another window, an answer, back."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import event
from sqlmodel import Session, select

from server.accounts.tables import Person
from server.assessments.invitations.candidates import Invitee, invite
from server.assessments.invitations.mail import note_bounce, note_sent
from server.assessments.sittings.candidate_acts import ask_adjustment
from server.assessments.tables.blueprints import BlueprintRow, HiringJob
from server.assessments.tables.invitations import Candidate
from server.assessments.tables.teams import Member, Team
from server.assessments.teams.rights import Role
from server.assessments.teams.seats import Seat
from server.audit.log import entries
from server.queue.tables import Job
from tests import rounds
from tests.people import MOMENT, Browser, PlainHouse
from tests.server.web.conftest import Clock

DAY = timedelta(days=1)
CANARY = {"name": "Canary Quill", "email": "canary.quill@example.org", "notes": "Canary College"}


class Desk:
    """Olga, who owns a team whose job has a published blueprint, and what she invites with."""

    def __init__(self, app: Flask, house: PlainHouse) -> None:
        self.house, self.browser = house, Browser(app)
        self.browser.sign_up("Olga", "olga@example.org")
        with house.sessions() as session:
            here = rounds.make_round(session, MOMENT)
            olga = session.exec(select(Person).where(Person.email == "olga@example.org")).one()
            session.add(Member(team_id=here.team.id, person_id=olga.id, role=Role.owner, joined_at=MOMENT))
            session.commit()
            self.team, self.job, self.blueprint = here.team.id, here.job.id, here.blueprint.id
            self.me = olga.id
        self.round = here

    @property
    def root(self) -> str:
        return f"/teams/{self.team}/jobs/{self.job}/invitations"

    def candidates(self) -> list[Candidate]:
        with self.house.sessions() as session:
            return list(session.exec(select(Candidate).order_by(Candidate.email)))

    def one(self) -> Candidate:
        return self.candidates()[0]

    def seat(self, session: Session) -> Seat:
        return Seat(session.get_one(Team, self.team), session.get_one(Member, (self.team, self.me)))

    def invite(self, email: str = "mira@example.org", **more: str) -> str:
        with self.house.sessions() as session:
            job, blueprint = session.get_one(HiringJob, self.job), session.get_one(BlueprintRow, self.blueprint)
            made = invite(session, self.seat(session), job, blueprint, Invitee(email=email, **more), MOMENT)  # type: ignore[arg-type]
            note_sent(session, made.id, MOMENT)
            session.commit()
            return made.id

    def change(self, **values: object) -> None:
        with self.house.sessions() as session:
            blueprint = session.get_one(BlueprintRow, self.blueprint)
            for name, value in values.items():
                setattr(blueprint, name, value)
            session.add(blueprint)
            session.commit()


@pytest.fixture
def desk(app: Flask, house: PlainHouse) -> Desk:
    return Desk(app, house)


def test_from_nobody_to_the_first_invitation(desk: Desk) -> None:
    page = desk.browser.get(desk.root).text
    assert "Nobody is invited yet" in page and "120 minutes" in page and "the-link-of-this-candidate" in page
    values = {"email": "Mira@Example.org", "name": "Mira", "closes": "2026-12-04T18:00", "extra_percent": "25", "source": "arXiv"}
    sent = desk.browser.post(desk.root, {**values, "notes": "PhD", "opens": ""})
    assert (sent.status_code, sent.headers["Location"]) == (303, desk.root)
    made = desk.one()
    assert (made.email, made.name, made.extra_percent, made.source, made.notes) == (
        "mira@example.org",
        "Mira",
        25,
        "arXiv",
        "PhD",
    )
    assert f"{made.closes_at:%Y-%m-%d %H:%M}" == "2026-12-04 18:00"
    assert desk.house.woken == 1
    page = desk.browser.get(desk.root).text
    assert "mira@example.org is invited" in page and "Waiting" in page
    with desk.house.sessions() as session:
        assert len(session.exec(select(Job)).all()) == 1


def test_what_is_wrong_is_said_beside_the_field_and_what_was_typed_stays(desk: Desk) -> None:
    values = {"email": "mira", "name": "<b>Mira", "closes": "2020-01-01", "extra_percent": "many", "notes": "kept notes"}
    answer = desk.browser.post(desk.root, values)
    assert answer.status_code == 422
    assert 'value="&lt;b&gt;Mira"' in answer.text and "kept notes" in answer.text and "whole number of percent" in answer.text
    assert "with an @" in answer.text
    again = desk.browser.post(desk.root, {**values, "email": "mira@example.org", "extra_percent": "301"})
    for words in ("This moment is over", "From 0 to 300"):
        assert words in again.text, words
    assert desk.candidates() == []


@pytest.mark.parametrize(
    ("closes", "opens", "said"),
    [
        ("2026-12-04T18:00", "2026-12-04T18:00", "must close after it opens"),
        ("2026-12-04T18:00", "2026-12-05T18:00", "must close after it opens"),
        ("soon", "", "Write it like"),
    ],
)
def test_windows_that_nobody_can_use_are_refused(desk: Desk, closes: str, opens: str, said: str) -> None:
    answer = desk.browser.post(desk.root, {"email": "mira@example.org", "closes": closes, "opens": opens})
    assert (answer.status_code, said in answer.text) == (422, True)


def test_nobody_is_invited_twice_not_even_oneself(desk: Desk) -> None:
    for email in ("mira@example.org", "olga@example.org"):
        assert desk.browser.post(desk.root, {"email": email}).status_code == 303
        answer = desk.browser.post(desk.root, {"email": email.upper()})
        assert (answer.status_code, "Already invited on 24 November 2026" in answer.text) == (422, True)
    assert len(desk.candidates()) == 2


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"state": "draft"}, "blueprint first"),
        ({"stated_minutes": 0}, "does not say: time needed"),
        ({"ai_policy": ""}, "does not say: tools of ai"),
        ({"answer_days": 0}, "does not say: next step"),
    ],
)
def test_what_is_not_complete_is_told_and_nothing_can_be_sent(desk: Desk, changes: dict[str, object], said: str) -> None:
    desk.change(**changes)
    page = desk.browser.get(desk.root).text
    assert said in page and "Send the invitation" not in page
    assert f'href="/teams/{desk.team}/jobs/{desk.job}/blueprint"' in page
    assert desk.browser.post(desk.root, {"email": "mira@example.org"}).status_code == 409
    assert desk.browser.post(f"{desk.root}/csv", {"csv": "email\nmira@example.org"}).status_code == 409
    assert desk.candidates() == []


def test_a_closed_job_shows_who_was_invited_and_takes_nobody_more(desk: Desk) -> None:
    desk.invite()
    desk.browser.post(f"/teams/{desk.team}/jobs/{desk.job}/close")
    page = desk.browser.get(desk.root).text
    assert "This job is closed" in page and "mira@example.org" in page and "Invite somebody" not in page
    assert desk.browser.post(desk.root, {"email": "new@example.org"}).status_code == 409


def test_a_list_invites_the_good_rows_and_shows_the_others_alone(desk: Desk) -> None:
    text = 'email;name\r\na@example.org;Ann\r\nwrong;<script>alert(1)</script>\r\nb@example.org;Bo\r\na@example.org;"=1+1"\r\n'
    answer = desk.browser.post(f"{desk.root}/csv", {"csv": text})
    assert answer.status_code == 422
    assert "2 people are invited, 2 rows need you" in answer.text
    assert "<script>alert" not in answer.text
    field = re.search(r'<textarea[^>]*id="csv"[^>]*>\n(.*?)</textarea>', answer.text, re.DOTALL)
    assert field is not None
    assert field.group(1) == "email;name\nwrong;&lt;script&gt;alert(1)&lt;/script&gt;\na@example.org;&#34;=1+1&#34;"
    assert [candidate.email for candidate in desk.candidates()] == ["a@example.org", "b@example.org"]
    mended = desk.browser.post(f"{desk.root}/csv", {"csv": "email;name\nright@example.org;Ro\nc@example.org;x"})
    assert (mended.status_code, mended.headers["Location"]) == (303, desk.root)
    assert "2 people are invited. The mails leave" in desk.browser.get(desk.root).text


def test_a_file_is_read_as_a_pasted_list_is(desk: Desk) -> None:
    data = "\ufeffE-mail,Name\nmira@example.org,Mira Ñ\n".encode()
    sent = desk.browser.post(f"{desk.root}/csv", {"csv": "", "file": (io.BytesIO(data), "people.csv")})
    assert sent.status_code == 303
    assert [(each.email, each.name) for each in desk.candidates()] == [("mira@example.org", "Mira Ñ")]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ("email,name\nmira@example.org,Jos\xe9\n".encode("latin-1"), "looks like Latin-1"),
        (b"name\nMira\n", "one of them is email"),
        (b"", "nothing in it"),
        (b"email,name\n", "names nobody"),
        (b"\x00\x01\x02\xff\xfe", "UTF-8"),
        (b"PK\x03\x04 a spreadsheet, not CSV", "one of them is email"),
        (b"email\n" + b"".join(b"p%d@example.org\n" % number for number in range(1_001)), "At most 1,000 people"),
    ],
)
def test_a_wrong_file_is_refused_whole_with_what_to_do(desk: Desk, data: bytes, said: str) -> None:
    answer = desk.browser.post(f"{desk.root}/csv", {"csv": "", "file": (io.BytesIO(data), "people.csv")})
    assert (answer.status_code, said in answer.text) == (422, True)
    assert desk.candidates() == []


def test_a_file_that_is_too_large_is_refused_whole(desk: Desk) -> None:
    """The body is written by hand: the test client leaves its own temporary file of a large one open."""
    desk.browser.get(desk.root)
    parts = {
        "csrf_token": ("", desk.browser.csrf),
        "csv": ("", ""),
        "file": ('; filename="people.csv"', "email\n" + "x" * 1_000_000),
    }
    body = "".join(
        f'--edge\r\nContent-Disposition: form-data; name="{name}"{more}\r\n\r\n{value}\r\n'
        for name, (more, value) in parts.items()
    )
    kind = "multipart/form-data; boundary=edge"
    answer = desk.browser.client.post(f"{desk.root}/csv", data=f"{body}--edge--\r\n".encode(), content_type=kind)
    assert (answer.status_code, "1,000,000 bytes" in answer.text) == (422, True)


def test_a_file_and_pasted_rows_at_once_are_not_guessed_about(desk: Desk) -> None:
    data = {"csv": "email\nkept@example.org", "file": (io.BytesIO(b"email\nother@example.org"), "people.csv")}
    answer = desk.browser.post(f"{desk.root}/csv", data)
    assert (answer.status_code, "not both" in answer.text, "kept@example.org" in answer.text) == (422, True, True)
    assert desk.candidates() == []


def test_the_list_is_filtered_by_state_with_counts(desk: Desk, clock: Clock) -> None:
    ids = [desk.invite(f"p{number}@example.org") for number in range(3)]
    with desk.house.sessions() as session:
        note_bounce(session, ids[0], "550 no such person", MOMENT)
        session.get_one(Candidate, ids[1]).opened_at = MOMENT
        session.commit()
    page = desk.browser.get(desk.root).text
    for chip in ("All", "Bounced", "Opened", "Sent"):
        assert re.search(rf'{chip} <span class="count">{3 if chip == "All" else 1}</span>', page), chip
    assert "Started <span" not in page
    bounced = desk.browser.get(f"{desk.root}?state=bounced").text
    assert "p0@example.org" in bounced and "p1@example.org" not in bounced
    assert "Nobody is in this state" in desk.browser.get(f"{desk.root}?state=started").text
    assert "p1@example.org" in desk.browser.get(f"{desk.root}?state=nonsense&page=nonsense").text
    clock.moment = MOMENT + 15 * DAY
    assert 'Expired <span class="count">3</span>' in desk.browser.get(desk.root).text


def test_a_long_list_has_pages(desk: Desk) -> None:
    rows = "\n".join(f"p{number:03}@example.org" for number in range(250))
    assert desk.browser.post(f"{desk.root}/csv", {"csv": f"email\n{rows}"}).status_code == 303
    seen = [
        set(re.findall(r">(p\d{3}@example.org)</a>", desk.browser.get(f"{desk.root}?page={page}").text)) for page in (1, 2, 3)
    ]
    assert [len(each) for each in seen] == [100, 100, 50]
    assert len(set.union(*seen)) == 250
    assert desk.browser.get(f"{desk.root}?page=99").status_code == 200


def test_a_list_of_a_thousand_asks_the_database_as_little_as_a_list_of_one(desk: Desk, house: PlainHouse) -> None:
    desk.invite("first@example.org")
    desk.browser.get(desk.root)
    few = statements(desk, house)
    rows = "\n".join(f"p{number}@example.org" for number in range(999))
    desk.browser.post(f"{desk.root}/csv", {"csv": f"email\n{rows}"})
    assert statements(desk, house) == few


def statements(desk: Desk, house: PlainHouse) -> int:
    count = 0

    def note(*_: object) -> None:
        nonlocal count
        count += 1

    engine = house.sessions.kw["bind"]
    event.listen(engine, "before_cursor_execute", note)
    assert desk.browser.get(desk.root).status_code == 200
    event.remove(engine, "before_cursor_execute", note)
    return count


def test_one_invitation_is_sent_again_changed_and_taken_back(desk: Desk, clock: Clock) -> None:
    one = f"{desk.root}/{desk.invite('mira@example.org', name='Mira', notes='Met at a fair')}"
    page = desk.browser.get(one).text
    assert "Met at a fair" in page and "nobody has opened the link yet" in page
    assert desk.browser.post(f"{one}/resend").headers["Location"] == one
    assert "The earlier link stops working then" in desk.browser.get(one).text
    values = {"opens": "2026-11-24T09:00", "closes": "2026-12-20", "extra_percent": "50 %"}
    assert desk.browser.post(f"{one}/window", values).status_code == 303
    made = desk.one()
    assert (f"{made.closes_at:%Y-%m-%d %H:%M}", made.extra_percent, made.opens_at) == ("2026-12-20 23:59", 50, MOMENT)
    wrong = desk.browser.post(f"{one}/window", {**values, "closes": "2026-11-23T09:00", "extra_percent": "x"})
    assert (wrong.status_code, 'value="x"' in wrong.text) == (422, True)
    assert desk.browser.post(f"{one}/take-back").status_code == 303
    page = desk.browser.get(one).text
    assert "The team took the invitation back" in page
    assert not re.search(r"Send again|Take it back|Window and extra time", page)
    for act in ("resend", "take-back", "window"):
        assert desk.browser.post(f"{one}/{act}", values).status_code == 409


def test_a_field_that_is_left_as_it_was_keeps_its_seconds(desk: Desk) -> None:
    one = f"{desk.root}/{desk.invite()}"
    with desk.house.sessions() as session:
        row = session.exec(select(Candidate)).one()
        row.opens_at, row.closes_at = MOMENT + timedelta(seconds=37), MOMENT + DAY + timedelta(seconds=42)
        session.add(row)
        session.commit()
    values = {"opens": "2026-11-24T09:00", "closes": "2026-11-25T09:00", "extra_percent": "10"}
    assert desk.browser.post(f"{one}/window", values).status_code == 303
    made = desk.one()
    assert (made.opens_at.second, made.closes_at.second, made.extra_percent) == (37, 42, 10)


def test_a_bounce_says_why_and_what_now(desk: Desk) -> None:
    made = desk.invite()
    with desk.house.sessions() as session:
        note_bounce(session, made, "550 <no> such person", MOMENT)
        session.commit()
    page = desk.browser.get(f"{desk.root}/{made}").text
    assert "550 &lt;no&gt; such person" in page and "Send again" in page


def test_a_request_is_shown_and_answered(desk: Desk) -> None:
    made = desk.invite()
    one = f"{desk.root}/{made}"
    with desk.house.sessions() as session:
        ask_adjustment(session, session.get_one(Candidate, made), "Twice the <i>time</i>,\nplease.", MOMENT)
        session.commit()
    assert "1 request waits for your answer" in desk.browser.get(desk.root).text
    page = desk.browser.get(one).text
    assert "Twice the &lt;i&gt;time&lt;/i&gt;" in page
    asked = "Twice the <i>time</i>,\r\nplease."
    wrong = desk.browser.post(f"{one}/adjustment", {"asked": asked, "answer": "", "extra": "lots"})
    assert (wrong.status_code, 'value="lots"' in wrong.text) == (422, True)
    missing = desk.browser.post(f"{one}/adjustment", {"asked": asked, "answer": " ", "extra": "100"})
    assert (missing.status_code, "Write an answer" in missing.text) == (422, True)
    assert desk.browser.post(f"{one}/adjustment", {"asked": "Other", "answer": "Yes", "extra": "100"}).status_code == 409
    assert desk.browser.post(f"{one}/adjustment", {"asked": asked, "answer": "Of course.", "extra": "100"}).status_code == 303
    candidate = desk.one()
    assert (candidate.adjustment_answer, candidate.extra_percent) == ("Of course.", 100)
    assert "waits for your answer" not in desk.browser.get(desk.root).text
    assert "Of course." in desk.browser.get(one).text


def test_nothing_on_these_pages_tells_which_code_is_whose(desk: Desk) -> None:
    one = f"{desk.root}/{desk.invite(**CANARY)}"
    code = desk.one().code
    for address in (desk.root, one):
        assert code not in desk.browser.get(address).text
        assert CANARY["name"] in desk.browser.get(address).text


def test_each_hour_of_looking_at_names_leaves_one_line_in_the_log_and_no_name(desk: Desk, clock: Clock) -> None:
    made = desk.invite(**CANARY)
    for minutes in (0, 30, 61):
        clock.moment = MOMENT + timedelta(minutes=minutes)
        desk.browser.get(desk.root)
        desk.browser.get(f"{desk.root}/{made}")
    desk.browser.post(f"{desk.root}/{made}/take-back")
    with desk.house.sessions() as session:
        log = entries(session, f"team:{desk.team}")
    looks = [row for row in log if row.act == "invitations.look"]
    assert [(row.actor, row.details) for row in looks] == [(desk.me, {"job": desk.job})] * 2
    said = " ".join(str(row.details) for row in log)
    assert "candidate.take_back" in [row.act for row in log]
    assert not any(word in said for word in ("Canary", "canary", "Quill"))


def test_previews_are_not_in_the_list(desk: Desk) -> None:
    made = desk.invite(**CANARY)
    with desk.house.sessions() as session:
        session.get_one(Candidate, made).preview = True
        session.commit()
    assert CANARY["email"] not in desk.browser.get(desk.root).text
    assert desk.browser.get(f"{desk.root}/{made}").status_code == 404


@pytest.fixture
def foreign(desk: Desk) -> Iterator[str]:
    """The id of somebody whom another team invited."""
    with desk.house.sessions() as session:
        other = rounds.make_round(session, MOMENT, name="Another team")
        made = invite(session, other.owner, other.job, other.blueprint, Invitee(email=CANARY["email"]), MOMENT)
        session.commit()
        yield made.id


def test_an_invitation_of_another_team_answers_like_one_that_does_not_exist(desk: Desk, foreign: str) -> None:
    for candidate_id in (foreign, "nothing"):
        assert desk.browser.get(f"{desk.root}/{candidate_id}").status_code == 404
        for act in ("resend", "take-back", "window", "adjustment"):
            assert desk.browser.post(f"{desk.root}/{candidate_id}/{act}").status_code == 404
