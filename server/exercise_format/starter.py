"""Small exercises to begin with, one per kind; each passes the gate as it is.

They are written as plain text, in starters/<kind>.txt: a line `%%% role` begins a cell (`front`, `text` or a tag).
"""

import json
import re
from collections import Counter
from datetime import date, timedelta
from importlib.resources import files
from typing import Any

from server.exercise_format.words import FORMAT_VERSION, TAGS

FENCE = re.compile(r"^%%% ([a-z-]+)\n", re.MULTILINE)
CELL_OF = {tag.name: tag.cell for tag in TAGS} | {"front": "raw", "text": "markdown"}
REVIEW_PERIOD = timedelta(days=360)

FRONT = """---
format: {format}
slug: {slug}
version: 1
{rest}licence: CC-BY-4.0
authors: [Your name]
reviewed: {today}
review_due: {due}
---"""


def starter_notebook(kind: str, slug: str, today: date) -> bytes:
    """The starter of a kind under its own slug."""
    text = files("server.exercise_format").joinpath("starters", f"{kind}.txt").read_text("utf-8")
    return as_notebook(text, slug, today)


def as_notebook(text: str, slug: str, today: date) -> bytes:
    """A notebook from its plain text; the front matter needs neither slug nor dates."""
    _, *parts = FENCE.split(text)
    seen: Counter[str] = Counter()
    cells: list[dict[str, Any]] = []
    for role, body in zip(parts[::2], parts[1::2], strict=True):
        seen[role] += 1
        source = body.strip("\n")
        if role == "front":
            due = today + REVIEW_PERIOD
            source = FRONT.format(format=FORMAT_VERSION, slug=slug, rest=body.lstrip("\n"), today=today, due=due)
        cells.append(_cell(f"{role}-{seen[role]}", role, source))
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    document = {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def _cell(cell_id: str, role: str, source: str) -> dict[str, Any]:
    kind = CELL_OF[role]
    metadata = {} if role in ("front", "text") else {"tags": [role]}
    lines = source.splitlines(keepends=True)
    cell: dict[str, Any] = {"cell_type": kind, "id": cell_id, "metadata": metadata, "source": lines}
    return cell | ({"execution_count": None, "outputs": []} if kind == "code" else {})
