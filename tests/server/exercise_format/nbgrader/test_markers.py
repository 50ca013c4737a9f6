import pytest

from server.exercise_format.foreign.notebook import NotImportable, read_foreign
from server.exercise_format.nbgrader.markers import CODE_STUB, Regions, first_words, split_regions
from tests.foreign_notebooks import as_bytes, code


def split(source: str, what: str, stand_in: tuple[str, ...] = ()) -> Regions:
    return split_regions(read_foreign(as_bytes(code(source))).cells[0], what, stand_in)


def test_a_solution_is_replaced_by_the_stub_at_its_indent() -> None:
    found = split("def f():\n    ### BEGIN SOLUTION\n    return 1\n    ### END SOLUTION\nx = 2", "SOLUTION", CODE_STUB)
    assert found.outside == "def f():\n    # YOUR CODE HERE\n    raise NotImplementedError()\nx = 2"
    assert found.whole == "def f():\n    return 1\nx = 2"
    assert found.inside == "    return 1"


def test_several_regions_are_all_found_whatever_the_comment_looks_like() -> None:
    found = split(
        "# BEGIN HIDDEN TESTS\na\n# END HIDDEN TESTS\nb\n### BEGIN HIDDEN TESTS ###\nc\n### END HIDDEN TESTS", "HIDDEN TESTS"
    )
    assert (found.inside, found.outside, found.visible) == ("a\nc", "b", "\nb\n")


def test_a_cell_without_regions_is_whole() -> None:
    found = split("x = 1", "SOLUTION", CODE_STUB)
    assert (found.found, found.outside, found.whole) == (False, "x = 1", "x = 1")


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("### BEGIN SOLUTION\nx", "without an END"),
        ("### BEGIN SOLUTION\n### BEGIN SOLUTION\n### END SOLUTION", "inside another"),
        ("x\n### END SOLUTION", "without a BEGIN"),
    ],
)
def test_a_region_that_does_not_close_is_refused(source: str, says: str) -> None:
    with pytest.raises(NotImportable, match=says):
        split(source, "SOLUTION")


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ('"""Sums of\n   lists"""\nassert x', "Sums of lists"),
        ("# Check the sums\nassert x", "Check the sums"),
        ("### AUTOTEST f(1)", ""),
        ("assert x  # why", ""),
    ],
)
def test_a_test_says_what_it_is_about_in_its_docstring_or_comment(source: str, says: str) -> None:
    assert first_words(source) == says
