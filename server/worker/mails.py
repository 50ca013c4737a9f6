"""The jobs that send a mail: a link for a new password, into a team, or to a take-home; or that one was graded again."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace

from sqlmodel import Session

from server import clock
from server.accounts.reset import reset_message
from server.assessments.incidents.regrade_mail import note_told, regrade_message
from server.assessments.invitations.mail import invitation_message, note_bounce, note_given_up, note_sent
from server.assessments.teams.members import invite_message
from server.mail.mailer import MailError
from server.mail.message import Message
from server.queue.jobs import finish, held
from server.queue.tables import Job
from server.wiring import House

log = logging.getLogger(__name__)

Note = Callable[[Session, MailError | None], None]


def send_reset_mail(house: House, job: Job, _on_progress: Callable[[str], None]) -> None:
    _send(house, job, lambda session: reset_message(session, house.settings.base_url, str(job.payload["email"]), clock.now()))


def send_member_mail(house: House, job: Job, _on_progress: Callable[[str], None]) -> None:
    _send(house, job, lambda session: invite_message(session, house.settings.base_url, str(job.payload["invite"]), clock.now()))


def send_candidate_mail(house: House, job: Job, _on_progress: Callable[[str], None]) -> None:
    candidate_id = str(job.payload["candidate"])

    def note(session: Session, refused: MailError | None) -> None:
        if refused is None:
            note_sent(session, candidate_id, clock.now())
        else:
            note_bounce(session, candidate_id, refused.reply or str(refused), clock.now())

    _send(house, job, lambda session: invitation_message(session, house.settings.base_url, candidate_id, clock.now()), note)


def send_regrade_mail(house: House, job: Job, _on_progress: Callable[[str], None]) -> None:
    candidate_id, regrade_id = str(job.payload["candidate"]), str(job.payload["regrade"])

    def note(session: Session, refused: MailError | None) -> None:
        if refused is None:
            note_told(session, candidate_id, regrade_id, clock.now())

    _send(house, job, lambda session: regrade_message(session, house.settings.base_url, candidate_id, regrade_id), note)


def _note_nothing(_session: Session, _refused: MailError | None) -> None:
    """Nobody looks at what became of the mail."""


def _send(house: House, job: Job, write: Callable[[Session], Message | None], note: Note = _note_nothing) -> None:
    """The link is committed before the mail leaves; each try makes a new one, and the older ones stop working.

    `note` stores, with the end of the job, that the mail left, or why it never will.
    """
    refused: MailError | None = None
    with house.sessions() as session:
        message = write(session)
        session.commit()
    if message is not None:
        try:
            house.mailer.send(_labelled(message, job))
        except MailError as error:
            if not error.permanent:
                raise
            log.warning("job %s: a mail will never arrive: %s", job.id, error)
            refused = error
    with house.sessions() as session:
        if message is not None:
            note(session, refused)
        finish(session, held(session, job), clock.now())
        session.commit()


def _labelled(message: Message, job: Job) -> Message:
    """A copy that lies in an outbox folder is found by this when the candidate is erased."""
    candidate_id = job.payload.get("candidate")
    return replace(message, about=f"candidate:{candidate_id}") if candidate_id else message


def mail_given_up(_house: House, job: Job) -> None:
    log.error("job %s: a mail (%s) could not be sent; see TOUCHSTONE_SMTP_URL", job.id, job.kind)


def candidate_mail_given_up(house: House, job: Job) -> None:
    """The team sees it on its page of invitations, where it can send the mail again."""
    mail_given_up(house, job)
    with house.sessions() as session:
        note_given_up(session, str(job.payload["candidate"]), job.created_at, clock.now())
        session.commit()
