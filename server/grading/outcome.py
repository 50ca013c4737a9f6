"""What one check or question came to. Three kinds of trouble stay apart: wrong, the candidate's crash or limit, ours."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """The outcome of one check or question."""

    passed = "passed"
    failed = "failed"
    crashed = "crashed"  # the submitted code raised where the check called it
    timed_out = "timed_out"
    out_of_memory = "out_of_memory"
    not_attempted = "not_attempted"
    blocked = "blocked"  # a check that it needs has not passed
    to_mark = "to_mark"  # for a person with a rubric; no machine decides it
    our_fault = "our_fault"  # our machinery failed; tried again, never counted against anybody


@dataclass(frozen=True, slots=True)
class Reason:
    """Why one option of a question is right or wrong; shown only after the answer was submitted."""

    key: str
    text: str
    right: bool
    chosen: bool = True


@dataclass(frozen=True, slots=True)
class Outcome:
    """One row of a result. `points` and `possible` are 0 for rows that a person marks."""

    check: str
    hidden: bool
    outcome: State
    points: float
    possible: float
    message: str
    seconds: float = 0.0
    reported: bool = False
    question: bool = False
    mistake: str = ""
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class CellNote:
    """What became of one code cell when the notebook was run from top to bottom."""

    id: str
    status: str  # ok, error, timed_out, died, not_run
    error: str
    needs_from_below: str = ""  # a name that it misses and that only a later cell defines: it works out of order alone


@dataclass(frozen=True, slots=True)
class Grade:
    """Everything that one grading run found. `points` counts what a machine may decide, of `possible`."""

    outcomes: tuple[Outcome, ...]
    points: float
    possible: float
    repairs: tuple[str, ...]
    cells: tuple[CellNote, ...]
    seconds: float
    notebook_seconds: float

    @property
    def our_fault(self) -> bool:
        return any(row.outcome is State.our_fault for row in self.outcomes)

    @property
    def solved(self) -> bool:
        """Every row that a machine decides passed, and nothing was left out."""
        decided = [row for row in self.outcomes if row.outcome is not State.to_mark]
        unanswered = any(row.outcome is State.not_attempted for row in self.outcomes)
        return not unanswered and all(row.outcome is State.passed for row in decided)
