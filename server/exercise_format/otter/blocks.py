"""The blocks of an otter-assign notebook: raw cells (or Markdown cells fenced as `otter`) open and close them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from server.exercise_format.foreign.notebook import ForeignCell, NotImportable

BOUNDARY = re.compile(r"#\s+(begin|end)\s+(question|prompt|solution|tests)\b", re.IGNORECASE)
CONFIG = re.compile(r"#\s+assignment\s+config\b", re.IGNORECASE)
OLD_CONFIG = re.compile(r"^```\s*\n\s*BEGIN (QUESTION|ASSIGNMENT)", re.MULTILINE)
FENCE = re.compile(r"\A```otter\s*\n(.*)\n```\s*\Z", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Boundary:
    opens: bool
    kind: str
    config: Mapping[str, Any]


def control_text(cell: ForeignCell) -> str:
    """What a cell says to otter-assign; empty when it is content. Raises NotImportable for the format before version 1."""
    fenced = FENCE.match(cell.source.strip()) if cell.type == "markdown" else None
    if cell.type == "markdown" and OLD_CONFIG.search(cell.source):
        raise NotImportable(
            f"Cell {cell.number} is in the format of otter-assign before version 1. Move each question's settings into a raw "
            "cell `# BEGIN QUESTION` with `# END QUESTION` after it, as otter's page on migrating from v0 shows; then import it."
        )
    return fenced[1] if fenced else cell.source if cell.type == "raw" else ""


def boundary_of(cell: ForeignCell) -> Boundary | None:
    text = control_text(cell).strip()
    found = BOUNDARY.match(text)
    return Boundary(found[1].lower() == "begin", found[2].lower(), read_config(text, cell.number)) if found else None


def assignment_config(cell: ForeignCell) -> Mapping[str, Any] | None:
    text = control_text(cell).strip()
    return read_config(text, cell.number) if CONFIG.match(text) else None


def read_config(text: str, number: int) -> Mapping[str, Any]:
    try:
        values = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise NotImportable(f"The settings in cell {number} are no YAML: {' '.join(str(error).split())[:150]}.") from None
    return values if isinstance(values, dict) else {}
