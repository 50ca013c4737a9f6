"""Reading a handed-in notebook: bad input gets a sentence, never a traceback."""

import json

import pytest

from server.errors import Invalid
from server.grading.handed_in.submitted import MOST_BYTES, read_submitted


def notebook(cells: object, **more: object) -> bytes:
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells, **more}).encode()


def test_cells_keep_their_id_type_and_joined_source() -> None:
    found = read_submitted(notebook([{"id": "a", "cell_type": "code", "source": ["x = 1\n", "y = 2"]}]))
    assert [(cell.id, cell.type, cell.source) for cell in found.cells] == [("a", "code", "x = 1\ny = 2")]


def test_a_byte_order_mark_is_accepted() -> None:
    assert read_submitted(b"\xef\xbb\xbf" + notebook([])).cells == ()


def test_version_3_notebooks_are_read_too() -> None:
    old = {"nbformat": 3, "worksheets": [{"cells": [{"cell_type": "code", "input": ["x = 1"]}]}]}
    assert [cell.source for cell in read_submitted(json.dumps(old).encode()).cells] == ["x = 1"]


def test_seed_and_exercise_come_from_the_metadata_when_they_are_plain() -> None:
    data = notebook([], metadata={"touchstone": {"exercise": "some-slug", "seed": 7}})
    assert (read_submitted(data).exercise, read_submitted(data).seed) == ("some-slug", 7)


def test_half_letters_are_replaced_everywhere() -> None:
    cell = {"id": "a\ud800", "cell_type": "code", "source": ["x = '\udfff", "'"]}
    found = read_submitted(notebook([cell], metadata={"touchstone": {"exercise": "\ud800"}}))
    assert (found.exercise, found.cells[0].id, found.cells[0].source) == ("?", "a?", "x = '?'")


@pytest.mark.parametrize(
    "metadata", [None, [], {"touchstone": 3}, {"touchstone": {"exercise": [], "seed": "7"}}, {"touchstone": {"seed": True}}]
)
def test_odd_metadata_counts_as_none(metadata: object) -> None:
    found = read_submitted(notebook([], metadata=metadata))
    assert (found.exercise, found.seed) == ("", 0)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "not JSON"),
        (b"{", "not JSON"),
        (b"[1, 2]", "no notebook"),
        (b"{}", "no list of cells"),
        (b'{"cells": {"a": 1}}', "no list of cells"),
        (b"\xff\xfe\x00x", "not UTF-8"),
        (b"[" * 200_000, "nested too deeply"),
        (b" " * (MOST_BYTES + 1), "at most 10 MB"),
        (notebook([{}] * 2_001), "2001 cells"),
        (b'{"cells": [], "n": ' + b"9" * 5_000 + b"}", "a number too long"),
    ],
)
def test_what_is_no_notebook_is_refused_with_a_sentence(data: bytes, says: str) -> None:
    with pytest.raises(Invalid, match=says):
        read_submitted(data)


@pytest.mark.parametrize("cell", [3, "text", None, {"cell_type": 3, "source": 4, "id": []}, {"source": [1, 2]}])
def test_odd_cells_are_read_as_empty_or_left_out(cell: object) -> None:
    assert all(found.source == "" for found in read_submitted(notebook([cell])).cells)
