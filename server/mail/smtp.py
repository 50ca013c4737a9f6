"""The mailer that talks to an SMTP server."""

import smtplib
import ssl

from server.clock import now
from server.mail.mailer import MailError
from server.mail.message import Message, as_email
from server.settings import SmtpServer

TIMEOUT_SECONDS = 10
LONGEST_REPLY = 300  # characters


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
            code, reply = next(iter(error.recipients.values()))  # each mail has one
            raise MailError(f"{self._name()} refused the recipient", code >= 500, _said(code, reply)) from error
        except smtplib.SMTPAuthenticationError as error:
            raise MailError(f"{self._name()} refused the user or password of TOUCHSTONE_SMTP_URL", permanent=False) from error
        except smtplib.SMTPResponseException as error:
            said = _said(error.smtp_code, error.smtp_error)
            raise MailError(f"{self._name()} answered {error.smtp_code}", error.smtp_code >= 500, said) from error
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


def _said(code: int, reply: bytes | str) -> str:
    """One short line, whatever the other side sent."""
    words = reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply
    plain = "".join(letter if letter.isprintable() else " " for letter in words)
    return " ".join(f"{code} {plain}".split())[:LONGEST_REPLY]
