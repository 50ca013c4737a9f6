"""Everything that is kept of a candidate, as plain data, for the candidate: nothing of others, nothing hidden of an exercise.

What was found and said about a hand-in comes with the decision, or when the promised answer is overdue: until then a take-home
tells nobody how it went (see own_results.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import String, or_
from sqlalchemy import cast as cast_column
from sqlmodel import Session, SQLModel, col, select

from server.accounts.leaving import list_sessions
from server.accounts.tables import Person
from server.assessments.log.reading import SERVER, in_words
from server.assessments.sittings.courses import Seated
from server.assessments.tables.blueprints import HiringJob
from server.assessments.tables.decisions import Appeal, Decision
from server.assessments.tables.invitations import Candidate
from server.assessments.tables.sittings import ProblemReport, Sitting, SittingPause, SittingTask
from server.assessments.tables.teams import Team
from server.audit.log import record
from server.audit.tables import AuditRow
from server.database.contains import contains
from server.queue.jobs import jobs_about
from server.reports.own_results import decided_about, said_about, submissions_of
from server.workspaces.keeping import export_workspaces

FORMAT = 1
WITHHELD = "Results, marks and the decision are in this file once the team has decided, on {day} at the latest."
NOT_OF_THE_PERSON = {"team_id", "job_id", "blueprint_id", "person_id", "token_hash", "invited_by"}
OF_THE_EXERCISE = {"seed", "values"}  # what the numbers of its task were drawn from
Json = dict[str, Any]


def export_own_data(session: Session, seated: Seated, now: datetime) -> Json:
    """With a row in the log."""
    candidate, sitting = seated.candidate, seated.sitting
    record(session, f"candidate:{candidate.id}", "candidate.export", f"team:{candidate.team_id}", {}, now)
    until = answer_due(seated)
    withheld = sitting is not None and session.get(Decision, sitting.id) is None and (until is None or now < until)
    found: Json = {
        "format": FORMAT,
        "exported_at": now.isoformat(),
        "invitation": plain(candidate, NOT_OF_THE_PERSON),
        "take_home": _take_home(session, seated),
        "opened_in": list_sessions(session, session.get_one(Person, candidate.person_id)),
        "notebooks": _notebooks(session, candidate),
        "submissions": submissions_of(session, candidate, with_results=not withheld),
        "waiting": [plain(job, {"payload", "claimed_by", "error"}) for job in jobs_about(session, candidate.id)],
        "log": _log(session, candidate, sitting),
    }
    if sitting is not None:
        found |= {"sitting": _sitting(session, sitting)}
        found |= {"withheld": _withheld(until)} if withheld else said_about(session, sitting) | decided_about(session, sitting)
    return found


def answer_due(seated: Seated) -> datetime | None:
    """When the team has to have answered; None before the hand-in."""
    handed_in = seated.sitting.handed_in_at if seated.sitting else None
    return handed_in + timedelta(days=seated.blueprint.answer_days) if handed_in else None


def plain(row: SQLModel, without: Iterable[str] = ()) -> Json:
    return row.model_dump(mode="json", exclude=set(without))


def _withheld(until: datetime | None) -> str:
    day = f"{until.day} {until:%B %Y}" if until else "the day until which the team answers"
    return WITHHELD.format(day=day)


def _take_home(session: Session, seated: Seated) -> Json:
    """What it is about, as it was promised."""
    candidate, blueprint = seated.candidate, seated.blueprint
    return {
        "team": session.get_one(Team, candidate.team_id).name,
        "job": session.get_one(HiringJob, candidate.job_id).title,
        "blueprint_version": blueprint.version,
        "stated_minutes": blueprint.stated_minutes,
        "ai_policy": blueprint.ai_policy,
        "answer_days": blueprint.answer_days,
        "appeal_days": blueprint.appeal_days,
    }


def _sitting(session: Session, sitting: Sitting) -> Json:
    tasks = select(SittingTask).where(SittingTask.sitting_id == sitting.id)
    rows: dict[str, Sequence[SQLModel]] = {
        "tasks": session.exec(tasks.order_by(col(SittingTask.position))).all(),
        "pauses": session.exec(select(SittingPause).where(SittingPause.sitting_id == sitting.id)).all(),
        "problems": session.exec(select(ProblemReport).where(ProblemReport.sitting_id == sitting.id)).all(),
        "second_look": session.exec(select(Appeal).where(Appeal.sitting_id == sitting.id)).all(),
    }
    kept = {name: [plain(row, {"sitting_id", "answered_by"}) for row in found] for name, found in rows.items()}
    return {**plain(sitting, {"team_id", "candidate_id"}), **kept}


def _notebooks(session: Session, candidate: Candidate) -> list[Json]:
    """Each with its cells as text and every event."""
    exported = export_workspaces(session, session.get_one(Person, candidate.person_id))
    return [{name: value for name, value in each.items() if name not in OF_THE_EXERCISE} for each in exported]


def _log(session: Session, candidate: Candidate, sitting: Sitting | None) -> list[Json]:
    """Who of the team it was stays with the team."""
    details = cast_column(col(AuditRow.details), String)
    about = [contains(details, one.id) for one in (candidate, sitting) if one is not None]
    mine = select(AuditRow).where(AuditRow.subject == f"team:{candidate.team_id}")
    own = col(AuditRow.actor) == f"candidate:{candidate.id}"
    rows = session.exec(mine.where(or_(own, *about)).order_by(col(AuditRow.id))).all()
    lines = [(line.row, line.what) for line in in_words(session, candidate.team_id, rows)]
    who = {f"candidate:{candidate.id}": "you", SERVER: "this site"}
    return [{"at": row.at.isoformat(), "who": who.get(row.actor, "somebody of the team"), "what": what} for row, what in lines]
