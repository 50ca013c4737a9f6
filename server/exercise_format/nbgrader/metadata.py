"""nbgrader's metadata of a cell, in all the versions of its schema.

0   (no schema_version) flags may be missing, points may be text
1   all flags are there, points are a number
2   cell_type, to see a retyped cell
3   task cells: Markdown with points, answered in cells below it
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from server.exercise_format.foreign.notebook import ForeignCell, NotImportable

NEWEST = 3


@dataclass(frozen=True, slots=True)
class Role:
    grade_id: str
    points: float
    grade: bool = False
    solution: bool = False
    locked: bool = False
    task: bool = False

    @property
    def regions(self) -> tuple[str, ...]:
        """Regions that such a cell may have."""
        has = {"SOLUTION": self.solution, "HIDDEN TESTS": self.grade and not self.solution, "MARK SCHEME": self.task}
        return tuple(what for what, may in has.items() if may)


def role_of(cell: ForeignCell) -> Role | None:
    """None for a cell that nbgrader leaves alone. Raises NotImportable for a newer schema or a cell without an id."""
    meta = cell.metadata.get("nbgrader")
    if not isinstance(meta, Mapping):
        return None
    version = meta.get("schema_version", 0)
    if not isinstance(version, int) or version > NEWEST:
        raise NotImportable(
            f"Cell {cell.number} was made by a newer nbgrader: its metadata have schema version {version}, and {NEWEST} is "
            f"the newest that is known here. Save it with an nbgrader that writes version {NEWEST}, or update Touchstone."
        )
    grade, solution, locked, task = (bool(meta.get(flag)) for flag in ("grade", "solution", "locked", "task"))
    if not (grade or solution or locked or task):
        return None
    name = meta.get("grade_id")
    if not isinstance(name, str) or not name.strip():
        raise NotImportable(
            f"Cell {cell.number} has nbgrader's metadata without a grade_id. Give it an ID in nbgrader's toolbar."
        )
    return Role(name, _points(meta.get("points")) if grade or task else 0.0, grade, solution, locked, task)


def _points(value: Any) -> float:
    """Version 0 keeps the text of the field, which may be empty."""
    try:
        return max(0.0, float(value))
    except (TypeError, ValueError):
        return 0.0


def roles_of(cells: tuple[ForeignCell, ...]) -> dict[int, Role]:
    """By the number of the cell. Raises NotImportable."""
    found = {cell.number: role for cell in cells if (role := role_of(cell)) is not None}
    if not found:
        raise NotImportable(
            "No cell has nbgrader's metadata: this is no source notebook of an assignment. Mark its cells in nbgrader's "
            "toolbar (Create Assignment), or write the exercise with `touchstone exercises new`."
        )
    for number, role in found.items():
        first = next(other for other in found if found[other].grade_id == role.grade_id)
        if first != number:
            raise NotImportable(
                f"The cells {first} and {number} have the same grade_id {role.grade_id!r}. Give one of them another ID in "
                "nbgrader's toolbar."
            )
    return found
