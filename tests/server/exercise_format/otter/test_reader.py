import pytest

from server.exercise_format.foreign.notebook import NotImportable
from server.exercise_format.foreign.parts import Answered, CodeTest, Given, Parts, Text, Written
from server.exercise_format.otter.reader import read_otter
from tests.foreign_notebooks import Cell, as_bytes, code, otter_source, printing, raw, text

SOLUTION = [raw("# BEGIN SOLUTION"), code("def f(x):\n    return x # SOLUTION"), raw("# END SOLUTION")]


def read(*cells: Cell, **beside: bytes) -> Parts:
    return read_otter(as_bytes(*cells), {name.replace("_", "."): content for name, content in beside.items()})


def question(config: str, *tests: Cell, solution: list[Cell] | None = None) -> Parts:
    tested = [raw("# BEGIN TESTS"), *tests, raw("# END TESTS")] if tests else []
    begin, answer = raw(f"# BEGIN QUESTION\nname: q1\n{config}"), SOLUTION if solution is None else solution
    return read(begin, *answer, *tested, raw("# END QUESTION"))


def cases_of(parts: Parts) -> list[CodeTest]:
    return [part for part in parts.parts if isinstance(part, CodeTest)]


def test_every_cell_of_a_source_notebook_becomes_a_part_or_a_row() -> None:
    parts = read(*otter_source(), words_txt=b"tea")
    numbers = {part.number for part in parts.parts} | {row.cell for row in parts.rows}
    assert numbers == set(range(1, len(otter_source()) + 1))
    kinds = [type(part) for part in parts.parts]
    assert kinds == [Text, Given, Text, Answered, CodeTest, CodeTest, CodeTest, Answered, CodeTest, CodeTest, Text, Written]


def test_settings_without_a_counterpart_are_named() -> None:
    row = read(*otter_source()).rows[0]
    assert "`export_cell`" in row.sentence
    assert "`files`" not in row.sentence


def test_settings_may_stand_in_a_file_of_their_own() -> None:
    cells = [
        raw("# ASSIGNMENT CONFIG\nconfig_file: config.yml"),
        raw("# BEGIN QUESTION\nname: q"),
        *SOLUTION,
        raw("# END QUESTION"),
    ]
    assert [str(path) for path in read(*cells, config_yml=b"files: [a.csv]").public or ()] == ["a.csv"]
    assert "not beside the notebook" in read(*cells).rows[0].sentence


def test_points_are_parted_to_a_hundredth() -> None:
    tests = [code("f(1) == 1", "True"), code("f(2) == 2", "True"), code("# HIDDEN\nf(3) == 3", "True")]
    found = cases_of(question("points: 1", *tests))
    assert [(test.points, test.hidden) for test in found] == [(0.34, False), (0.33, False), (0.33, True)]


def test_all_or_nothing_puts_the_points_behind_all_cases() -> None:
    tests = [code("f(1) == 1", "True"), code("# HIDDEN\nf(2) == 2", "True"), code("f(3) == 3", "True")]
    found = cases_of(question("points: 2\nall_or_nothing: true", *tests))
    assert [test.points for test in found] == [0, 0, 2]
    assert found[-1].needs == (found[0].name, found[1].name)
    assert found[-1].hidden  # its outcome tells that of a hidden one


def test_a_case_that_looks_at_no_answer_gives_its_points_to_the_others() -> None:
    parts = question("points: 2", code("1 + 1 == 2", "True"), code("f(1) == 1", "True"))
    assert [test.points for test in cases_of(parts)] == [2]
    (row,) = [row for row in parts.rows if row.verdict == "left out"]
    assert "It looks at no answer" in row.sentence


def test_a_case_without_its_output_is_left_out_with_a_next_step() -> None:
    parts = question("points: 2", code("f(1)"), code("x = f(1)\nx + 1"))
    assert len(cases_of(parts)) == 1
    (row,) = [row for row in parts.rows if row.verdict == "left out"]
    assert "save it and import it again" in row.sentence


def test_a_seed_is_set_before_an_answer_that_draws() -> None:
    draws = [raw("# BEGIN SOLUTION"), code("import random\nf = random.random() # SOLUTION"), raw("# END SOLUTION")]
    config = raw("# ASSIGNMENT CONFIG\ngenerate:\n  seed: 42")
    parts = read(config, raw("# BEGIN QUESTION\nname: q"), *draws, raw("# END QUESTION"))
    (given, _) = parts.parts
    assert isinstance(given, Given)
    assert "random.seed(42)" in given.source


def test_a_seed_variable_gets_the_value_for_grading() -> None:
    config = raw("# ASSIGNMENT CONFIG\nseed:\n  variable: seed\n  autograder_value: 7\n  student_value: 1")
    parts = read(config, code("seed = 1"), raw("# BEGIN QUESTION\nname: q"), *SOLUTION, raw("# END QUESTION"))
    assert isinstance(parts.parts[0], Given)
    assert parts.parts[0].source == "seed = 7"


def test_a_manual_question_in_code_and_one_in_words() -> None:
    (answered,) = question("manual: true\npoints: 3").parts
    assert isinstance(answered, Answered)
    assert answered.points == 3
    model = [
        raw("# BEGIN PROMPT"),
        text("Write here."),
        raw("# END PROMPT"),
        raw("# BEGIN SOLUTION"),
        text("So."),
        raw("# END SOLUTION"),
    ]
    (written,) = question("manual: true", solution=model).parts
    assert isinstance(written, Written)
    assert (written.prompt, written.model, written.points) == ("Write here.", "So.", 1)


def test_a_cell_marked_to_be_included_is_given_and_one_to_be_ignored_is_not() -> None:
    solution = [*SOLUTION[:2], code("f(1)", tags=["otter_include"]), code("# IGNORE\nf(2)"), code("f(3) # IGNORE"), SOLUTION[2]]
    parts = question("points: 1", solution=solution)
    assert [type(part) for part in parts.parts] == [Answered, Given]
    assert [row.cell for row in parts.rows if row.verdict == "left out"] == [5, 6]


def test_what_a_test_prints_is_compared_with_what_was_printed() -> None:
    (test,) = cases_of(question("points: 1", printing("print(f(1))", "1\n")))
    assert test.body == "PRINTED.clear()\nassert reads_as(print(f(1)), '1')"


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        ([text("x")], "no source notebook of otter-assign"),
        ([raw("# BEGIN QUESTION\nname: q")], "ends inside a question"),
        ([raw("# BEGIN TESTS")], "outside of a question"),
        ([raw("# BEGIN QUESTION\nname: q"), raw("# END TESTS")], "not open"),
        ([raw("# BEGIN QUESTION\nname: q"), raw("# BEGIN SOLUTION"), raw("# BEGIN QUESTION")], "inside a solution"),
        ([raw("# BEGIN QUESTION\npoints: 1")], "needs a `name`"),
        ([raw("# BEGIN QUESTION\nname: [")], "no YAML"),
        ([text("```\nBEGIN QUESTION\nname: q1\n```")], "before version 1"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_next_step(cells: list[Cell], says: str) -> None:
    with pytest.raises(NotImportable, match=says):
        read(*cells)
