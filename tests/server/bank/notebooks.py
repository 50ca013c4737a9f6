"""Small exercises for tests of the bank, written as files like an author's."""

import json
from pathlib import Path
from typing import Any

FRONT = """---
format: 1
slug: {slug}
version: {version}
title: {title}
summary: {summary}
kind: {kind}
form: code
topics: [{topics}]
roles: [{roles}]
level: {level}
minutes: {minutes}
objectives: [do what is asked]
prerequisites: []
needs: [numpy]
licence: CC-BY-4.0
authors: [Touchstone contributors]
reviewed: 2026-11-24
review_due: 2027-11-01
---
"""
ANSWER = """#| name: answer
def answer():
    ### BEGIN SOLUTION
    return 1
    ### END SOLUTION
"""


def write_exercise(folder: Path, slug: str, **changes: Any) -> Path:
    """An exercise with one answer, a visible and a hidden check."""
    values: dict[str, Any] = {
        "version": 1, "title": slug.replace("-", " ").capitalize(), "summary": "A small task.", "kind": "coding",
        "topics": "arrays", "roles": "ml_engineer", "level": 1, "minutes": 15,
    } | changes  # fmt: skip
    cells = [
        _cell("front", "raw", FRONT.format(slug=slug, **values)),
        _cell("task", "markdown", "# Task\n\nWrite `answer()`.", None),
        _cell("answer", "code", ANSWER, "answer"),
        _cell("check", "code", "#| name: one\n#| points: 2\n#| message: The answer is not one.\nassert answer() == 1", "check"),
        _cell("hidden", "code", "#| name: two\n#| points: 1\n#| message: Still not one.\nassert answer() == 1", "hidden-check"),
    ]
    path = folder / values["kind"] / f"{slug}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}))
    return path


def _cell(cell_id: str, kind: str, source: str, tag: str | None = None) -> dict[str, Any]:
    cell: dict[str, Any] = {"id": cell_id, "cell_type": kind, "metadata": {"tags": [tag]} if tag else {}, "source": source}
    return cell | ({"outputs": [], "execution_count": None} if kind == "code" else {})
