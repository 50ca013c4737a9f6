"""nbgrader's regions in a cell: solutions, hidden tests and mark schemes, between a BEGIN and an END line."""

import re
from dataclasses import dataclass

from server.exercise_format.foreign.notebook import ForeignCell, NotImportable

CODE_STUB = ("# YOUR CODE HERE", "raise NotImplementedError()")
REGIONS = ("SOLUTION", "HIDDEN TESTS", "MARK SCHEME")
TEXT_STUB = ("YOUR ANSWER HERE",)


@dataclass(frozen=True, slots=True)
class Regions:
    outside: str  # with `stand_in` in place of each region
    inside: str
    whole: str  # without the marker lines
    visible: str  # the same, with the lines of the regions left empty
    found: bool


def split_regions(cell: ForeignCell, what: str, stand_in: tuple[str, ...] = ()) -> Regions:
    """Raises NotImportable for a region that is not closed, or opened twice."""
    outside, inside, whole, visible = list[str](), list[str](), list[str](), list[str]()
    is_open, found = False, False
    for line in cell.lines:
        if f"BEGIN {what}" in line:
            if is_open:
                raise NotImportable(f"Cell {cell.number} has a BEGIN {what} inside another one. Remove one of them.")
            indent = line[: len(line) - len(line.lstrip())]
            outside += [indent + each for each in stand_in]
            is_open = found = True
        elif f"END {what}" in line:
            if not is_open:
                raise NotImportable(
                    f"Cell {cell.number} has an END {what} without a BEGIN {what}. Write the BEGIN line above it."
                )
            is_open = False
        else:
            whole.append(line)
            visible.append("" if is_open else line)
            (inside if is_open else outside).append(line)
    if is_open:
        raise NotImportable(f"Cell {cell.number} has a BEGIN {what} without an END {what}. Write the END line below it.")
    return Regions("\n".join(outside), "\n".join(inside), "\n".join(whole), "\n".join(visible), found)


def refuse_strays(cell: ForeignCell, *allowed: str) -> None:
    """Raises NotImportable for a region that such a cell has no use for: its lines would go to the candidates."""
    for what in REGIONS:
        if what not in allowed and f"BEGIN {what}" in cell.source:
            raise NotImportable(
                f"Cell {cell.number} has a BEGIN {what}, and nbgrader's metadata do not mark it as a cell that may. Choose what "
                "it is in nbgrader's toolbar (Create Assignment), or take the markers out."
            )


def first_words(source: str) -> str:
    """What a test says about itself: its docstring, or the comment above it."""
    text = source.strip()
    quoted = re.match(r'[rR]?("""|\'\'\')(.*?)\1', text, re.DOTALL)
    if quoted:
        return " ".join(quoted[2].split())
    comment = re.match(r"#+[ \t]*([A-Za-z][^\n]*)", text)
    return comment[1].strip() if comment and "AUTOTEST" not in comment[1] else ""
