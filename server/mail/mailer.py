"""What a mailer is."""

from typing import Protocol

from server.mail.message import Message


class MailError(Exception):
    """The mail did not leave. `permanent` tells that trying again will not help; `reply` is what the mail server said."""

    def __init__(self, sentence: str, permanent: bool, reply: str = "") -> None:
        super().__init__(sentence)
        self.permanent = permanent
        self.reply = reply


class Mailer(Protocol):
    def send(self, message: Message) -> None:
        """Hand the mail over, or raise MailError."""
