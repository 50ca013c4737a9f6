"""From parts to an exercise, looked at through the reader and the linter that every exercise goes through."""

import json
from datetime import date
from pathlib import PurePosixPath
from typing import Any

from server.exercise_format.exercise import Exercise
from server.exercise_format.foreign.account import Row
from server.exercise_format.foreign.front import slug_of, title_of
from server.exercise_format.foreign.imported import Imported, make_exercise
from server.exercise_format.foreign.parts import Answered, CodeTest, Given, Part, Parts, Text, Written
from server.exercise_format.linter import lint
from server.exercise_format.reading.reader import Reading, read_exercise

ANSWER = Answered(2, "a1", "f", "def f(x):\n    ...", "def f(x):\n    return x + step")
TO_DO = {"hint-count", "explanation-missing", "mistake-count", "unproven-check", "rubric-missing"}  # what no source states


def made(*parts: Part, environment: str = "", **more: Any) -> Imported:
    return make_exercise(Parts("nbgrader", parts, (), **more), "steps", {"data.csv": b"1"}, environment, date(2026, 1, 1))


def reading(found: Imported) -> Reading:
    return read_exercise(found.notebook, "steps", found.public)


def exercise(*parts: Part, **more: Any) -> Exercise:
    read = reading(made(*parts, **more)).exercise
    assert read is not None
    return read


def given(source: str, number: int = 1) -> Given:
    return Given(number, f"g{number}", source)


def check(body: str, number: int = 3, **more: Any) -> CodeTest:
    return CodeTest(number, f"t{number}", f"right-{number}", 1, False, "It is not right.", body, **more)


def rows(found: Imported) -> dict[int, Row]:
    return {row.cell: row for row in found.account.rows if row.cell}


def test_an_import_leaves_only_what_no_source_states() -> None:
    found = made(Text(4, "t", "# Steps\n\nWrite f."), given("step = 1"), ANSWER, check("assert f(1) == 2"))
    assert {finding.code for finding in lint(reading(found), "coding") if finding.severity == "error"} <= TO_DO
    assert reading(found).exercise is not None


def test_the_checks_get_the_names_that_they_use() -> None:
    found = exercise(given("step = 1"), ANSWER, check("assert f(1) == 1 + step"))
    assert found.remote_names() == ("f",)
    assert [setup.notebook_only for setup in found.setups] == [False]
    assert found.solution_source(found.answers[0]) == ANSWER.solution


def test_given_code_that_needs_an_answer_stays_in_the_notebook_and_gives_what_it_makes() -> None:
    found = exercise(given("step = 1"), ANSWER, given("result = f(1)", 4), check("assert result == 2", 5))
    assert [(setup.notebook_only, setup.gives) for setup in found.setups] == [(False, ()), (True, ("result",))]


def test_given_code_below_an_import_that_the_judge_cannot_do_stays_in_the_notebook_too() -> None:
    found = made(
        given("import pandas as pd\nimport statsmodels"), given("table = pd.DataFrame()", 2), check("assert len(table) == 0")
    )
    assert "`statsmodels`, not among the usual libraries" in rows(found)[1].sentence
    assert "uses `pd`" in rows(found)[2].sentence
    assert any(row.name == "environment" and "`statsmodels`" in row.sentence for row in found.account.rows)


def test_an_environment_of_the_authors_own_has_every_library() -> None:
    found = made(given("import statsmodels"), ANSWER, check("assert f(1)"), environment="econ")
    assert "for the checks" in rows(found)[1].sentence
    read = reading(found).exercise
    assert read is not None
    assert read.front.environment == "econ"


def test_a_name_that_is_made_anew_below_is_kept_as_it_was_for_its_check() -> None:
    again = Answered(4, "a2", "g", "f = ...", "f = max")
    found = exercise(given("step = 1"), ANSWER, check("assert f(1) == 2"), again, check("assert f(1, 2) == 2", 5))
    (keeping,) = [setup for setup in found.setups if setup.notebook_only]
    assert keeping.source == "f_of_cell_2 = f  # for its checks: code below makes it anew"
    assert found.checks[0].source.split("\n")[0] == "f = f_of_cell_2"
    assert found.checks[1].source == "assert f(1, 2) == 2"


def test_what_an_earlier_test_defines_is_repeated_and_said() -> None:
    first = check("def near(x, y):\n    return abs(x - y) < 1\nlimit = 2\nassert near(f(1), 2)")
    second = check("assert near(f(2), 3) and f(0) < limit", 4)
    found = made(given("step = 1"), ANSWER, first, second)
    assert "repeated" in rows(found)[4].sentence
    read = reading(found).exercise
    assert read is not None
    assert any(setup.judge_only and "def near" in setup.source for setup in read.setups)
    assert read.checks[1].source.startswith("limit = 2")


def test_a_test_that_cannot_cross_is_left_out_with_its_points() -> None:
    found = made(
        ANSWER, check("assert 'f' in globals() and f(1)"), check("assert 1 + 1 == 2", 4), check("assert f(x_unknown)", 5)
    )
    assert [rows(found)[number].verdict for number in (3, 4, 5)] == ["left out"] * 3
    assert found.account.points_left_out == 3
    assert "which nothing above it makes" in rows(found)[5].sentence


def test_a_test_of_nose_has_its_stand_in() -> None:
    found = made(given("step = 1"), ANSWER, check("from nose.tools import assert_equal\nassert_equal(f(1), 2)"))
    assert "unittest" in rows(found)[3].sentence
    read = reading(found).exercise
    assert read is not None
    assert any("assert_equal = CASE.assertEqual" in setup.source for setup in read.setups)


def test_a_written_answer_keeps_its_model_and_code_for_a_person_gets_a_question() -> None:
    by_hand = Answered(3, "a3", "g", "...", "g = 1", points=2)
    found = exercise(Written(1, "w1", "why", 3, "Why?", "Because."), by_hand)
    assert [(question.name, question.points) for question in found.questions] == [("why", 3), ("g-mark", 2)]
    assert found.models[0].text == "Because."
    assert found.front.kind == "coding"


def test_files_are_copied_by_name_and_missing_ones_said() -> None:
    wanted = (PurePosixPath("data.csv"), PurePosixPath("gone.csv"))
    found = made(ANSWER, public=wanted)
    assert dict(found.public) == {"data.csv": b"1"}
    assert any(row.name == "gone.csv" and row.verdict == "left out" for row in found.account.rows)


def test_a_file_in_a_subfolder_is_put_where_the_code_looks_for_it() -> None:
    beside = {"data/a.csv": b"1", "b.csv": b"2", "other/a.csv": b"3"}
    found = make_exercise(Parts("nbgrader", (ANSWER,), ()), "steps", beside, "", date(2026, 1, 1))
    assert dict(found.public) == {"a.csv": b"1", "b.csv": b"2", "other-a.csv": b"3"}
    assert any(row.name == "other/a.csv" and "other-a.csv" in row.sentence for row in found.account.rows)
    read = reading(found).exercise
    assert read is not None
    assert "{'a.csv': 'data/a.csv', 'other-a.csv': 'other/a.csv'}" in read.setups[0].source


def test_every_default_of_the_front_matter_has_a_row() -> None:
    names = {row.name for row in made(ANSWER).account.rows if row.verdict == "to fill in"}
    assert {
        "topics",
        "roles",
        "level",
        "minutes",
        "objectives",
        "licence",
        "authors",
        "kind",
        "summary",
        "reviewed",
        "data",
    } <= names


def test_slugs_and_titles_come_from_the_file_and_the_first_heading() -> None:
    assert [slug_of("HW 01_final", "otter"), slug_of("a", "otter"), slug_of("é", "otter")] == [
        "hw-01-final",
        "otter-a",
        "otter-notebook",
    ]
    assert title_of(["no heading", "## *Running* totals ##"], "x") == "Running totals"
    assert title_of(["none"], "totals") == "totals"


def test_the_notebook_is_nbformat_4_5_with_an_id_for_each_cell() -> None:
    document = json.loads(made(given("step = 1"), ANSWER, check("assert f(1)")).notebook)
    assert (document["nbformat"], document["nbformat_minor"]) == (4, 5)
    ids = [cell["id"] for cell in document["cells"]]
    assert len(ids) == len(set(ids)) == 5
