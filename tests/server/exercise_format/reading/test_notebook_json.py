"""Hostile and broken bytes are read without an error, and the finding says what is wrong."""

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.exercise_format.linter import lint
from server.exercise_format.reading.notebook_json import NotANotebook, parse_notebook
from server.exercise_format.reading.reader import read_exercise
from server.exercise_format.starter import starter_notebook

WHOLE = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []}
GOOD = starter_notebook("coding", "small-one", date(2026, 11, 24))


def document(**changes: Any) -> bytes:
    return json.dumps(WHOLE | changes).encode()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "not JSON"),
        (b"{", "not JSON"),
        (b'{"nbformat": NaN}', "NaN is not a JSON number"),
        (b'{"nbformat": ' + b"9" * 5000 + b"}", "not JSON"),
        (b"[" * 100_000, "nested too deeply"),
        (b'"text"', "no notebook"),
        (b"[]", "no notebook"),
        (b"{}", "no notebook"),
        ("{}".encode("utf-16"), "not UTF-8"),
        (b"\xff\xfe", "not UTF-8"),
        (b" " * 10_000_001, "10,000,001 bytes"),
        (document(nbformat=3), "format 3.5"),
        (document(nbformat_minor=4), "format 4.4"),
        (document(nbformat=5), "newer than 4.5"),
        (document(nbformat="4"), "whole numbers"),
        (document(nbformat=True), "whole numbers"),
        (document(cells={}), "no list of cells"),
        (document(cells=[{}] * 401), "401 cells"),
    ],
)
def test_what_is_no_notebook_is_refused_with_a_sentence(data: bytes, said: str) -> None:
    with pytest.raises(NotANotebook, match=said):
        parse_notebook(data)
    reading = read_exercise(data, "small-one")
    assert reading.draft is None
    assert [finding.code for finding in reading.findings] == ["not-a-notebook"]


def test_a_byte_order_mark_is_passed_over() -> None:
    assert read_exercise(b"\xef\xbb\xbf" + GOOD, "small-one").exercise is not None


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        (5, "cell-shape"),
        ({"id": "a", "cell_type": "heading", "source": ""}, "cell-shape"),
        ({"id": "a", "cell_type": "code", "source": 5}, "cell-shape"),
        ({"id": "a", "cell_type": "code", "source": ["a", 5]}, "cell-shape"),
        ({"id": "a", "cell_type": "markdown", "source": "\ud800"}, "cell-shape"),
        ({"id": "a", "cell_type": "markdown", "source": "a\x00b"}, "cell-shape"),
        ({"id": "a", "cell_type": "markdown", "source": "x" * 200_001}, "cell-shape"),
        ({"id": "a", "cell_type": "markdown", "source": "", "metadata": {"tags": "check"}}, "cell-shape"),
        ({"id": "a", "cell_type": "markdown", "source": "", "metadata": {"tags": [1]}}, "cell-shape"),
        ({"id": "a", "cell_type": "markdown", "source": "", "metadata": []}, "cell-shape"),
        ({"cell_type": "markdown", "source": "", "metadata": {}}, "cell-id"),
        ({"id": 7, "cell_type": "markdown", "source": "", "metadata": {}}, "cell-id"),
        ({"id": "a b", "cell_type": "markdown", "source": "", "metadata": {}}, "cell-id"),
        ({"id": "x" * 58, "cell_type": "markdown", "source": "", "metadata": {}}, "cell-id"),
        ({"id": "a", "cell_type": "code", "source": "", "metadata": {}, "outputs": [1]}, "outputs"),
        ({"id": "a", "cell_type": "code", "source": "", "metadata": {}, "execution_count": 3}, "outputs"),
    ],
)
def test_a_broken_cell_is_a_finding_of_its_own(cell: object, code: str) -> None:
    assert code in [finding.code for finding in parse_notebook(document(cells=[cell])).findings]


def test_two_cells_with_one_id_are_found() -> None:
    cell = {"id": "a", "cell_type": "markdown", "source": "", "metadata": {}}
    found = parse_notebook(document(cells=[cell, cell])).findings
    assert [(finding.code, finding.cell) for finding in found] == [("cell-id", "a")]


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=200))
def test_no_bytes_raise(data: bytes) -> None:
    assert read_exercise(data, "small-one").findings


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_no_damage_to_a_good_notebook_raises(data: st.DataObject) -> None:
    notebook = json.loads(GOOD)
    for _ in range(data.draw(st.integers(1, 4))):
        cell = data.draw(st.sampled_from(notebook["cells"]))
        key = data.draw(st.sampled_from(sorted(cell)))
        if data.draw(st.booleans()):
            cell[key] = data.draw(json_values)
        elif isinstance(cell.get("source"), list) and cell["source"]:
            place = data.draw(st.integers(0, len(cell["source"]) - 1))
            cell["source"][place] = data.draw(st.text(max_size=40))
    lint(read_exercise(json.dumps(notebook).encode(), "small-one"), "coding")


def test_deeply_nested_code_is_a_finding_and_no_error(read: Callable[[str], Any], starter: Callable[[str], str]) -> None:
    deep = "value = " + "-" * 3000 + "1"
    reading = read(starter("coding").replace("sums = np.bincount(groups, weights=values)", deep))
    assert "syntax" in [finding.code for finding in lint(reading)]
