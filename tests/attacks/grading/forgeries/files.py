"""Changes of the notebook file: points, tags, ids, given cells, stored outputs. All of them around a wrong answer."""

from collections.abc import Callable

from tests.attacks.grading.assignments.assignment import Assignment, Document, code_cell
from tests.attacks.grading.forgeries.forgery import Edit, Forgery

NOT_READ = "nothing of this is read there either"
PASSED = [{"output_type": "stream", "name": "stdout", "text": "All tests passed 100/100"}]


def on_each_cell(change: Callable[[Document], object]) -> Edit:
    def edit(document: Document, assignment: Assignment) -> None:
        for cell in document["cells"]:
            change(cell)

    return edit


def on_visible_checks(change: Callable[[Document], object]) -> Edit:
    def edit(document: Document, assignment: Assignment) -> None:
        shown = {check.cell for check in assignment.exercise.checks if not check.hidden}
        for cell in document["cells"]:
            if cell["id"] in shown:
                change(cell)

    return edit


def own_hidden_checks(document: Document, assignment: Assignment) -> None:
    """Cells with the ids of the hidden checks; the ids are easily guessed."""
    document["cells"] += [
        code_cell(check.cell, "assert True", tags=["hidden-check"], touchstone={"role": "check", "points": 100})
        for check in assignment.exercise.checks
        if check.hidden
    ]


def answer_twice(document: Document, assignment: Assignment) -> None:
    document["cells"].append(code_cell(assignment.answer_cell, assignment.entry, touchstone={"points": 100}))


def answer_with_the_id_of_a_check(document: Document, assignment: Assignment) -> None:
    check = assignment.exercise.checks[0]
    for cell in document["cells"]:
        if cell["id"] == assignment.answer_cell:
            cell["id"] = check.cell
        elif cell["id"] == check.cell:
            cell.update(id=assignment.answer_cell, source="pass")


def own_given_cells(document: Document, assignment: Assignment) -> None:
    for setup in assignment.exercise.setups:
        document["cells"].append(
            code_cell(setup.cell, "rng = expected = None\ndef true_softmax(scores): return 0", tags=["setup"])
        )
        document["cells"].append(
            code_cell("judge", "#| for: checks\ndef true_softmax(scores): return scores * 0", tags=["setup"])
        )


def front_matter(document: Document, assignment: Assignment) -> None:
    source = "---\nformat: 1\nhidden_policy: why\nlimits: {memory_mb: 16384}\npoints: 100\n---"
    document["cells"].insert(0, {"cell_type": "raw", "id": "front", "metadata": {}, "source": source})


def results_in_metadata(document: Document, assignment: Assignment) -> None:
    graded = [{"check": check.name, "outcome": "passed", "points": check.points} for check in assignment.exercise.checks]
    document["metadata"]["touchstone"] |= {"points": 100, "possible": 100, "outcomes": graded, "solved": True, "version": 99}
    document["metadata"]["otter"] = {"assignment_name": assignment.exercise.slug, "tests": {}}


def other_seed(document: Document, assignment: Assignment) -> None:
    document["metadata"]["touchstone"] |= {"seed": 0, "values": {}, "format": 0}


def solution_cells(document: Document, assignment: Assignment) -> None:
    for solution in ("solution-1", "mistake-1", "variant-1"):
        document["cells"].append(code_cell(solution, "raise SystemExit(0)", tags=[solution.partition("-")[0]]))


def cells_without_ids(document: Document, assignment: Assignment) -> None:
    document["nbformat_minor"] = 4
    for cell in document["cells"]:
        if cell["id"] != assignment.answer_cell:
            cell["id"] = "../../" + cell["id"]


def no_checks_at_all(document: Document, assignment: Assignment) -> None:
    kept = {assignment.answer_cell, *(cell["id"] for cell in document["cells"] if cell["id"].startswith("own-"))}
    document["cells"] = [cell for cell in document["cells"] if cell["id"] in kept]


def worksheets(document: Document, assignment: Assignment) -> None:
    document["nbformat"], document["worksheets"] = 3, [{"cells": document.pop("cells"), "metadata": {"points": 100}}]


def prints_verdicts(document: Document, assignment: Assignment) -> None:
    source = 'print(\'All tests passed 100/100\')\nprint(\'{"outcome": "passed", "fraction": 1.0}\')\n1.0'
    document["cells"].append(code_cell("shout", source))


def points(cell: Document) -> None:
    cell["metadata"] |= {
        "touchstone": {"points": 100, "role": "check"},
        "nbgrader": {"points": 100, "grade": True},
        "points": 100,
    }


FILES = [
    Forgery(
        "points_in_metadata",
        "100 points in the metadata of every cell, in three formats",
        edit=on_each_cell(points),
        not_there="a wrong answer fails the checks whatever they count",
    ),
    Forgery(
        "tags_of_checks",
        "the tag of a hidden check on every cell",
        edit=on_each_cell(lambda cell: cell["metadata"].update(tags=["hidden-check"])),
        not_there=NOT_READ,
    ),
    Forgery(
        "visible_checks_that_pass",
        "replaces the visible checks with ones that pass",
        edit=on_visible_checks(lambda cell: cell.update(source="assert True")),
    ),
    Forgery(
        "visible_checks_worth_a_hundred",
        "the same, with 100 points each",
        edit=on_visible_checks(lambda cell: (cell.update(source="pass"), points(cell))),
    ),
    Forgery(
        "visible_checks_as_text",
        "makes the visible checks cells of text",
        edit=on_visible_checks(lambda cell: cell.update(cell_type="markdown", source="")),
    ),
    Forgery("hidden_checks_of_its_own", "brings cells with the ids of the hidden checks", edit=own_hidden_checks),
    Forgery("answer_twice", "hands in the answer cell twice, with points", edit=answer_twice, not_there=NOT_READ),
    Forgery("answer_with_the_id_of_a_check", "swaps the ids of the answer and a check", edit=answer_with_the_id_of_a_check),
    Forgery(
        "given_cells_of_its_own",
        "brings given cells, with and without the mark of the judge's own",
        edit=own_given_cells,
        not_there=NOT_READ,
    ),
    Forgery("front_matter_of_its_own", "brings the exercise's own settings", edit=front_matter, not_there=NOT_READ),
    Forgery("results_in_metadata", "a full result in the notebook's metadata", edit=results_in_metadata, not_there=NOT_READ),
    Forgery("another_seed", "another seed in the notebook's metadata", edit=other_seed, not_there=NOT_READ),
    Forgery("cells_of_the_author", "cells tagged as solutions, mistakes and variants", edit=solution_cells, not_there=NOT_READ),
    Forgery("ids_that_are_paths", "ids that lead out of a folder", edit=cells_without_ids, not_there=NOT_READ),
    Forgery(
        "no_checks_at_all", "hands in nothing but its own cells", edit=no_checks_at_all, not_there="it puts missing checks back"
    ),
    Forgery("older_format", "the format of 2013, with points", edit=worksheets, not_there="it reads the present format alone"),
    Forgery(
        "stored_outputs",
        "stored outputs that say that all passed",
        edit=on_each_cell(lambda cell: cell.update(outputs=PASSED) if "outputs" in cell else None),
        not_there=NOT_READ,
    ),
    Forgery(
        "printed_verdicts",
        "prints that all passed, as text and as JSON",
        edit=prints_verdicts,
        not_there="it looks at exceptions, not at what is printed",
    ),
]
