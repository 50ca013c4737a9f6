"""The mailer that talks to an SMTP server."""

import smtplib
import ssl

from server.clock import now
from server.mail.mailer import MailError
from server.mail.message import Message, as_email
from server.settings import SmtpServer

TIMEOUT_SECONDS = 10


class Smtp:
    """One connection per mail: few are sent, and a connection kept open breaks unnoticed."""

    def __init__(self, server: SmtpServer, sender: str, context: ssl.SSLContext | None = None) -> None:
        self.server = server
        self.sender = sender
        self.context = context or ssl.create_default_context()

    def send(self, message: Message) -> None:
        try:
            email = as_email(message, self.sender, now())
        except ValueError as error:
            raise MailError(f"The mail cannot be written: {error}", permanent=True) from error
        try:
            with self._connect() as connection:
                if self.server.user is not None:
                    connection.login(self.server.user, self.server.password or "")
                connection.send_message(email)
        except smtplib.SMTPRecipientsRefused as error:
            codes = [code for code, _reply in error.recipients.values()]
            raise MailError(f"{self._name()} refused the recipient", permanent=all(code >= 500 for code in codes)) from error
        except smtplib.SMTPAuthenticationError as error:
            raise MailError(f"{self._name()} refused the user or password of TOUCHSTONE_SMTP_URL", permanent=False) from error
        except smtplib.SMTPResponseException as error:
            raise MailError(f"{self._name()} answered {error.smtp_code}", permanent=error.smtp_code >= 500) from error
        except (OSError, smtplib.SMTPException) as error:
            raise MailError(f"{self._name()} cannot be used: {error}", permanent=False) from error

    def _connect(self) -> smtplib.SMTP:
        if self.server.security == "tls":
            return smtplib.SMTP_SSL(self.server.host, self.server.port, timeout=TIMEOUT_SECONDS, context=self.context)
        connection = smtplib.SMTP(self.server.host, self.server.port, timeout=TIMEOUT_SECONDS)
        if self.server.security == "starttls":
            try:
                connection.starttls(context=self.context)
            except (OSError, smtplib.SMTPException):
                connection.close()
                raise
        return connection

    def _name(self) -> str:
        return f"The mail server {self.server.host}:{self.server.port}"
