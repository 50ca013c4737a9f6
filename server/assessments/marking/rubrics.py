"""What people mark: each line of each rubric for written answers."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from sqlmodel import Session, col, select

from server.assessments.tables.sittings import Sitting, SittingTask
from server.bank.versions import exercise_version
from server.exercise_format.exercise import Exercise
from server.exercise_format.question import Short

CANNOT_JUDGE, LEVELS = 0, (1, 2, 3, 4, 5)


class LineKey(NamedTuple):
    """Names a line within a sitting. `question`: the first that the rubric is about. `line` counts from 0."""

    exercise_slug: str
    question: str
    line: int


@dataclass(frozen=True, slots=True)
class RubricLine:
    """A line to be marked, with words for some of its levels."""

    key: LineKey
    words: str
    anchors: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class WrittenWork:
    """Written answers that one rubric is about: several of them are marked together, once. `question` is the first of them."""

    exercise_slug: str
    questions: tuple[str, ...]
    titles: tuple[str, ...]
    points: float  # of all of them
    lines: tuple[RubricLine, ...]

    @property
    def question(self) -> str:
        return self.questions[0]


def written_work(exercise: Exercise) -> list[WrittenWork]:
    """In the order of the exercise."""
    shorts = [question for question in exercise.questions if isinstance(question, Short)]
    found: dict[str, list[Short]] = {}
    for question in shorts:
        rubric = exercise.rubric_of(question.name)
        if rubric is not None:
            found.setdefault(rubric.cell, []).append(question)
    return [_work(exercise, asked) for asked in found.values()]


def _work(exercise: Exercise, asked: list[Short]) -> WrittenWork:
    first = asked[0].name
    rubric = exercise.rubric_of(first)
    assert rubric is not None
    return WrittenWork(
        exercise_slug=exercise.slug,
        questions=tuple(question.name for question in asked),
        titles=tuple(question.title for question in asked),
        points=sum(question.points for question in asked),
        lines=tuple(
            RubricLine(LineKey(exercise.slug, first, number), line.line, line.anchors) for number, line in enumerate(rubric.lines)
        ),
    )


def works_of(session: Session, sitting: Sitting) -> list[WrittenWork]:
    """Of all its tasks, in their order, in the versions that the candidate sat."""
    return works_by_sitting(session, [sitting.id])[sitting.id]


def lines_of(session: Session, sitting: Sitting) -> list[RubricLine]:
    return [line for work in works_of(session, sitting) for line in work.lines]


def works_by_sitting(session: Session, sitting_ids: Collection[str]) -> dict[str, list[WrittenWork]]:
    """The same for many sittings at once."""
    tasks = select(SittingTask.sitting_id, SittingTask.exercise_slug, SittingTask.exercise_digest)
    theirs = tasks.where(col(SittingTask.sitting_id).in_(sitting_ids)).order_by(col(SittingTask.position))
    found: dict[str, list[WrittenWork]] = {sitting_id: [] for sitting_id in sitting_ids}
    known: dict[tuple[str, str], list[WrittenWork]] = {}
    for sitting_id, slug, digest in session.exec(theirs):
        if (slug, digest) not in known:
            known[slug, digest] = written_work(exercise_version(session, slug, digest))
        found[sitting_id] += known[slug, digest]
    return found
