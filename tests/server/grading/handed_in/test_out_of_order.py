"""A cell that works only after a later one is told apart from a cell that is wrong."""

from server.grading.handed_in.out_of_order import needs_from_below, top_to_bottom
from server.grading.handed_in.submitted import SubmittedCell
from server.grading.outcome import CellNote

CELLS = [SubmittedCell(str(place), "code", source) for place, source in enumerate(["print(x)", "print(y)", "x = 1", "1 / 0"])]
NOTES = [
    CellNote("0", "error", "NameError: name 'x' is not defined"),
    CellNote("1", "error", "NameError: name 'y' is not defined"),
    CellNote("2", "ok", ""),
    CellNote("3", "error", "ZeroDivisionError: division by zero"),
    CellNote("4", "timed_out", ""),
]


def test_only_a_name_that_a_later_cell_defines_is_a_matter_of_order() -> None:
    assert [needs_from_below(NOTES, CELLS, place) for place in range(4)] == ["x", "", "", ""]


def test_a_name_that_was_defined_above_and_deleted_is_no_matter_of_order() -> None:
    cells = [SubmittedCell("a", "code", "x = 1; del x"), SubmittedCell("b", "code", "x"), SubmittedCell("c", "code", "x = 2")]
    notes = [CellNote("a", "ok", ""), CellNote("b", "error", "NameError: name 'x' is not defined"), CellNote("c", "ok", "")]
    assert needs_from_below(notes, cells, 1) == ""


def test_each_cell_that_did_not_run_gets_a_sentence() -> None:
    first = CellNote("0", "error", "NameError: name 'x' is not defined", "x")
    assert top_to_bottom([first, *NOTES[1:]]) == [
        "Code cell 1 works only out of order: it needs `x`, which a cell below it defines.",
        "Code cell 2 stopped with NameError: name 'y' is not defined.",
        "Code cell 4 stopped with ZeroDivisionError: division by zero.",
        "Code cell 5 ran out of time.",
    ]
    assert top_to_bottom([NOTES[2]]) == []
