"""Inviting people to the take-home of a job: one at a time, or many at once of whom each counts for themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from secrets import SystemRandom

from sqlalchemy import update
from sqlmodel import Session, col, func, select
from sqlmodel.sql.expression import Select

from server.accounts.people import LONGEST_NAME, plain_email, plain_name, problem_of_email
from server.assessments.invitations.codes import draw_codes
from server.assessments.invitations.mail import put_mail
from server.assessments.invitations.parts import ready
from server.assessments.invitations.states import InviteState, State, state_of
from server.assessments.invitations.windows import USUAL_WINDOW, Window, overlap, window_problems
from server.assessments.invitations.wording import in_words
from server.assessments.tables.blueprints import BlueprintRow, HiringJob
from server.assessments.tables.invitations import Candidate
from server.assessments.tables.sittings import Sitting
from server.assessments.teams.rights import Right
from server.assessments.teams.seats import Seat
from server.audit.log import record
from server.database.changed import changed_rows
from server.errors import Conflict, Invalid, NotFound

LONGEST_NOTES, MOST_CANDIDATES = 2_000, 5_000
CLOSED = "This job is closed, so nobody can be invited to it any more."
Refused = Mapping[str, str]  # field of the form -> what is wrong with it


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitee:
    """What the team says of somebody. `opens` None: at once. `closes` None: two weeks after that."""

    email: str
    name: str = ""
    source: str = ""
    notes: str = ""
    opens: datetime | None = None
    closes: datetime | None = None
    extra_percent: int = 0

    def window(self, now: datetime) -> Window:
        """A window that opened before now opens now: nobody was there to use it."""
        opens = max(self.opens or now, now)
        return Window(opens, self.closes or opens + USUAL_WINDOW)


@dataclass(frozen=True, slots=True)
class Invited:
    """A candidate as the team's page of invitations shows them."""

    candidate: Candidate
    sitting: Sitting | None
    state: InviteState


def list_invited(session: Session, seat: Seat, job: HiringJob, now: datetime) -> list[Invited]:
    """The newest first. Names and addresses are for those who invite. Raises NotAllowed."""
    seat.require(Right.hire)
    wanted = _of(job).where(Candidate.team_id == seat.team.id).order_by(col(Candidate.created_at).desc(), col(Candidate.email))
    return [Invited(candidate, sitting, state_of(candidate, sitting, now)) for candidate, sitting in session.exec(wanted)]


def count_erased(session: Session, job: HiringJob) -> int:
    """Candidates of a job of whom nothing is kept any more."""
    wanted = select(func.count()).select_from(Candidate).where(Candidate.job_id == job.id)
    return session.exec(wanted.where(col(Candidate.erased_at).is_not(None))).one()


def invited_of(session: Session, seat: Seat, job: HiringJob, candidate_id: str, now: datetime) -> Invited:
    """Raises NotAllowed; NotFound, for somebody of another job or team as for nobody."""
    seat.require(Right.hire)
    found = session.exec(_of(job).where(Candidate.team_id == seat.team.id, Candidate.id == candidate_id)).first()
    if found is None:
        raise NotFound("There is no such invitation for this job.")
    return Invited(found[0], found[1], state_of(*found, now))


def invite(
    session: Session, seat: Seat, job: HiringJob, blueprint: BlueprintRow | None, wanted: Invitee, now: datetime
) -> Candidate:
    """Put the mail into the queue. Raises NotAllowed, Conflict, Invalid."""
    made = invite_all(session, seat, job, blueprint, [wanted], now)[0]
    if not isinstance(made, Candidate):
        raise Invalid.fields(made)
    return made


def invite_all(
    session: Session, seat: Seat, job: HiringJob, blueprint: BlueprintRow | None, wanted: Sequence[Invitee], now: datetime
) -> list[Candidate | Refused]:
    """For each, in their order: the candidate, or what is wrong. Raises NotAllowed; Conflict when nobody can be invited."""
    seat.require(Right.hire)
    published = ready(blueprint)
    hold_job(session, job)
    if job.closed_at is not None:
        raise Conflict(CLOSED)
    there = session.exec(_all_of(job)).all()
    if len(there) + len(wanted) > MOST_CANDIDATES:
        raise Conflict(f"A job has at most {MOST_CANDIDATES:,} invitations. Open another job for more.")
    earlier: dict[str, list[Invited]] = {}
    for candidate, sitting in there:
        if not candidate.preview:
            _note(earlier, candidate, sitting, now)
    codes = draw_codes([candidate.code for candidate, _ in there], len(wanted), SystemRandom())
    found: list[Candidate | Refused] = []
    for person, code in zip(wanted, codes, strict=True):
        problems = _problems(person, published, earlier.get(plain_email(person.email), []), now)
        if problems:
            found.append(problems)
            continue
        made = _made(seat, published, person, code, now)
        session.add(made)
        _note(earlier, made, None, now)
        found.append(made)
    session.flush()
    for each in found:
        if isinstance(each, Candidate):
            put_mail(session, each, now)
            record(session, seat.member.person_id, "candidate.invite", f"team:{seat.team.id}", {"candidate": each.id}, now)
    return found


def hold_job(session: Session, job: HiringJob) -> None:
    """Until the caller's commit nobody else invites to this job: two who invite the same person at once see each other."""
    mine = update(HiringJob).where(col(HiringJob.id) == job.id)
    changed_rows(session, mine.values(closed_at=HiringJob.closed_at))
    session.refresh(job)


def others_of(session: Session, job: HiringJob, candidate: Candidate, now: datetime) -> list[Invited]:
    """Other invitations of the same address to this job."""
    wanted = _of(job).where(Candidate.email == candidate.email, Candidate.id != candidate.id)
    return [Invited(other, sitting, state_of(other, sitting, now)) for other, sitting in session.exec(wanted)]


def problem_of_earlier(earlier: Sequence[Invited], window: Window) -> str | None:
    """Why nobody is invited again just now: an invitation that is open, or one of the same time."""
    for each in earlier:
        candidate, state = each.candidate, each.state
        on = f"{candidate.created_at.day} {candidate.created_at:%B %Y}"
        if state.is_open:
            return f"Already invited on {on}. Send that invitation again, change its window, or take it back first"
        over = state.state in (State.withdrawn, State.declined)
        if not over and overlap(window, Window(candidate.opens_at, candidate.closes_at)):
            until = in_words(candidate.closes_at)
            return f"Invited on {on} with a window until {until}, and {state.state}. Choose a window that opens after that"
    return None


def _problems(wanted: Invitee, blueprint: BlueprintRow, earlier: Sequence[Invited], now: datetime) -> Refused:
    window = wanted.window(now)
    extra = wanted.extra_percent
    found = {
        "email": problem_of_email(wanted.email) or problem_of_earlier(earlier, window),
        "name": _too_long(plain_name(wanted.name), LONGEST_NAME),
        "source": _too_long(plain_name(wanted.source), LONGEST_NAME),
        "notes": _too_long(wanted.notes, LONGEST_NOTES),
        **window_problems(window, blueprint, extra, now),
    }
    return {field: problem for field, problem in found.items() if problem}


def _too_long(text: str, longest: int) -> str | None:
    return f"At most {longest:,} characters; this has {len(text):,}" if len(text) > longest else None


def _made(seat: Seat, blueprint: BlueprintRow, wanted: Invitee, code: str, now: datetime) -> Candidate:
    window = wanted.window(now)
    return Candidate(
        team_id=seat.team.id,
        job_id=blueprint.job_id,
        blueprint_id=blueprint.id,
        code=code,
        name=plain_name(wanted.name),
        email=plain_email(wanted.email),
        source=plain_name(wanted.source),
        notes=wanted.notes.replace("\0", "").strip(),
        opens_at=window.opens,
        closes_at=window.closes,
        extra_percent=wanted.extra_percent,
        invited_by=seat.member.person_id,
        created_at=now,
    )


def _note(earlier: dict[str, list[Invited]], candidate: Candidate, sitting: Sitting | None, now: datetime) -> None:
    earlier.setdefault(candidate.email, []).append(Invited(candidate, sitting, state_of(candidate, sitting, now)))


def _of(job: HiringJob) -> Select[Candidate, Sitting]:
    """Members who preview are no candidates, and of whoever was erased nothing is left to be shown."""
    return _all_of(job).where(col(Candidate.preview).is_(False), col(Candidate.erased_at).is_(None))


def _all_of(job: HiringJob) -> Select[Candidate, Sitting]:
    wanted = select(Candidate, Sitting).join(Sitting, col(Sitting.candidate_id) == col(Candidate.id), isouter=True)
    return wanted.where(Candidate.job_id == job.id)
