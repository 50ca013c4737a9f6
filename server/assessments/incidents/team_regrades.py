"""A team has its own take-homes graded again with a mended exercise: tried by the queue, looked at, then applied or withdrawn.

The steps are those of server/grading/regrading/regrades.py. What a team adds: only its own submissions are chosen, only its own
proposals are found, and what is not current any more when it is applied stops all of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, update
from sqlmodel import Session, col, select

from server.assessments.incidents.quarantines import hold_team, refuse
from server.assessments.tables.incidents import TeamRegrade
from server.assessments.tables.invitations import Candidate
from server.assessments.tables.sittings import Sitting, SittingTask
from server.assessments.teams.rights import Right
from server.assessments.teams.seats import Seat
from server.audit.log import record
from server.bank.versions import newest_digest
from server.database.changed import changed_rows
from server.errors import Conflict, Invalid, NotFound
from server.grading.handed_in.submissions import counts, result_of
from server.grading.regrading.diff import Change, Effect, count_effects
from server.grading.regrading.regrades import apply, changes, count_tries, propose, try_faults_again, withdraw
from server.grading.tables import Regrade, RegradeRow, Result
from server.queue import jobs
from server.queue.tables import JobState

JOB_KIND = "regrade"
NOTHING_TO_DO = "Every take-home with it was graded with its newest version; the mended one has to be loaded first"
NO_REGRADE = "There is no such proposal in this team."


@dataclass(frozen=True, slots=True)
class Affected:
    """A submission of a proposal, with the candidate's code."""

    code: str
    candidate_id: str
    change: Change


def propose_regrade(session: Session, seat: Seat, slug: str, environment: str, reason: str, now: datetime) -> Regrade:
    """Of the team's take-homes with this exercise that were graded with an older version, or with other libraries than
    `environment`. Puts the job. Raises NotAllowed, Invalid, Conflict."""
    refuse(session, seat, slug, reason)
    hold_team(session, seat)
    if any(each.exercise_slug == slug and each.state in ("trying", "proposed") for each in list_regrades(session, seat)):
        raise Conflict("This exercise is being graded again already. Apply or withdraw that first; it is in the list below.")
    digest = newest_digest(session, slug)
    chosen = _graded_otherwise(session, seat, slug, digest, environment)
    if not chosen:
        raise Invalid.fields({"exercise": NOTHING_TO_DO})
    regrade = propose(session, slug, digest, environment, chosen, reason, seat.member.person_id, now)
    session.add(TeamRegrade(regrade_id=regrade.id, team_id=seat.team.id))
    session.flush()
    put_tries(session, regrade, now)
    _record(session, seat, "regrade.propose", regrade, {"submissions": len(chosen), "version": digest}, now)
    return regrade


def _graded_otherwise(session: Session, seat: Seat, slug: str, digest: str, environment: str) -> list[str]:
    wanted = (
        select(SittingTask.submission_id)
        .join(Sitting, col(Sitting.id) == col(SittingTask.sitting_id))
        .join(Candidate, col(Candidate.id) == col(Sitting.candidate_id))
        .join(Result, col(Result.submission_id) == col(SittingTask.submission_id))
        .where(Sitting.team_id == seat.team.id, col(Candidate.preview).is_(False), SittingTask.exercise_slug == slug)
        .where(counts(), or_(col(Result.exercise_digest) != digest, col(Result.environment) != environment))
    )
    return [submission_id for submission_id in session.exec(wanted) if submission_id is not None]


def list_regrades(session: Session, seat: Seat) -> list[Regrade]:
    """The newest first. Raises NotAllowed."""
    seat.require(Right.hire)
    wanted = select(Regrade).join(TeamRegrade, col(TeamRegrade.regrade_id) == col(Regrade.id))
    return list(session.exec(wanted.where(TeamRegrade.team_id == seat.team.id).order_by(col(Regrade.created_at).desc())))


def team_regrade_of(session: Session, seat: Seat, regrade_id: str) -> Regrade:
    """Raises NotAllowed; NotFound, for another team's as for none."""
    seat.require(Right.hire)
    wanted = select(Regrade).join(TeamRegrade, col(TeamRegrade.regrade_id) == col(Regrade.id))
    found = session.exec(wanted.where(TeamRegrade.team_id == seat.team.id, Regrade.id == regrade_id)).first()
    if found is None:
        raise NotFound(NO_REGRADE)
    return found


def is_being_tried(session: Session, regrade: Regrade) -> bool:
    """Whether the queue still works at it; after a failure for good it does not."""
    open_ones = {JobState.QUEUED, JobState.RUNNING}
    return any(job.kind == JOB_KIND and job.state in open_ones for job in jobs.jobs_about(session, regrade.id))


def go_on(session: Session, seat: Seat, regrade: Regrade, now: datetime) -> None:
    """Try what is left, and what met a fault once more. Raises Conflict while it is being tried, and when it was decided."""
    _hold(session, regrade)
    if is_being_tried(session, regrade):
        raise Conflict("It is being tried just now. Look again in a moment.")
    try_faults_again(session, regrade)
    put_tries(session, regrade, now)
    _record(session, seat, "regrade.resume", regrade, {}, now)


def list_affected(session: Session, regrade: Regrade) -> list[Affected]:
    """Every submission of it by code, what changes first."""
    diff = changes(session, regrade)
    wanted = (
        select(SittingTask.submission_id, Candidate)
        .join(Sitting, col(Sitting.id) == col(SittingTask.sitting_id))
        .join(Candidate, col(Candidate.id) == col(Sitting.candidate_id))
        .join(RegradeRow, col(RegradeRow.submission_id) == col(SittingTask.submission_id))
        .where(RegradeRow.regrade_id == regrade.id)
    )
    people = dict(session.exec(wanted).all())
    current = [each for each in diff if each.submission_id in people]
    found = [Affected(people[each.submission_id].code, people[each.submission_id].id, each) for each in current]
    return sorted(found, key=lambda each: (each.change.effect is Effect.unchanged, each.code))


def apply_regrade(session: Session, seat: Seat, regrade: Regrade, key: bytes, now: datetime) -> list[Affected]:
    """The new results count from now on; the old ones are kept. Returns whom it changed something for.
    Raises Conflict when it is not whole, was decided, or something in it is not current any more."""
    _hold(session, regrade)
    affected = list_affected(session, regrade)
    _expect_whole(session, regrade, affected)
    made = apply(session, regrade, seat.member.person_id, key, now, skip_faults=False)
    effects = count_effects(each.change for each in affected)
    _record(session, seat, "regrade.apply", regrade, {"results": len(made), "effects": effects}, now)
    return [each for each in affected if each.change.effect is not Effect.unchanged]


def _hold(session: Session, regrade: Regrade) -> None:
    """Until the caller's commit nobody else decides about it. Raises Conflict when it was decided."""
    is_open = update(Regrade).where(col(Regrade.id) == regrade.id, col(Regrade.state).in_(("trying", "proposed")))
    held = changed_rows(session, is_open.values(reason=Regrade.reason))
    session.refresh(regrade)
    if not held:
        raise Conflict(f"This was {regrade.state} already.")


def _expect_whole(session: Session, regrade: Regrade, affected: Sequence[Affected]) -> None:
    tries = count_tries(session, regrade)
    if regrade.state == "trying" or tries.left:
        raise Conflict("Not every take-home was tried yet.")
    if tries.faults:
        raise Conflict(f"{tries.faults} of {tries.total} could not be graded again. Try those once more, or withdraw this.")
    if not tries.total:
        raise Conflict("None of these take-homes is kept any more, so nothing is left to apply.")
    if len(affected) < tries.total:
        raise Conflict("Somebody handed in again since this was proposed. Withdraw this, and propose it anew.")
    for each in affected:
        counting = result_of(session, each.change.submission_id)
        noted = session.get_one(RegradeRow, (regrade.id, each.change.submission_id)).result_id
        if counting is None or counting.id != noted:
            raise Conflict(f"{each.code} was graded again after this was proposed. Withdraw this, and propose it anew.")


def withdraw_regrade(session: Session, seat: Seat, regrade: Regrade, now: datetime) -> None:
    """No score changes. Raises Conflict when it was decided."""
    _hold(session, regrade)
    withdraw(session, regrade, seat.member.person_id, now)
    jobs.forget_jobs(session, ids=(), about=[regrade.id])
    _record(session, seat, "regrade.withdraw", regrade, {}, now)


def note_for_teams(session: Session, regrade: Regrade, now: datetime) -> None:
    """What the operator of the site applied stands in the log of each team whose take-homes it touched."""
    affected = list_affected(session, regrade)
    wanted = select(Candidate.id, Candidate.team_id).where(col(Candidate.preview).is_(False))
    teams = dict(session.exec(wanted.where(col(Candidate.id).in_([each.candidate_id for each in affected]))).all())
    for team_id in sorted(set(teams.values())):
        effects = count_effects(each.change for each in affected if teams.get(each.candidate_id) == team_id)
        details = {"regrade": regrade.id, "exercise": regrade.exercise_slug, "effects": effects}
        record(session, "server", "regrade.apply", f"team:{team_id}", details, now)


def put_tries(session: Session, regrade: Regrade, now: datetime) -> None:
    """A job that grades the next of them."""
    jobs.put(session, JOB_KIND, {"regrade": regrade.id}, now)


def _record(session: Session, seat: Seat, act: str, regrade: Regrade, details: dict[str, object], now: datetime) -> None:
    about = {"regrade": regrade.id, "exercise": regrade.exercise_slug, **details}
    record(session, seat.member.person_id, act, f"team:{seat.team.id}", about, now)
