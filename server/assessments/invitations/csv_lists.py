"""A list of people as CSV: read row by row, so that one wrong row keeps nobody else from being invited.

1. The first line names the columns, in any order; it also shows whether cells are parted by commas, semicolons or tabs.
2. Each further row is kept, or named with its line, what is wrong and what to do. Its text stays as it was typed, to be mended.
Nothing in a cell means anything but itself.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import StringIO
from typing import TypeVar

from server.accounts.people import plain_email, problem_of_email
from server.assessments.invitations.candidates import Invitee
from server.assessments.invitations.windows import read_moment, read_percent
from server.errors import Invalid

COLUMNS = ("email", "name", "source", "notes", "extra_percent", "opens", "closes")
OTHER_NAMES = {"e-mail": "email", "e_mail": "email", "mail": "email", "extra": "extra_percent"}
DELIMITERS = ",;\t"
MOST_ROWS, MOST_BYTES, LONGEST_ROW = 1_000, 1_000_000, 10_000
FIELD = "csv"
NOT_UTF8 = (
    "This file is not in UTF-8; it looks like Latin-1, which spreadsheets write by default. "
    "Save it as “CSV UTF-8” and send it again. Nobody was invited"
)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Row:
    """`line`: of the first row it stands in, from 1. `text`: as it was typed."""

    line: int
    text: str
    wanted: Invitee


@dataclass(frozen=True, slots=True)
class RowError:
    """`problem`: what is wrong and what to do."""

    line: int
    text: str
    problem: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """`header`: as it was typed."""

    header: str
    rows: tuple[Row, ...]
    errors: tuple[RowError, ...]


def decode(data: bytes) -> str:
    """The text of a file. Raises Invalid."""
    if len(data) > MOST_BYTES:
        raise _refused(f"This has more than {MOST_BYTES:,} bytes. Split it into several. Nobody was invited")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _refused(NOT_UTF8) from error


def read_csv(text: str) -> Sheet:
    """Raises Invalid where not even the columns can be made out, or there are too many rows."""
    if len(text.encode("utf-8", "replace")) > MOST_BYTES:
        raise _refused(f"This has more than {MOST_BYTES:,} bytes. Split it into several. Nobody was invited")
    lines = _lines(text)
    start = next((number for number, line in enumerate(lines) if line.strip()), None)
    if start is None:
        raise _refused("There is nothing in it. The first line names the columns, each further line is one person")
    header, delimiter = lines[start], _delimiter(lines[start])
    columns = _columns(header, delimiter)
    rows: list[Row] = []
    errors: list[RowError] = []
    seen: dict[str, int] = {}
    for record in _records(lines, start + 1, delimiter, len(columns)):
        if len(rows) + len(errors) == MOST_ROWS:
            raise _refused(f"At most {MOST_ROWS:,} people are read at a time. Split the list. Nobody was invited")
        found = _read(record, columns, seen)
        if isinstance(found, Row):
            seen[plain_email(found.wanted.email)] = found.line
            rows.append(found)
        else:
            errors.append(found)
    return Sheet(header, tuple(rows), tuple(errors))


def to_mend(header: str, errors: Sequence[RowError]) -> str:
    """Just the rows with errors, to be corrected and read again."""
    return "\n".join([header, *(error.text for error in errors)]) if errors else ""


@dataclass(frozen=True, slots=True)
class _Record:
    """`cells` is None where the row cannot be taken apart."""

    line: int
    text: str
    cells: list[str] | None
    problem: str = ""


def _lines(text: str) -> list[str]:
    plain = text.removeprefix("\ufeff").replace("\0", "").replace("\r\n", "\n").replace("\r", "\n")
    lines = plain.split("\n")
    if lines[0].lower().startswith("sep="):  # what spreadsheets write to tell each other the delimiter
        lines[0] = ""
    return lines


def _delimiter(header: str) -> str:
    return max(DELIMITERS, key=header.count)


def _columns(header: str, delimiter: str) -> list[str]:
    cells = _taken_apart(header, delimiter)
    names = [cell.strip().lower().replace(" ", "_") for cell in cells or []]
    columns = [OTHER_NAMES.get(name, name) for name in names]
    known = ", ".join(COLUMNS)
    if "email" not in columns:
        raise _refused(f"The first line must name the columns, and one of them is email. Columns that are read: {known}")
    strange = [name for name in columns if name not in COLUMNS]
    if strange:
        unknown = ", ".join(f"“{name[:40]}”" for name in strange[:5])
        raise _refused(
            f"The first line names columns that are not read: {unknown}. Take them out. Columns that are read: {known}"
        )
    twice = [name for name in COLUMNS if columns.count(name) > 1]
    if twice:
        raise _refused(f"The first line names a column twice: {', '.join(twice)}. Name it once")
    return columns


def _records(lines: Sequence[str], start: int, delimiter: str, width: int) -> Iterator[_Record]:
    """Rows without blank ones. A cell in quotation marks may go over several lines."""
    number = start
    while number < len(lines):
        last = number
        record = _record(lines, number, number, delimiter)
        if record.cells is None and len(lines[number]) <= LONGEST_ROW:
            end = next((n for n in range(number + 1, len(lines)) if lines[n].count('"') % 2), None)
            longer = _record(lines, number, end, delimiter) if end is not None else record
            if longer.cells is not None and len(longer.cells) <= width:
                record, last = longer, end or number
        if record.cells is None or any(cell.strip() for cell in record.cells):
            yield record
        number = last + 1


def _record(lines: Sequence[str], first: int, last: int, delimiter: str) -> _Record:
    text = "\n".join(lines[first : last + 1])
    if len(text) > LONGEST_ROW:
        return _Record(first + 1, text, None, f"This row has more than {LONGEST_ROW:,} characters. Shorten it.")
    cells = _taken_apart(text, delimiter)
    unclosed = "A quotation mark is opened and not closed. Close it; to mean the mark itself, put it twice into a cell in marks."
    return _Record(first + 1, text, cells, "" if cells is not None else unclosed)


def _taken_apart(text: str, delimiter: str) -> list[str] | None:
    """The cells of one row, without blank ones at its end; None when it is not exactly one row."""
    try:
        found = list(csv.reader(StringIO(text, newline="\n"), delimiter=delimiter, strict=True))
    except csv.Error:
        return None
    if len(found) > 1:
        return None
    cells = found[0] if found else []
    while cells and not cells[-1].strip():
        cells.pop()
    return cells


def _read(record: _Record, columns: Sequence[str], seen: dict[str, int]) -> Row | RowError:
    if record.cells is None:
        return RowError(record.line, record.text, record.problem)
    if len(record.cells) > len(columns):
        much = f"This row has {len(record.cells)} cells, the first line names {len(columns)}."
        return RowError(record.line, record.text, f"{much} Put a cell with a comma or semicolon into quotation marks.")
    typed = dict.fromkeys(COLUMNS, "") | dict(zip(columns, record.cells, strict=False))
    problems: list[str] = []
    wanted = Invitee(
        email=typed["email"],
        name=typed["name"],
        source=typed["source"],
        notes=typed["notes"],
        opens=_tried(_opens, typed["opens"], "opens", problems),
        closes=_tried(_closes, typed["closes"], "closes", problems),
        extra_percent=_tried(read_percent, typed["extra_percent"], "extra_percent", problems) or 0,
    )
    email = problem_of_email(wanted.email) or _repeated(wanted.email, seen)
    if email:
        problems.insert(0, f"email: {email}.")
    return RowError(record.line, record.text, " ".join(problems)) if problems else Row(record.line, record.text, wanted)


def _opens(text: str) -> datetime | None:
    return read_moment(text, last=False)


def _closes(text: str) -> datetime | None:
    return read_moment(text, last=True)


def _tried(read: Callable[[str], T], text: str, column: str, problems: list[str]) -> T | None:
    try:
        return read(text)
    except ValueError as error:
        problems.append(f"{column}: {error}.")
        return None


def _repeated(email: str, seen: dict[str, int]) -> str | None:
    first = seen.get(plain_email(email))
    return f"This address stands in line {first} already. Take one of the two out" if first else None


def _refused(sentence: str) -> Invalid:
    return Invalid.fields({FIELD: sentence})
