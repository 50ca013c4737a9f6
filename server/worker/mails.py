"""The job `reset-mail`: send the link for a new password to whoever asked for it."""

from __future__ import annotations

import logging
from collections.abc import Callable

from server import clock
from server.accounts.reset import reset_message
from server.mail.mailer import MailError
from server.queue.jobs import finish, held
from server.queue.tables import Job
from server.wiring import House

log = logging.getLogger(__name__)


def send_reset_mail(house: House, job: Job, _on_progress: Callable[[str], None]) -> None:
    """The link is committed before the mail leaves; each try makes a new one, and the older ones stop working."""
    with house.sessions() as session:
        message = reset_message(session, house.settings.base_url, str(job.payload["email"]), clock.now())
        session.commit()
    if message is not None:
        try:
            house.mailer.send(message)
        except MailError as error:
            if not error.permanent:
                raise
            log.warning("a mail for a new password will never arrive: %s", error)
    with house.sessions() as session:
        finish(session, held(session, job), clock.now())
        session.commit()


def mail_given_up(_house: House, job: Job) -> None:
    log.error("job %s: the mail for a new password could not be sent; see TOUCHSTONE_SMTP_URL", job.id)
