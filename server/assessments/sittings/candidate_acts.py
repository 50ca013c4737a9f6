"""What a candidate says besides the work: adjustments, problems with a task, use of AI, how it was."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlmodel import Session, col, select

from server.assessments.sittings.written import LONGEST_TEXT, written
from server.assessments.tables.invitations import Candidate
from server.assessments.tables.sittings import ProblemReport, Sitting, SittingTask
from server.audit.log import record
from server.errors import Conflict, Invalid, NotFound

SURVEY = {  # question -> its answers
    "fair": ("Fair", "Mostly fair", "Not fair"),
    "time": ("Enough time", "Just enough", "Too little time"),
    "clear": ("Clear tasks", "Mostly clear", "Not clear"),
}


def ask_adjustment(session: Session, candidate: Candidate, text: str, now: datetime) -> None:
    """Extra time, breaks, another format. Markers are not told. Raises Invalid."""
    candidate.adjustment, candidate.adjustment_answer = written("adjustment", text, "Say what you need"), ""
    session.add(candidate)
    _record(session, candidate, "candidate.ask_adjustment", {}, now)


def decline(session: Session, candidate: Candidate, no: bool, now: datetime) -> None:
    """`no`: does not want to take part; False takes that back. Raises Conflict once the work began."""
    if session.exec(select(Sitting.id).where(Sitting.candidate_id == candidate.id)).first() is not None:
        raise Conflict("You have started already. To stop, hand in what you have, or write to the team.")
    candidate.declined_at = now if no else None
    session.add(candidate)
    _record(session, candidate, "candidate.decline" if no else "candidate.undecline", {}, now)


def report_problem(session: Session, candidate: Candidate, sitting: Sitting, position: int, text: str, now: datetime) -> None:
    """The team hears of it and can give time back. Raises Invalid, NotFound."""
    task = session.get(SittingTask, (sitting.id, position))
    if task is None:
        raise NotFound("There is no such task in this take-home.")
    words = written("problem", text, "Say what is wrong with the task")
    session.add(ProblemReport(sitting_id=sitting.id, exercise_slug=task.exercise_slug, text=words, at=now))
    _record(session, candidate, "sitting.problem", {"sitting": sitting.id, "exercise": task.exercise_slug}, now)


def disclose(session: Session, candidate: Candidate, sitting: Sitting, text: str, now: datetime) -> None:
    """Which tools of AI were used and for what; said once, after the work. Raises Invalid, Conflict."""
    if sitting.handed_in_at is None:
        raise Conflict("Hand in first; then say which tools you used.")
    if sitting.disclosed_at is not None:
        raise Conflict("You have said this already; markers read it as you sent it.")
    if len(text) > LONGEST_TEXT:
        raise Invalid.fields({"disclosure": f"At most {LONGEST_TEXT:,} characters, please"})
    sitting.disclosure, sitting.disclosed_at = text.strip(), now
    session.add(sitting)
    _record(session, candidate, "sitting.disclose", {"sitting": sitting.id}, now)


def answer_survey(session: Session, sitting: Sitting, answers: Mapping[str, str]) -> None:
    """Each question by itself; a later answer replaces an earlier one. What is none of the answers is left out."""
    given = {key: answers[key] for key, offered in SURVEY.items() if answers.get(key) in offered}
    sitting.survey = {**sitting.survey, **given}
    session.add(sitting)


def list_problems(session: Session, sitting: Sitting) -> list[ProblemReport]:
    """Oldest first."""
    wanted = select(ProblemReport).where(ProblemReport.sitting_id == sitting.id)
    return list(session.exec(wanted.order_by(col(ProblemReport.at))))


def _record(session: Session, candidate: Candidate, act: str, details: Mapping[str, object], now: datetime) -> None:
    record(session, f"candidate:{candidate.id}", act, f"team:{candidate.team_id}", details, now)
