"""The mail with a candidate's link. The link is made when the mail leaves, and only its hash is kept: the newest one works.

1. `put_mail` puts a job, in the transaction of the invitation.
2. The worker has the mail written (`invitation_message`), which replaces the link, commits, and sends it.
3. It notes that the mail left, or what the mail server said when it will never arrive.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Update, or_, update
from sqlmodel import Session, col, select

from server.accounts.people import plain_name
from server.accounts.tables import Person
from server.accounts.tokens import new_token, token_hash
from server.assessments.blueprints.ai_policy import BY_KEY
from server.assessments.invitations.windows import USUAL_WINDOW
from server.assessments.invitations.wording import in_words, minutes
from server.assessments.tables.blueprints import BlueprintRow, HiringJob
from server.assessments.tables.decisions import Decision
from server.assessments.tables.invitations import Candidate
from server.assessments.tables.sittings import BY_TIME, Sitting
from server.assessments.tables.teams import Team
from server.assessments.teams.seats import Seat
from server.audit.log import record
from server.database.changed import changed_rows
from server.mail.message import Message
from server.mail.templates import write_mail
from server.queue import jobs

JOB_KIND = "candidate-mail"
SUBJECT = "{team} invites you to a take-home: {job}"
SUBJECTS = {  # of mails to whoever has begun
    "receipt": "Received: your take-home of {team}, {job}",
    "way_back": "Your link to the take-home of {team}: {job}",
    "news": "Your take-home of {team}, {job}: what the team says",
}
NOT_SENT = "Our mail server could not be reached, each of several times. Send it again."
THEIR_LINK = "the-link-of-this-candidate"  # where a team looks at the mail


def put_mail(session: Session, candidate: Candidate, now: datetime) -> None:
    """The job names the candidate by id; no address lies in the queue."""
    jobs.put(session, JOB_KIND, {"candidate": candidate.id}, now)


def invitation_message(session: Session, base_url: str, candidate_id: str, now: datetime) -> Message | None:
    """The mail with a new link; earlier ones stop working. The caller commits before it sends.

    None when there is nothing to invite to any more. Once the work has begun it is a mail with the way back, after the hand-in
    the receipt, after the decision one that there is news.
    """
    candidate = session.get(Candidate, candidate_id, populate_existing=True)
    if candidate is None or candidate.preview or candidate.erased_at is not None:
        return None
    begun = session.exec(select(Sitting).where(Sitting.candidate_id == candidate.id)).first()
    if candidate.closes_at <= now and begun is None:
        return None
    token = new_token()
    still_wanted = _kept(candidate.id).where(col(Candidate.withdrawn_at).is_(None), col(Candidate.declined_at).is_(None))
    if not changed_rows(session, still_wanted.values(token_hash=token_hash(token))):
        return None
    session.refresh(candidate)
    link = f"{base_url}/invitation/{token}"
    if begun is not None:
        return _to_begun(session, candidate, begun, link)
    return write_invitation(*_rows(session, candidate), link, now)


def mail_as_written(
    session: Session, base_url: str, seat: Seat, job: HiringJob, blueprint: BlueprintRow, now: datetime
) -> Message:
    """For the team to look at before anybody is invited: to nobody, with no link in it."""
    nobody = Candidate(
        team_id=seat.team.id,
        job_id=job.id,
        blueprint_id=blueprint.id,
        code="",
        opens_at=now,
        closes_at=now + USUAL_WINDOW,
        invited_by=seat.member.person_id,
        created_at=now,
    )
    return write_invitation(*_rows(session, nobody), f"{base_url}/invitation/{THEIR_LINK}", now)


def write_invitation(
    candidate: Candidate, blueprint: BlueprintRow, team: Team, job: HiringJob, inviter: str, link: str, now: datetime
) -> Message:
    """Pure: the same rows give the same mail."""
    whole = timedelta(minutes=blueprint.stated_minutes) * (100 + candidate.extra_percent) / 100
    names = {"team": plain_name(team.name), "job": plain_name(job.title)}
    return write_mail(
        "invitation",
        candidate.email,
        SUBJECT.format(**names),
        **names,
        name=candidate.name,
        time=minutes(whole),
        extra=candidate.extra_percent,
        opens=in_words(candidate.opens_at) if candidate.opens_at > now else "",
        closes=in_words(candidate.closes_at),
        rule=BY_KEY[blueprint.ai_policy],
        answer_days=blueprint.answer_days,
        contact=plain_name(blueprint.contact) or inviter,
        link=link,
    )


def note_sent(session: Session, candidate_id: str, now: datetime) -> None:
    """The mail server took it."""
    changed_rows(session, _kept(candidate_id).values(sent_at=now, bounced_at=None, bounce=""))
    _record(session, candidate_id, "candidate.mail", now)


def note_bounce(session: Session, candidate_id: str, reason: str, now: datetime) -> None:
    """It will never arrive."""
    changed_rows(session, _kept(candidate_id).values(bounced_at=now, bounce=reason))
    _record(session, candidate_id, "candidate.bounce", now)


def note_given_up(session: Session, candidate_id: str, since: datetime, now: datetime) -> None:
    """It could not be sent in any of the tries of a job put at `since`. A mail that left after that counts more; telling it
    twice changes nothing."""
    row = _kept(candidate_id).where(
        col(Candidate.bounced_at).is_(None),
        or_(col(Candidate.sent_at).is_(None), col(Candidate.sent_at) < since),
    )
    if changed_rows(session, row.values(bounced_at=now, bounce=NOT_SENT)):
        _record(session, candidate_id, "candidate.bounce", now)


def _kept(candidate_id: str) -> Update:
    """Of a candidate who was erased meanwhile, nothing is written any more."""
    return update(Candidate).where(col(Candidate.id) == candidate_id, col(Candidate.erased_at).is_(None))


def _record(session: Session, candidate_id: str, act: str, now: datetime) -> None:
    candidate = session.get(Candidate, candidate_id, populate_existing=True)
    if candidate is not None:
        record(session, "server", act, f"team:{candidate.team_id}", {"candidate": candidate_id}, now)


def _to_begun(session: Session, candidate: Candidate, sitting: Sitting, link: str) -> Message:
    if session.get(Decision, sitting.id) is not None:
        return _with_link(session, candidate, link, "news")
    if sitting.handed_in_at is None:
        return _with_link(session, candidate, link, "way_back")
    days = session.get_one(BlueprintRow, candidate.blueprint_id).answer_days
    return _with_link(
        session,
        candidate,
        link,
        "receipt",
        handed_in=in_words(sitting.handed_in_at),
        by_time=sitting.handed_in_by == BY_TIME,
        fingerprint=sitting.fingerprint,
        answer_by=in_words(sitting.handed_in_at + timedelta(days=days)),
    )


def _with_link(session: Session, candidate: Candidate, link: str, template: str, **more: object) -> Message:
    _, blueprint, team, job, inviter = _rows(session, candidate)
    names = {"team": plain_name(team.name), "job": plain_name(job.title)}
    contact = plain_name(blueprint.contact) or inviter
    subject = SUBJECTS[template].format(**names)
    return write_mail(template, candidate.email, subject, **names, name=candidate.name, contact=contact, link=link, **more)


def _rows(session: Session, candidate: Candidate) -> tuple[Candidate, BlueprintRow, Team, HiringJob, str]:
    """What the mail is about, and who can be asked where the blueprint names nobody."""
    blueprint = session.get_one(BlueprintRow, candidate.blueprint_id)
    team, job = session.get_one(Team, candidate.team_id), session.get_one(HiringJob, candidate.job_id)
    inviter = session.get(Person, candidate.invited_by)
    return candidate, blueprint, team, job, f"{plain_name(inviter.name)}, {inviter.email}" if inviter is not None else ""
