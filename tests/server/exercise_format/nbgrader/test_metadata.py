import json

import pytest

from server.exercise_format.foreign.notebook import NotImportable, read_foreign
from server.exercise_format.nbgrader.metadata import Role, roles_of
from tests.foreign_notebooks import Cell, as_bytes, code, graded, text


def roles(*cells: Cell) -> dict[int, Role]:
    return roles_of(read_foreign(as_bytes(*cells)).cells)


@pytest.mark.parametrize("version", [1, 2, 3])
def test_a_test_cell_of_each_version_has_its_points(version: int) -> None:
    found = roles(code("assert f", **graded("right", "grade", points=2.5, version=version)))
    assert found == {1: Role("right", 2.5, grade=True)}


def test_version_0_may_lack_flags_and_keeps_points_as_text() -> None:
    found = roles(
        code("assert f", nbgrader={"grade": True, "grade_id": "right", "points": "2"}),
        code("assert g", nbgrader={"grade": True, "grade_id": "blank", "points": ""}),
    )
    assert [role.points for role in found.values()] == [2.0, 0.0]


def test_a_cell_that_nbgrader_leaves_alone_has_no_role() -> None:
    assert list(roles(text("Hello"), code("x", **graded("plain")), code("y", **graded("kept", "locked")))) == [3]


def test_points_of_a_cell_that_is_not_graded_do_not_count() -> None:
    assert roles(code("x", **graded("given", "locked", points=4)))[1].points == 0


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        ([code("x", **graded("a", "grade", version=4))], "newer nbgrader"),
        ([code("x", **graded("", "grade"))], "without a grade_id"),
        ([code("x")], "no source notebook"),
        ([code("x", **graded("a", "grade")), code("y", **graded("a", "solution"))], "cells 1 and 2 have the same grade_id"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_next_step(cells: list[Cell], says: str) -> None:
    with pytest.raises(NotImportable, match=says):
        roles(*cells)


def test_metadata_of_a_wrong_kind_are_passed_over() -> None:
    cells = [code("x", nbgrader="yes"), code("y", **graded("a", "solution"))]
    assert list(roles(*json.loads(json.dumps(cells)))) == [2]
