"""The jobs that send a mail with a link: for a new password, and for an invitation into a team."""

from __future__ import annotations

import logging
from collections.abc import Callable

from sqlmodel import Session

from server import clock
from server.accounts.reset import reset_message
from server.assessments.members import invite_message
from server.mail.mailer import MailError
from server.mail.message import Message
from server.queue.jobs import finish, held
from server.queue.tables import Job
from server.wiring import House

log = logging.getLogger(__name__)


def send_reset_mail(house: House, job: Job, _on_progress: Callable[[str], None]) -> None:
    _send(house, job, lambda session: reset_message(session, house.settings.base_url, str(job.payload["email"]), clock.now()))


def send_member_mail(house: House, job: Job, _on_progress: Callable[[str], None]) -> None:
    _send(house, job, lambda session: invite_message(session, house.settings.base_url, str(job.payload["invite"]), clock.now()))


def _send(house: House, job: Job, write: Callable[[Session], Message | None]) -> None:
    """The link is committed before the mail leaves; each try makes a new one, and the older ones stop working."""
    with house.sessions() as session:
        message = write(session)
        session.commit()
    if message is not None:
        try:
            house.mailer.send(message)
        except MailError as error:
            if not error.permanent:
                raise
            log.warning("job %s: a mail will never arrive: %s", job.id, error)
    with house.sessions() as session:
        finish(session, held(session, job), clock.now())
        session.commit()


def mail_given_up(_house: House, job: Job) -> None:
    log.error("job %s: a mail (%s) could not be sent; see TOUCHSTONE_SMTP_URL", job.id, job.kind)
