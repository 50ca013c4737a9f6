"""Marking a sitting: levels for the lines of its rubrics, given blind to the candidate and to the other marker."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import update
from sqlmodel import Session, col, delete, func, select

from server.assessments.marking.markers import Marked, marked
from server.assessments.marking.rubrics import CANNOT_JUDGE, LEVELS, LineKey, RubricLine, WrittenWork, lines_of, works_of
from server.assessments.tables.decisions import Decision
from server.assessments.tables.marking import Agreement, Mark, Marking
from server.assessments.tables.sittings import Sitting
from server.assessments.teams.rights import Right, may
from server.assessments.teams.seats import Seat
from server.audit.log import record
from server.database.changed import changed_rows
from server.database.insert import insert_once
from server.errors import Conflict, Invalid, NotFound
from server.workspaces.cells import storable

LONGEST_EVIDENCE, LONGEST_NOTES = 2_000, 8_000
LONG_EVIDENCE = f"Evidence has at most {LONGEST_EVIDENCE:,} characters"
LONG_NOTES = f"Notes have at most {LONGEST_NOTES:,} characters"
RUNNING = "This take-home is still being worked on. It can be marked when it is handed in."
DECIDED = "The team has decided about this candidate, so marks do not change any more."
DONE = "You are done with this take-home. Open your marks again to change them."
NO_LINE = "There is no such line in the rubrics of this take-home."


@dataclass(frozen=True, slots=True)
class OwnMarking:
    """A sitting as one of its markers sees it: nothing of others but how many they are."""

    marking: Marking | None
    marks: Mapping[LineKey, Mark]
    works: tuple[WrittenWork, ...]
    marked: Marked
    place: int | None  # 1 for the first marker; None before the first mark, and for calibration
    may_mark: bool
    decided: bool

    @property
    def lines(self) -> list[RubricLine]:
        return [line for work in self.works for line in work.lines]

    @property
    def missing(self) -> list[RubricLine]:
        """Lines without a level; "cannot judge" is one."""
        return [line for line in self.lines if line.key not in self.marks]

    def line(self, number: int) -> RubricLine:
        """By its number in the whole sitting, from 1. Raises NotFound."""
        if not 1 <= number <= len(self.lines):
            raise NotFound(NO_LINE)
        return self.lines[number - 1]

    @property
    def is_done(self) -> bool:
        return self.marking is not None and self.marking.done_at is not None

    @property
    def calibrates(self) -> bool:
        """The marks count for nothing: others were faster."""
        return self.place is None and (self.marking is not None or self.marked.is_full)


def own_marking(session: Session, seat: Seat, sitting: Sitting) -> OwnMarking:
    """Raises NotAllowed, Conflict while it is still being sat."""
    seat.require(Right.review)
    if sitting.handed_in_at is None:
        raise Conflict(RUNNING)
    me, now_marked = seat.member.person_id, marked(session, sitting)
    mine = select(Mark).where(Mark.sitting_id == sitting.id, Mark.person_id == me)
    found = session.exec(mine.execution_options(populate_existing=True)).all()
    marking = session.get(Marking, (sitting.id, me), populate_existing=True)
    return OwnMarking(
        marking=marking,
        marks={LineKey(mark.exercise_slug, mark.question, mark.line): mark for mark in found},
        works=tuple(works_of(session, sitting)),
        marked=now_marked,
        place=now_marked.place_of(me),
        may_mark=marking is not None or not now_marked.is_full or may(seat.member.role, Right.hire),
        decided=is_decided(session, sitting),
    )


def is_decided(session: Session, sitting: Sitting) -> bool:
    return session.get(Decision, sitting.id) is not None


def hold_sitting(session: Session, sitting: Sitting) -> None:
    """Until the caller's commit nobody else begins, marks or decides. Raises Conflict when the team has decided."""
    held = update(Sitting).where(col(Sitting.id) == sitting.id)
    changed_rows(session, held.values(stated_minutes=Sitting.stated_minutes))
    if is_decided(session, sitting):
        raise Conflict(DECIDED)


def give_mark(session: Session, seat: Seat, sitting: Sitting, line: LineKey, level: int, evidence: str, now: datetime) -> Mark:
    """A level of 1 to 5, or 0 for "cannot judge"; a later one takes the place of an earlier one. The first mark begins the
    marking. Raises Invalid, NotFound, Conflict, NotAllowed."""
    marking = _open_marking(session, seat, sitting, now)
    if line not in {each.key for each in lines_of(session, sitting)}:
        raise NotFound(NO_LINE)
    if level not in (CANNOT_JUDGE, *LEVELS):
        raise Invalid("A level is a number from 1 to 5, or 0 where it cannot be judged.")
    if len(evidence) > LONGEST_EVIDENCE:
        raise Invalid(f"{LONG_EVIDENCE}.")
    seen = storable(evidence.strip())
    if not insert_once(session, _mark(marking, line, level, seen, now)):
        earlier = _found(session, marking, line)
        earlier.level, earlier.evidence, earlier.at = level, seen, now
        session.add(earlier)
    _forget_agreement(session, seat, sitting, line)
    _record(session, seat, sitting, "mark.give", line, now)
    return session.get_one(Mark, _primary_key(marking, line))


def undo_mark(session: Session, seat: Seat, sitting: Sitting, line: LineKey, now: datetime) -> None:
    """Take a level back. Without any mark and notes the marking is as if it had not begun. Raises NotFound, Conflict."""
    marking = _open_marking(session, seat, sitting, now)
    session.delete(_found(session, marking, line))
    session.flush()
    _forget_agreement(session, seat, sitting, line)
    left = select(Mark).where(Mark.sitting_id == sitting.id, Mark.person_id == seat.member.person_id)
    if not marking.notes and session.exec(left).first() is None:
        session.delete(marking)
    _record(session, seat, sitting, "mark.undo", line, now)


def write_notes(session: Session, seat: Seat, sitting: Sitting, notes: str, now: datetime) -> None:
    """The marker's own. Raises Invalid, Conflict, NotAllowed."""
    if len(notes) > LONGEST_NOTES:
        raise Invalid.fields({"notes": LONG_NOTES})
    marking = _open_marking(session, seat, sitting, now)
    marking.notes = notes.strip()
    session.add(marking)
    _record(session, seat, sitting, "marking.notes", None, now)


def finish_marking(session: Session, seat: Seat, sitting: Sitting, now: datetime) -> None:
    """The marks stand, and the disclosure may be read. Raises Conflict with what is missing, NotAllowed."""
    marking = _open_marking(session, seat, sitting, now)
    missing = own_marking(session, seat, sitting).missing
    if missing:
        words = "; ".join(line.words for line in missing)
        raise Conflict(f"Give every line a level, or say that you cannot judge it. Missing: {words}.", code="lines_missing")
    marking.done_at = now
    session.add(marking)
    _record(session, seat, sitting, "marking.finish", None, now)


def reopen_marking(session: Session, seat: Seat, sitting: Sitting, now: datetime) -> None:
    """The marker changes their mind, before the team decides. The log says whether they knew the others' marks by then.
    Raises Conflict, NotAllowed."""
    seat.require(Right.review)
    hold_sitting(session, sitting)
    marking = session.get(Marking, (sitting.id, seat.member.person_id), populate_existing=True)
    if marking is None or marking.done_at is None:
        raise Conflict("Your marks of this take-home are open.")
    others_seen = marked(session, sitting).is_done
    marking.done_at = None
    session.add(marking)
    _record(session, seat, sitting, "marking.reopen", None, now, others_seen=others_seen)


def _open_marking(session: Session, seat: Seat, sitting: Sitting, now: datetime) -> Marking:
    """This person's marking, begun if need be. Raises Conflict when it is done, or when enough others mark."""
    seat.require(Right.review)
    if sitting.handed_in_at is None:
        raise Conflict(RUNNING)
    hold_sitting(session, sitting)
    me = seat.member.person_id
    marking = session.get(Marking, (sitting.id, me), populate_existing=True)
    if marking is not None:
        if marking.done_at is not None:
            raise Conflict(DONE)
        return marking
    enough = marked(session, sitting)
    if enough.is_full and not may(seat.member.role, Right.hire):
        people = "Somebody marks" if enough.markers == 1 else f"{enough.markers} people mark"
        raise Conflict(f"{people} this take-home already. Beyond them only whoever hires may mark it, for calibration.")
    latest = session.exec(select(func.max(Marking.begun_at)).where(Marking.sitting_id == sitting.id)).one()
    # Who was first stays first, even when the clock of this machine is set back in between.
    begun = now if latest is None else max(now, latest + timedelta(microseconds=1))
    marking = Marking(sitting_id=sitting.id, person_id=me, begun_at=begun)
    session.add(marking)
    session.flush()
    _record(session, seat, sitting, "marking.begin", None, now, calibration=enough.is_full)
    return marking


def _mark(marking: Marking, line: LineKey, level: int, evidence: str, now: datetime) -> Mark:
    return Mark(
        sitting_id=marking.sitting_id,
        person_id=marking.person_id,
        exercise_slug=line.exercise_slug,
        question=line.question,
        line=line.line,
        level=level,
        evidence=evidence,
        at=now,
    )


def _primary_key(marking: Marking, line: LineKey) -> tuple[str, str, str, str, int]:
    return marking.sitting_id, marking.person_id, line.exercise_slug, line.question, line.line


def _found(session: Session, marking: Marking, line: LineKey) -> Mark:
    found = session.get(Mark, _primary_key(marking, line), populate_existing=True)
    if found is None:
        raise NotFound("This line has no mark of yours.")
    return found


def _forget_agreement(session: Session, seat: Seat, sitting: Sitting, line: LineKey) -> None:
    """It was about other levels; those of a calibration do not touch it."""
    if marked(session, sitting).place_of(seat.member.person_id) is None:
        return
    agreements = delete(Agreement).where(
        col(Agreement.sitting_id) == sitting.id, col(Agreement.exercise_slug) == line.exercise_slug
    )
    session.exec(agreements.where(col(Agreement.question) == line.question, col(Agreement.line) == line.line))


def _record(
    session: Session, seat: Seat, sitting: Sitting, act: str, line: LineKey | None, now: datetime, **more: object
) -> None:
    """No level: whoever reads the log may be the other marker."""
    where = {} if line is None else {"exercise": line.exercise_slug, "question": line.question, "line": line.line}
    record(session, seat.member.person_id, act, f"team:{seat.team.id}", {"sitting": sitting.id, **where, **more}, now)
