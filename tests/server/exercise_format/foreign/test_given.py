import pytest

from server.exercise_format.foreign.code import Modules
from server.exercise_format.foreign.given import why_notebook_only, without_idle_lines


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("data = [1, 2]", ""),
        ("mean = sum(data)", ""),
        ("f(data)", "uses `f`, which an answer makes"),
        ("import statsmodels", "not among the usual libraries"),
        ("import helper", "a file beside the notebook"),
        ("%timeit sum(data)", "magic or shell line"),
        ("other + 1", "which nothing above makes"),
        ("data = (", "no plain Python"),
    ],
)
def test_what_the_judge_cannot_run_stays_in_the_notebook(source: str, why: str) -> None:
    found = why_notebook_only(source, {"f"}, {"data"}, Modules(frozenset({"helper"})))
    assert why in found
    assert bool(found) == bool(why)


def test_lines_that_mean_nothing_here_are_taken_out() -> None:
    source = "%matplotlib inline\nimport numpy as np\n!pip install otter-grader\n%timeit 1"
    assert without_idle_lines(source) == (
        "import numpy as np\n%timeit 1",
        ("%matplotlib inline", "!pip install otter-grader"),
    )
