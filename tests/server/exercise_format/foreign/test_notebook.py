import json

import pytest

from server.exercise_format.foreign.notebook import NotImportable, read_foreign
from tests.foreign_notebooks import as_bytes, code, notebook, printing


def test_cells_are_counted_from_one_and_keep_what_they_showed() -> None:
    found = read_foreign(as_bytes(code("1 + 1", "2", tags=["a", 3]), printing("print('x')", "x\n")))
    assert [(cell.number, cell.shown) for cell in found.cells] == [(1, "2"), (2, "x\n")]
    assert found.cells[0].tags == ("a",)


def test_a_warning_is_not_what_a_cell_shows() -> None:
    cell = code("x") | {"outputs": [{"output_type": "stream", "name": "stderr", "text": "DeprecationWarning"}]}
    assert read_foreign(as_bytes(cell)).cells[0].shown == ""


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"{", "no notebook"),
        (b"\xff\xfe", "no notebook"),
        (b"[]", "no nbformat"),
        (json.dumps(notebook() | {"nbformat": 3}).encode(), "nbconvert"),
        (json.dumps(notebook() | {"cells": 1}).encode(), "no list of cells"),
        (as_bytes(language="R"), "written in R"),
        (b" " * 60_000_000, "at most"),
    ],
)
def test_another_file_is_refused_with_a_next_step(data: bytes, says: str) -> None:
    with pytest.raises(NotImportable, match=says):
        read_foreign(data)
