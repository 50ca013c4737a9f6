"""The cells of an exercise that is being made, and their way into a notebook file."""

import json
import re
from dataclasses import dataclass, field
from typing import Any

from server.exercise_format.limits import OPTION_CHARACTERS
from server.exercise_format.words import TAGS

CELL_OF = {tag.name: tag.cell for tag in TAGS} | {"front": "raw", "text": "markdown"}
NOT_IN_AN_ID = re.compile(r"[^A-Za-z0-9_-]+")
NOT_IN_A_NAME = re.compile(r"[^a-z0-9_-]+")
LONGEST_ID = 48  # room for what is put behind it
OPTION_LIKE = re.compile(r"^#\|", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class DraftCell:
    id: str
    role: str
    body: str
    options: dict[str, str] = field(default_factory=dict)


class Ids:
    """Gives each cell an id and each row a name that nobody else has."""

    def __init__(self) -> None:
        self.taken: set[str] = set()

    def take(self, wanted: str, fallback: str) -> str:
        return self._free(NOT_IN_AN_ID.sub("-", wanted).strip("-")[:LONGEST_ID] or fallback)

    def name(self, wanted: str, fallback: str) -> str:
        """As an option `name` takes it."""
        clean = wanted if wanted.isidentifier() else NOT_IN_A_NAME.sub("-", wanted.lower()).strip("-_")
        return self._free(clean[:LONGEST_ID] if clean[:1].isalpha() else fallback)

    def _free(self, wanted: str) -> str:
        number, found = 2, wanted
        while found in self.taken:
            found, number = f"{wanted}-{number}", number + 1
        self.taken.add(found)
        return found


def as_notebook(front: str, cells: list[DraftCell]) -> bytes:
    """The bytes of an exercise in nbformat 4.5."""
    documents = [_document(DraftCell("front-matter", "front", front)), *map(_document, cells)]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    document = {"cells": documents, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def _document(cell: DraftCell) -> dict[str, Any]:
    kind = CELL_OF[cell.role]
    metadata = {} if cell.role in ("front", "text") else {"tags": [cell.role]}
    source = _source(cell, kind).splitlines(keepends=True)
    found: dict[str, Any] = {"cell_type": kind, "id": cell.id, "metadata": metadata, "source": source}
    return found | ({"execution_count": None, "outputs": []} if kind == "code" else {})


def _source(cell: DraftCell, kind: str) -> str:
    line = "<!-- {}: {} -->" if kind == "markdown" else "#| {}: {}"
    values = {key: " ".join(value.split())[:OPTION_CHARACTERS] for key, value in cell.options.items()}
    options = [line.format(key, value).rstrip() for key, value in values.items()]
    body = OPTION_LIKE.sub("# |", cell.body) if kind == "code" else cell.body  # another tool's option lines are comments here
    return "\n".join([*options, body.strip("\n")]) if options else body.strip("\n")
