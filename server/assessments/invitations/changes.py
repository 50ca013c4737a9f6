"""What a team does with an invitation that it sent: send it again, take it back, give another window or more time."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import update
from sqlmodel import Session, col

from server.assessments.invitations.candidates import Invited, hold_job, others_of, problem_of_earlier
from server.assessments.invitations.mail import put_mail
from server.assessments.invitations.states import State
from server.assessments.invitations.windows import MOST_EXTRA, Window, window_problems
from server.assessments.tables.blueprints import BlueprintRow, HiringJob
from server.assessments.tables.invitations import Candidate
from server.assessments.teams.rights import Right
from server.assessments.teams.seats import Seat
from server.audit.log import record
from server.database.changed import changed_rows
from server.errors import Conflict, Invalid

LONGEST_ANSWER = 4_000
OVER = {
    State.submitted: "The work is handed in already.",
    State.withdrawn: "This invitation was taken back. Invite the person again instead.",
    State.declined: "This person does not want to take part. They can change their mind on their page while the window is open.",
}


def resend(session: Session, seat: Seat, invited: Invited, now: datetime) -> None:
    """Another mail with a new link; the earlier link stops working when it leaves. Also later: it leads back to the work.
    Raises NotAllowed, Conflict."""
    seat.require(Right.hire)
    _refuse(invited, {State.withdrawn, State.declined})
    if invited.state.state is State.waiting:
        raise Conflict("The first mail has not left yet. It leaves by itself.")
    if invited.state.state is State.expired:
        raise Conflict("The window is over, so there is nothing to open. Give another window first; then send it again.")
    row = update(Candidate).where(col(Candidate.id) == invited.candidate.id)
    changed_rows(session, row.values(bounced_at=None, bounce=""))
    put_mail(session, invited.candidate, now)
    _record(session, seat, "candidate.resend", invited, {}, now)


def take_back(session: Session, seat: Seat, invited: Invited, now: datetime) -> None:
    """The link stops working at once, and what runs is not handed in. Raises NotAllowed, Conflict."""
    seat.require(Right.hire)
    _refuse(invited, {State.submitted, State.withdrawn})
    mine = update(Candidate).where(col(Candidate.id) == invited.candidate.id, col(Candidate.withdrawn_at).is_(None))
    if not changed_rows(session, mine.values(withdrawn_at=now, token_hash="")):
        raise Conflict(OVER[State.withdrawn])
    session.refresh(invited.candidate)
    _record(session, seat, "candidate.take_back", invited, {}, now)


def change_window(
    session: Session, seat: Seat, job: HiringJob, invited: Invited, window: Window, extra_percent: int, now: datetime
) -> None:
    """Before the start and while it runs; what runs only gets longer. Raises NotAllowed, Conflict, Invalid."""
    seat.require(Right.hire)
    _refuse(invited, OVER)
    hold_job(session, job)
    candidate = invited.candidate
    problems = _problems(session, job, invited, window, extra_percent, now)
    if problems:
        raise Invalid.fields(problems)
    wanted = {"opens_at": window.opens, "closes_at": window.closes, "extra_percent": extra_percent}
    changed = [name for name, value in wanted.items() if getattr(candidate, name) != value]
    for name in changed:
        setattr(candidate, name, wanted[name])
    session.add(candidate)
    _record(session, seat, "candidate.window", invited, {"changed": changed}, now)


def answer_adjustment(
    session: Session, seat: Seat, invited: Invited, asked: str, answer: str, extra_percent: int, now: datetime
) -> None:
    """`asked`: the request as it was read; should it be another one by now, that one is answered later.
    Raises NotAllowed, Conflict, Invalid."""
    seat.require(Right.hire)
    _refuse(invited, OVER)
    candidate = invited.candidate
    if not candidate.adjustment:
        raise Conflict("This candidate has not asked for an adjustment.")
    if _one_line(candidate.adjustment) != _one_line(asked):
        raise Conflict("The candidate has changed the request meanwhile. Read it once more; then answer.")
    words = answer.strip()
    problems = {
        "answer": None if 1 <= len(words) <= LONGEST_ANSWER else f"Write an answer of at most {LONGEST_ANSWER:,} characters",
        "extra_percent": _problem_of_extra(invited, extra_percent),
    }
    found = {field: problem for field, problem in problems.items() if problem}
    if found:
        raise Invalid.fields(found)
    candidate.adjustment_answer, candidate.extra_percent = words, extra_percent
    session.add(candidate)
    _record(session, seat, "candidate.answer_adjustment", invited, {}, now)


def _problems(
    session: Session, job: HiringJob, invited: Invited, window: Window, extra_percent: int, now: datetime
) -> Mapping[str, str]:
    candidate = invited.candidate
    blueprint = session.get_one(BlueprintRow, candidate.blueprint_id)
    extra = _problem_of_extra(invited, extra_percent)
    found = {"extra_percent": extra} if extra else {}
    if invited.sitting is not None:
        if window.opens != candidate.opens_at:
            found["opens"] = "The work has begun, so this changes nothing any more"
        if window.closes < candidate.closes_at:
            found["closes"] = "The work has begun; the window can close later, not sooner"
        return found
    found |= window_problems(window, blueprint, extra_percent, now)
    twice = problem_of_earlier(others_of(session, job, candidate, now), window)
    return {**found, "closes": twice} if twice and "closes" not in found else found


def _problem_of_extra(invited: Invited, extra_percent: int) -> str | None:
    if not 0 <= extra_percent <= MOST_EXTRA:
        return f"From 0 to {MOST_EXTRA} percent"
    if invited.sitting is not None and extra_percent < invited.candidate.extra_percent:
        return f"The work has begun; its {invited.candidate.extra_percent} percent can only become more"
    return None


def _refuse(invited: Invited, states: Collection[State]) -> None:
    if invited.state.state in states:
        raise Conflict(OVER[invited.state.state])


def _one_line(text: str) -> str:
    """Browsers send line breaks in another form than they got them."""
    return " ".join(text.split())


def _record(session: Session, seat: Seat, act: str, invited: Invited, details: Mapping[str, object], now: datetime) -> None:
    about = {"candidate": invited.candidate.id, **details}
    record(session, seat.member.person_id, act, f"team:{seat.team.id}", about, now)
