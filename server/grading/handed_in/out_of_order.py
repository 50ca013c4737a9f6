"""Which cells work only when cells are run in another order than they stand in. Pure.

A notebook is graded from top to bottom, as whoever opens it will run it. A cell that then misses a name which only a cell below
it makes has worked for its author all the same, because they ran that one first."""

from __future__ import annotations

import re
from collections.abc import Sequence

from server.exercise_format.author_code.syntax import defined_names, parse
from server.grading.handed_in.submitted import SubmittedCell
from server.grading.outcome import CellNote

MISSING = re.compile(r"NameError: name '(\w+)' is not defined")


def needs_from_below(notes: Sequence[CellNote], cells: Sequence[SubmittedCell], place: int) -> str:
    """The name that the cell at this place missed and that only a cell below it defines; or an empty text."""
    found = MISSING.match(notes[place].error)
    if found is None or _defines(cells[: place + 1], found[1]):
        return ""
    return found[1] if _defines(cells[place + 1 :], found[1]) else ""


def top_to_bottom(notes: Sequence[CellNote]) -> list[str]:
    """A sentence for each cell that did not run in its place; none when the notebook runs as it stands."""
    return [_sentence(number, note) for number, note in enumerate(notes, 1) if note.status not in ("ok", "not_run")]


def _sentence(number: int, note: CellNote) -> str:
    if note.needs_from_below:
        return f"Code cell {number} works only out of order: it needs `{note.needs_from_below}`, which a cell below it defines."
    how = {"timed_out": "ran out of time", "died": "ended the kernel"}.get(note.status, f"stopped with {note.error}")
    return f"Code cell {number} {how}."


def _defines(cells: Sequence[SubmittedCell], name: str) -> bool:
    return any(tree is not None and name in defined_names(tree) for tree in (parse(cell.source) for cell in cells))
