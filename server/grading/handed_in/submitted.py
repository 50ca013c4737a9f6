"""A handed-in notebook, read as data: nothing in it is believed except the text of its cells."""

from __future__ import annotations

import json
import os
import stat
from dataclasses import dataclass
from pathlib import Path

from server.errors import Invalid

MOST_BYTES = 10 * 1024 * 1024
MOST_CELLS = 2_000


@dataclass(frozen=True, slots=True)
class SubmittedCell:
    """One cell as handed in. `type` is code, markdown or raw; `id` is empty when the notebook has none."""

    id: str
    type: str
    source: str
    label: str = ""  # nbgrader's grade_id
    asked: bool = False  # otter's tag of a cell that is to be answered


@dataclass(frozen=True, slots=True)
class SubmittedNotebook:
    cells: tuple[SubmittedCell, ...]
    exercise: str
    seed: int


def read_file(path: Path) -> bytes:
    """A plain file, as it is: a link could lead to somebody else's notebook, a pipe would never end. Raises OSError, Invalid."""
    if path.is_symlink():
        raise Invalid(f"{path} is a link, and links are not followed. Name the notebook itself.")
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC), "rb") as stream:
        status = os.fstat(stream.fileno())
        if not stat.S_ISREG(status.st_mode):
            raise Invalid(f"{path} is no plain file, so it is not read.")
        refuse_too_large(status.st_size)
        return stream.read()


def read_submitted(data: bytes) -> SubmittedNotebook:
    """The cells of a notebook file. Raises Invalid with a sentence that says what is wrong and what to do."""
    document = _parse(data)
    cells = _cells(document)
    ours = _dictionary(_dictionary(document.get("metadata")).get("touchstone"))
    exercise, seed = ours.get("exercise"), ours.get("seed")
    return SubmittedNotebook(
        cells=tuple(_cell(cell) for cell in cells if isinstance(cell, dict)),
        exercise=_text(exercise),
        seed=seed if isinstance(seed, int) and not isinstance(seed, bool) and 0 <= seed < 2**63 else 0,
    )


def refuse_too_large(size: int) -> None:
    """`size` in bytes. Raises Invalid."""
    if size > MOST_BYTES:
        shown, most = f"{size / 1e6:.0f} MB", f"{MOST_BYTES / 1e6:.0f} MB"
        raise Invalid(f"The notebook is {shown}; at most {most} are read. Clear its outputs and try again.")


def _parse(data: bytes) -> dict[str, object]:
    refuse_too_large(len(data))
    try:
        document = json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise Invalid("The file is not UTF-8 text, so it is no notebook. Save it from Jupyter as .ipynb and try again.") from None
    except json.JSONDecodeError as error:
        raise Invalid(
            f"The file is not JSON (line {error.lineno}: {error.msg}), so it is no notebook. Save it from Jupyter as .ipynb."
        ) from None
    except RecursionError:
        raise Invalid("The file is nested too deeply to be a notebook.") from None
    except ValueError:  # Python reads no number of more than 4,300 digits
        raise Invalid("The file holds a number too long to be read. Clear the notebook's outputs and try again.") from None
    if not isinstance(document, dict):
        raise Invalid("The file is JSON but no notebook: a notebook is an object with a list of cells.")
    return document


def _cells(document: dict[str, object]) -> list[object]:
    worksheets = document.get("worksheets")
    if document.get("nbformat") == 3 and isinstance(worksheets, list) and worksheets:
        return _listed(_dictionary(worksheets[0]).get("cells"))
    return _listed(document.get("cells"))


def _listed(cells: object) -> list[object]:
    if not isinstance(cells, list):
        raise Invalid("The notebook has no list of cells. Save it from Jupyter as .ipynb and try again.")
    if len(cells) > MOST_CELLS:
        raise Invalid(f"The notebook has {len(cells)} cells; at most {MOST_CELLS} are read.")
    return cells


def _cell(cell: dict[str, object]) -> SubmittedCell:
    kind, name = cell.get("cell_type"), cell.get("id")
    source = cell.get("source", cell.get("input", ""))
    if isinstance(source, list):
        source = "".join(part for part in source if isinstance(part, str))
    metadata = _dictionary(cell.get("metadata"))
    label, tags = _dictionary(metadata.get("nbgrader")).get("grade_id"), metadata.get("tags")
    return SubmittedCell(
        id=_text(name),
        type=_text(kind),
        source=_text(source),
        label=_text(label),
        asked=isinstance(tags, list) and "otter_answer_cell" in tags,
    )


def _text(value: object) -> str:
    """JSON can hold half a letter, which no file, message or database takes."""
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else ""


def _dictionary(value: object) -> dict[str, object]:
    return value if isinstance(value, dict) else {}
