"""What there is to mark for a job, as one reviewer meets it: by code, in their own order, with their own state of each."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sqlmodel import Session, col, func, select

from server.assessments.marking.markers import Marked, marked_sittings
from server.assessments.marking.order import in_order
from server.assessments.marking.reconciling import lines_apart, may_compare
from server.assessments.marking.rubrics import works_by_sitting
from server.assessments.tables.blueprints import HiringJob
from server.assessments.tables.decisions import Decision
from server.assessments.tables.invitations import Candidate
from server.assessments.tables.marking import Mark, Marking
from server.assessments.tables.sittings import Sitting
from server.assessments.teams.rights import Right
from server.assessments.teams.seats import Seat


class OwnState(StrEnum):
    to_mark = "to mark"
    begun = "begun"
    done = "done"
    others = "marked by others"
    nothing = "nothing to mark"


@dataclass(frozen=True, slots=True)
class ToMark:
    """`given` of `lines` have a level of this reviewer's. `apart`: lines to agree on, where the marks are open to them."""

    sitting_id: str
    code: str
    state: OwnState
    given: int
    lines: int
    apart: int
    decided: bool
    marked: Marked


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sitting stands in the reviewer's order. `next` and `previous` are ids; None at the ends."""

    number: int
    of: int
    previous: str | None
    next: str | None


def sittings_to_mark(session: Session, seat: Seat, job: HiringJob) -> list[ToMark]:
    """In the reviewer's order. Raises NotAllowed."""
    seat.require(Right.review)
    codes = _codes(session, job)
    me, ids = seat.member.person_id, in_order(seat.member.person_id, codes)
    marked, works = marked_sittings(session, ids), works_by_sitting(session, ids)
    given = _own_counts(session, me, ids)
    own = {row.sitting_id: row for row in session.exec(select(Marking).where(Marking.person_id == me)) if row.sitting_id in codes}
    decided = set(session.exec(select(Decision.sitting_id).where(col(Decision.sitting_id).in_(ids))))
    found = []
    for each in ids:
        lines = sum(len(work.lines) for work in works[each])
        state = _state(own.get(each), marked[each], lines)
        apart = lines_apart(marked[each]) if may_compare(seat, marked[each]) else 0
        found.append(ToMark(each, codes[each], state, given.get(each, 0), lines, apart, each in decided, marked[each]))
    return found


def place_of(session: Session, seat: Seat, job: HiringJob, sitting: Sitting) -> Place:
    """Among those that are handed in."""
    ids = in_order(seat.member.person_id, _codes(session, job))
    here = ids.index(sitting.id)
    before, after = ids[:here], ids[here + 1 :]
    return Place(here + 1, len(ids), before[-1] if before else None, after[0] if after else None)


def _codes(session: Session, job: HiringJob) -> dict[str, str]:
    """Of handed-in sittings: id and code."""
    wanted = select(Sitting.id, Candidate.code).join(Candidate, col(Candidate.id) == col(Sitting.candidate_id))
    real = wanted.where(Candidate.job_id == job.id, col(Candidate.preview).is_(False), col(Sitting.handed_in_at).is_not(None))
    return dict(session.exec(real).all())


def _own_counts(session: Session, person_id: str, sitting_ids: list[str]) -> dict[str, int]:
    wanted = select(Mark.sitting_id, func.count()).where(Mark.person_id == person_id, col(Mark.sitting_id).in_(sitting_ids))
    return dict(session.exec(wanted.group_by(col(Mark.sitting_id))).all())


def _state(own: Marking | None, marked: Marked, lines: int) -> OwnState:
    if own is not None:
        return OwnState.begun if own.done_at is None else OwnState.done
    if not lines:
        return OwnState.nothing
    return OwnState.others if marked.is_full else OwnState.to_mark
