"""The list of exercises and the front page."""

import re
from pathlib import Path

import pytest
from sqlalchemy import Engine, insert
from sqlmodel import SQLModel

from server.bank.load import load_bundled
from server.database.engine import make_engine, session_factory
from tests.people import MOMENT, Browser, PlainHouse
from tests.server.bank.notebooks import write_exercise


@pytest.fixture(scope="module")
def filled(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file with 28 exercises; each test gets a copy."""
    folder = tmp_path_factory.mktemp("filled")
    both = "ml_engineer, data_engineer"
    write_exercise(folder, "stable-softmax", title="Softmax & <friends>", topics="arrays, sql", roles=both)
    write_exercise(folder, "leaky-split", topics="leakage", kind="debugging", level=2, minutes=30)
    for number in range(26):
        write_exercise(folder, f"task-{number:02}", kind="maths", minutes=10)
    path = folder / "filled.sqlite3"
    path.write_bytes(sqlite_template.read_bytes())
    engine = make_engine(f"sqlite:///{path}")
    with session_factory(engine)() as session:
        load_bundled(session, folder, MOMENT)
        session.commit()
        session.connection().exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return path


@pytest.fixture
def bank(house: PlainHouse, sqlite_engine: Engine, filled: Path) -> PlainHouse:
    Path(str(sqlite_engine.url.database)).write_bytes(filled.read_bytes())
    return house


def test_an_empty_bank_tells_the_operator_what_to_run(browser: Browser) -> None:
    assert "touchstone serve" in browser.get("/exercises").text
    assert "no exercise was found" in browser.get("/").text


def test_the_list_shows_what_is_known_and_links_to_the_exercise(bank: PlainHouse, browser: Browser) -> None:
    text = browser.get("/exercises?kind=coding").text
    assert '<a href="/exercises/stable-softmax">Softmax &amp; &lt;friends&gt;</a>' in text
    assert "Arrays and SQL, for ML engineer and data engineer" in text
    assert "Coding, basic" in text and "15 min" in text and "2 checks" in text
    assert '<h2 id="found">1 result</h2>' in text
    assert "Proof" not in text


def test_every_kind_is_a_link_with_its_count(bank: PlainHouse, browser: Browser) -> None:
    text = browser.get("/exercises?all=1").text
    chips = re.findall(r'<a href="([^"]+)"( aria-current="true")?>([^<]+) <span class="count">(\d+)</span>', text)
    assert [(text, count) for _address, _current, text, count in chips][:5] == [
        ("All kinds", "28"), ("Theory", "0"), ("Coding", "1"), ("Debugging", "1"), ("Maths", "26")
    ]  # fmt: skip
    assert chips[0][1] == ' aria-current="true"'


def test_filters_stay_in_the_form_and_in_the_links(bank: PlainHouse, browser: Browser) -> None:
    text = browser.get("/exercises?kind=debugging&level=2&minutes=30&q=split").text
    assert '<option value="2" selected>Intermediate</option>' in text
    assert '<option value="30" selected>' in text
    assert 'value="split"' in text
    assert '<input type="hidden" name="kind" value="debugging">' in text
    assert 'href="/exercises?q=split&amp;kind=maths&amp;level=2&amp;minutes=30"' in text


def test_long_lists_have_pages(bank: PlainHouse, browser: Browser) -> None:
    first = browser.get("/exercises?kind=maths").text
    assert "1 to 25 of 26" in first
    address = re.findall(r'rel="next" href="([^"]+)"', first)[0].replace("&amp;", "&")
    second = browser.get(address).text
    assert "26 to 26 of 26" in second
    assert 'rel="prev"' in second and 'rel="next"' not in second


def test_a_page_number_that_is_none_shows_a_page(bank: PlainHouse, browser: Browser) -> None:
    for number in ("0", "-1", "99999999999999999999", "x", "²", "1.5", ""):
        assert browser.get(f"/exercises?kind=maths&page={number}").status_code == 200, number


def test_an_empty_result_says_which_filter_to_drop(bank: PlainHouse, browser: Browser) -> None:
    text = browser.get("/exercises?kind=debugging&level=2&minutes=10").text
    assert "No exercise matches all three filters" in text
    assert re.search(r'<a href="/exercises\?kind=debugging&amp;level=2">Without “Up to 10 min”</a>: 1 debugging exercise\b', text)
    assert 'href="/exercises?all=1">Clear all filters' in text


def test_when_dropping_one_filter_is_not_enough_each_alone_is_offered(bank: PlainHouse, browser: Browser) -> None:
    text = browser.get("/exercises?q=split&kind=coding&level=3").text
    assert "Dropping one is not enough" in text
    assert '<a href="/exercises?q=split">Only “split”</a>: 1 exercise' in text
    assert "Advanced”</a>" not in text


def test_filters_are_remembered_until_they_are_cleared(bank: PlainHouse, browser: Browser) -> None:
    browser.get("/exercises?level=2&q=split")
    assert browser.get("/exercises").location == "/exercises?level=2"
    browser.get("/exercises?all=1")
    assert browser.get("/exercises").status_code == 200


def test_the_own_state_is_shown_to_its_owner_only(bank: PlainHouse, browser: Browser) -> None:
    person_id = browser.become_guest()
    done = {"person_id": person_id, "exercise_slug": "leaky-split", "state": "solved", "tried_at": MOMENT, "solved_at": MOMENT}
    with bank.sessions() as session:
        session.execute(insert(SQLModel.metadata.tables["progress"]).values(**done))
        session.commit()
    text = browser.get("/exercises?kind=debugging").text
    assert "Solved 24 November" in text and "You have solved 1." in text
    stranger = Browser(browser.client.application)
    assert "Solved 24" not in stranger.get("/exercises?kind=debugging").text


def test_the_front_page_starts_an_exercise_in_one_click(bank: PlainHouse, browser: Browser) -> None:
    text = browser.get("/").text
    assert '<form method="post" action="/exercises/stable-softmax/start">' in text
    assert "Browse 28 exercises" in text
    assert "No account needed" in text
    assert '<a href="/teams">Make a team</a>' in text


def test_no_value_of_any_filter_breaks_the_page(bank: PlainHouse, browser: Browser) -> None:
    for value in ("'", '"><script>', "%00", "%F0%9F%92%A5", "..%2F..", "1;DROP TABLE exercises", "%27%20OR%201=1--"):
        for name in ("q", "kind", "topic", "level", "minutes", "role", "state", "page"):
            answer = browser.get(f"/exercises?{name}={value}")
            assert answer.status_code == 200, (name, value)
            assert "<script>" not in answer.text
