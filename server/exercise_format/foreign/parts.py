"""What a reader makes of a notebook before it is put together: its parts, in order, each with the cell that it came from."""

from dataclasses import dataclass
from pathlib import PurePosixPath

from server.exercise_format.foreign.account import Row


@dataclass(frozen=True, slots=True)
class Text:
    number: int
    id: str
    body: str


@dataclass(frozen=True, slots=True)
class Given:
    """Code that the person is given. `taken_out`: its lines that mean nothing here."""

    number: int
    id: str
    source: str
    taken_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answered:
    """Code that the person writes. `points`: a person marks it; None when tests do, or nothing does."""

    number: int
    id: str
    name: str
    stub: str
    solution: str
    points: float | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """Text that the person writes, marked by a person."""

    number: int
    id: str
    name: str
    points: float
    prompt: str
    model: str = ""


@dataclass(frozen=True, slots=True)
class CodeTest:
    """Statements over the notebook's names that raise when the answer is wrong."""

    number: int
    id: str
    name: str
    points: float
    hidden: bool
    message: str
    body: str
    needs: tuple[str, ...] = ()
    note: str = ""  # what the reader changed in it


Part = Text | Given | Answered | Written | CodeTest


@dataclass(frozen=True, slots=True)
class Parts:
    """`reference`: what an AUTOTEST compares with, cell by cell, run beside the checks."""

    system: str
    parts: tuple[Part, ...]
    rows: tuple[Row, ...]
    title: str = ""
    reference: tuple[str, ...] = ()
    public: tuple[PurePosixPath, ...] | None = None  # files named by the source; None: all that lie beside it
