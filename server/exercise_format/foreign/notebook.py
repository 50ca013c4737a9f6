"""Another system's notebook, read as data: cells with their metadata, and the text that code cells put out."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from server.exercise_format.limits import CELLS, NOTEBOOK_BYTES


class NotImportable(ValueError):
    """The file cannot be imported; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class ForeignCell:
    number: int  # from 1, as a person counts
    id: str  # empty before nbformat 4.5
    type: str
    source: str
    metadata: Mapping[str, Any]
    shown: str = ""  # what the saved outputs show: printed text, then the value

    @property
    def tags(self) -> tuple[str, ...]:
        tags = self.metadata.get("tags")
        return tuple(tag for tag in tags if isinstance(tag, str)) if isinstance(tags, list) else ()

    @property
    def lines(self) -> list[str]:
        return self.source.split("\n")


@dataclass(frozen=True, slots=True)
class ForeignNotebook:
    cells: tuple[ForeignCell, ...]
    metadata: Mapping[str, Any]


def read_foreign(data: bytes) -> ForeignNotebook:
    """Raises NotImportable."""
    document = _document(data)
    cells = [_cell(number, cell) for number, cell in enumerate(document["cells"], 1) if isinstance(cell, dict)]
    language = _mapping(_mapping(document.get("metadata")).get("kernelspec")).get("language", "python")
    if str(language).lower() not in ("python", "python3"):
        raise NotImportable(f"The notebook is written in {language}; exercises are written in Python.")
    return ForeignNotebook(tuple(cells), _mapping(document.get("metadata")))


def _document(data: bytes) -> dict[str, Any]:
    if len(data) > NOTEBOOK_BYTES:
        raise NotImportable(f"The file has {len(data):,} bytes; at most {NOTEBOOK_BYTES:,} are read. Clear its outputs first.")
    try:
        document = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise NotImportable(f"The file is no notebook ({error}). Save it from Jupyter as .ipynb and try again.") from None
    if not isinstance(document, dict) or not isinstance(document.get("nbformat"), int):
        raise NotImportable("The file is JSON, but no notebook: it has no nbformat.")
    if document["nbformat"] != 4:
        version = document["nbformat"]
        raise NotImportable(f"The notebook has nbformat {version}; `jupyter nbconvert --to notebook --inplace FILE` makes it 4.")
    if not isinstance(document.get("cells"), list) or len(document["cells"]) > CELLS:
        raise NotImportable(f"The notebook has no list of cells, or more than {CELLS}.")
    return document


def _cell(number: int, cell: dict[str, Any]) -> ForeignCell:
    name = cell.get("id")
    return ForeignCell(
        number=number,
        id=name if isinstance(name, str) else "",
        type=str(cell.get("cell_type")),
        source=_text(cell.get("source")).replace("\r\n", "\n"),
        metadata=_mapping(cell.get("metadata")),
        shown="".join(_shown(output) for output in cell.get("outputs") or [] if isinstance(output, dict)),
    )


def _shown(output: dict[str, Any]) -> str:
    if output.get("output_type") == "stream":
        return _text(output.get("text")) if output.get("name", "stdout") == "stdout" else ""  # a warning is no answer
    if output.get("output_type") == "execute_result":
        return _text(_mapping(output.get("data")).get("text/plain"))
    return ""


def _text(value: Any) -> str:
    if isinstance(value, list):
        return "".join(part for part in value if isinstance(part, str))
    return value if isinstance(value, str) else ""


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
