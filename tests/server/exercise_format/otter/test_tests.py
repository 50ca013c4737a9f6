import pytest

from server.exercise_format.foreign.notebook import read_foreign
from server.exercise_format.otter.tests import Case, as_statements, read_case
from tests.foreign_notebooks import Cell, as_bytes, code


def case(cell: Cell) -> Case:
    return read_case(read_foreign(as_bytes(cell)).cells[0])


def test_settings_of_a_case_stand_on_top() -> None:
    source = '""" # BEGIN TEST CONFIG\nhidden: true\npoints: 2\nfailure_message: Too small.\n""" # END TEST CONFIG\nassert f(1)'
    found = case(code(source))
    assert (found.hidden, found.points, found.failure, found.body) == (True, 2, "Too small.", "assert f(1)")


@pytest.mark.parametrize("mark", ["# HIDDEN", "# hidden test", "## Hidden ##"])
def test_a_comment_hides_a_case(mark: str) -> None:
    found = case(code(f"{mark}\nassert f(1)"))
    assert (found.hidden, found.body) == (True, "assert f(1)")
    assert not case(code("assert f('hidden')")).hidden


@pytest.mark.parametrize(
    ("source", "shown", "body"),
    [
        ("f(1) == 2", "True", "assert f(1) == 2"),
        ("f(1) == 2", "False", "assert same_value(f(1) == 2, False)"),
        ("np.isclose(f(1), 2)", "np.True_", "assert same_value(np.isclose(f(1), 2), True)"),
        ("x = f(1)\nx", "0.5", "x = f(1)\nassert same_value(x, 0.5)"),
        ("f(1)", "array([0.33333333, 1.        ])", "assert same_value(f(1), [0.33333333, 1.0], 1e-6)"),
        ("f(1)", "   a\n0  1", "assert reads_as(f(1), '   a\\n0  1')"),
        ("f(1) == 2", "", "assert f(1) == 2"),
        ("assert f(1)", "", "assert f(1)"),
        ("def test():\n    assert f(1)\ntest()", "", "def test():\n    assert f(1)\ntest()"),
    ],
)
def test_the_last_line_is_compared_with_what_it_showed(source: str, shown: str, body: str) -> None:
    assert as_statements(source, shown) == (body, "")


def test_a_value_without_its_output_cannot_be_compared() -> None:
    assert "no output was saved" in as_statements("x = f(1)\nx", "")[1]
