"""Time that a person of the team gives to one candidate: minutes on top, a pause, a sitting opened again. And answers to what
candidates ask or report."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import update
from sqlmodel import Session, col, select

from server.assessments.sittings.courses import Seated
from server.assessments.tables.decisions import Decision
from server.assessments.tables.marking import Marking
from server.assessments.tables.sittings import ProblemReport, Sitting, SittingPause
from server.assessments.teams.rights import Right
from server.assessments.teams.seats import Seat
from server.audit.log import record
from server.database.changed import changed_rows
from server.errors import Conflict, Invalid, NotFound

MOST_MINUTES, LONGEST_REOPENING, LONGEST_ANSWER = 240, timedelta(days=14), 4_000
NOT_BEGUN = "This candidate has not started yet. Give extra time or another window with the invitation instead."


def grant_minutes(session: Session, seat: Seat, seated: Seated, minutes: int, now: datetime) -> None:
    """On top of what was granted before. Raises NotAllowed, Invalid, Conflict."""
    seat.require(Right.hire)
    sitting = _begun(seated)
    if not 1 <= minutes <= MOST_MINUTES:
        raise Invalid.fields({"minutes": f"Give between 1 and {MOST_MINUTES} minutes"})
    if sitting.handed_in_at is not None:
        raise Conflict("This take-home is handed in. Open it again instead.")
    sitting.granted_minutes += minutes
    session.add(sitting)
    _record(session, seat, "sitting.grant", sitting, {"minutes": minutes}, now)


def pause(session: Session, seat: Seat, seated: Seated, now: datetime) -> None:
    """Clock and notebook stand still until `go_on`. Raises NotAllowed, Conflict."""
    seat.require(Right.hire)
    sitting = _begun(seated)
    if sitting.handed_in_at is not None or _open_pause(session, sitting) is not None:
        raise Conflict("There is nothing to pause: it is handed in, or paused already.")
    session.add(SittingPause(sitting_id=sitting.id, since=now))
    _record(session, seat, "sitting.pause", sitting, {}, now)


def go_on(session: Session, seat: Seat, seated: Seated, now: datetime) -> None:
    """Raises NotAllowed, Conflict."""
    seat.require(Right.hire)
    sitting = _begun(seated)
    paused = _open_pause(session, sitting)
    if paused is None:
        raise Conflict("It is not paused.")
    paused.until = now
    session.add(paused)
    _record(session, seat, "sitting.go_on", sitting, {}, now)


def reopen(session: Session, seat: Seat, seated: Seated, until: datetime, now: datetime) -> None:
    """Also after the hand-in, unless it is decided: what is handed in then counts instead of what was, and is marked anew.

    Raises NotAllowed, Invalid, Conflict.
    """
    seat.require(Right.hire)
    sitting = _begun(seated)
    if not now < until <= now + LONGEST_REOPENING:
        raise Invalid.fields({"until": f"Choose a time within the next {LONGEST_REOPENING.days} days"})
    if session.get(Decision, sitting.id) is not None:
        raise Conflict("A decision was recorded, so this sitting is not opened again.")
    again = update(Sitting).where(col(Sitting.id) == sitting.id)
    changed_rows(session, again.values(reopened_until=until, handed_in_at=None, handed_in_by="", fingerprint=""))
    session.refresh(sitting)
    changed_rows(session, update(Marking).where(col(Marking.sitting_id) == sitting.id).values(done_at=None))
    _record(session, seat, "sitting.reopen", sitting, {"until": until.isoformat()}, now)


def answer_problem(session: Session, seat: Seat, seated: Seated, problem_id: str, answer: str, now: datetime) -> None:
    """Raises NotAllowed, NotFound, Invalid."""
    seat.require(Right.hire)
    wanted = select(ProblemReport).where(ProblemReport.id == problem_id, ProblemReport.sitting_id == _begun(seated).id)
    found = session.exec(wanted).first()
    if found is None:
        raise NotFound("There is no such report of a problem.")
    words = answer.strip()
    if not 1 <= len(words) <= LONGEST_ANSWER:
        raise Invalid.fields({"answer": f"Write an answer of at most {LONGEST_ANSWER:,} characters"})
    found.answer, found.answered_at = words, now
    session.add(found)
    _record(session, seat, "sitting.answer_problem", _begun(seated), {"problem": problem_id}, now)


def _begun(seated: Seated) -> Sitting:
    if seated.sitting is None:
        raise Conflict(NOT_BEGUN)
    return seated.sitting


def _open_pause(session: Session, sitting: Sitting) -> SittingPause | None:
    wanted = select(SittingPause).where(SittingPause.sitting_id == sitting.id, col(SittingPause.until).is_(None))
    return session.exec(wanted).first()


def _record(session: Session, seat: Seat, act: str, sitting: Sitting, details: dict[str, object], now: datetime) -> None:
    record(session, seat.member.person_id, act, f"team:{seat.team.id}", {"sitting": sitting.id, **details}, now)
