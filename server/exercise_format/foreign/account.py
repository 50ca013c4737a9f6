"""What an import made of each cell: one row for each, and nothing is left out in silence."""

from dataclasses import dataclass
from typing import Literal

Verdict = Literal["taken", "changed", "left out", "to fill in"]


@dataclass(frozen=True, slots=True)
class Row:
    """`cell` is its number in the source, from 1; 0 is the notebook as a whole. `points` are those that the row is about."""

    cell: int
    name: str
    verdict: Verdict
    sentence: str
    points: float = 0.0


@dataclass(frozen=True, slots=True)
class Account:
    rows: tuple[Row, ...]

    def of(self, *verdicts: Verdict) -> tuple[Row, ...]:
        return tuple(row for row in self.rows if row.verdict in verdicts)

    @property
    def points_left_out(self) -> float:
        return round(sum(row.points for row in self.of("left out")), 2)


def empty_cell(number: int, name: str) -> Row:
    return Row(number, name, "left out", "An empty cell.")


def in_order(rows: list[Row]) -> tuple[Row, ...]:
    """By cell; the rows of one cell stay in the order in which they were found."""
    return tuple(sorted(rows, key=lambda row: row.cell))
