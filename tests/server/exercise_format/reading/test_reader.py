from collections.abc import Callable

import pytest

from server.exercise_format.exercise import Exercise
from server.exercise_format.reading.reader import Reading
from server.exercise_format.reading.rubric_reader import BadTable, read_rubric_lines
from server.exercise_format.reading.solution_markers import split_solution
from server.grading.handed_in.repairs import reimpose
from server.grading.plan import plan_trial

ReadStarter = Callable[[str], Exercise]
TWO_ANSWERS = """%%% answer
#| name: first
#| gives: first, helper
### BEGIN SOLUTION
def helper():
    return 1
def first():
    return helper()
### END SOLUTION
%%% answer
#| name: second
second = 2
%%% solution
#| for: second
second = 3
%%% check
#| name: both
#| points: 1.5
#| message: Wrong.
#| seconds: 30
assert first() == second
"""


def test_parts_are_found_by_name(read_starter: ReadStarter) -> None:
    exercise = read_starter("coding")
    assert exercise.answer("group_means") is not None
    assert exercise.check("random-groups") is not None
    assert exercise.answer("missing") is exercise.check("missing") is exercise.question("missing") is None
    assert (exercise.slug, exercise.remote_names()) == ("small-one", ("group_means",))


def test_points_of_machine_and_person_are_apart(read_starter: ReadStarter) -> None:
    applied = read_starter("applied")
    assert (applied.automatic_points(), applied.marked_points()) == (2, 6)
    assert read_starter("coding").automatic_points() == 4


def test_rubric_and_models_are_found_by_question(read_starter: ReadStarter) -> None:
    exercise = read_starter("applied")
    rubric = exercise.rubric_of("first-words")
    assert rubric is not None
    assert [line.line for line in rubric.lines] == ["decision", "measure", "before a model"]
    assert rubric.marks == ("self", "grader")
    assert [model.mark for model in exercise.models_of("first-words")] == [3, 5]
    assert exercise.rubric_of("steps") is None


def test_each_answer_has_its_own_solution(read: Callable[[str], Reading]) -> None:
    draft = read("%%% front\ntitle: Two\n" + TWO_ANSWERS).draft
    assert draft is not None
    first, second = draft.answers
    assert first.gives == ("first", "helper")
    assert "return helper()" in draft.solution_source(first)
    assert draft.solution_source(second) == "second = 3"
    assert draft.stub_of(first) == ""
    assert (draft.checks[0].points, draft.checks[0].seconds, draft.checks[0].title) == (1.5, 30, "Both")


def test_hints_come_by_level(read: Callable[[str], Reading], starter: Callable[[str], str]) -> None:
    text = starter("coding").replace("<!-- level: 2 -->", "<!-- level: 0 -->").replace("<!-- level: 1 -->", "<!-- level: 3 -->")
    draft = read(text.replace("level: 0", "level: 2")).draft
    assert draft is not None
    assert [hint.level for hint in draft.hints] == [2, 3]


def test_only_tried_variants_are_given_out(read_starter: ReadStarter) -> None:
    variant = read_starter("maths").variant
    assert variant is not None
    assert {variant.seed_for(seed) for seed in range(1000)} == set(range(60))
    assert variant.seed_for(2**40) < 60


def test_a_setup_for_the_notebook_gives_names_to_the_checks(
    read: Callable[[str], Reading], starter: Callable[[str], str]
) -> None:
    setup = "%%% setup\n#| for: notebook\n#| gives: half\nhalf = group_means([1.0], [0])\n%%% check\n"
    exercise = read(starter("coding").replace("%%% check\n", setup, 1)).exercise
    assert exercise is not None
    assert exercise.remote_names() == ("group_means", "half")
    given = next(setup for setup in exercise.setups if setup.gives)
    assert (given.notebook_only, given.judge_only) == (True, False)
    plan = plan_trial(exercise, reimpose(exercise, []), 0, b"key", visible_only=False)
    assert given.source in [cell.source for cell in plan.cells]
    assert given.source not in plan.judge_setup


def test_the_solution_between_markers_is_taken_out() -> None:
    body = 'query = """\n### BEGIN SOLUTION\nSELECT 1\n### END SOLUTION\n"""'
    marked = split_solution(body)
    assert marked.stub == 'query = """\n"""'
    assert marked.solution == 'query = """\nSELECT 1\n"""'


def test_several_blocks_may_be_marked() -> None:
    marked = split_solution("a\n### BEGIN SOLUTION\nb\n### END SOLUTION\nc\n  ### BEGIN SOLUTION\nd\n  ### END SOLUTION")
    assert (marked.stub, marked.solution) == ("a\nc", "a\nb\nc\nd")


def test_a_cell_without_markers_is_all_stub() -> None:
    marked = split_solution("a\nb")
    assert (marked.stub, marked.solution, marked.problem) == ("a\nb", None, "")


@pytest.mark.parametrize(
    "body",
    [
        "### BEGIN SOLUTION\na",
        "a\n### END SOLUTION",
        "### BEGIN SOLUTION\n### BEGIN SOLUTION\n### END SOLUTION",
        "## begin solution\na\n### END SOLUTION",
        "#BEGIN SOLUTION\na",
    ],
)
def test_markers_that_do_not_pair_are_a_problem(body: str) -> None:
    assert split_solution(body).problem


def test_a_rubric_may_hold_escaped_bars() -> None:
    table = "| line | 1 | 3 | 5 |\n|---|:--|--:|---|\n| a \\| b | x | y | z |"
    assert [(line.line, dict(line.anchors)) for line in read_rubric_lines(table)] == [("a | b", {1: "x", 3: "y", 5: "z"})]


@pytest.mark.parametrize(
    "table",
    [
        "",
        "text",
        "| line | 1 | 3 | 5 |\n|---|---|---|---|",
        "| line | 1 | 2 | 3 |\n|---|---|---|---|\n| a | x | y | z |",
        "| line | 1 | 3 | 5 |\n| a | x | y | z |\n| b | x | y | z |",
        "| line | 1 | 3 | 5 |\n|---|---|---|---|\n| a | x | y |",
        "| line | 1 | 3 | 5 |\n|---|---|---|---|\n| a | x | | z |",
    ],
)
def test_a_table_of_another_shape_is_refused(table: str) -> None:
    with pytest.raises(BadTable):
        read_rubric_lines(table)
