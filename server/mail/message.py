"""A mail, before it is decided how it travels."""

from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid

ABOUT = "X-Touchstone-About"


@dataclass(frozen=True, slots=True)
class Message:
    """`html` says the same as `text`, for readers that show it; empty for a mail of plain text alone. `about`: `noun:id` of what
    the mail is about, so that a copy of it can be found again."""

    to: str
    subject: str
    text: str
    html: str = ""
    about: str = ""


def as_email(message: Message, sender: str, now: datetime) -> EmailMessage:
    """Always with plain text. The standard library refuses line breaks in headers, so no header can be smuggled in."""
    email = EmailMessage()
    email["From"] = sender
    email["To"] = message.to
    email["Subject"] = message.subject
    email["Date"] = format_datetime(now)
    email["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2] or None)
    email["Auto-Submitted"] = "auto-generated"
    if message.about:
        email[ABOUT] = message.about
    email.set_content(message.text)
    if message.html:
        email.add_alternative(message.html, subtype="html")
    return email
