"""A mail, before it is decided how it travels."""

from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid


@dataclass(frozen=True, slots=True)
class Message:
    """`html` says the same as `text`, for readers that show it; empty for a mail of plain text alone."""

    to: str
    subject: str
    text: str
    html: str = ""


def as_email(message: Message, sender: str, now: datetime) -> EmailMessage:
    """Always with plain text. The standard library refuses line breaks in headers, so no header can be smuggled in."""
    email = EmailMessage()
    email["From"] = sender
    email["To"] = message.to
    email["Subject"] = message.subject
    email["Date"] = format_datetime(now)
    email["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2] or None)
    email["Auto-Submitted"] = "auto-generated"
    email.set_content(message.text)
    if message.html:
        email.add_alternative(message.html, subtype="html")
    return email
