"""Honest notebooks, some of them odd in ways that must not cost a point."""

import math
from collections.abc import Callable
from dataclasses import dataclass

from tests.attacks.grading.assignments.assignment import Assignment, Document, code_cell

NOISE = """
import logging, sys, warnings
warnings.warn("this cell warns")
logging.error("and logs")
print("debug", file=sys.stderr)
print("x" * 100_000)
"""
NOISY_CALLS = """
import builtins, functools, warnings
def noisy(function):
    @functools.wraps(function)
    def wrapped(*arguments, **named):
        print("called with", arguments)
        warnings.warn("a warning from within")
        return function(*arguments, **named)
    return wrapped
"""
Edit = Callable[[Document, Assignment], None]


def as_it_is(document: Document, assignment: Assignment) -> None:
    pass


def noise_before(document: Document, assignment: Assignment) -> None:
    document["cells"].insert(0, code_cell("noise", NOISE))


def error_elsewhere(document: Document, assignment: Assignment) -> None:
    document["cells"].append(code_cell("failing", "1 / 0"))
    document["cells"].insert(0, code_cell("failing-too", "undefined_name"))


def magics(document: Document, assignment: Assignment) -> None:
    document["cells"].insert(0, code_cell("magics", "%matplotlib inline\n!true\n%timeit -n1 -r1 1 + 1"))
    answer_cell(document, assignment)["source"] = "%%time\n" + assignment.reference


def changed_given_cells(document: Document, assignment: Assignment) -> None:
    for cell in document["cells"]:
        if cell["id"] != assignment.answer_cell and cell["cell_type"] == "code":
            cell["source"] = "raise RuntimeError('edited by mistake')"


def moved_answer(document: Document, assignment: Assignment) -> None:
    """The answer cell was deleted and written anew."""
    answer_cell(document, assignment)["id"] = "another-id"


def answer_as_markdown(document: Document, assignment: Assignment) -> None:
    answer_cell(document, assignment)["cell_type"] = "markdown"


def old_outputs_and_metadata(document: Document, assignment: Assignment) -> None:
    document["metadata"]["kernelspec"]["name"] = "conda-env-ml-py"
    for cell in document["cells"]:
        cell["metadata"] |= {"collapsed": True, "tags": ["mine"], "points": 0}
        if cell["cell_type"] == "code":
            cell.update(execution_count=99, outputs=[{"output_type": "stream", "name": "stdout", "text": "0 points"}])


def prints_in_calls(document: Document, assignment: Assignment) -> None:
    document["cells"].insert(0, code_cell("noisy", NOISY_CALLS))
    names = assignment.exercise.answers[0].gives
    wrapped = "\n".join(f"if not isinstance({name}, type): {name} = noisy({name})" for name in names)
    document["cells"].append(code_cell("wrapping", wrapped))


def helper_in_another_cell(document: Document, assignment: Assignment) -> None:
    source = answer_cell(document, assignment)["source"].replace("np.", "numpy_as_i_call_it.")
    imported = "import numpy as numpy_as_i_call_it\n\n"
    answer_cell(document, assignment)["source"] = imported + source


def seeds_and_threads(document: Document, assignment: Assignment) -> None:
    source = "import random, threading\nrandom.seed(1)\nthreading.Thread(target=print, args=('beside',)).start()\n_ = [1] * 10"
    document["cells"].append(code_cell("busy", source))


def answer_cell(document: Document, assignment: Assignment) -> Document:
    return next(cell for cell in document["cells"] if cell["id"] == assignment.answer_cell)


def untouched(document: Document, assignment: Assignment) -> None:
    """Handed in as it was handed out."""
    document["cells"] = assignment.notebook(assignment.exercise.answers[0].stub)["cells"]


def one_wrong(document: Document, assignment: Assignment) -> None:
    answer_cell(document, assignment)["source"] += f"\n{assignment.slip.strip()}\n"


def in_its_own_way(source: str) -> Edit:
    def edit(document: Document, assignment: Assignment) -> None:
        answer_cell(document, assignment)["source"] += f"\n{source.strip()}\n"

    return edit


@dataclass(frozen=True)
class Honest:
    name: str
    edit: Edit
    lost: float = 0.0  # points; all of them where it is infinite

    def notebook(self, assignment: Assignment) -> Document:
        document = assignment.notebook(assignment.reference)
        self.edit(document, assignment)
        return document

    def deserved(self, assignment: Assignment) -> float:
        return max(0.0, assignment.points - self.lost)


RIGHT = (
    as_it_is,
    noise_before,
    error_elsewhere,
    magics,
    changed_given_cells,
    moved_answer,
    answer_as_markdown,
    old_outputs_and_metadata,
    prints_in_calls,
    helper_in_another_cell,
    seeds_and_threads,
)


def honest_on(assignment: Assignment) -> list[Honest]:
    """Right ones, among them right ones in ways of this assignment alone, a partly wrong one and one without an answer."""
    right = [Honest(edit.__name__, edit) for edit in RIGHT]
    odd = [Honest(name, in_its_own_way(source)) for name, source in assignment.odd.items()]
    return [*right, *odd, Honest("one_wrong", one_wrong, lost=1), Honest("untouched", untouched, lost=math.inf)]
