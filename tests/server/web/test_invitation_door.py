"""The link of an invitation at the door: scanners change nothing, a click opens it, every wrong link gets the same answer."""

from __future__ import annotations

import pytest
from flask import Flask

from server.accounts.tables import Person
from server.accounts.tokens import new_token
from server.assessments.invitations.candidates import Invitee, invite, invited_of
from server.assessments.invitations.changes import take_back
from server.assessments.invitations.mail import invitation_message
from server.assessments.tables.blueprints import HiringJob
from server.assessments.tables.invitations import Candidate
from tests import rounds
from tests.people import MOMENT, Browser, PlainHouse
from tests.server.web.conftest import Clock


class Post:
    """An invitation whose mail was just written."""

    def __init__(self, house: PlainHouse) -> None:
        self.house = house
        with house.sessions() as session:
            self.round = rounds.make_round(session, MOMENT)
            made = invite(
                session, self.round.owner, self.round.job, self.round.blueprint, Invitee(email="mira@example.org"), MOMENT
            )
            session.commit()
            self.id = made.id
        self.token = self.mail()

    def mail(self) -> str:
        with self.house.sessions() as session:
            message = invitation_message(session, "http://localhost", self.id, MOMENT)
            session.commit()
        assert message is not None
        return message.text.split("/invitation/")[1].split()[0]

    def candidate(self) -> Candidate:
        with self.house.sessions() as session:
            return session.get_one(Candidate, self.id)

    def everything(self) -> str:
        """The whole database, as text."""
        with self.house.sessions() as session:
            tables = Candidate.metadata.sorted_tables
            return "\n".join(f"{table.name} {row}" for table in tables for row in session.execute(table.select()))

    def take_back(self) -> None:
        with self.house.sessions() as session:
            job = session.get_one(HiringJob, self.round.job.id)
            take_back(session, self.round.owner, invited_of(session, self.round.owner, job, self.id, MOMENT), MOMENT)
            session.commit()


@pytest.fixture
def post(house: PlainHouse) -> Post:
    return Post(house)


def test_scanners_that_look_change_nothing(post: Post, app: Flask) -> None:
    before = post.everything()
    for _ in range(3):
        scanner = Browser(app)
        assert scanner.client.head(f"/invitation/{post.token}").status_code == 303
        assert scanner.get(f"/invitation/{post.token}").status_code == 303
        assert scanner.client.head("/invitation").status_code == 200
        page = scanner.get("/invitation")
        assert (page.status_code, "Open the invitation" in page.text) == (200, True)
        assert scanner.get(f"/invitations/{post.id}").status_code == 404
    assert post.everything() == before


def test_the_address_is_clean_at_once_and_nobody_is_told_where_one_came_from(post: Post, browser: Browser) -> None:
    kept = browser.get(f"/invitation/{post.token}")
    shown = browser.get("/invitation")
    assert kept.headers["Location"] == "/invitation"
    assert [response.headers["Referrer-Policy"] for response in (kept, shown)] == ["no-referrer"] * 2
    assert post.token not in shown.text and "Northwind ML" in shown.text and "ML engineer" in shown.text
    assert "mira" not in shown.text.lower()


def test_a_click_opens_it_once_for_each_browser(post: Post, app: Flask, clock: Clock) -> None:
    people = []
    for _ in range(2):
        browser = Browser(app)
        browser.get(f"/invitation/{post.token}")
        browser.get("/invitation")
        opened = browser.post("/invitation")
        assert (opened.status_code, opened.headers["Location"]) == (303, f"/invitations/{post.id}")
        assert browser.get(f"/invitations/{post.id}").status_code == 200
        people.append(post.candidate().person_id)
    assert len(set(people)) == 1
    with post.house.sessions() as session:
        hidden = session.get_one(Person, people[0])
        assert (hidden.name, hidden.email) == ("", None)


def test_whoever_goes_back_to_the_door_is_led_to_their_invitation(post: Post, browser: Browser) -> None:
    assert browser.get("/invitation").status_code == 409
    browser.get(f"/invitation/{post.token}")
    browser.get("/invitation")
    browser.post("/invitation")
    again = browser.get("/invitation")
    assert (again.status_code, again.headers["Location"]) == (303, f"/invitations/{post.id}")


def test_it_opens_beside_an_account_and_changes_nothing_of_it(post: Post, browser: Browser) -> None:
    browser.sign_up()
    browser.get(f"/invitation/{post.token}")
    browser.get("/invitation")
    browser.post("/invitation")
    assert browser.is_signed_in()
    assert browser.get(f"/invitations/{post.id}").status_code == 200


def test_a_post_from_elsewhere_opens_nothing(post: Post, browser: Browser) -> None:
    browser.get(f"/invitation/{post.token}")
    browser.get("/invitation")
    assert browser.client.post("/invitation").status_code == 400
    foreign = browser.post("/invitation", headers={"Origin": "https://evil.example"})
    assert foreign.status_code == 403
    assert browser.post(f"/invitation/{post.token}").status_code == 405
    assert post.candidate().opened_at is None


def answers(app: Flask, token: str | None) -> list[tuple[int, str]]:
    """What a new browser gets for this link, looking and opening."""
    browser = Browser(app)
    if token is not None:
        assert browser.get(f"/invitation/{token}").status_code == 303
    shown = browser.get("/invitation")
    opened = browser.post("/invitation")
    return [(each.status_code, heading(each.text)) for each in (shown, opened)]


def heading(page: str) -> str:
    main = page.split("<main", 1)[1].split("</main>")[0]
    return " ".join(main.split())


def test_whatever_is_wrong_with_a_link_the_answer_is_the_same(post: Post, app: Flask) -> None:
    replaced = post.token
    working = post.mail()
    wrong = [
        None,
        new_token(),
        replaced,
        working[:-1],
        working + "x",
        "x" * 5_000,
        "%C3%A9%00"[:6],
        "..",
        post.candidate().token_hash,
    ]
    found = [answers(app, token) for token in wrong]
    assert {status for each in found for status, _ in each} == {409}
    assert len({text for each in found for _, text in each}) == 1
    assert "This link is over" in found[0][0][1]
    post.take_back()
    assert answers(app, working) == found[0]
    assert post.candidate().opened_at is None


def test_a_window_that_is_over_still_shows_the_page_which_says_so(post: Post, browser: Browser, clock: Clock) -> None:
    clock.moment = post.candidate().closes_at.replace(year=2027)
    browser.get(f"/invitation/{post.token}")
    assert browser.get("/invitation").status_code == 200
    assert browser.post("/invitation").status_code == 303
    assert "The window has closed" in browser.get(f"/invitations/{post.id}").text


def test_no_usable_token_lies_in_the_database_after_it_was_opened(post: Post, browser: Browser) -> None:
    browser.get(f"/invitation/{post.token}")
    browser.get("/invitation")
    browser.post("/invitation")
    with browser.client.session_transaction() as cookie:
        tokens = [post.token, *cookie["candidate"]]
        assert "invitation" not in cookie
    dump = post.everything()
    assert len(tokens) == 2
    assert not any(token in dump for token in tokens)


def test_opening_is_limited_for_each_address(post: Post, app: Flask) -> None:
    browser = Browser(app)
    browser.get("/")
    statuses = [browser.post("/invitation").status_code for _ in range(61)]
    assert statuses == [409] * 60 + [429]
    browser.get(f"/invitation/{post.token}")
    assert browser.get("/invitation").status_code == 200


def test_the_log_never_has_the_token(
    post: Post, browser: Browser, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(0)
    browser.get(f"/invitation/{post.token}")
    browser.get("/invitation")
    browser.client.post("/invitation")  # without the token of the form: refused, and logged
    browser.post(f"/invitation/{post.token}")
    browser.post("/invitation")
    captured = capfd.readouterr()
    logged = caplog.text + captured.out + captured.err
    assert "csrf.refused" in logged
    assert post.token not in logged
    assert post.token not in post.everything()
