"""A candidate asks for a second look, once; the team answers."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlmodel import Session

from server.assessments.decisions.decision import hold, when
from server.assessments.invitations.mail import put_mail
from server.assessments.sittings.written import written
from server.assessments.tables.blueprints import BlueprintRow
from server.assessments.tables.decisions import Appeal, Decision
from server.assessments.tables.invitations import Candidate
from server.assessments.tables.sittings import Sitting
from server.assessments.teams.rights import Right
from server.assessments.teams.seats import Seat
from server.audit.log import record
from server.database.insert import insert_once
from server.errors import Conflict, Invalid, NotFound


def appeal_of(session: Session, sitting: Sitting) -> Appeal | None:
    return session.get(Appeal, sitting.id, populate_existing=True)


def appeal_until(blueprint: BlueprintRow, decision: Decision) -> datetime:
    return decision.at + timedelta(days=blueprint.appeal_days)


def ask_second_look(session: Session, candidate: Candidate, sitting: Sitting, text: str, now: datetime) -> Appeal:
    """Raises Invalid; Conflict before a decision, after its time, and the second time."""
    decision = session.get(Decision, sitting.id)
    if decision is None:
        raise Conflict("The team has not decided yet, so there is nothing to look at a second time.")
    until = appeal_until(session.get_one(BlueprintRow, candidate.blueprint_id), decision)
    if now > until:
        raise Conflict(f"A second look could be asked for until {until:%d %B %Y}.".replace(" 0", " "), code="too_late")
    words = written("appeal", text, "Say what should be looked at again, and why")
    if not insert_once(session, Appeal(sitting_id=sitting.id, text=words, at=now)):
        raise Conflict("You have asked for a second look already; the team's answer will stand on this page.")
    record(session, f"candidate:{candidate.id}", "appeal.ask", f"team:{candidate.team_id}", {"sitting": sitting.id}, now)
    return session.get_one(Appeal, sitting.id, populate_existing=True)


def answer_appeal(session: Session, seat: Seat, sitting: Sitting, text: str, now: datetime, answered: str = "") -> Appeal:
    """The candidate reads it beside the report. A later answer replaces an earlier one that was on the page of whoever writes:
    `answered` is when that was given. Raises NotAllowed, NotFound, Invalid."""
    seat.require(Right.hire)
    hold(session, sitting)
    appeal = appeal_of(session, sitting)
    if appeal is None:
        raise NotFound("Nobody has asked for a second look at this take-home.")
    if answered != when(appeal.answered_at):
        told = "The team answered while this page was open. Read it above; to change it, send yours again"
        raise Invalid.fields({"answer": told})
    appeal.answer = written("answer", text, "Write what the candidate will read")
    appeal.answered_by, appeal.answered_at = seat.member.person_id, now
    session.add(appeal)
    put_mail(session, session.get_one(Candidate, sitting.candidate_id), now)
    record(session, seat.member.person_id, "appeal.answer", f"team:{seat.team.id}", {"sitting": sitting.id}, now)
    return appeal
