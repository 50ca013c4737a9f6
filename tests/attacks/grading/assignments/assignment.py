"""What an attack needs to know of an exercise, and how its notebooks are made."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from server.exercise_format.copies.candidate_copy import candidate_notebook
from server.exercise_format.exercise import Exercise
from server.exercise_format.reading.reader import read_exercise

SEED = 7
Document = dict[str, Any]  # a notebook as nbformat has it
FRONT = """---
format: 1
slug: {slug}
version: 1
title: {title}
summary: {title}.
kind: coding
form: code
topics: [arrays]
roles: [ml_engineer]
level: 1
minutes: 10
objectives: [show what a forged notebook gains]
prerequisites: []
needs: [{needs}]
licence: CC-BY-4.0
authors: [Touchstone contributors]
reviewed: 2026-11-24
review_due: 2027-11-01
---"""


@dataclass(frozen=True)
class Assignment:
    """`prelude` defines what a forgery builds on: `blank(data)`, a wrong answer of the right kind, `wrong`, a wrong single value,
    and `wrongs`, an empty list or dict. `entry` is the answer cell that hands out what the forgery's `forged(data)`,
    `single(data)` and `several(data)` make. `slip`, put behind the right answer, costs one point; each of `odd` costs none."""

    name: str
    exercise: Exercise
    prelude: str
    entry: str
    slip: str
    odd: Mapping[str, str]

    @property
    def answer_cell(self) -> str:
        return self.exercise.answers[0].cell

    @cached_property
    def reference(self) -> str:
        return self.exercise.solution_source(self.exercise.answers[0])

    @property
    def points(self) -> float:
        return sum(check.points for check in self.exercise.checks)

    def hasty(self, seconds: float) -> "Assignment":
        """The same with little time for each check, for notebooks that stall."""
        checks = tuple(replace(check, seconds=seconds) for check in self.exercise.checks)
        return replace(self, exercise=replace(self.exercise, checks=checks))

    def notebook(self, answer: str, before: Sequence[str] = (), after: Sequence[str] = ()) -> Document:
        """The candidate's copy with this answer, and cells of their own around it."""
        document = candidate_notebook(self.exercise, SEED, {})
        cells = document["cells"]
        place = next(place for place, cell in enumerate(cells) if cell["id"] == self.answer_cell)
        cells[place]["source"] = answer
        cells[place:place] = [code_cell(f"own-{number}", source) for number, source in enumerate(before)]
        cells += [code_cell(f"late-{number}", source) for number, source in enumerate(after)]
        return document


def code_cell(cell_id: str, source: str, **metadata: object) -> Document:
    return {"cell_type": "code", "id": cell_id, "metadata": metadata, "source": source, "execution_count": None, "outputs": []}


def as_bytes(document: Document) -> bytes:
    return json.dumps(document).encode()


def make_exercise(
    slug: str,
    needs: str,
    cells: Sequence[tuple[str, str]],
    public_files: Mapping[str, bytes] | None = None,
    private_files: Mapping[str, bytes] | None = None,
) -> Exercise:
    """From (tag, source) pairs. The whole way through the reader: what is graded is an exercise like any other."""
    front = FRONT.format(slug=slug, title=slug.replace("-", " ").capitalize(), needs=needs)
    documents = [{"cell_type": "raw", "id": "front", "metadata": {}, "source": front}]
    documents += [code_cell(f"{tag}-{number}", source.strip(), tags=[tag]) for number, (tag, source) in enumerate(cells)]
    notebook = {"cells": documents, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    reading = read_exercise(as_bytes(notebook), slug, public_files, private_files)
    assert reading.exercise is not None, reading.findings
    return reading.exercise


def judge_setups(exercise: Exercise) -> list[str]:
    return [setup.source for setup in exercise.setups if setup.judge_only]
