"""What an exercise forbids is found by the parser."""

import pytest

from server.grading.handed_in.bans import banned_use


@pytest.mark.parametrize(
    ("source", "ban", "line"),
    [
        ("def f(x):\n    for i in x:\n        pass", "for", 2),
        ("while True:\n    pass", "while", 1),
        ("x = [i for i in range(3)]", "comprehension", 1),
        ("import numpy as np\nnp.linalg.inv(x)", "numpy.linalg.inv", 2),
        ("from numpy import linalg\nlinalg.inv(x)", "numpy.linalg.inv", 2),
        ("from numpy.linalg import inv as turn\nturn(x)", "numpy.linalg.inv", 2),
        ("import numpy\nnumpy.linalg.inv(x)", "numpy.linalg.inv", 2),
        ("np.linalg.inv(x)", "numpy.linalg.inv", 1),
    ],
)
def test_a_forbidden_use_is_named_with_its_line(source: str, ban: str, line: int) -> None:
    assert banned_use(source, [ban]) == f"Line {line} uses `{ban}`, which this task does not allow."


HELPER = "import numpy as np\ndef turn(x): return np.linalg.inv(x)"
TOLD = "A cell of yours that this answer needs uses `numpy.linalg.inv`, which this task does not allow."


@pytest.mark.parametrize(
    ("answer", "others", "sentence"),
    [
        ("def f(x): return turn(x)", [HELPER], TOLD),
        ("def f(x): return twice(x)", ["def twice(x): return turn(x)", HELPER], TOLD),
        ("def f(x): return x", ["def f(x): return np.linalg.inv(x)"], TOLD),
        ("def f(x): return x", [HELPER], ""),
        ("def f(x): return x", ["np.linalg.inv([[1]])  # to compare with"], ""),
        ("def f(x): return turn(x)", ["%timeit 1", "def turn(x): return x"], ""),
        ("def f(x): return turn(x)", [f"!ls\n{HELPER}\nfound = !ls"], TOLD),
    ],
)
def test_cells_that_the_answer_needs_count_too(answer: str, others: list[str], sentence: str) -> None:
    assert banned_use(answer, ["numpy.linalg.inv"], ("f",), others) == sentence


def test_a_line_of_the_notebooks_own_hides_nothing() -> None:
    assert banned_use("!true\nx = !ls\nfor i in x: pass", ["for"]).startswith("Line 3 ")


@pytest.mark.parametrize("source", ["x = 'for'  # for", "np.linalg.pinv(x)", "inv(x)", "def f(:\n", "\x00", "(" * 10_000])
def test_anything_else_passes_and_broken_code_is_left_to_fail_by_itself(source: str) -> None:
    assert banned_use(source, ["for", "numpy.linalg.inv"]) == ""
