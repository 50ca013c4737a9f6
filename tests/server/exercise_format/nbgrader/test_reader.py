import pytest

from server.exercise_format.foreign.notebook import NotImportable
from server.exercise_format.foreign.parts import Answered, CodeTest, Given, Parts, Text, Written
from server.exercise_format.nbgrader.reader import read_nbgrader
from tests.foreign_notebooks import Cell, as_bytes, code, graded, nbgrader_source, raw, text


def read(*cells: Cell) -> Parts:
    return read_nbgrader(as_bytes(*cells))


def test_every_cell_of_a_source_notebook_becomes_a_part_or_a_row() -> None:
    parts = read(*nbgrader_source())
    numbers = {part.number for part in parts.parts} | {row.cell for row in parts.rows}
    assert numbers == set(range(1, len(nbgrader_source()) + 1))


def test_kinds_of_cells_become_kinds_of_parts() -> None:
    kinds = [type(part) for part in read(*nbgrader_source()).parts]
    assert kinds[:4] == [Text, Given, Answered, Given]
    assert kinds[-4:] == [CodeTest, Written, Answered, Written]


def test_a_hidden_part_holds_the_points_and_needs_the_visible_one() -> None:
    test = code("assert f(1)\n### BEGIN HIDDEN TESTS\nassert f(2)\n### END HIDDEN TESTS", **graded("right", "grade", points=2))
    visible, hidden = (part for part in read(test).parts if isinstance(part, CodeTest))
    assert (visible.points, visible.hidden, hidden.points, hidden.hidden) == (0, False, 2, True)
    assert hidden.needs == (visible.name,)
    assert "f(2)" not in visible.body
    assert "f(1)" in hidden.body  # all or nothing, as nbgrader has it


def test_a_test_that_is_hidden_as_a_whole_is_one_hidden_check() -> None:
    test = code("# Sums\n### BEGIN HIDDEN TESTS\nassert f(2)\n### END HIDDEN TESTS", **graded("right", "grade", points=2))
    (found,) = read(test).parts
    assert isinstance(found, CodeTest)
    assert (found.points, found.hidden) == (2, True)


def test_a_last_line_that_is_a_number_gives_that_many_points() -> None:
    (found,) = read(code("n = f(1)\nn / 2", **graded("some", "grade", points=2))).parts
    assert isinstance(found, CodeTest)
    assert found.body == "n = f(1)\naward(partial_credit(n / 2, 2))"


def test_a_last_line_that_calls_something_gives_nothing_by_itself() -> None:
    (found,) = read(code("f(1)", **graded("some", "grade", points=2))).parts
    assert isinstance(found, CodeTest)
    assert found.body == "f(1)"


def test_a_mark_scheme_is_the_model_and_not_in_the_prompt() -> None:
    source = "Draw it.\n=== BEGIN MARK SCHEME ===\nNames on axes.\n=== END MARK SCHEME ==="
    (found,) = read(text(source, **graded("drawing", "task", points=3))).parts
    assert isinstance(found, Written)
    assert (found.prompt, found.model, found.points) == ("Draw it.", "Names on axes.", 3)


def test_a_written_answer_has_its_own_text_as_the_model() -> None:
    (found,) = read(text("Because of the sum.", **graded("why", "grade", "solution", points=1))).parts
    assert isinstance(found, Written)
    assert found.model == "Because of the sum."


def test_code_for_a_person_keeps_its_points() -> None:
    (found,) = read(code("x = 1", **graded("by_hand", "grade", "solution", points=1))).parts
    assert isinstance(found, Answered)
    assert (found.points, found.solution) == (1, "x = 1")


def test_the_reference_is_kept_only_for_autotests() -> None:
    answer = code("def f(x): return x", **graded("f", "solution"))
    assert read(answer, code("assert f(1)", **graded("t", "grade", points=1))).reference == ()
    auto = read(answer, code("### AUTOTEST f(1)", **graded("t", "grade", points=1)))
    assert auto.reference == ("def f(x): return x", "record('t, line 1, 1', lambda: f(1))")


def test_text_that_is_graded_and_no_answer_is_left_out_with_its_points() -> None:
    (row,) = read(text("Read this.", **graded("t", "grade", points=1)), code("x", **graded("f", "solution"))).rows
    assert (row.verdict, row.points) == ("left out", 1)


def test_a_raw_cell_is_left_out() -> None:
    (row,) = read(raw("print"), code("x", **graded("f", "solution"))).rows
    assert (row.cell, row.verdict) == (1, "left out")


@pytest.mark.parametrize(
    "cell",
    [
        code("### BEGIN SOLUTION\nx = 1\n### END SOLUTION"),
        code("### BEGIN HIDDEN TESTS\nx = 1\n### END HIDDEN TESTS", **graded("f", "solution")),
        text("=== BEGIN MARK SCHEME ===\nx\n=== END MARK SCHEME ===", **graded("w", "locked")),
    ],
)
def test_a_region_in_a_cell_that_may_not_have_it_is_refused(cell: Cell) -> None:
    with pytest.raises(NotImportable, match="Cell 1 has a BEGIN"):
        read(cell, code("y = 1", **graded("g", "solution")))
