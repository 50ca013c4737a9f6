"""Two markers who differ agree on the level that counts. Before both are done, neither's marks are shown to anybody else."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from server.assessments.marking.agreement import Agreeing, Settled, Standing, agreeing, are_apart
from server.assessments.marking.markers import Marked, marked, marked_sittings
from server.assessments.marking.marks import NO_LINE, hold_sitting
from server.assessments.marking.rubrics import CANNOT_JUDGE, LEVELS, LineKey, RubricLine, lines_of
from server.assessments.tables.blueprints import HiringJob
from server.assessments.tables.invitations import Candidate
from server.assessments.tables.marking import Agreement, Mark
from server.assessments.tables.sittings import Sitting
from server.assessments.teams.rights import Right, may
from server.assessments.teams.seats import Seat
from server.audit.log import record
from server.database.insert import insert_once
from server.errors import Conflict, Invalid, NotAllowed, NotFound

LONGEST_REASON = 2_000
NOT_DONE = "The marks of this take-home are shown to each other when everybody who marks it is done."


@dataclass(frozen=True, slots=True)
class Compared:
    """A line with the marks that count, in the order of the markers, and what they come to."""

    line: RubricLine
    marks: tuple[Mark, ...]
    settled: Settled
    agreement: Agreement | None

    @property
    def differs(self) -> bool:
        """It needs an agreement, or has one."""
        return are_apart([mark.level for mark in self.marks])


def compare_marks(session: Session, seat: Seat, sitting: Sitting) -> list[Compared]:
    """Every line, for its markers and for whoever hires. Raises NotAllowed, Conflict before all are done."""
    now_marked = _both_done(session, seat, sitting)
    wanted = select(Mark).where(Mark.sitting_id == sitting.id)
    marks = {(mark.person_id, _key(mark)): mark for mark in session.exec(wanted)}
    agreements = {_key(each): each for each in session.exec(select(Agreement).where(Agreement.sitting_id == sitting.id))}
    return [
        Compared(
            line,
            tuple(marks[marking.person_id, line.key] for marking in now_marked.counting),
            now_marked.settled(line.key),
            agreements.get(line.key),
        )
        for line in lines_of(session, sitting)
    ]


def reconcile(session: Session, seat: Seat, sitting: Sitting, line: LineKey, level: int, reason: str, now: datetime) -> Agreement:
    """The level that counts from now on. Raises Invalid, NotFound, NotAllowed, Conflict."""
    hold_sitting(session, sitting)
    now_marked = _both_done(session, seat, sitting)
    if line not in now_marked.levels:
        raise NotFound(NO_LINE)
    if not are_apart(now_marked.levels_of(line)):
        raise Conflict("These two levels are close enough; their mean counts.")
    _refuse(level, reason)
    made = Agreement(
        sitting_id=sitting.id,
        exercise_slug=line.exercise_slug,
        question=line.question,
        line=line.line,
        level=level,
        reason=reason.strip(),
        by=seat.member.person_id,
        at=now,
    )
    if not insert_once(session, made):
        earlier = session.get_one(Agreement, _primary_key(made))
        earlier.level, earlier.reason, earlier.by, earlier.at = made.level, made.reason, made.by, made.at
        session.add(earlier)
    where = {"sitting": sitting.id, "exercise": line.exercise_slug, "question": line.question, "line": line.line}
    record(session, seat.member.person_id, "mark.reconcile", f"team:{seat.team.id}", {**where, "level": level}, now)
    return session.get_one(Agreement, _primary_key(made))


def agreement_of(session: Session, seat: Seat, job: HiringJob) -> Agreeing:
    """How far the first two markers of a job's sittings agree. Raises NotAllowed."""
    seat.require(Right.see_results)
    sittings = select(Sitting.id).join(Candidate, col(Candidate.id) == col(Sitting.candidate_id))
    ids = session.exec(sittings.where(Candidate.job_id == job.id, col(Candidate.preview).is_(False))).all()
    return agreement_among(marked_sittings(session, ids).values())


def agreement_among(found: Iterable[Marked]) -> Agreeing:
    """Pure: over the lines of those sittings that all their markers are done with."""
    pairs = [each.levels_of(line) for each in found if each.is_done for line in each.levels]
    return agreeing([(levels[0], levels[1]) for levels in pairs if len(levels) > 1])


def lines_apart(now_marked: Marked) -> int:
    """How many lines of a sitting wait for an agreement."""
    return sum(now_marked.settled(line).standing is Standing.apart for line in now_marked.levels)


def may_compare(seat: Seat, now_marked: Marked) -> bool:
    """Whether the marks are open to this person by now."""
    concerned = now_marked.place_of(seat.member.person_id) is not None or may(seat.member.role, Right.hire)
    return now_marked.is_done and concerned


def _both_done(session: Session, seat: Seat, sitting: Sitting) -> Marked:
    seat.require(Right.review)
    now_marked = marked(session, sitting)
    if now_marked.place_of(seat.member.person_id) is None and not may(seat.member.role, Right.hire):
        raise NotAllowed("Marks are shown to the two who gave them, and to whoever hires.")
    if not now_marked.is_done:
        raise Conflict(NOT_DONE, code="not_done")
    return now_marked


def _refuse(level: int, reason: str) -> None:
    errors = {}
    if level not in (CANNOT_JUDGE, *LEVELS):
        errors["level"] = "Choose a level, or that it cannot be judged"
    if not reason.strip():
        errors["reason"] = "Say why: it is read with the decision"
    elif len(reason) > LONGEST_REASON:
        errors["reason"] = f"At most {LONGEST_REASON:,} characters"
    if errors:
        raise Invalid.fields(errors)


def _key(row: Mark | Agreement) -> LineKey:
    return LineKey(row.exercise_slug, row.question, row.line)


def _primary_key(row: Agreement) -> tuple[str, str, str, int]:
    return row.sitting_id, row.exercise_slug, row.question, row.line
