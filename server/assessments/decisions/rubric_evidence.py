"""What rubric marks come to, as evidence for a need. No level is in it before all markers of the sitting are done."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from statistics import fmean

from sqlmodel import Session

from server.assessments.marking.agreement import Standing
from server.assessments.marking.markers import Marked, marked_sittings
from server.assessments.marking.rubrics import WrittenWork, works_by_sitting
from server.assessments.tables.sittings import Sitting


@dataclass(frozen=True, slots=True)
class RubricEvidence:
    """Written answers that one rubric is about, marked. `question` is the first of `questions`, `possible` are the points of all
    of them, `earned` is of these. `pieces`: lines that were judged.

    Not settled: `open` lines still miss a mark, `apart` ones an agreement; nothing is earned yet and there are no pieces.
    Settled with no pieces: nobody could judge it, so it is evidence for nothing.
    """

    exercise_slug: str
    questions: tuple[str, ...]
    titles: tuple[str, ...]
    possible: float
    earned: float
    pieces: int
    open: int
    apart: int

    @property
    def question(self) -> str:
        return self.questions[0]

    @property
    def settled(self) -> bool:
        return not self.open and not self.apart

    @property
    def share(self) -> float | None:
        """Of the points; None without pieces."""
        return self.earned / self.possible if self.pieces and self.possible else None


def rubric_evidence(session: Session, sitting: Sitting) -> list[RubricEvidence]:
    """One row for each rubric, in the order of the take-home."""
    return rubric_evidence_of(session, [sitting.id])[sitting.id]


def rubric_evidence_of(session: Session, sitting_ids: Collection[str]) -> dict[str, list[RubricEvidence]]:
    """The same for many sittings at once, with as few questions to the database as for one."""
    works = works_by_sitting(session, sitting_ids)
    marked = marked_sittings(session, sitting_ids)
    return {sitting_id: evidence(works[sitting_id], marked[sitting_id]) for sitting_id in sitting_ids}


def evidence(works: Sequence[WrittenWork], marked: Marked) -> list[RubricEvidence]:
    """Pure: the same from rows that were read before."""
    return [_evidence(work, marked) for work in works]


def _evidence(work: WrittenWork, marked: Marked) -> RubricEvidence:
    lines = [marked.settled(line.key) for line in work.lines]
    missing, apart = (sum(line.standing is standing for line in lines) for standing in (Standing.open, Standing.apart))
    shares = [] if missing or apart else [line.share for line in lines if line.share is not None]
    return RubricEvidence(
        exercise_slug=work.exercise_slug,
        questions=work.questions,
        titles=work.titles,
        possible=work.points,
        earned=round(work.points * fmean(shares), 2) if shares else 0.0,
        pieces=len(shares),
        open=missing,
        apart=apart,
    )
