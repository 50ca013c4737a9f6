"""From bytes to raw cells, without trusting a single byte."""

import json
import re
from dataclasses import dataclass, field
from typing import Any

from server.exercise_format.finding import Finding
from server.exercise_format.limits import CELL_CHARACTERS, CELLS, NOTEBOOK_BYTES

CELL_ID = re.compile(r"[a-zA-Z0-9_-]{1,57}")  # 64 in nbformat, less the room for "-answer"
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class RawCell:
    id: str
    type: str
    source: str
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RawNotebook:
    cells: tuple[RawCell, ...]
    findings: tuple[Finding, ...] = field(default=())


class NotANotebook(ValueError):
    """The bytes hold no notebook that could be read further; the message says why and what to do."""


def parse_notebook(data: bytes) -> RawNotebook:
    """The cells and what is wrong with them; raises NotANotebook when nothing can be read."""
    document = _as_notebook(_as_json(_as_text(data)))
    findings: list[Finding] = []
    cells: list[RawCell] = []
    seen: set[str] = set()
    for number, value in enumerate(document["cells"], 1):
        cell = _read_cell(value, number, findings)
        if cell is not None:
            findings += _id_findings(cell, seen)
            seen.add(cell.id)
            cells.append(cell)
    return RawNotebook(tuple(cells), tuple(findings))


def _as_text(data: bytes) -> str:
    if len(data) > NOTEBOOK_BYTES:
        raise NotANotebook(f"The file has {len(data):,} bytes; a notebook may have {NOTEBOOK_BYTES:,}.")
    try:
        return data.removeprefix(BYTE_ORDER_MARK).decode("utf-8")
    except UnicodeDecodeError as error:
        raise NotANotebook(f"The file is not UTF-8 text (byte {error.start}); save it as UTF-8.") from error


def _as_json(text: str) -> Any:
    try:
        return json.loads(text, parse_constant=_refuse_constant)
    except RecursionError as error:
        raise NotANotebook("The file is nested too deeply to be a notebook.") from error
    except ValueError as error:
        raise NotANotebook(f"The file is not JSON: {error}.") from error


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not a JSON number")


def _as_notebook(document: Any) -> dict[str, Any]:
    if not isinstance(document, dict) or "nbformat" not in document:
        raise NotANotebook("The file is JSON, but no notebook: it has no nbformat.")
    major, minor = document.get("nbformat"), document.get("nbformat_minor")
    if not _is_count(major) or not _is_count(minor):
        raise NotANotebook("nbformat and nbformat_minor must be whole numbers.")
    if (major, minor) < (4, 5):
        raise NotANotebook(f"The notebook has format {major}.{minor}; open it in Jupyter and save it as 4.5.")
    if (major, minor) > (4, 5):
        raise NotANotebook(f"The notebook has format {major}.{minor}, newer than 4.5, the newest that is understood.")
    if not isinstance(document.get("cells"), list):
        raise NotANotebook("The notebook has no list of cells.")
    if len(document["cells"]) > CELLS:
        raise NotANotebook(f"The notebook has {len(document['cells']):,} cells; {CELLS} are allowed.")
    return document


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _read_cell(value: Any, number: int, findings: list[Finding]) -> RawCell | None:
    if not isinstance(value, dict):
        findings.append(Finding("cell-shape", f"Cell {number} is not an object."))
        return None
    cell_id, type_, source = value.get("id"), value.get("cell_type"), _source(value.get("source"))
    where = cell_id if isinstance(cell_id, str) else f"number {number}"
    if type_ not in ("code", "markdown", "raw") or source is None:
        findings.append(Finding("cell-shape", "A cell needs a cell_type (code, markdown, raw) and a source of text.", where))
        return None
    if len(source) > CELL_CHARACTERS or not _encodes(source):
        sentence = f"The source must be proper text of at most {CELL_CHARACTERS:,} characters."
        findings.append(Finding("cell-shape", sentence, where))
        return None
    findings += _leftovers(value, where)
    tags = _tags(value.get("metadata"), where, findings)
    return RawCell(cell_id if isinstance(cell_id, str) else "", type_, source.replace("\r\n", "\n"), tags)


def _source(value: Any) -> str | None:
    if isinstance(value, str):
        return value
    if isinstance(value, list) and all(isinstance(line, str) for line in value):
        return "".join(value)
    return None


def _encodes(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:  # half of a surrogate pair, which JSON can spell and UTF-8 cannot
        return False
    return "\x00" not in text


def _leftovers(value: dict[str, Any], where: str) -> list[Finding]:
    if value.get("outputs") or value.get("execution_count") is not None:
        return [Finding("outputs", "The cell has outputs or an execution count; clear all outputs before saving.", where)]
    return []


def _tags(metadata: Any, where: str, findings: list[Finding]) -> tuple[str, ...]:
    tags = metadata.get("tags", []) if isinstance(metadata, dict) else None
    if not isinstance(tags, list) or not all(isinstance(tag, str) for tag in tags):
        findings.append(Finding("cell-shape", "The cell's metadata must be an object, its tags a list of texts.", where))
        return ()
    return tuple(tags)


def _id_findings(cell: RawCell, seen: set[str]) -> list[Finding]:
    if not CELL_ID.fullmatch(cell.id):
        return [Finding("cell-id", "A cell needs an id of 1 to 57 letters, digits, `-` or `_`.", cell.id)]
    if cell.id in seen:
        return [Finding("cell-id", "Two cells have this id.", cell.id)]
    return []
