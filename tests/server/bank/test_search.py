"""Finding exercises: every filter, the person's own state, pages, and what to drop when nothing is found."""

from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import event, insert
from sqlmodel import Session, SQLModel

import server.all_tables  # noqa: F401 - the search names a table of the practice domain
from server.accounts.tables import Person
from server.bank.filters import Filters
from server.bank.load import load_bundled
from server.bank.search import (
    PAGE_SIZE,
    count_listed,
    count_solved,
    counts_of_each_alone,
    counts_without_each,
    find_exercises,
    one_to_try,
)
from tests.server.bank.notebooks import write_exercise

PROGRESS = SQLModel.metadata.tables["progress"]


@pytest.fixture
def bank(session: Session, moment: datetime, tmp_path: Path) -> Session:
    """Five exercises; Mira solved one and tried one."""
    write_exercise(tmp_path, "stable-softmax", title="A softmax that survives", topics="arrays, optimisation", minutes=15)
    write_exercise(tmp_path, "leaky-split", title="The leaky split", topics="leakage", kind="debugging", level=2, minutes=30)
    write_exercise(tmp_path, "late-events", title="Late events", topics="sql", roles="data_engineer", level=2, minutes=30)
    write_exercise(tmp_path, "fair-coin", title="A fair coin", topics="probability", kind="maths", level=3, minutes=10)
    write_exercise(tmp_path, "churn-model", title="Churn, soft and hard", topics="framing", kind="applied", level=3, minutes=40)
    load_bundled(session, tmp_path, moment)
    session.add(Person(id="mira", created_at=moment))
    session.add(Person(id="tomas", created_at=moment))
    session.flush()
    for slug, state in (("stable-softmax", "solved"), ("leaky-split", "tried")):
        done = {"person_id": "mira", "exercise_slug": slug, "state": state, "tried_at": moment, "solved_at": moment}
        session.execute(insert(PROGRESS).values(**done))
    return session


def slugs(session: Session, person_id: str | None = None, **wanted: str | int) -> list[str]:
    return [row.slug for row in find_exercises(session, Filters(**wanted), person_id).rows]  # type: ignore[arg-type]


def test_the_easiest_come_first_and_of_these_the_shortest(bank: Session) -> None:
    assert slugs(bank) == ["stable-softmax", "late-events", "leaky-split", "fair-coin", "churn-model"]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"kind": "debugging"}, ["leaky-split"]),
        ({"topic": "optimisation"}, ["stable-softmax"]),
        ({"level": 3}, ["fair-coin", "churn-model"]),
        ({"minutes": 10}, ["fair-coin"]),
        ({"minutes": 30}, ["stable-softmax", "late-events", "leaky-split", "fair-coin"]),
        ({"role": "data_engineer"}, ["late-events"]),
        ({"q": "SOFTMAX"}, ["stable-softmax"]),
        ({"q": "soft"}, ["stable-softmax", "churn-model"]),
        ({"q": "numpy leakage"}, ["leaky-split"]),
        ({"q": "softmax", "kind": "maths"}, []),
    ],
)
def test_each_filter_narrows(bank: Session, wanted: dict[str, str | int], found: list[str]) -> None:
    assert slugs(bank, **wanted) == found


def test_a_word_in_the_title_counts_more_than_elsewhere(bank: Session) -> None:
    assert slugs(bank, q="late") == ["late-events"]
    assert slugs(bank, q="arrays")[0] == "stable-softmax"


@pytest.mark.parametrize("question", ["%", "_", "'; DROP TABLE exercises; --", "\\", "zz%qq", "💥", "x" * 10_000, "\x00"])
def test_signs_of_the_database_mean_nothing_in_a_search(bank: Session, question: str) -> None:
    assert len(slugs(bank, q=question)) in (0, 5)
    assert count_listed(bank) == 5


def test_a_persons_own_state_is_on_every_row(bank: Session, moment: datetime) -> None:
    rows = {row.slug: (row.state, row.solved_at) for row in find_exercises(bank, Filters(), "mira").rows}
    assert rows["stable-softmax"] == ("solved", moment)
    assert rows["leaky-split"][0] == "tried"
    assert rows["fair-coin"] == ("new", None)


def test_the_state_is_a_filter_and_is_never_somebody_elses(bank: Session) -> None:
    assert slugs(bank, "mira", state="solved") == ["stable-softmax"]
    assert slugs(bank, "mira", state="tried") == ["leaky-split"]
    assert slugs(bank, "mira", state="new") == ["late-events", "fair-coin", "churn-model"]
    assert slugs(bank, "tomas", state="solved") == []
    assert len(slugs(bank, None, state="new")) == 5
    assert slugs(bank, None, state="solved") == []
    assert (count_solved(bank, "mira"), count_solved(bank, "tomas")) == (1, 0)


def test_the_counts_of_kinds_keep_the_other_filters(bank: Session) -> None:
    found = find_exercises(bank, Filters(kind="maths", level=3))
    assert found.by_kind == {"maths": 1, "applied": 1}
    assert found.total == 1


def test_an_empty_result_says_what_dropping_each_filter_would_bring(bank: Session) -> None:
    filters = Filters(q="softmax", kind="coding", level=2, minutes=10)
    assert find_exercises(bank, filters).total == 0
    assert counts_without_each(bank, filters) == {}
    assert counts_of_each_alone(bank, filters) == {"q": 1, "kind": 2, "level": 2, "minutes": 1}
    assert counts_without_each(bank, Filters(q="softmax", kind="coding", level=3)) == {"level": 1}
    assert counts_without_each(bank, Filters(kind="maths", level=1)) == {"kind": 1, "level": 1}


def test_what_is_retired_is_not_found(bank: Session, moment: datetime, tmp_path: Path) -> None:
    (tmp_path / "maths" / "fair-coin.ipynb").unlink()
    load_bundled(bank, tmp_path, moment)
    assert "fair-coin" not in slugs(bank)
    assert count_listed(bank) == 4


def test_long_lists_come_in_pages(session: Session, moment: datetime, tmp_path: Path) -> None:
    for number in range(PAGE_SIZE + 3):
        write_exercise(tmp_path, f"task-{number:02}")
    load_bundled(session, tmp_path, moment)
    first, second = (find_exercises(session, Filters(), page=page) for page in (1, 2))
    assert (len(first.rows), first.first, first.last, first.pages) == (PAGE_SIZE, 1, PAGE_SIZE, 2)
    assert [row.slug for row in second.rows] == ["task-25", "task-26", "task-27"]
    assert find_exercises(session, Filters(), page=99).page == 2
    assert find_exercises(session, Filters(), page=-5).page == 1


def test_a_page_costs_two_queries_however_many_exercises_there_are(bank: Session) -> None:
    statements: list[str] = []
    connection = bank.connection()
    event.listen(connection, "before_cursor_execute", lambda *given: statements.append(given[2]))
    find_exercises(bank, Filters(q="soft", role="ml_engineer", topic="arrays"), "mira")
    assert len(statements) == 2


def test_the_exercise_to_try_is_the_named_one_or_the_easiest_of_the_kind(bank: Session) -> None:
    named, easiest = one_to_try(bank, "late-events", "coding"), one_to_try(bank, "unknown", "coding")
    assert (named.slug if named else "", easiest.slug if easiest else "") == ("late-events", "stable-softmax")
    assert one_to_try(bank, "unknown", "takehome") is None
