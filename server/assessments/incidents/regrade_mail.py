"""The mail to a candidate whose take-home was graded again after the team had decided: what changed, why, where the report is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlmodel import Session, col, select

from server.accounts.people import plain_name
from server.assessments.incidents.team_regrades import Affected, list_affected
from server.assessments.tables.blueprints import BlueprintRow, HiringJob
from server.assessments.tables.decisions import Decision
from server.assessments.tables.invitations import Candidate
from server.assessments.tables.sittings import Sitting
from server.assessments.tables.teams import Team
from server.audit.log import record
from server.bank.versions import exercise_version
from server.grading.regrading.diff import Change, CheckChange
from server.grading.tables import Regrade
from server.mail.message import Message
from server.mail.templates import write_mail
from server.queue import jobs

JOB_KIND = "regrade-mail"
SUBJECT = "Your take-home of {team} was graded again: {job}"
NO_CHECK = "not there"


def put_regrade_mails(session: Session, regrade: Regrade, affected: Iterable[Affected], now: datetime) -> int:
    """To those whom the team has decided about; the others read their result for the first time in their report.
    Returns how many mails leave."""
    told = to_be_told(session, affected)
    for each in told:
        jobs.put(session, JOB_KIND, {"candidate": each.candidate_id, "regrade": regrade.id}, now)
    return len(told)


def to_be_told(session: Session, affected: Iterable[Affected]) -> list[Affected]:
    """Whoever has an address and a decision."""
    wanted = select(Sitting.candidate_id).join(Decision, col(Decision.sitting_id) == col(Sitting.id))
    with_address = wanted.join(Candidate, col(Candidate.id) == col(Sitting.candidate_id)).where(Candidate.email != "")
    found = list(affected)
    ids = set(session.exec(with_address.where(col(Sitting.candidate_id).in_([each.candidate_id for each in found]))))
    return [each for each in found if each.candidate_id in ids]


def regrade_message(session: Session, base_url: str, candidate_id: str, regrade_id: str) -> Message | None:
    """None when there is nobody to be told any more."""
    candidate, regrade = session.get(Candidate, candidate_id), session.get(Regrade, regrade_id)
    if candidate is None or candidate.erased_at is not None or regrade is None:
        return None
    own = next((each.change for each in list_affected(session, regrade) if each.candidate_id == candidate_id), None)
    return None if own is None else write_regrade_mail(session, base_url, candidate, regrade, own)


def mail_as_written(session: Session, base_url: str, regrade: Regrade, affected: Affected) -> Message:
    """For the team to look at, by code: to nobody, without a name."""
    candidate = session.get_one(Candidate, affected.candidate_id)
    nobody = Candidate.model_validate({**candidate.model_dump(), "name": "", "email": "", "id": "of-this-candidate"})
    return write_regrade_mail(session, base_url, nobody, regrade, affected.change)


def write_regrade_mail(session: Session, base_url: str, candidate: Candidate, regrade: Regrade, change: Change) -> Message:
    team, job = session.get_one(Team, candidate.team_id), session.get_one(HiringJob, candidate.job_id)
    names = {"team": plain_name(team.name), "job": plain_name(job.title)}
    exercise = exercise_version(session, regrade.exercise_slug, regrade.exercise_digest)
    titles = {check.name: check.title for check in exercise.checks}
    return write_mail(
        "regraded",
        candidate.email,
        SUBJECT.format(**names),
        **names,
        name=candidate.name,
        exercise=exercise.front.title,
        reason=regrade.reason,
        before=str(change.before),
        after=str(change.after or change.before),
        checks=[_in_words(check, titles) for check in change.checks],
        contact=plain_name(session.get_one(BlueprintRow, candidate.blueprint_id).contact),
        link=f"{base_url}/invitations/{candidate.id}/report",
    )


def _in_words(check: CheckChange, titles: Mapping[str, str]) -> str:
    before, after = (outcome.replace("_", " ") for outcome in (check.before or NO_CHECK, check.after or NO_CHECK))
    return f"{titles.get(check.check, check.check)}: {before}, now {after}"


def note_told(session: Session, candidate_id: str, regrade_id: str, now: datetime) -> None:
    """The mail server took it."""
    candidate, regrade = session.get(Candidate, candidate_id), session.get(Regrade, regrade_id)
    if candidate is not None and regrade is not None:
        details = {"candidate": candidate_id, "regrade": regrade_id, "exercise": regrade.exercise_slug}
        record(session, "server", "regrade.mail", f"team:{candidate.team_id}", details, now)
