"""What the text of an answer uses."""

import pytest

from sandbox.inside.checks.sources import avoids, uses
from sandbox.inside.handles.faults import AuthorFault

LOOP = "def f(x):\n    total = 0\n    for value in x:\n        total += value\n    return total"
WHOLE = "import numpy as anything\nfrom numpy import linalg as la\ndef f(x):\n    return anything.sum(la.inv(x)).round()"


@pytest.mark.parametrize(
    ("text", "thing"),
    [
        (LOOP, "for"),
        (LOOP, "loop"),
        ("x = [i for i in y]", "loop"),
        ("x = sum(i for i in y)", "comprehension"),
        ("while x: pass", "loop"),
        (WHOLE, "numpy.sum"),
        (WHOLE, "numpy.linalg.inv"),
        (WHOLE, "numpy.linalg"),
        ("from numpy.linalg import inv\ninv(x)", "numpy.linalg"),
        ("np.einsum('i,i', x, y)", "numpy.einsum"),
        (WHOLE, ".round"),
        ("sorted(x)", "sorted"),
    ],
)
def test_what_is_used_is_found_under_any_name(text: str, thing: str) -> None:
    uses(text, thing)
    with pytest.raises(AssertionError, match=f"of the answer uses `{thing}`"):
        avoids(text, thing)


@pytest.mark.parametrize(
    ("text", "thing"),
    [
        (WHOLE, "loop"),
        (LOOP, "numpy"),
        (WHOLE, "numpy.linalg.pinv"),
        ("'for'  # for", "for"),
        ("resorted(x)", "sorted"),
        ("f(", "for"),
    ],
)
def test_what_is_not_used_is_not_found(text: str, thing: str) -> None:
    avoids(text, thing)
    with pytest.raises(AssertionError, match=f"expected the answer to use `{thing}`"):
        uses(text, thing)


def test_the_line_and_the_message_are_told() -> None:
    with pytest.raises(AssertionError, match=r"^work on whole arrays: line 3 of the answer uses `loop`$"):
        avoids(LOOP, "numpy", "loop", message="work on whole arrays")


def test_nothing_to_look_for_is_the_authors_fault() -> None:
    for check in (uses, avoids):
        with pytest.raises(AuthorFault):
            check(LOOP)
