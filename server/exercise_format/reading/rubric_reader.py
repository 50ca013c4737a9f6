"""The table of a rubric cell: one line per behaviour, with anchors for 1, 3 and 5."""

import re

from server.exercise_format.exercise import RubricLine

COLUMNS = ["line", "1", "3", "5"]
RULE = re.compile(r":?-+:?")


class BadTable(ValueError):
    """The cell holds no such table; the message says what is wrong."""


def read_rubric_lines(body: str) -> tuple[RubricLine, ...]:
    rows = [_parts(line) for line in body.split("\n") if line.strip().startswith("|")]
    if len(rows) < 3 or [part.lower() for part in rows[0]] != COLUMNS or not all(RULE.fullmatch(part) for part in rows[1]):
        raise BadTable("A rubric is a table with the columns line, 1, 3 and 5.")
    for row in rows[2:]:
        if len(row) != len(COLUMNS) or not all(row):
            raise BadTable(f"The row {' | '.join(row)[:60]!r} needs a name and three anchors, none of them empty.")
    return tuple(RubricLine(row[0], {1: row[1], 3: row[2], 5: row[3]}) for row in rows[2:])


def _parts(line: str) -> list[str]:
    inner = line.strip().removeprefix("|")
    inner = inner[:-1] if inner.endswith("|") and not inner.endswith("\\|") else inner
    return [part.strip().replace("\\|", "|") for part in re.split(r"(?<!\\)\|", inner)]
